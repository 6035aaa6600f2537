"""A line of the ranked portfolio, and which lines are shown in which order."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from appraisal.models import APPROVED, ProjectState, RunCriterion

SORTS = ("rank", "title", "score", "return", "npv", "loss", "cost")


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
    criteria: tuple[RunCriterion, ...]
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


def viewed(rows: Iterable[PortfolioRow], view: PortfolioView) -> tuple[PortfolioRow, ...]:
    """The rows that pass the filters, sorted; what has no figure to sort by comes last."""
    words = view.text.casefold().split()
    kept = [
        row
        for row in rows
        if (not view.area or view.area in row.areas)
        and (view.gate not in ("blocked", "clear") or row.blocked == (view.gate == "blocked"))
        and all(word in f"{row.reference} {row.title} {row.city}".casefold() for word in words)
    ]
    known = [row for row in kept if _sort_value(row, view.sort) is not None]
    unknown = [row for row in kept if _sort_value(row, view.sort) is None]
    known.sort(key=lambda row: (_sort_value(row, view.sort), row.reference), reverse=view.descending)
    return (*known, *unknown)


def _sort_value(row: PortfolioRow, sort: str) -> float | str | None:
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
