"""What the appraisals speak for: gates first, then one cut of the budget through all that could be approved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from appraisal.models import DecisionOutcome, Round
from appraisal.services.candidates import APPROVALS, Barrier, Candidate
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.ranking import Portfolio


@dataclass(frozen=True, slots=True)
class Recommended:
    """What the appraisal speaks for, and why."""

    outcome: DecisionOutcome
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What following every recommendation would cost against the round's budget, in single units of its currency."""

    round: Round
    approved: Decimal
    """What is approved already."""
    recommended: Decimal
    """What waits for a decision and is spoken for."""

    @property
    def together(self) -> Decimal:
        return self.approved + self.recommended


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendations:
    by_project: Mapping[UUID, Recommended]
    """Without those that are not ranked and that no gate sends back."""
    sums: Sums | None
    """None without a round."""


def recommendations(found: Mapping[UUID, Candidate], portfolio: Portfolio) -> Recommendations:
    """Of each of these projects, so that the budget pays for all that are recommended together with what is approved.

    A project whose gates a condition can lift takes its money at its rank, as any other.
    """
    rows = {row.project_id: row for row in portfolio.everyone}
    returned = {key: said for key, each in found.items() if (said := _returned(_standing(each))) is not None}
    ranked = {key: rows[key] for key in found if key in rows and key not in returned}
    reached = {row.project_id for row in portfolio.reached({row.reference for row in ranked.values()})}
    spoken = {
        key: _by_budget(
            found[key], row, reached=key in reached or (portfolio.round is None and bool(found[key].barriers))
        )
        for key, row in ranked.items()
    }
    costs = (rows[key].cost for key, said in spoken.items() if said.outcome in APPROVALS)
    held = portfolio.round
    return Recommendations(
        by_project=returned | spoken,
        sums=None
        if held is None
        else Sums(round=held, approved=portfolio.promised, recommended=sum(costs, Decimal(0))),
    )


def _standing(candidate: Candidate) -> list[Barrier]:
    """The gates that block and in place of which no condition was accepted."""
    return [each for each in candidate.barriers if not each.lifted]


def _returned(standing: Sequence[Barrier]) -> Recommended | None:
    """Sent back for what fails, or for what is open and no condition can stand in for."""
    if failed := [each.title for each in standing if each.failed]:
        return Recommended(DecisionOutcome.RETURNED, f"fails {', '.join(failed)}")
    if unknown := [each.title for each in standing if not each.conditional]:
        return Recommended(DecisionOutcome.RETURNED, f"must be answered first: {', '.join(unknown)}")
    return None


def _by_budget(candidate: Candidate, row: PortfolioRow, *, reached: bool) -> Recommended:
    if not reached:
        if row.funded:
            why = "what ranks higher takes the budget once conditions stand in for its gates"
            return Recommended(DecisionOutcome.DEFERRED, why)
        return Recommended(DecisionOutcome.DEFERRED, "the budget does not reach it")
    if candidate.barriers:
        standing = _standing(candidate)
        said, gates = ("open", standing) if standing else ("conditions accepted for", candidate.barriers)
        return Recommended(DecisionOutcome.WITH_CONDITIONS, f"{said}: {', '.join(each.title for each in gates)}")
    return Recommended(DecisionOutcome.APPROVED, "the budget reaches it and no gate blocks")
