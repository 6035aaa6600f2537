"""The demonstration: a fictional city loaded through the same services as everything else."""

from collections.abc import Callable
from decimal import Decimal

from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.demo import demo_projects
from appraisal.models import Account, Project, Role
from appraisal.policy import OPERATOR, Actor
from appraisal.reading.project_file import read_project
from appraisal.services import accounts, appraising, registration, rounds
from appraisal.transactions import reading
from config import ConfigurationError

PASSWORD = "haneul demonstration"  # noqa: S105 -- shown to everyone; production refuses accounts that have it
BUDGET = Decimal(25)
SEED, DRAWS = 1, 10_000


def load_demo(sessions: sessionmaker[Session], progress: Callable[[int, int], None]) -> int:
    """Make what is missing of the demonstration and return how many projects were added; again changes nothing."""
    planner = _people(sessions)
    _round(sessions)
    texts = list(demo_projects())
    added = 0
    for done, text in enumerate(texts, start=1):
        added += _project(sessions, planner, text)
        progress(done, len(texts))
    return added


def demo_accounts() -> list[tuple[str, Role]]:
    """Address and role of each demonstration account."""
    return [(f"{role.value}@haneul.example", role) for role in Role if role is not Role.APPRAISER]


def _people(sessions: sessionmaker[Session]) -> Actor:
    for email, role in demo_accounts():
        with sessions() as session, reading(session):
            if session.scalar(select(Account.id).where(Account.email == email)) is not None:
                continue
        with sessions() as session:
            account = accounts.create_account(
                session,
                OPERATOR,
                email=email,
                name=f"Demo {role.value}",
                password=PASSWORD,
                role=role,
                organisation="City of Haneul (fictional)" if role is Role.PLANNER else "Appraisal office (fictional)",
            )
        with sessions.begin() as session:
            session.get_one(Account, account.id).demo = True
    with sessions() as session:
        return accounts.account_of(session, "planner@haneul.example")


def _round(sessions: sessionmaker[Session]) -> None:
    with sessions() as session, reading(session):
        if rounds.round_named(session) is not None:
            return
    with sessions() as session:
        rounds.open_round(
            session,
            OPERATOR,
            name="Round 2027",
            place="Haneul (fictional city)",
            budget=BUDGET,
            currency="USD",
            unit=1_000_000,
            price_year=2026,
        )


def _project(sessions: sessionmaker[Session], planner: Actor, text: str) -> int:
    file = read_project(text)
    with sessions() as session, reading(session):
        if session.scalar(select(Project.id).where(Project.reference == file.reference)) is not None:
            return 0
    with sessions() as session:
        project = registration.register_project(session, planner, file)
    with sessions() as session:
        registration.submit_project(session, planner, project.id, project.version)
    with sessions() as session:
        appraising.appraise_project(session, OPERATOR, project.id, seed=SEED, draws=DRAWS)
    return 1


def refuse_in_production(engine: Engine) -> None:
    """Raise ConfigurationError where anyone could sign in with the known password."""
    if not inspect(engine).has_table(Account.__tablename__):
        return
    with Session(engine) as session, reading(session):
        if session.scalar(select(Account.id).where(Account.demo, ~Account.disabled)) is not None:
            raise ConfigurationError("Production does not start with demonstration accounts: disable them first.")
