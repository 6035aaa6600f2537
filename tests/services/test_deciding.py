"""From a pending decision to a published one: who may, on what, with which result, once; on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
import simplejson
from sqlalchemy import Engine, Executable, delete, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, sessionmaker

from appraisal.canonical import sha256_of
from appraisal.models import (
    Account,
    AuditEntry,
    Decision,
    DecisionOutcome,
    PendingDecision,
    Project,
    ProjectState,
    Publication,
    Role,
    RunGate,
    Table,
)
from appraisal.models.tables import now
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound, WrongState
from appraisal.services import (
    appraising,
    assigning,
    deciding,
    decisions,
    drafting,
    publishing,
    ranking,
    registration,
    rounds,
)
from appraisal.services.deciding import Refused, Seen, Wish
from appraisal.services.decisions import ConditionState
from appraisal.services.errors import AlreadyThere, DomainError, StaleVersion
from appraisal.services.letters import Condition
from scoring.result import GateStatus
from tests import factories
from tests.panel import panel

Sessions = sessionmaker[Session]
SOON = now().date() + timedelta(days=90)
REJECT = Wish(DecisionOutcome.REJECTED, "poor-value", "The benefits do not carry the cost.")
RETURN = Wish(DecisionOutcome.RETURNED, "incomplete", "Say who pays for running it.\n\nThen send it again.")
DEFER = Wish(DecisionOutcome.DEFERRED, "budget", "The round is spent.")
APPROVE = Wish(DecisionOutcome.APPROVED, "value", "Good.")
CONDITIONAL = Wish(
    DecisionOutcome.WITH_CONDITIONS,
    "gate-open",
    "Go ahead once the gates pass.",
    (Condition("Finish the DPIA", "Data office", SOON), Condition("Sign the grant", "Treasury", SOON)),
)


@pytest.fixture
def planner(sessions: Sessions) -> Actor:
    with sessions() as session:
        rounds.open_round(
            session, OPERATOR, name="Round 2027", place="Haneul", budget=Decimal(250_000), currency="AUD", unit=1000,
            price_year=2026,
        )  # fmt: skip
    return factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))


@pytest.fixture
def approver(sessions: Sessions) -> Actor:
    return factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Council"))


@pytest.fixture
def project(sessions: Sessions, planner: Actor) -> Project:
    return appraised(sessions, planner)


def appraised(sessions: Sessions, planner: Actor, case: str = "opal-lakes") -> Project:
    with sessions() as session:
        project = registration.register_project(session, planner, factories.published_project(case))
    with sessions() as session:
        registration.submit_project(session, planner, project.id, project.version)
    appraise(sessions, project)
    return project


def appraise(sessions: Sessions, project: Project) -> int:
    with sessions() as session:
        return appraising.appraise_project(session, OPERATOR, project.id, seed=1, draws=100).number


def with_gates(sessions: Sessions, project: Project, status: GateStatus) -> None:
    """As if every gate of its run stood so: the guard is for the application, the tables are ours."""
    with sessions.begin() as session:
        run = session.scalars(select(appraising.AppraisalRun).where(appraising.AppraisalRun.project_id == project.id))
        rows = [(gate.run_id, gate.gate) for gate in run.one().gates]
        sqlite = session.get_bind().dialect.name == "sqlite"
        session.execute(
            text("DROP TRIGGER run_gate_no_update" if sqlite else "ALTER TABLE run_gate DISABLE TRIGGER USER")
        )
        for run_id, gate in rows:
            session.execute(update(RunGate).where(RunGate.run_id == run_id, RunGate.gate == gate).values(status=status))


def prepare(sessions: Sessions, actor: Actor, wish: Wish, *projects: Project) -> tuple[str, ...]:
    with sessions() as session:
        found = deciding.opened(session, actor, [project.id for project in projects])
    with sessions() as session:
        return deciding.prepare(session, actor, [Seen.of(candidate) for candidate, _ in found], wish)


def chosen(sessions: Sessions, actor: Actor) -> dict[UUID, int]:
    with sessions() as session:
        seen = publishing.review(session, actor)
    return {each.row.id: each.row.version for each in (*seen.sound, *seen.changed)}


def publish(sessions: Sessions, actor: Actor, key: UUID | None = None) -> publishing.Published:
    with sessions() as session:
        return publishing.publish(session, actor, key or uuid4(), chosen(sessions, actor))


def decide(sessions: Sessions, actor: Actor, wish: Wish, project: Project) -> Decision:
    prepare(sessions, actor, wish, project)
    publish(sessions, actor)
    with sessions() as session:
        query = select(Decision).where(Decision.project_id == project.id).order_by(Decision.number.desc())
        return session.scalars(query).first() or pytest.fail("nothing was decided")


def state(sessions: Sessions, project: Project) -> ProjectState:
    with sessions() as session:
        return session.get_one(Project, project.id).state


def entries(sessions: Sessions, action: str) -> int:
    with sessions() as session:
        return len(session.scalars(select(AuditEntry.sequence).where(AuditEntry.action == action)).all())


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


def test_a_late_appraisal_cannot_change_what_is_decided(
    sessions: Sessions, approver: Actor, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is computed before the decision and comes to be stored after it."""
    computed = appraising.computed

    def slow(*arguments: object, **options: object) -> object:
        result = computed(*arguments, **options)  # type: ignore[arg-type]
        decide(sessions, approver, REJECT, project)
        return result

    monkeypatch.setattr(appraising, "computed", slow)
    analyst = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Office"))
    with sessions() as session, pytest.raises(WrongState):
        appraising.appraise_project(session, analyst, project.id, seed=2, draws=100)
    with sessions() as session, pytest.raises(WrongState):  # nor can the owner of the machine
        appraising.appraise_project(session, OPERATOR, project.id, seed=2, draws=100)
    with sessions() as session:
        assert len(session.scalars(select(appraising.AppraisalRun)).all()) == 1


def test_gates_stand_in_the_way_of_an_approval(sessions: Sessions, approver: Actor, project: Project) -> None:
    with pytest.raises(Refused, match="still open"):
        prepare(sessions, approver, APPROVE, project)
    with pytest.raises(Refused, match="at least one condition"):
        prepare(sessions, approver, replace(CONDITIONAL, conditions=()), project)
    with_gates(sessions, project, GateStatus.FAILED)
    for wish in (APPROVE, CONDITIONAL):
        with pytest.raises(Refused, match="can be returned, rejected or deferred"):
            prepare(sessions, approver, wish, project)
    with_gates_again = decide(sessions, approver, RETURN, project)
    assert with_gates_again.outcome is DecisionOutcome.RETURNED


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


def test_a_large_sum_asks_to_be_typed(sessions: Sessions, approver: Actor, project: Project) -> None:
    prepare(sessions, approver, CONDITIONAL, project)
    wanted = chosen(sessions, approver)
    limit = Decimal(160_840_000)
    with sessions() as session, pytest.raises(DomainError, match="type “publish”"):
        publishing.publish(session, approver, uuid4(), wanted, confirm_above=limit - 1)
    assert state(sessions, project) is ProjectState.SUBMITTED
    with sessions() as session:
        assert publishing.publish(session, approver, uuid4(), wanted, confirm_above=limit).count == 1


@pytest.mark.parametrize("part", ["owner", "sender", "assigned", "ran it"])
def test_nobody_decides_on_what_they_submitted_or_scored(
    sessions: Sessions, planner: Actor, project: Project, part: str
) -> None:
    """Their role has changed since; what they did has not."""
    office = factories.organisation(sessions, "Office")
    if part in ("owner", "sender"):
        someone = planner
        if part == "sender":
            with sessions.begin() as session:
                other = factories.actor(sessions, Role.ANALYST, office).account_id
                session.execute(update(Project).values(owner_id=other))
    elif part == "assigned":
        someone = factories.actor(sessions, Role.APPRAISER, office)
        with sessions() as session:
            assigning.assign(session, OPERATOR, project.id, someone.account_id or uuid4())
    else:
        someone = factories.actor(sessions, Role.ANALYST, office)
        with sessions() as session:
            appraising.appraise_project(session, someone, project.id, seed=1, draws=100)
    with sessions.begin() as session:
        session.get_one(Account, someone.account_id).role = Role.APPROVER
    someone = replace(someone, role=Role.APPROVER)
    with pytest.raises(Refused, match="so someone else decides"):
        prepare(sessions, someone, REJECT, project)


def test_scores_handed_in_bar_their_appraiser_and_outdate_the_run(sessions: Sessions, approver: Actor) -> None:
    held = panel(sessions)
    with sessions() as session:
        scored = session.get_one(Project, held.project_id)
    appraise(sessions, scored)
    appraiser = held.appraiser("A")
    held.fill(appraiser)
    held.submit(appraiser)
    with pytest.raises(Refused, match="scores changed since run 1; appraise it again first"):
        prepare(sessions, approver, REJECT, scored)
    appraise(sessions, scored)
    prepare(sessions, approver, REJECT, scored)
    with sessions() as session:
        assigning.unassign(session, OPERATOR, scored.id, appraiser.account_id or uuid4())
    with sessions.begin() as session:
        session.get_one(Account, appraiser.account_id).role = Role.APPROVER
    with pytest.raises(Refused, match="so someone else decides"):
        prepare(sessions, replace(appraiser, role=Role.APPROVER), REJECT, scored)


@pytest.mark.parametrize("role", [Role.PLANNER, Role.APPRAISER, Role.ANALYST, Role.ADMIN])
def test_only_approvers_decide(sessions: Sessions, project: Project, role: Role) -> None:
    actor = factories.actor(sessions, role, factories.organisation(sessions, "Elsewhere"))
    attempts: tuple[Callable[[Session], object], ...] = (
        lambda session: deciding.opened(session, actor, [project.id]),
        lambda session: deciding.prepare(session, actor, [Seen(project.id, 1, 2)], REJECT),
        lambda session: publishing.publish(session, actor, uuid4(), {uuid4(): 1}),
        lambda session: deciding.drop(session, actor, project.id),
        lambda session: decisions.meet(session, actor, uuid4(), "so it is"),
    )
    for attempt in attempts:
        with sessions() as session, pytest.raises(NotAllowed):
            attempt(session)
    with sessions() as session, pytest.raises(DomainError, match="sign in"):
        deciding.prepare(session, OPERATOR, [Seen(project.id, 1, 2)], REJECT)


def test_what_changed_since_it_was_opened_is_shown_and_not_published(
    sessions: Sessions, planner: Actor, approver: Actor, project: Project
) -> None:
    others = [appraised(sessions, planner, case) for case in ("opal-lakes-3-percent", "zurich-tunnel", "sports-arena")]
    prepare(sessions, approver, DEFER, project, *others)
    withdrawn, again, taken_back = others
    with sessions() as session:
        drafting.withdraw(session, planner, withdrawn.id)
    run = appraise(sessions, again)
    with sessions() as session:
        drafting.take_back(session, planner, taken_back.id)
    published = publish(sessions, approver)
    assert published.count == 1
    left = dict(published.left)
    assert left[withdrawn.title] == "It is withdrawn now."
    assert left[again.title] == f"It was appraised again since you looked: run {run}."
    assert "taken back" in left[taken_back.reference]
    assert {state(sessions, each) for each in others} == {
        ProjectState.WITHDRAWN, ProjectState.SUBMITTED, ProjectState.DRAFT,
    }  # fmt: skip
    with sessions() as session, pytest.raises(DomainError, match="Nothing was published"):
        publishing.publish(session, approver, uuid4(), chosen(sessions, approver))
    prepare(sessions, approver, DEFER, again)
    assert publish(sessions, approver).count == 1


def test_what_was_opened_before_a_change_cannot_be_kept(
    sessions: Sessions, planner: Actor, approver: Actor, project: Project
) -> None:
    with sessions() as session:
        ((candidate, _),) = deciding.opened(session, approver, [project.id])
    appraise(sessions, project)
    with sessions() as session, pytest.raises(StaleVersion, match=project.title):
        deciding.prepare(session, approver, [Seen.of(candidate)], DEFER)
    with sessions() as session:
        drafting.withdraw(session, planner, project.id)
    with sessions() as session, pytest.raises(WrongState):
        deciding.prepare(session, approver, [Seen.of(candidate)], DEFER)


def test_a_pending_decision_is_changed_and_dropped_freely(
    sessions: Sessions, approver: Actor, project: Project
) -> None:
    prepare(sessions, approver, DEFER, project)
    before = chosen(sessions, approver)
    prepare(sessions, approver, REJECT, project)
    with sessions() as session:
        assert [row.outcome for row in session.scalars(select(PendingDecision))] == [DecisionOutcome.REJECTED]
    with sessions() as session, pytest.raises(DomainError, match="another window"):
        publishing.publish(session, approver, uuid4(), before)
    for _ in range(2):
        with sessions() as session:
            deciding.drop(session, approver, project.id)
    assert chosen(sessions, approver) == {}
    assert entries(sessions, "decision.dropped") == 1
    assert state(sessions, project) is ProjectState.SUBMITTED


def test_nobody_sees_or_publishes_what_another_approver_prepares(
    sessions: Sessions, approver: Actor, project: Project
) -> None:
    other = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Bank"))
    prepare(sessions, approver, REJECT, project)
    theirs = chosen(sessions, approver)
    assert chosen(sessions, other) == {}
    with sessions() as session, pytest.raises(DomainError, match="Nothing was published"):
        publishing.publish(session, other, uuid4(), theirs)


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
        (first, *_) = decisions.conditions(session, approver)
    with sessions() as session:
        decisions.meet(session, approver, first.id, "The report of 3 May")
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
        held = decisions.conditions(session, planner)
    assert [(each.text, each.owner, each.state) for each in held] == [
        ("Finish the DPIA", "Data office", ConditionState.OPEN),
        ("Sign the grant", "Treasury", ConditionState.OPEN),
    ]
    with sessions() as session:
        met = decisions.meet(session, approver, held[0].id, "DPIA 12, signed 4 May")
    assert (met.state, met.evidence, met.met_by) == (ConditionState.MET, "DPIA 12, signed 4 May", approver.name)
    with sessions() as session, pytest.raises(AlreadyThere):
        decisions.meet(session, approver, held[0].id, "again")
    with sessions() as session:
        assert [each.text for each in decisions.conditions(session, planner, ConditionState.OPEN)] == ["Sign the grant"]
    rival = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Rival"))
    with sessions() as session:
        assert decisions.conditions(session, rival) == ()
    decide(sessions, approver, DEFER, project)  # conditions of a decision that is replaced no longer hold
    with sessions() as session:
        assert decisions.conditions(session, approver) == ()


def test_a_condition_is_late_the_day_after_it_was_due(
    sessions: Sessions, approver: Actor, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(sessions, approver, CONDITIONAL, project)
    due = now().replace(year=SOON.year, month=SOON.month, day=SOON.day)
    for later, expected in ((0, ConditionState.OPEN), (1, ConditionState.LATE)):
        monkeypatch.setattr(decisions, "now", lambda late=later: due + timedelta(days=late))
        with sessions() as session:
            assert {each.state for each in decisions.conditions(session, approver)} == {expected}


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


EIGHT = 8


def at_once(attempt: Callable[[int], object]) -> list[object]:
    """What each of eight threads got, the exception where it got one."""

    def one(number: int) -> object:
        try:
            return attempt(number)
        except (DomainError, NotAllowed) as error:
            return error

    with ThreadPoolExecutor(EIGHT) as pool:
        return list(pool.map(one, range(EIGHT)))


@pytest.mark.parametrize("name", ["withdraw", "take_back"])
def test_a_move_fired_eight_times_is_made_once(sessions: Sessions, planner: Actor, project: Project, name: str) -> None:
    def fire(_number: int) -> object:
        with sessions() as session:
            return getattr(drafting, name)(session, planner, project.id)

    # what is withdrawn can still be taken back, so only a second withdrawal is refused by its state
    outcomes = at_once(fire)
    assert sum(isinstance(each, Project) for each in outcomes) == 1
    assert entries(sessions, {"withdraw": "project.withdrawn", "take_back": "project.taken-back"}[name]) == 1


def test_a_submission_fired_eight_times_is_made_once(sessions: Sessions, planner: Actor) -> None:
    with sessions() as session:
        draft = registration.register_project(session, planner, factories.published_project())

    def fire(_number: int) -> object:
        with sessions() as session:
            return registration.submit_project(session, planner, draft.id, draft.version)

    assert sum(not isinstance(each, Exception) for each in at_once(fire)) == 1
    assert entries(sessions, "project.submitted") == 1


@pytest.mark.parametrize("one_key", [True, False], ids=["one form sent again", "eight windows"])
def test_a_publication_fired_eight_times_is_made_once(
    sessions: Sessions, approver: Actor, project: Project, one_key: bool
) -> None:
    prepare(sessions, approver, REJECT, project)
    wanted, key = chosen(sessions, approver), uuid4()

    def fire(_number: int) -> object:
        with sessions() as session:
            return publishing.publish(session, approver, key if one_key else uuid4(), wanted)

    made = [each for each in at_once(fire) if isinstance(each, publishing.Published)]
    assert len(made) == (EIGHT if one_key else 1)
    assert entries(sessions, "project.decided") == entries(sessions, "decisions.published") == 1
    with sessions() as session:
        assert len(session.scalars(select(Decision)).all()) == 1


def test_a_decision_and_a_withdrawal_at_once_leave_one_of_them(
    sessions: Sessions, planner: Actor, approver: Actor, project: Project
) -> None:
    prepare(sessions, approver, REJECT, project)
    wanted = chosen(sessions, approver)

    def fire(number: int) -> object:
        with sessions() as session:
            if number % 2:
                return drafting.withdraw(session, planner, project.id)
            return publishing.publish(session, approver, uuid4(), wanted)

    outcomes = at_once(fire)
    assert sum(not isinstance(each, Exception) for each in outcomes) == 1
    decided, withdrawn = entries(sessions, "project.decided"), entries(sessions, "project.withdrawn")
    assert {decided, withdrawn} == {0, 1}
    assert state(sessions, project) is (ProjectState.REJECTED if decided else ProjectState.WITHDRAWN)
