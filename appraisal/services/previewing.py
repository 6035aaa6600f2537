"""What an appraisal of a draft would say now: computed on the spot, stored nowhere."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from appraisal.services.drafting import Draft
from appraisal.services.own_records import parameters_with, record_of
from appraisal.transactions import reading
from scoring.errors import InputError, InputProblem

if TYPE_CHECKING:
    from scoring.result import IndicatorResult, Result

DRAWS, SEED = 1000, 1
"""Enough for a first look: the appraisal itself draws more."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A result, or why there is none yet."""

    result: "Result | None"
    problems: tuple[InputProblem, ...] = ()

    @property
    def widest(self) -> "tuple[IndicatorResult, ...]":
        """The unanswered indicators that leave most of the score open, the widest first."""
        if self.result is None:
            return ()
        open_ones = [item for item in self.result.criteria.indicators if item.high - item.low > 0 and not item.computed]
        return tuple(sorted(open_ones, key=lambda item: item.low - item.high))


def previewed(session: Session, draft: Draft) -> Preview:
    """The preview of a draft beside what its city has completed until now."""
    with reading(session):
        record = record_of(session, draft.record_city)
    return preview_of(draft, record)


def preview_of(draft: Draft, record: str | None = None) -> Preview:
    """Score, returns and risk of the draft as it stands.

    record: the completed projects of its city, where there are any.
    """
    if not draft.file.cash_flows.lines:
        return Preview(None, (InputProblem("cash_flows.lines", "The cash-flow table is still empty."),))
    from scoring.appraisal import appraise  # noqa: PLC0415 -- the numerical libraries only where they are used

    parameters = parameters_with(record)
    try:
        result = appraise(draft.file, draft.framework, parameters, seed=SEED, draws=DRAWS, input_sha256="draft")
    except InputError as error:
        return Preview(None, error.problems)
    return Preview(result)
