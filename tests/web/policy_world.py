"""A small world in which every kind of object exists once, and everyone who may meet it: for the matrix of rights."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.canonical import canonical_json
from appraisal.database import sessions_on
from appraisal.models import (
    Decision,
    DecisionCondition,
    FrameworkVersion,
    Mail,
    MailKind,
    Notification,
    Publication,
    Role,
    Round,
    ScheduledPublication,
    Submission,
    SubmittedFile,
)
from appraisal.policy import OPERATOR, Actor
from appraisal.reading.completed_table import CompletedEntry
from appraisal.services import (
    appraising,
    completing,
    framework_drafts,
    import_jobs,
    importing,
    portfolio_scenarios,
    receiving,
    registration,
    rounds,
    scenario_runs,
    scenarios,
)
from appraisal.services.receiving import Incoming
from forms.local_time import read_local
from forms.what_if import WhatIf
from scoring.parameters import CompletedProject
from scoring.scenarios import Changes
from tests import delivery, factories
from tests.databases import migrated_sqlite
from tests.panel import panel

PLANNER, STRANGER, APPRAISER, UNASSIGNED, APPROVER, ANALYST, ADMIN = ACTORS = (
    "planner",
    "stranger",
    "appraiser",
    "unassigned",
    "approver",
    "analyst",
    "admin",
)
"""The planner's organisation owns every project; the stranger plans for another. The appraiser is assigned to what was
sent and declared no interest; the unassigned one is not."""


@dataclass(frozen=True, slots=True)
class World:
    file: Path
    actors: Mapping[str, Actor]
    values: Mapping[str, object]
    """By the name of an address's part, under its blueprint's where they differ: the object that exists."""
    draft: UUID
    """A project that was never sent."""
    sent: UUID
    """A project that was sent, appraised, and put before a panel."""
    approved: UUID
    """A project that was approved on a condition."""


def made(file: Path) -> World:
    engine = migrated_sqlite(file)
    world = made_on(engine, file)
    engine.dispose()
    return world


def made_on(engine: Engine, file: Path) -> World:
    """The same in a database that has every table, of another kind perhaps; the file is only named."""
    sessions = sessions_on(engine)
    with sessions() as session:
        rounds.open_round(
            session, OPERATOR, name="Round 2027", place="Haneul", budget=Decimal(250_000), currency="AUD", unit=1000,
            price_year=2026,
        )  # fmt: skip
    held = panel(sessions)
    actors = {PLANNER: held.planner, APPRAISER: held.appraiser("assigned")}
    for name, role in ((STRANGER, Role.PLANNER), (UNASSIGNED, Role.APPRAISER), (APPROVER, Role.APPROVER),
                       (ANALYST, Role.ANALYST), (ADMIN, Role.ADMIN)):  # fmt: skip
        actors[name] = factories.actor(sessions, role, factories.organisation(sessions, f"Office of the {name}"))
    draft = _registered(sessions, held.planner, "zurich-tunnel")
    run = _appraised(sessions, held.project_id)
    approved = delivery.approved(sessions, held.planner, actors[APPROVER])
    values = {
        "number": run,
        "account_id": factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Elsewhere")).account_id,
        **_decided(sessions),
        "scheduled_id": _scheduled(sessions, actors[APPROVER]),
        "year": 2021,
        **_frameworks(sessions, actors[ADMIN]),
        **_kept(sessions, actors),
        "indicator": "DS1",
        "gate": "DS1",
        "criterion": "bankability",
        "name": "score",
        "filename": "css/tokens.css",
        "method": "direct",
        "group": "criteria",
        "obligation_id": uuid4(),
        "mail_id": _mailed(sessions, actors[APPRAISER]),
        "notification_id": _told(sessions, actors[APPRAISER]),
        "file_id": _evidence(sessions, held.planner, draft, held.project_id),
    }
    return World(file, actors, values, draft, held.project_id, approved)


def _told(sessions: sessionmaker[Session], appraiser: Actor) -> UUID:
    with sessions() as session:
        return (
            session.scalars(select(Notification.id).where(Notification.account_id == appraiser.account_id)).first()
            or uuid4()
        )


def _mailed(sessions: sessionmaker[Session], appraiser: Actor) -> UUID:
    with sessions.begin() as session:
        mail = Mail(account_id=appraiser.account_id, kind=MailKind.DIGEST, key="digest 2027-01-01")
        session.add(mail)
        session.flush()
        return mail.id


def _registered(sessions: sessionmaker[Session], planner: Actor, case: str) -> UUID:
    with sessions() as session:
        return registration.register_project(session, planner, factories.published_project(case)).id


def _evidence(sessions: sessionmaker[Session], planner: Actor, draft: UUID, sent: UUID) -> UUID:
    """A file of the draft, and one of the same key that the other project was sent with: an address names both."""
    with sessions() as session:
        (file,) = receiving.add_files(session, planner, draft, [Incoming("Plan.txt", b"A plan.")]).taken
    with sessions.begin() as session:
        submission = session.scalars(select(Submission.id).where(Submission.project_id == sent)).one()
        session.add(
            SubmittedFile(
                submission_id=submission, file_id=file.id, sha256=file.sha256, kind=file.kind, size=file.size,
                name=file.name, title=file.title, places=[],
            )
        )  # fmt: skip
    return file.id


def _appraised(sessions: sessionmaker[Session], project_id: UUID) -> int:
    with sessions() as session:
        return appraising.appraise_project(session, OPERATOR, project_id, seed=1, draws=100).number


def _decided(sessions: sessionmaker[Session]) -> dict[str, object]:
    with sessions() as session:
        return {
            "decision_id": session.scalars(select(Decision.id)).one(),
            "publication_id": session.scalars(select(Publication.id)).one(),
            "condition_id": session.scalars(select(DecisionCondition.id)).one(),
        }


def _scheduled(sessions: sessionmaker[Session], approver: Actor) -> UUID:
    with sessions.begin() as session:
        row = ScheduledPublication(
            id=uuid4(),
            account_id=approver.account_id,
            zone="UTC",
            local=read_local(date(2099, 1, 1), "09:00", "UTC").wall,
            document=canonical_json({"budget": None, "decisions": []}),
            sha256="0" * 64,
        )
        session.add(row)
        return row.id


def _frameworks(sessions: sessionmaker[Session], admin: Actor) -> dict[str, object]:
    with sessions() as session:
        version = session.scalars(select(FrameworkVersion.id)).first()
        round_id = session.scalars(select(Round.id)).one()
    assert version is not None
    with sessions() as session:
        draft = framework_drafts.clone(session, admin, version, uuid4(), title="Ours", new_key=True)
    return {"version_id": version, "draft_id": draft, "round_id": round_id}


def _kept(sessions: sessionmaker[Session], actors: Mapping[str, Actor]) -> dict[str, object]:
    """Two scenarios of the analyst's, one asked to run; a file that the planner sent to import; a completed project."""
    imported, completed = uuid4(), uuid4()
    with sessions() as session:
        kept = scenarios.save_scenario(session, actors[ANALYST], WhatIf(budget=Decimal(80)), name="Cut", reason="Tax")
    with sessions() as session:
        own = portfolio_scenarios.add_scenario(
            session, actors[ANALYST], name="Slump", reason="Fewer users", changes=Changes(use=0.5)
        )
    with sessions() as session:
        scenario_runs.request_run(session, actors[ANALYST], own)
    with sessions() as session:
        importing.send_file(session, actors[PLANNER], imported, "list.csv", b"Name,City\nA tram,Haneul\n")
    with sessions() as session:
        import_jobs.ask_to_look(session, actors[PLANNER], imported)
    with sessions() as session:
        facts = CompletedProject(
            name="Works", asset_class="standard-civil-engineering", currency="AUD", price_year=2020,
            planned_cost=Decimal(100), actual_cost=Decimal(150),
        )  # fmt: skip
        entry = CompletedEntry(city="Haneul", source="Accounts", reference="", place="row 1", project=facts)
        completing.record_project(session, OPERATOR, completed, entry)
    return {
        "scenario_id": kept,
        "portfolio_runs.scenario_id": UUID(own),
        "portfolio_runs.key": own,
        "importing.key": imported,
        "completed.key": completed,
    }
