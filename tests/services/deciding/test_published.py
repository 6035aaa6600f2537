"""What a published decision says, rests on and changes, and that it stays; on both databases."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import simplejson
from sqlalchemy import Engine, Executable, delete, select, text, update
from sqlalchemy.exc import DatabaseError

from appraisal.canonical import sha256_of
from appraisal.models import (
    PendingDecision,
    Project,
    ProjectState,
    Publication,
    Role,
    Table,
)
from appraisal.models.tables import now
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound
from appraisal.services import (
    appraising,
    deciding,
    decisions,
    notifying,
    obligations,
    publishing,
    ranking,
    registration,
    reminders,
)
from appraisal.services.deciding import Wish
from appraisal.services.errors import AlreadyThere, DomainError
from appraisal.services.obligations import Standing
from scoring.result import GateStatus
from tests import factories
from tests.rounds import at
from tests.services.deciding.cases import (
    APPROVE,
    CONDITIONAL,
    DEFER,
    REJECT,
    RETURN,
    SOON,
    Sessions,
    accept,
    appraise,
    appraised,
    chosen,
    decide,
    entries,
    failing,
    prepare,
    publish,
    state,
    with_gates,
)


@pytest.mark.parametrize(
    ("wish", "after"),
    [
        (CONDITIONAL, ProjectState.APPROVED_WITH_CONDITIONS),
        (RETURN, ProjectState.DRAFT),
        (REJECT, ProjectState.REJECTED),
        (DEFER, ProjectState.DEFERRED),
    ],
    ids=lambda each: each.outcome.value if isinstance(each, Wish) else "",
)
def test_each_decision_takes_the_project_where_it_says(
    sessions: Sessions, planner: Actor, approver: Actor, project: Project, wish: Wish, after: ProjectState
) -> None:
    assert prepare(sessions, approver, wish, project) == (project.title,)
    assert state(sessions, project) is ProjectState.SUBMITTED  # nothing is known until it is published
    assert publish(sessions, approver).count == 1
    assert state(sessions, project) is after
    with sessions() as session:
        assert session.scalars(select(PendingDecision)).all() == []
    with sessions() as session:
        (told,) = decisions.decisions_of(session, planner, project.id)
    assert told.outcome is wish.outcome
    assert wish.text.split("\n\n")[0] in told.letter.paragraphs
    assert told.untouched
    assert entries(sessions, "project.decided") == 1


def test_a_decision_stores_the_very_result_it_rests_on(sessions: Sessions, approver: Actor, project: Project) -> None:
    decision = decide(sessions, approver, REJECT, project)
    with sessions() as session:
        run = session.scalars(select(appraising.AppraisalRun)).one()
        publication = session.scalars(select(Publication)).one()
    document = simplejson.loads(decision.document, use_decimal=True)
    assert (decision.run_id, decision.result_sha256) == (run.id, run.result_sha256)
    assert document["run"] == {
        "id": str(run.id),
        "number": run.number,
        "engine": run.engine,
        "input_sha256": run.input_sha256,
        "result_sha256": run.result_sha256,
    }
    assert decision.sha256 == sha256_of(document)
    listed = simplejson.loads(publication.document)["decisions"]
    assert listed == [{"number": decision.number, "sha256": decision.sha256}]
    assert publication.sha256 == sha256_of(simplejson.loads(publication.document))


def test_what_no_gate_blocks_is_approved_and_takes_the_budget(
    sessions: Sessions, planner: Actor, approver: Actor, project: Project
) -> None:
    with_gates(sessions, project, GateStatus.PASSED)
    prepare(sessions, approver, APPROVE, project)
    with sessions() as session:
        budget = publishing.review(session, approver).budget
    assert budget is not None
    assert (budget.before, budget.after, budget.left) == (0, 160_840_000, 250_000_000 - 160_840_000)
    publish(sessions, approver)
    other = appraised(sessions, planner, "opal-lakes-3-percent")
    with sessions() as session:
        portfolio = ranking.ranked_portfolio(session, OPERATOR)
    assert {row.state for row in portfolio.everyone} == {ProjectState.APPROVED, ProjectState.SUBMITTED}
    decide(sessions, approver, REJECT, other)
    with sessions() as session:
        assert [row.reference for row in ranking.ranked_portfolio(session, OPERATOR).everyone] == [project.reference]


def test_what_is_approved_on_conditions_has_its_money_before_a_better_one(
    sessions: Sessions, planner: Actor, approver: Actor
) -> None:
    """The budget pays one of two; the one that ranks second is approved while a gate fails."""
    project, other = (failing(sessions, planner, case) for case in ("opal-lakes", "opal-lakes-3-percent"))
    with sessions() as session:
        first, second = ranking.ranked_portfolio(session, OPERATOR).everyone
    assert {first.reference, second.reference} == {project.reference, other.reference}
    assert (first.funded, second.funded) == (False, False)  # a gate fails
    assert second.failed
    chosen = project if second.reference == project.reference else other
    accept(sessions, planner, approver, chosen)
    decide(sessions, approver, CONDITIONAL, chosen)
    with sessions() as session:
        found = ranking.ranked_portfolio(session, OPERATOR)
    better, promised = found.everyone
    assert (promised.reference, promised.rank) == (second.reference, second.rank)  # it ranks as it did
    assert (promised.funded, promised.inside, promised.blocked, promised.committed) == (True, 1.0, False, True)
    assert (better.funded, better.blocked) == (False, True)


def test_a_large_sum_asks_to_be_typed(sessions: Sessions, approver: Actor, project: Project) -> None:
    prepare(sessions, approver, CONDITIONAL, project)
    wanted = chosen(sessions, approver)
    limit = Decimal(160_840_000)
    with sessions() as session, pytest.raises(DomainError, match="type “publish”"):
        publishing.publish(session, approver, uuid4(), wanted, confirm_above=limit - 1)
    assert state(sessions, project) is ProjectState.SUBMITTED
    with sessions() as session:
        assert publishing.publish(session, approver, uuid4(), wanted, confirm_above=limit).count == 1


def test_a_new_decision_refers_to_the_old(
    sessions: Sessions, planner: Actor, approver: Actor, project: Project
) -> None:
    first = decide(sessions, approver, REJECT, project)
    second = decide(sessions, approver, RETURN, project)
    assert second.replaces_id == first.id
    assert state(sessions, project) is ProjectState.DRAFT
    with sessions() as session:
        told = decisions.decisions_of(session, planner, project.id)
    assert [(each.number, each.replaced_by) for each in told] == [(2, None), (1, 2)]
    assert "It takes the place of decision 1, which stays on record." in told[0].letter.paragraphs
    with sessions() as session:  # the planner mends it and it comes back
        draft = session.get_one(Project, project.id)
    with sessions() as session:
        registration.submit_project(session, planner, project.id, draft.version)
    with sessions() as session, pytest.raises(NotFound):
        deciding.opened(session, approver, [project.id])  # what was sent again is not appraised yet
    appraise(sessions, project)
    third = decide(sessions, approver, CONDITIONAL, project)
    assert third.replaces_id == second.id


@pytest.mark.parametrize("table", ["publication", "decision", "decision_condition", "condition_met"])
def test_what_is_published_cannot_be_changed_or_deleted(
    engine: Engine, sessions: Sessions, approver: Actor, project: Project, table: str
) -> None:
    decide(sessions, approver, CONDITIONAL, project)
    with sessions() as session:
        (first, *_) = obligations.owed(session, approver)
    with sessions() as session:
        obligations.meet(session, approver, first.id, 0, "The report of 3 May")
    changed = Table.metadata.tables[table]
    changes: list[Executable] = [update(changed).values({column: column for column in changed.primary_key})]
    changes += [delete(changed)]
    changes += [text(f"TRUNCATE {table} CASCADE")] if engine.dialect.name == "postgresql" else []
    for change in changes:
        with pytest.raises(DatabaseError, match="rows are only ever added"), engine.begin() as connection:
            connection.execute(change)


def test_conditions_are_met_once_on_evidence(
    sessions: Sessions, planner: Actor, approver: Actor, project: Project
) -> None:
    decide(sessions, approver, CONDITIONAL, project)
    with sessions() as session:
        held = obligations.owed(session, planner)
    assert [(each.text, each.owner, each.standing) for each in held] == [
        ("Finish the DPIA", "Data office", Standing.DUE),
        ("Sign the grant", "Treasury", Standing.DUE),
    ]
    with sessions() as session:
        met = obligations.meet(session, approver, held[0].id, 0, "DPIA 12, signed 4 May")
    assert (met.standing, met.evidence, met.met_by) == (Standing.MET, "DPIA 12, signed 4 May", approver.name)
    with sessions() as session, pytest.raises(AlreadyThere):
        obligations.meet(session, approver, held[0].id, 0, "again")
    with sessions() as session:
        assert [each.text for each in obligations.owed(session, planner, Standing.DUE)] == ["Sign the grant"]
    rival = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Rival"))
    with sessions() as session:
        assert obligations.owed(session, rival) == ()
    decide(sessions, approver, DEFER, project)  # conditions of a decision that is replaced no longer hold
    with sessions() as session:
        assert obligations.owed(session, approver) == ()


def test_the_planner_is_reminded_of_what_a_decision_set_before_and_after_its_day(
    sessions: Sessions, planner: Actor, approver: Actor, project: Project
) -> None:
    decide(sessions, approver, CONDITIONAL, project)
    with sessions() as session:
        (first, _) = obligations.owed(session, planner)
        obligations.meet(session, approver, first.id, 0, "DPIA 12, signed 4 May")
    noon = datetime(SOON.year, SOON.month, SOON.day, 12, tzinfo=UTC)
    for moment, more in ((noon - timedelta(days=15), 0), (noon - timedelta(days=14), 1), (noon, 0)):
        with at(moment), sessions() as session:
            assert reminders.remind(session) == more
    for again in (1, 0):
        with at(noon + timedelta(days=1)), sessions() as session:
            assert reminders.remind(session) == again
    with sessions() as session:
        late, soon, *_ = notifying.messages(session, planner, size=10).rows
    assert "and is not recorded as met: condition 2 of decision 1." in late.sentence
    assert ": condition 2 of decision 1." in soon.sentence
    decide(sessions, approver, DEFER, project)  # replaced: nothing of it is owed
    with at(noon + timedelta(days=40)), sessions() as session:
        assert reminders.remind(session) == 0


def test_a_condition_is_late_the_day_after_it_was_due(
    sessions: Sessions, approver: Actor, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(sessions, approver, CONDITIONAL, project)
    due = now().replace(year=SOON.year, month=SOON.month, day=SOON.day)
    for later, expected in ((0, Standing.DUE), (1, Standing.OVERDUE)):
        monkeypatch.setattr(obligations, "now", lambda late=later: due + timedelta(days=late))
        with sessions() as session:
            assert {each.standing for each in obligations.owed(session, approver)} == {expected}


def test_a_rival_does_not_learn_of_a_decision(sessions: Sessions, approver: Actor, project: Project) -> None:
    decision = decide(sessions, approver, RETURN, project)
    rival = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Rival"))
    with sessions() as session:
        assert decisions.decisions_of(session, rival, project.id) == ()
    with sessions() as session, pytest.raises(NotFound):
        decisions.decision_told(session, rival, decision.id)
    with sessions() as session, pytest.raises(NotAllowed):
        decisions.published(session, rival)
    with sessions() as session:  # who reads decisions reads this one too, though the project is a draft again
        assert decisions.decision_told(session, approver, decision.id).title == project.title
