"""An approver who returns one submission after the other, and sends what is not answered again under the same key."""

import http.client
import re
import threading
import time
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.demo import example_project
from appraisal.models import Decision, PendingDecision, Project, ProjectState, Role
from appraisal.policy import OPERATOR, Actor
from appraisal.reading.project_file import read_project
from appraisal.services import accounts, appraising, registration
from tests.crash.people import Planner
from tests.crash.people import Project as Sent

SEEN = re.compile(r'name="seen" value="([^"]+)"')
CHOSEN = re.compile(r'name="chosen" value="([^"]+)"')
OF_PROJECT = re.compile(r'href="/decisions/prepare\?project=([0-9a-f-]{36})"')
RETURNED = {"outcome": "returned", "reason": "returned:incomplete", "text": "Say who pays for running it."}


@dataclass(slots=True)
class Decider:
    person: Planner
    """The approver, whose projects are those to be decided on."""
    stop: threading.Event
    published: set[UUID] = field(default_factory=set)
    """Projects of which the decision was acknowledged as made known."""
    prepared: set[UUID] = field(default_factory=set)
    """Projects of which a decision was acknowledged as pending, and nothing more was asked for."""
    perhaps: set[UUID] = field(default_factory=set)
    """Publishing was asked for and never answered."""

    def work(self) -> None:
        for key in self.person.projects:
            if self.stop.is_set():
                return
            self._decide(key)

    def _decide(self, key: UUID) -> None:
        page, browser = f"/decisions/prepare?project={key}", self.person.browser
        asked: dict[str, object] = {**RETURNED, "seen": SEEN.findall(self._read(page))}
        if self.person.ask("prepare", lambda: browser.post(page, asked)) is None:
            return
        self.prepared.add(key)
        review = self._read("/decisions/review")
        # Those before it, too, whose preparing was not answered and that are there all the same.
        of_these, chosen = (
            {UUID(each) for each in OF_PROJECT.findall(review)},
            list(dict.fromkeys(CHOSEN.findall(review))),
        )
        if self.stop.is_set():
            return
        if key not in of_these or len(chosen) != len(of_these):
            self.person.refused.append(f"the review does not show {key}: {of_these}, {chosen}")
            return
        self.prepared.discard(key)
        self._publish(of_these, {"chosen": chosen, "key": str(uuid4()), "typed": "publish"})

    def _publish(self, projects: set[UUID], asked: dict[str, object]) -> None:
        """As a person does who saw no answer, again and again: it must not be done twice."""
        self.perhaps |= projects
        while not self.stop.is_set():
            sent = self.person.ask("publish", lambda: self.person.browser.post("/decisions/publish", asked))
            if sent is not None:
                self.perhaps -= projects
                self.published |= projects
                return

    def _read(self, page: str) -> str:
        """The page; a server that was killed is waited for."""
        while not self.stop.is_set():
            try:
                status, text = self.person.browser.get(page)
            except (OSError, http.client.HTTPException):
                status, text = 0, ""
            if status == 200:
                return text
            time.sleep(0.1)
        return ""


def to_decide_on(sessions: sessionmaker[Session], count: int) -> dict[UUID, Sent]:
    """As many projects, sent and appraised."""
    found = {}
    with sessions() as session:
        planner = accounts.create_account(
            session, OPERATOR, email="sender@example.org", name="Sender", password="correct horse battery",
            role=Role.PLANNER, organisation="City of those decided on",
        )  # fmt: skip
    actor = Actor(planner.id, Role.PLANNER, planner.organisation_id, planner.name)
    example = read_project(example_project())
    for number in range(count):
        with sessions() as session:
            file = replace(example, reference=f"DEC-{number}")
            project = registration.register_project(session, actor, file)
        with sessions() as session:
            registration.submit_project(session, actor, project.id, project.version)
        with sessions() as session:
            appraising.appraise_project(session, OPERATOR, project.id, seed=1, draws=100)
        found[project.id] = Sent(sent=1)
    return found


def lost_decisions(session: Session, decider: Decider) -> list[str]:
    """What is not as it was acknowledged: a decision made known is there once, and one that is pending is kept."""
    problems = []
    counted = select(Decision.project_id, func.count()).group_by(Decision.project_id)
    made: dict[UUID, int] = dict(session.execute(counted).tuples().all())
    pending = set(session.scalars(select(PendingDecision.project_id)))
    states = dict(session.execute(select(Project.id, Project.state)).tuples().all())
    for key in decider.published | decider.perhaps:
        count = made.pop(key, 0)
        if count != 1 and (key in decider.published or count):
            problems.append(f"the decision on {key} was acknowledged once and is there {count} times")
        if (states.get(key) is ProjectState.DRAFT) is not bool(count) or (key in pending) is bool(count):
            problems.append(f"{key} has {count} decisions, is {states.get(key)} and pending: {key in pending}")
    problems += [f"the pending decision on {key} was acknowledged and is lost" for key in decider.prepared - pending]
    problems += [f"{key} has {count} decisions that nobody asked for" for key, count in made.items()]
    session.rollback()
    return problems
