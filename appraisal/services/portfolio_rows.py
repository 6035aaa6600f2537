"""A line of the ranked portfolio, and what a view of them asks for."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from appraisal.models import APPROVED, ProjectState

SORTS = ("rank", "title", "score", "return", "npv", "loss", "cost")


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionScore:
    """What a run says of one criterion."""

    criterion: str
    position: int
    title: str
    weight: float
    score: float | None
    low: float
    high: float
    spread: bytes | None = None
    """What it is drawn from beside what is unknown (`scoring.criteria.spreads`); None where nothing was drawn yet."""


@dataclass(frozen=True, slots=True)
class PortfolioView:
    """What of the portfolio is shown; everything here comes from allow-lists."""

    sort: str = "rank"
    descending: bool = False
    area: str = ""
    gate: str = ""
    """`blocked` or `clear`; empty shows both."""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioRow:
    project_id: UUID
    reference: str
    title: str
    city: str
    areas: tuple[str, ...]
    run: int
    rank: int
    rank_low: int
    rank_high: int
    score: float | None
    low: float
    high: float
    completeness: float
    """Share of the framework's weight that is answered, 0-1."""
    criteria: tuple[CriterionScore, ...]
    risk_adjusted_return: float | None
    economic_npv_p50: float | None
    prob_negative: float | None
    cost: Decimal
    """Single units of `currency`."""
    currency: str
    unit: int
    failed: tuple[str, ...]
    """Ids of the gates that the project fails."""
    open: tuple[str, ...]
    """Ids of the gates that nobody can tell yet: they block as well."""
    promised: tuple[str, ...] = ()
    """Ids of those of them for which an approver accepted a condition that is not met yet."""
    stale: bool
    """Something newer was submitted, the panel says something else by now, or the engine is another."""
    state: ProjectState
    funded: bool = False
    inside: float | None = None
    """In how many of the rank draws, 0-1, the budget reaches it; None without a budget."""

    @property
    def blocking(self) -> tuple[str, ...]:
        return (*self.failed, *self.open)

    @property
    def committed(self) -> bool:
        """It is approved: its money is promised whatever its rank, and a gate that is open is a condition it owes."""
        return self.state in APPROVED

    @property
    def blocked(self) -> bool:
        """A gate stands in the way of money for it."""
        return bool(self.blocking) and not self.committed


@dataclass(frozen=True, slots=True)
class Waiting:
    """A project that is not ranked: a draft, or not appraised by the round's framework yet."""

    project_id: UUID
    reference: str
    title: str
    state: ProjectState


def sort_value(row: PortfolioRow, sort: str) -> float | str | None:
    """What a row is sorted by; None where it has no such figure."""
    values: dict[str, float | str | None] = {
        "rank": float(row.rank),
        "title": row.title.casefold(),
        "score": row.score,
        "return": row.risk_adjusted_return,
        "npv": None if row.economic_npv_p50 is None else row.economic_npv_p50 * row.unit,
        "loss": row.prob_negative,
        "cost": float(row.cost),
    }
    return values[sort]
