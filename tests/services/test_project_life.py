"""Whatever order a planner, an analyst and two approvers act in: a project is where its model says, each move is in the
trail once, and what was decided rests on the result that its approver saw."""

import tempfile
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from appraisal.database import sessions_on
from appraisal.models import (
    DECIDED,
    AppraisalRun,
    AuditEntry,
    Decision,
    DecisionOutcome,
    Project,
    ProjectState,
    Role,
    Submission,
)
from appraisal.models.tables import now
from appraisal.policy import OPERATOR, NotAllowed, NotFound, WrongState
from appraisal.services import appraising, deciding, decisions, drafting, publishing, registration
from appraisal.services.deciding import Seen, Wish
from appraisal.services.errors import AlreadyMoved, DomainError
from appraisal.services.letters import Condition
from tests import factories
from tests.databases import migrated_sqlite
from tests.examples import examples

WHO = st.integers(0, 1)
WISHES = st.sampled_from(
    (
        Wish(DecisionOutcome.WITH_CONDITIONS, "risk", "On a condition.", (Condition("Do it", "Office", now().date()),)),
        Wish(DecisionOutcome.RETURNED, "figures", "Mend the figures."),
        Wish(DecisionOutcome.REJECTED, "risk", "Too large a risk."),
        Wish(DecisionOutcome.DEFERRED, "budget", "Later."),
    )
)
MOVES = ("project.submitted", "project.taken-back", "project.withdrawn", "project.decided")


class Life(RuleBasedStateMachine):
    """A model of the state, and of what each approver has pending, beside the services."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.engine = migrated_sqlite(Path(self.folder.name) / "life.db")
        self.sessions = sessions_on(self.engine)
        self.planner = factories.actor(self.sessions, Role.PLANNER, factories.organisation(self.sessions, "Haneul"))
        council = factories.organisation(self.sessions, "Council")
        self.approvers = [
            factories.actor(self.sessions, Role.APPROVER, council, email=f"{name}@example.org") for name in "ab"
        ]
        with self.sessions() as session:
            project = registration.register_project(session, self.planner, factories.clear_project())
        self.key, self.version = project.id, project.version
        self.state, self.moves, self.sent, self.run = ProjectState.DRAFT, 0, 0, 0
        self.run_of = 0
        self.pending: list[tuple[Wish, int, int] | None] = [None, None]
        self.decided: list[tuple[DecisionOutcome, int]] = []
        self.submit()
        self.appraise()

    def teardown(self) -> None:
        self.engine.dispose()
        self.folder.cleanup()

    def moved(self, to: ProjectState) -> None:
        self.state, self.moves, self.version = to, self.moves + 1, self.version + 1

    @rule()
    def submit(self) -> None:
        try:
            with self.sessions() as session:
                registration.submit_project(session, self.planner, self.key, self.version)
        except WrongState:
            assert self.state is not ProjectState.DRAFT
        else:
            assert self.state is ProjectState.DRAFT
            self.sent += 1
            self.moved(ProjectState.SUBMITTED)

    @rule()
    def take_back(self) -> None:
        try:
            with self.sessions() as session:
                drafting.take_back(session, self.planner, self.key)
        except (WrongState, AlreadyMoved):
            assert self.state not in (ProjectState.SUBMITTED, ProjectState.WITHDRAWN)
        else:
            assert self.state in (ProjectState.SUBMITTED, ProjectState.WITHDRAWN)
            self.moved(ProjectState.DRAFT)

    @rule()
    def withdraw(self) -> None:
        try:
            with self.sessions() as session:
                drafting.withdraw(session, self.planner, self.key)
        except (WrongState, AlreadyMoved):
            assert self.state is not ProjectState.SUBMITTED
        else:
            assert self.state is ProjectState.SUBMITTED
            self.moved(ProjectState.WITHDRAWN)

    @rule()
    def appraise(self) -> None:
        analyst = replace(self.planner, role=Role.ANALYST)
        try:
            with self.sessions() as session:
                self.run = appraising.appraise_project(session, analyst, self.key, seed=1, draws=100).number
        except (NotFound, NotAllowed):
            assert self.state is not ProjectState.SUBMITTED
        else:
            assert self.state is ProjectState.SUBMITTED
            self.run_of = self.sent

    @rule(who=WHO, wish=WISHES)
    def prepare(self, who: int, wish: Wish) -> None:
        seen = Seen(self.key, self.run, self.version)
        try:
            with self.sessions() as session:
                deciding.prepare(session, self.approvers[who], [seen], wish)
        except (NotFound, WrongState):
            assert not self.decidable
        else:
            assert self.decidable
            self.pending[who] = (wish, self.run, self.version)

    @rule(who=WHO)
    def publish(self, who: int) -> None:
        with self.sessions() as session:
            found = publishing.review(session, self.approvers[who])
        rows = {each.row.id: each.row.version for each in (*found.sound, *found.changed)}
        kept = self.pending[who]
        try:
            with self.sessions() as session:
                publishing.publish(session, self.approvers[who], uuid4(), rows)
        except DomainError:
            assert kept is None or not self.decidable or kept[1:] != (self.run, self.version)
        else:
            assert kept is not None
            assert self.decidable
            assert kept[1:] == (self.run, self.version)
            self.pending[who] = None
            self.decided.append((kept[0].outcome, self.run))
            self.moved(publishing.STATE_AFTER[kept[0].outcome])

    @rule(who=WHO)
    def drop(self, who: int) -> None:
        with self.sessions() as session:
            deciding.drop(session, self.approvers[who], self.key)
        self.pending[who] = None

    @property
    def decidable(self) -> bool:
        return self.state in {ProjectState.SUBMITTED, *DECIDED} and self.run > 0 and self.run_of == self.sent

    @invariant()
    def as_the_model_says(self) -> None:
        with self.sessions() as session:
            project = session.get_one(Project, self.key)
            assert (project.state, project.version) == (self.state, self.version)
            query = select(AuditEntry).where(AuditEntry.action.in_(MOVES)).order_by(AuditEntry.sequence)
            moves = session.scalars(query).all()
            assert len(moves) == self.moves
            if moves:
                assert moves[-1].details["to"] == self.state.value
            assert len(session.scalars(select(Submission.id)).all()) == self.sent
            rows = session.scalars(select(Decision).order_by(Decision.number)).all()
            results = dict(session.execute(select(AppraisalRun.id, AppraisalRun.result_sha256)).all())
            numbers = dict(session.execute(select(AppraisalRun.id, AppraisalRun.number)).all())
        assert [(row.outcome, numbers[row.run_id]) for row in rows] == self.decided
        assert all(row.result_sha256 == results[row.run_id] for row in rows)
        assert [row.replaces_id for row in rows] == [None, *(row.id for row in rows)][: len(rows)]
        with self.sessions() as session:
            assert all(told.untouched for told in decisions.published(session, OPERATOR))


Life.TestCase.settings = settings(max_examples=examples(20), stateful_step_count=15, deadline=None)
TestLife = Life.TestCase
