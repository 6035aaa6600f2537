"""Whatever several people do with a project at the same moment: it is as if they had acted one after the other.

Each move is made as often as it was answered with success and no more; the trail names each once, in an order in
which every one of them was allowed; nobody's success is built on what someone else had changed.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from appraisal.database import sessions_on
from appraisal.models import AuditEntry, Organisation, Project, ProjectState, Role, Submission
from appraisal.policy import OPERATOR, Actor, WrongState
from appraisal.services import drafting, registration, verifying
from appraisal.services.errors import AlreadyMoved, StaleVersion
from scoring.project_file import ProjectFile
from tests import factories
from tests.at_once import at_once

DRAFT, SUBMITTED, WITHDRAWN = ProjectState.DRAFT, ProjectState.SUBMITTED, ProjectState.WITHDRAWN
LEADS = {
    "project.changed": {DRAFT: DRAFT},
    "project.submitted": {DRAFT: SUBMITTED},
    "project.taken-back": {SUBMITTED: DRAFT, WITHDRAWN: DRAFT},
    "project.withdrawn": {SUBMITTED: WITHDRAWN},
}
"""By what the trail calls it: from where it is allowed, and where it leads."""
SEEN = ("project.changed", "project.submitted")
"""Moves that say which version they were made on."""
MADE_FOR_THE_TEST = ("organisation", "account")
"""Rows that stand in no entry of the trail."""
MOVES = st.sampled_from(sorted(LEADS))


class AtOnce(RuleBasedStateMachine):
    """Colleagues of one organisation, each with a connection of their own."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.sessions = sessions_on(engine)
        with self.sessions() as session:
            found = session.scalar(select(Organisation.id).where(Organisation.name == "Haneul"))
            there = session.scalars(select(Project.id)).all()
        of = found or factories.organisation(self.sessions, "Haneul")
        self.people = [
            factories.actor(self.sessions, Role.PLANNER, of, email=f"{name}{len(there)}@example.org") for name in "abcd"
        ]
        file = replace(factories.published_project(), reference=f"H-{len(there)}")
        with self.sessions() as session:
            project = registration.register_project(session, self.people[0], file)
        self.key, self.version, self.state = project.id, project.version, project.state
        self.made: list[str] = []
        self.titles = 0

    def attempt(self, move: str, person: Actor, title: str) -> Callable[[], str | None]:
        """Does it on the version that everyone saw; gives the move where it was made."""

        def renamed(file: ProjectFile) -> ProjectFile:
            return replace(file, title=title)

        def act(session: Session) -> object:
            if move == "project.changed":
                return drafting.edit_project(session, person, self.key, self.version, renamed, part="project")
            if move == "project.submitted":
                return registration.submit_project(session, person, self.key, self.version)
            return {"project.taken-back": drafting.take_back, "project.withdrawn": drafting.withdraw}[move](
                session, person, self.key
            )

        def attempted() -> str | None:
            try:
                with self.sessions() as session:
                    act(session)
            except (WrongState, StaleVersion, AlreadyMoved):
                return None
            return move

        return attempted

    def together(self, moves: list[str]) -> list[str]:
        """Have each move made by another person at the same moment; those that were made."""
        self.titles += 1
        acts = [
            self.attempt(move, person, f"Title {self.titles} of {number}")
            for number, (move, person) in enumerate(zip(moves, self.people, strict=False))
        ]
        answered = [move for move in at_once(*acts) if move is not None]
        self.follow(answered)
        return answered

    def follow(self, answered: list[str]) -> None:
        """Let the model take the order that the trail gives."""
        with self.sessions() as session:
            query = select(AuditEntry.action).where(AuditEntry.object_id == str(self.key), AuditEntry.action.in_(LEADS))
            entries = session.scalars(query.order_by(AuditEntry.sequence)).all()
        new = entries[len(self.made) :]
        assert Counter(new) == Counter(answered)
        for place, action in enumerate(new):
            assert self.state in LEADS[action], (new, self.state)
            assert action not in SEEN or place == 0, "it was made on a version that nobody saw"
            self.state = LEADS[action][self.state]
        self.made, self.version = list(entries), self.version + len(new)

    @rule(move=MOVES)
    def the_same_by_four(self, move: str) -> None:
        allowed = self.state in LEADS[move]
        answered = self.together([move] * 4)
        assert len(answered) == int(allowed)

    @rule(moves=st.lists(MOVES, min_size=2, max_size=4))
    def several(self, moves: list[str]) -> None:
        allowed = any(self.state in LEADS[move] for move in moves)
        assert bool(self.together(moves)) == allowed

    @invariant()
    def as_the_model_says(self) -> None:
        with self.sessions() as session:
            project = session.get_one(Project, self.key)
            assert (project.state, project.version) == (self.state, self.version)
            sent = session.scalars(select(Submission.id).where(Submission.project_id == self.key)).all()
        assert len(sent) == self.made.count("project.submitted")

    def teardown(self) -> None:
        with self.sessions() as session:
            found = verifying.verify(session, OPERATOR).findings
        assert [str(each) for each in found if not each.place.startswith(MADE_FOR_THE_TEST)] == []


def test_it_is_as_if_they_had_acted_one_after_the_other(engine: Engine) -> None:
    run_state_machine_as_test(
        lambda: AtOnce(engine), settings=settings(max_examples=5, stateful_step_count=6, deadline=None)
    )
