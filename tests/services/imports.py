"""What tests of bulk import do: a list is written, sent, looked at and stored, and what is there is read back."""

import csv
import io
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Project, ProjectImport, Role
from appraisal.policy import Actor
from appraisal.reading.workbook.listing import Choices
from appraisal.services import importing
from appraisal.services.import_plan import ImportPlan
from appraisal.services.project_mapping import to_file
from scoring.project_file import ProjectFile
from tests import factories

PROJECT_TABLES = ("project", "cash_flow_line", "cash_flow_amount", "answer", "submission")
HEAD = (
    "Reference",
    "Name of the project",
    "City or district",
    "Currency",
    "First year of spending",
    "Capital cost in all",
)


def planner(sessions: sessionmaker[Session], organisation: str = "Haneul") -> Actor:
    return factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, organisation))


def table(*rows: Sequence[object], head: Sequence[str] = HEAD) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode()


def row(number: int, **changed: object) -> list[object]:
    values: dict[str, object] = {
        "reference": f"R-{number}", "title": f"Works {number}", "city": "Pune", "currency": "INR", "year": 2027,
        "cost": 10 + number,
    }  # fmt: skip
    return list((values | changed).values())


def send(sessions: sessionmaker[Session], actor: Actor, content: bytes, choices: Choices | None = None) -> UUID:
    key = uuid4()
    with sessions() as session:
        importing.send_file(session, actor, key, "list.csv", content)
    if choices is not None:
        with sessions() as session:
            importing.choose(session, actor, key, choices)
    return key


def look(sessions: sessionmaker[Session], actor: Actor, key: UUID) -> ImportPlan:
    with sessions() as session:
        return importing.dry_run(session, actor, key)


def store(
    sessions: sessionmaker[Session], actor: Actor, key: UUID, *, all_or_nothing: bool = False
) -> tuple[ImportPlan, ProjectImport]:
    plan = look(sessions, actor, key)
    with sessions() as session:
        return plan, importing.store(session, actor, key, importing.digest_of(plan), all_or_nothing=all_or_nothing)


def taken(sessions: sessionmaker[Session], actor: Actor, content: bytes) -> UUID:
    key = send(sessions, actor, content)
    store(sessions, actor, key)
    return key


def dump(sessions: sessionmaker[Session]) -> dict[str, list[Any]]:
    """Every row of the tables that say what projects are, as the database holds it."""
    with sessions() as session:
        connection = session.connection()
        return {
            name: sorted(map(repr, connection.exec_driver_sql(f"SELECT * FROM {name}")))  # noqa: S608
            for name in PROJECT_TABLES
        }


def files(sessions: sessionmaker[Session]) -> dict[str, ProjectFile]:
    with sessions() as session:
        return {project.reference: to_file(project) for project in session.scalars(select(Project))}


def outcomes(plan: ImportPlan) -> list[str]:
    return [each.outcome.value for each in plan.rows]
