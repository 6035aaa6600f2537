"""A city of a few appraised projects of the demonstration, for tests of what is done with a whole round."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.demo import demo_projects
from appraisal.models import Project, Role
from appraisal.policy import OPERATOR, Actor
from appraisal.reading.project_file import read_project
from appraisal.services import appraising, registration, rounds
from scoring.project_file import ProjectFile
from tests import factories


@dataclass(frozen=True, slots=True)
class City:
    sessions: sessionmaker[Session]
    planner: Actor
    analyst: Actor
    files: tuple[ProjectFile, ...]

    def project(self, reference: str) -> Project:
        """One that was sent."""
        with self.sessions() as session:
            return session.scalars(select(Project).where(Project.reference == reference)).one()

    def send(self, project: ProjectFile) -> None:
        """Register, submit and appraise it with 100 draws."""
        with self.sessions() as session:
            row = registration.register_project(session, self.planner, project)
        with self.sessions() as session:
            registration.submit_project(session, self.planner, row.id, row.version)
        with self.sessions() as session:
            appraising.appraise_project(session, OPERATOR, row.id, seed=1, draws=100)


def city(
    sessions: sessionmaker[Session],
    references: Sequence[str],
    *,
    budget: float,
    change: Callable[[ProjectFile], ProjectFile] = lambda project: project,
) -> City:
    """An open round with a budget in USD million, and these projects of Haneul in it, sent as `change` makes them."""
    of = factories.organisation(sessions, "Haneul")
    files = [read_project(text) for text in demo_projects()]
    made = City(
        sessions,
        factories.actor(sessions, Role.PLANNER, of),
        factories.actor(sessions, Role.ANALYST, of),
        tuple(change(one) for one in files if one.reference in references),
    )
    with sessions() as session:
        rounds.open_round(
            session,
            OPERATOR,
            name="Round 2027",
            place="Haneul",
            budget=Decimal(str(budget)),
            currency="USD",
            unit=1_000_000,
            price_year=2026,
        )
    for one in made.files:
        made.send(one)
    return made
