"""`make bulk`: a thousand generated files, each looked at, imported and undone.

The counts of the dry run must be those of the run, and undoing must leave every row as it was.
"""

import random
import tempfile
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.database import create_engine_for, migrate, sessions_on
from appraisal.demo import demo_drafts, demo_projects
from appraisal.models import ImportChange, Project, Role
from appraisal.policy import Actor
from appraisal.reading.project_file import read_project
from appraisal.reports.project_sheets import projects_workbook
from appraisal.services import import_storing, importing, registration
from scoring.project_file import Location, ProjectFile, Stage
from tests import factories
from tests.databases import AUDIT_KEY

FILES, STORED = 1_000, 12
TABLES = ("project", "cash_flow_line", "cash_flow_amount", "answer", "submission")


def main() -> None:
    projects = [read_project(text) for text in (*demo_projects(), *demo_drafts())]
    chance = random.Random(11)  # noqa: S311 -- repeatable
    totals = dict.fromkeys(("create", "update", "unchanged", "cannot"), 0)
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine_for(f"sqlite:///{Path(folder) / 'files.db'}", AUDIT_KEY)
        migrate(engine)
        sessions = sessions_on(engine)
        planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
        for project in projects[:STORED]:
            with sessions() as session:
                registration.register_project(session, planner, project)
        before = dump(sessions)
        for number in range(FILES):
            counts = one(sessions, planner, [varied(chance, projects) for _ in range(chance.randint(1, 5))])
            totals = {name: totals[name] + count for name, count in counts.items()}
            assert dump(sessions) == before, f"file {number} left something behind"
        engine.dispose()
    assert all(totals.values()), totals
    print(f"{FILES:,} files: {totals}; every dry run counted what the run did, every undoing restored every row")


def varied(chance: random.Random, projects: list[ProjectFile]) -> ProjectFile:
    """One of the city's projects: as it is stored, changed, new, or with something that no project may have."""
    project = chance.choice(projects)
    changes = (
        {},
        {"city": "Ulsan"},
        {"stage": Stage.OPERATION},
        {"summary": "a" * chance.randint(0, 2000)},
        {"reference": f"NEW-{chance.randint(1, 9)}"},
        {"location": Location(latitude=chance.uniform(-90, 90), longitude=chance.uniform(-180, 180))},
        {"answers": dict(list(project.answers.items())[::2])},
        {"title": "x" * 201},
        {"currency": "US"},
    )
    return replace(project, **chance.choice(changes))  # type: ignore[arg-type]


def one(sessions: sessionmaker[Session], planner: Actor, projects: list[ProjectFile]) -> dict[str, int]:
    key = uuid4()
    with sessions() as session:
        importing.send_file(session, planner, key, "file.xlsx", projects_workbook(projects))
    with sessions() as session:
        plan = importing.dry_run(session, planner, key)
    try:
        with sessions() as session:
            importing.store(session, planner, key, importing.digest_of(plan), all_or_nothing=False)
    except import_storing.NothingToImport:
        assert not any(plan.changing())
        return plan.counts
    assert done(sessions, key) == (plan.counts["create"], plan.counts["update"])
    with sessions() as session:
        assert importing.undo(session, planner, key).edited == ()
    return plan.counts


def done(sessions: sessionmaker[Session], key: UUID) -> tuple[int, int]:
    """What the import says it did, and what is there."""
    with sessions() as session:
        made = session.scalars(select(ImportChange).where(ImportChange.import_id == key)).all()
        there = {row.id: row.version for row in session.execute(select(Project.id, Project.version))}
    assert all(there[change.project_id] == change.version for change in made)
    created = sum(change.action.value == "created" for change in made)
    return created, len(made) - created


def dump(sessions: sessionmaker[Session]) -> list[list[str]]:
    with sessions() as session:
        connection = session.connection()
        return [sorted(map(repr, connection.exec_driver_sql(f"SELECT * FROM {name}"))) for name in TABLES]  # noqa: S608


if __name__ == "__main__":
    main()
