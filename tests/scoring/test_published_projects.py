"""The published appraisals through the whole engine: every figure the sources print, within their tolerance."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from appraisal.canonical import canonical_json, sha256_of
from appraisal.reading.project_file import read_project
from appraisal.reading.result_schema import result_schema
from scoring.appraisal import appraise
from scoring.errors import InputError
from scoring.frameworks import load_framework
from scoring.parameters import load_parameters
from scoring.project_document import to_document as project_document
from scoring.result_document import to_document

PROJECTS = Path(__file__).parents[1] / "cases" / "projects"
CASES = sorted(path.name.removesuffix(".expected.json") for path in PROJECTS.glob("*.expected.json"))
FIGURES = [
    (case, figure["path"], figure["value"], figure["tolerance"])
    for case in CASES
    for figure in json.loads((PROJECTS / f"{case}.expected.json").read_text(encoding="utf-8"))["figures"]
]


@cache
def result_of(case: str) -> dict[str, Any]:
    project = read_project((PROJECTS / f"{case}.json").read_bytes())
    digest = sha256_of(project_document(project))
    result = appraise(project, load_framework(), load_parameters(), seed=1, draws=500, input_sha256=digest)
    return to_document(result)


def at(document: Any, path: str) -> Any:
    for key, position in re.findall(r"([a-z_0-9]+)|\[(\d+)\]", path):
        document = document[key] if key else document[int(position)]
    return document


@pytest.mark.parametrize(("case", "path", "value", "tolerance"), FIGURES, ids=lambda part: str(part)[:40])
def test_a_published_figure_is_reproduced(case: str, path: str, value: float, tolerance: float) -> None:
    assert at(result_of(case), path) == pytest.approx(value, abs=tolerance)


@pytest.mark.parametrize("case", CASES)
def test_the_result_holds_to_its_published_schema(case: str) -> None:
    document = json.loads(canonical_json(result_of(case)))
    assert [error.message for error in Draft202012Validator(result_schema()).iter_errors(document)] == []


def test_the_same_seed_gives_the_same_bits_and_another_seed_does_not() -> None:
    project = read_project((PROJECTS / "opal-lakes.json").read_bytes())
    framework, parameters = load_framework(), load_parameters()
    first, again, other = (
        canonical_json(to_document(appraise(project, framework, parameters, seed=seed, draws=500, input_sha256="0")))
        for seed in (7, 7, 8)
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize(("seed", "draws", "path"), [(-1, 500, "seed"), (1, 99, "draws"), (1, 10**7, "draws")])
def test_impossible_settings_are_named(seed: int, draws: int, path: str) -> None:
    project = read_project((PROJECTS / "opal-lakes.json").read_bytes())
    with pytest.raises(InputError) as refused:
        appraise(project, load_framework(), load_parameters(), seed=seed, draws=draws, input_sha256="0")
    assert [problem.path for problem in refused.value.problems] == [path]
