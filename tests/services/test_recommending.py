"""What the appraisals speak for is paid for by the budget, all of it together."""

from collections.abc import Sequence

from appraisal.models import AppraisalRun, DecisionOutcome, Project
from appraisal.services.candidates import Barrier, Candidate
from appraisal.services.ranking import Portfolio
from appraisal.services.recommending import Recommended, recommendations
from tests.services.portfolios import MILLION, portfolio

SCORES = {name: (score,) * 4 for name, score in (("A", 80.0), ("B", 70.0), ("C", 60.0), ("D", 50.0))}
COSTS = {"A": 3.0, "B": 4.0, "C": 5.0, "D": 1.0}
OPEN = Barrier(gate="DS1", title="Data protection", failed=False, conditional=True, promised=False)
FAILED = Barrier(gate="DS1", title="Data protection", failed=True, conditional=True, promised=False)


def candidate(barriers: Sequence[Barrier]) -> Candidate:
    return Candidate(
        project=Project(), organisation="Haneul", run=AppraisalRun(), barriers=tuple(barriers), outdated=False,
        own_part=False, decided=None, accepted=(),
    )  # fmt: skip


def said(made: Portfolio, barriers: dict[str, Barrier]) -> tuple[dict[str, Recommended], tuple[float, float]]:
    rows = {row.reference: row for row in made.everyone}
    waiting = [row for row in rows.values() if not row.committed]
    found = {
        row.project_id: candidate([barriers[row.reference]] if row.reference in barriers else []) for row in waiting
    }
    told = recommendations(found, made)
    assert told.sums is not None
    sums = float(told.sums.approved) / MILLION, float(told.sums.recommended) / MILLION
    return {row.reference: told.by_project[row.project_id] for row in waiting}, sums


def test_projects_that_a_condition_can_lift_share_one_budget() -> None:
    """Alone B or D would fit beside A, C and what is approved; both together pass the budget."""
    made = portfolio(SCORES, COSTS, 12.0, blocked=("B", "D"))
    found, sums = said(made, {"B": OPEN, "D": OPEN})
    conditional, approved, deferred = (
        DecisionOutcome.WITH_CONDITIONS,
        DecisionOutcome.APPROVED,
        DecisionOutcome.DEFERRED,
    )
    assert {name: each.outcome for name, each in found.items()} == {
        "A": approved, "B": conditional, "C": approved, "D": deferred,
    }  # fmt: skip
    assert sums == (0.0, 12.0)


def test_what_a_condition_lifts_pushes_out_what_ranks_lower_and_says_so() -> None:
    found, sums = said(portfolio(SCORES, COSTS, 9.0, blocked=("A",)), {"A": OPEN})
    assert found["A"].outcome is DecisionOutcome.WITH_CONDITIONS
    assert found["C"] == Recommended(
        DecisionOutcome.DEFERRED, "what ranks higher takes the budget once conditions stand in for its gates"
    )
    assert sums == (0.0, 7.0)


def test_what_fails_takes_no_money_and_what_is_approved_has_its_own() -> None:
    found, sums = said(portfolio(SCORES, COSTS, 9.0, blocked=("A",), approved=("D",)), {"A": FAILED})
    assert found["A"] == Recommended(DecisionOutcome.RETURNED, "fails Data protection")
    assert [found[name].outcome for name in "BC"] == [DecisionOutcome.APPROVED, DecisionOutcome.DEFERRED]
    assert sums == (1.0, 4.0)
