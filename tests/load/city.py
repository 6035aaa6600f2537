"""What a deadline hour needs in the database: a round that is appraised, drafts to work on and drafts to send."""

from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from sqlalchemy.orm import Session, sessionmaker

from appraisal.demo import demo_projects, example_project
from appraisal.models import Role
from appraisal.policy import OPERATOR, Actor
from appraisal.reading.project_file import read_project
from appraisal.services import accounts, appraising, drafting, portfolio_scenarios, registration
from scoring.scenarios import Changes
from tests.services.cities import City, city

PASSWORD = "correct horse battery"
RANKED = 8
DRAWS = 10_000


@dataclass(slots=True)
class Draft:
    """A draft and what was acknowledged of it."""

    key: UUID
    version: int
    title: str = ""
    saves: int = 0
    sent: bool = False


@dataclass(frozen=True, slots=True)
class Town:
    sessions: sessionmaker[Session]
    planner: Actor
    analyst: Actor
    ranked: tuple[UUID, ...]
    drafts: tuple[Draft, ...]
    to_send: tuple[Draft, ...]
    scenario: str
    emails: tuple[str, ...]


def town(sessions: sessionmaker[Session], *, drafts: int, to_send: int) -> Town:
    files = [read_project(text) for text in demo_projects()][:RANKED]
    made: City = city(sessions, (), budget=50)
    ranked = []
    for file in files:
        with sessions() as session:
            row = registration.register_project(session, made.planner, file)
        with sessions() as session:
            registration.submit_project(session, made.planner, row.id, row.version)
        with sessions() as session:
            appraising.appraise_project(session, OPERATOR, row.id, seed=1, draws=DRAWS)
        ranked.append(row.id)
    with sessions() as session:
        changes = Changes(use=0.8)
        scenario = portfolio_scenarios.add_scenario(
            session, made.analyst, name="Slump", reason="Fewer users", changes=changes
        )
    emails = tuple(f"person{number}@example.org" for number in range(4))
    for email in emails:
        with sessions() as session:
            accounts.create_account(
                session, OPERATOR, email=email, name="Ana", password=PASSWORD, role=Role.ANALYST, organisation="Council"
            )
    return Town(
        sessions,
        made.planner,
        made.analyst,
        tuple(ranked),
        tuple(_draft(sessions, made.planner, number) for number in range(drafts)),
        tuple(_draft(sessions, made.planner, drafts + number) for number in range(to_send)),
        scenario,
        emails,
    )


def _draft(sessions: sessionmaker[Session], planner: Actor, number: int) -> Draft:
    file = replace(read_project(example_project()), title=f"Lights of quarter {number}")
    with sessions() as session:
        row = drafting.start_project(session, planner, uuid4(), file, years=drafting.SHORTEST_TABLE)
    return Draft(row.id, row.version, file.title)
