"""What an appraiser's own scores come to: the total as a range, computed on the spot and stored nowhere."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import simplejson

from appraisal.canonical import canonical_json
from appraisal.reading.project_file import read_project
from appraisal.services.sheets import Sheet
from scoring.criteria.assessment import assess
from scoring.errors import InputError, InputProblem
from scoring.frameworks import Framework, read_framework, to_document
from scoring.project_file import ProjectFile

if TYPE_CHECKING:
    from scoring.result import CriteriaResult

DRAWS, SEED = 1000, 1
"""Enough for the computed indicators' levels to be seen; the appraisal itself draws more."""


@dataclass(frozen=True, slots=True)
class OwnResult:
    """The criteria as the own scores have them, or why the computed ones cannot be told."""

    criteria: "CriteriaResult | None"
    problems: tuple[InputProblem, ...] = ()


def own_result(sheet: Sheet) -> OwnResult:
    return criteria_of(sheet.document, sheet.own_file(), sheet.framework)


def criteria_of(document: str, file: ProjectFile, framework: Framework) -> OwnResult:
    """The criteria of a file that has the cash flows of a submission's document and other answers."""
    try:
        returns = _returns(document, _kept(framework))
    except InputError as error:
        return OwnResult(None, error.problems)
    return OwnResult(assess(file, framework, *returns)[0])


@lru_cache(maxsize=64)
def _returns(document: str, framework: str) -> Any:
    """Returns and risk of a submission: no answer changes them, so that they are computed once."""
    from scoring.appraisal import appraise  # noqa: PLC0415 -- the numerical libraries only where they are used
    from scoring.parameters import load_parameters  # noqa: PLC0415

    result = appraise(
        read_project(document),
        read_framework(simplejson.loads(framework)),
        load_parameters(),
        seed=SEED,
        draws=DRAWS,
        input_sha256="own scores",
    )
    return result.financial, result.equity, result.economic, result.risk


def _kept(framework: Framework) -> str:
    return canonical_json(to_document(framework))
