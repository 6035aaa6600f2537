"""Whatever order two appraisers and a planner act in, what counts is what was handed in of what was sent last."""

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from appraisal.database import sessions_on
from appraisal.models import AssessmentState, Project, ProjectState
from appraisal.policy import NotAllowed
from appraisal.services import assessing, drafting, registration
from appraisal.services.errors import DomainError
from appraisal.services.panels import panel_of
from scoring.frameworks import load_framework
from tests.databases import migrated_sqlite
from tests.examples import examples
from tests.panel import Panel, level, panel

WHO = st.integers(0, 1)


class Life(RuleBasedStateMachine):
    """A model of who handed in what, beside the services."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.engine = migrated_sqlite(Path(self.folder.name) / "life.db")
        self.held: Panel = panel(sessions_on(self.engine))
        self.people = [self.held.appraiser(name) for name in "AB"]
        self.sent, self.out = 1, False
        self.scores: list[int | None] = [None, None]
        self.of = [1, 1]
        self.submitted = [False, False]

    def teardown(self) -> None:
        self.engine.dispose()
        self.folder.cleanup()

    def current(self, who: int) -> bool:
        return not self.out and self.of[who] == self.sent

    @rule(who=WHO, number=st.integers(0, 4))
    def save(self, who: int, number: int) -> None:
        try:
            self.held.fill(self.people[who], {"DS1": level(number)})
        except (DomainError, NotAllowed):
            assert not self.current(who) or self.submitted[who]
        else:
            assert self.current(who)
            assert not self.submitted[who]
            self.scores[who] = number

    @rule(who=WHO)
    def hand_in(self, who: int) -> None:
        try:
            self.held.submit(self.people[who])
        except (DomainError, NotAllowed):
            assert not self.current(who) or self.submitted[who] or self.scores[who] is None
        else:
            self.submitted[who] = True

    @rule(who=WHO)
    def reopen(self, who: int) -> None:
        was, other = self.submitted[who], self.submitted[1 - who] and self.of[1 - who] == self.of[who]
        try:
            with self.held.sessions() as session:
                assessing.reopen(
                    session, self.people[who], self.held.project_id, self.held.sheet(self.people[who]).version
                )
        except (DomainError, NotAllowed):
            assert not self.current(who) or (was and other)
        else:
            assert not (was and other)
            self.submitted[who] = False

    @rule()
    def take_back_or_send(self) -> None:
        with self.held.sessions() as session:
            version = drafting.draft_of(session, self.held.planner, self.held.project_id).version
        with self.held.sessions() as session:
            if self.out:
                registration.submit_project(session, self.held.planner, self.held.project_id, version)
                self.sent += 1
            else:
                drafting.take_back(session, self.held.planner, self.held.project_id)
        self.out = not self.out

    @precondition(lambda self: not self.out)
    @rule(who=WHO)
    def carry_over(self, who: int) -> None:
        with self.held.sessions() as session:
            assessing.start(session, self.people[who], self.held.project_id)
        if self.of[who] != self.sent:
            self.of[who], self.submitted[who] = self.sent, False

    @invariant()
    def what_is_seen_is_what_was_done(self) -> None:
        for who, actor in enumerate(self.people):
            sheet = self.held.sheet(actor)
            assert (sheet.number, sheet.newest) == (self.of[who], self.sent)
            assert (sheet.state is AssessmentState.SUBMITTED) is self.submitted[who]
            assert sheet.writable is (self.current(who) and not self.submitted[who])
            assert (sheet.entries["DS1"].level if sheet.entries else None) == self.scores[who]
            assert (sheet.project_state is ProjectState.DRAFT) is self.out

    @invariant()
    def only_what_was_handed_in_of_the_newest_counts(self) -> None:
        given = [
            score
            for score, of, done in zip(self.scores, self.of, self.submitted, strict=True)
            if done and of == self.sent and score is not None
        ]
        with self.held.sessions() as session:
            newest = session.get_one(Project, self.held.project_id).submissions[-1]
            found = panel_of(session, newest.id, load_framework())
        assert found.appraisers == len(given)
        if given:
            answer = found.answers["DS1"]
            middle = answer.value if answer.level is None else answer.level
            assert middle == sum(given) / len(given), "the median of two is their mean"


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=examples(15), stateful_step_count=12, deadline=None)
