"""The demonstration: a fictional city loaded through the same services as everything else."""

from decimal import Decimal
from typing import cast
from uuid import UUID

from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.demo import completed_projects, demo_drafts, demo_projects
from appraisal.models import Account, AppraisalRun, CompletedProject, Project, Role, Submission
from appraisal.models.tables import now
from appraisal.policy import OPERATOR, Actor
from appraisal.reading.completed_table import read_completed
from appraisal.reading.project_file import read_project
from appraisal.services import accounts, assigning, auditing, completing, demonstration_panel, registration, rounds
from appraisal.services.batches import Progress, appraise_all
from appraisal.services.demonstration_decisions import decide_some
from appraisal.services.demonstration_delivery import report_some
from appraisal.services.rounds import Times
from appraisal.transactions import reading
from config import ConfigurationError
from forms.local_time import on_clocks_of

PASSWORD = "haneul demonstration"  # noqa: S105 -- shown to everyone; production refuses accounts that have it
BUDGET = Decimal(118)
ZONE = "Asia/Seoul"
SEED, DRAWS = 1, 10_000
ASSIGNED = 12
"""How many of the projects the appraiser of the demonstration sees."""
SECOND_APPRAISER = "second.appraiser@haneul.example"
DECLARED = 10
"""How many of those the appraisers have declared to be free of a conflict with."""
HANDED_IN = (2, 3)
"""For how many of those each of the two has handed scores in: the third waits for the first appraiser."""
PLANNERS, OFFICE = "City of Haneul (fictional)", "Appraisal office (fictional)"


def load_demo(sessions: sessionmaker[Session], progress: Progress, *, draws: int = DRAWS) -> int:
    """Make what is missing of the demonstration and return how many projects were added; again changes nothing."""
    actors = {role: _person(sessions, email, role) for email, role in demo_accounts()}
    planner = actors[Role.PLANNER]
    _round(sessions)
    _completed(sessions, actors[Role.ANALYST])
    before = _references(sessions)
    sent = [_project(sessions, planner, text, submit=True) for text in demo_projects()]
    for text in demo_drafts():
        _project(sessions, planner, text, submit=False)
    panel = [actors[Role.APPRAISER], _person(sessions, SECOND_APPRAISER, Role.APPRAISER)]
    for appraiser, handed_in in zip(panel, HANDED_IN, strict=True):
        for project_id in sent[:ASSIGNED]:
            with sessions() as session:
                assigning.assign(session, OPERATOR, project_id, cast("UUID", appraiser.account_id))
        demonstration_panel.score(sessions, appraiser, sent[:DECLARED], handed_in, severe=appraiser is panel[1])
    with sessions() as session, reading(session):
        done = set(session.scalars(select(AppraisalRun.project_id)))
    missing = [project_id for project_id in sent if project_id not in done]
    appraise_all(sessions, OPERATOR, missing, seed=SEED, draws=draws, progress=progress)
    decide_some(sessions, actors[Role.APPROVER], stay=sent[:ASSIGNED])
    report_some(sessions, planner)
    return len(_references(sessions) - before)


def demo_accounts() -> list[tuple[str, Role]]:
    """Address and role of each demonstration account."""
    return [(f"{role.value}@haneul.example", role) for role in Role]


def _person(sessions: sessionmaker[Session], email: str, role: Role) -> Actor:
    with sessions() as session, reading(session):
        there = session.scalar(select(Account.id).where(Account.email == email)) is not None
    if not there:
        with sessions() as session:
            account = accounts.create_account(
                session,
                OPERATOR,
                email=email,
                name=f"Demo {email.partition('@')[0].replace('.', ' ')}",
                password=PASSWORD,
                role=role,
                organisation=PLANNERS if role is Role.PLANNER else OFFICE,
            )
        with sessions.begin() as session:
            session.get_one(Account, account.id).demo = True
            auditing.record(session, OPERATOR, "account.shown-as-demo", "account", account.id)
    with sessions() as session:
        return accounts.account_of(session, email)


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
            times=_times(),
        )


def _times() -> Times:
    """Open for two months from the day on which the city is made, and scored in the month after."""
    today = on_clocks_of(ZONE, now())
    return Times(zone=ZONE, closes=today.after(60), scoring=today.after(90))


def _completed(sessions: sessionmaker[Session], analyst: Actor) -> None:
    """What the city has finished, unless anything is recorded already."""
    with sessions() as session, reading(session):
        if session.scalar(select(CompletedProject.id).limit(1)) is not None:
            return
    with sessions() as session:
        completing.import_projects(session, analyst, read_completed(completed_projects()))


def _references(sessions: sessionmaker[Session]) -> set[str]:
    with sessions() as session, reading(session):
        return set(session.scalars(select(Project.reference)))


def _project(sessions: sessionmaker[Session], planner: Actor, text: str, *, submit: bool) -> UUID:
    """Register what is not there yet, and submit what was never submitted."""
    file = read_project(text)
    with sessions() as session, reading(session):
        project = session.scalar(select(Project).where(Project.reference == file.reference))
    if project is None:
        with sessions() as session:
            project = registration.register_project(session, planner, file)
    with sessions() as session, reading(session):
        sent = session.scalar(select(Submission.id).where(Submission.project_id == project.id)) is not None
    if submit and not sent:
        with sessions() as session:
            registration.submit_project(session, planner, project.id, project.version)
    return project.id


def refuse_in_production(engine: Engine) -> None:
    """Raise ConfigurationError where anyone could sign in with the known password."""
    if not inspect(engine).has_table(Account.__tablename__):
        return
    with Session(engine) as session, reading(session):
        if session.scalar(select(Account.id).where(Account.demo, ~Account.disabled)) is not None:
            raise ConfigurationError("Production does not start with demonstration accounts: disable them first.")
