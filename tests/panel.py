"""A panel for tests: projects sent, appraisers assigned and free of conflicts, scores given and handed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Interest, Role
from appraisal.policy import OPERATOR, Actor
from appraisal.services import assessing, assigning, drafting, registration, sheets
from appraisal.services.scores import Entry
from appraisal.services.sheets import Sheet
from scoring.frameworks import Indicator, ScaleKind
from scoring.project_file import EvidenceGrade, ProjectFile
from tests import factories

REASON = (
    "The tender names the owner, the controls and the dates, and the annex shows them on its third page; one level "
    "higher would need a test by somebody else."
)
UNKNOWN = Entry(unknown=True)


@dataclass(frozen=True, slots=True)
class Panel:
    sessions: sessionmaker[Session]
    planner: Actor
    project_id: UUID

    def appraiser(self, name: str, *, declared: bool = True) -> Actor:
        """Somebody of an organisation of their own, assigned."""
        actor = factories.actor(self.sessions, Role.APPRAISER, factories.organisation(self.sessions, f"Office {name}"))
        assert actor.account_id is not None
        with self.sessions() as session:
            assigning.assign(session, OPERATOR, self.project_id, actor.account_id)
        if declared:
            self.declare(actor, Interest.NONE)
        return actor

    def declare(self, actor: Actor, interest: Interest) -> None:
        with self.sessions() as session:
            assessing.declare(session, actor, self.project_id, interest)

    def sheet(self, actor: Actor) -> Sheet:
        with self.sessions() as session:
            return sheets.sheet_of(session, actor, self.project_id)

    def save(self, actor: Actor, indicator: str, entry: Entry, version: int | None = None) -> int:
        expected = self.sheet(actor).version if version is None else version
        with self.sessions() as session:
            return assessing.save_score(session, actor, self.project_id, indicator, expected, entry).version

    def fill(self, actor: Actor, entries: Mapping[str, Entry] | None = None) -> None:
        """Every indicator: what is given here, the others unknown."""
        sheet = self.sheet(actor)
        given = {item.id: (entries or {}).get(item.id, UNKNOWN) for item in sheet.asked}
        with self.sessions() as session:
            assessing.save_scores(session, actor, self.project_id, sheet.version, given)

    def submit(self, actor: Actor) -> None:
        version = self.sheet(actor).version
        with self.sessions() as session:
            assessing.submit(session, actor, self.project_id, version)

    def send_again(self) -> None:
        with self.sessions() as session:
            project = drafting.take_back(session, self.planner, self.project_id)
        with self.sessions() as session:
            registration.submit_project(session, self.planner, self.project_id, project.version)


def panel(sessions: sessionmaker[Session], case: str = "opal-lakes", file: ProjectFile | None = None) -> Panel:
    """Of a published case, or of another project."""
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    with sessions() as session:
        project = registration.register_project(session, planner, file or factories.published_project(case))
    with sessions() as session:
        registration.submit_project(session, planner, project.id, project.version)
    return Panel(sessions, planner, project.id)


def level(number: int, grade: EvidenceGrade = EvidenceGrade.THIRD_PARTY) -> Entry:
    return Entry(level=number, evidence=grade, document="Tender", page="3", reason=REASON)


def anything(indicator: Indicator) -> Entry:
    """A complete score that fits the indicator's scale."""
    if indicator.scale is ScaleKind.NUMERIC:
        return Entry(value=indicator.least or 0.0, evidence=EvidenceGrade.CLAIM, reason=REASON)
    return level(2)
