"""Every migration goes up and down, with rows in the tables, on both databases."""

import json
import shutil
from dataclasses import replace
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, Executable, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, sessionmaker

from appraisal import database
from appraisal.database import create_engine_for, migrate, revert, sessions_on
from appraisal.models import (
    AuditEntry,
    DecisionOutcome,
    FrameworkDraft,
    FrameworkVersion,
    Project,
    Role,
    Round,
    Table,
)
from appraisal.models.run import ScoreBasis
from appraisal.models.tables import now
from appraisal.policy import OPERATOR, NotFound
from appraisal.reading.completed_table import read_completed
from appraisal.services import (
    appraising,
    auditing,
    completing,
    deciding,
    drafting,
    frameworks,
    importing,
    publishing,
    registration,
    rounds,
)
from appraisal.services.project_mapping import to_file
from scoring.project_file import PriceBasis, Prices
from tests import factories
from tests.databases import AUDIT_KEY, tables
from tests.panel import panel


def test_up_down_and_up_again_with_rows(empty_engine: Engine) -> None:
    migrate(empty_engine)
    assert tables(empty_engine) == set(Table.metadata.tables)
    sessions = sessionmaker(empty_engine)
    factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    revert(empty_engine, "base")
    assert tables(empty_engine) == set()
    migrate(empty_engine)
    migrate(empty_engine)
    assert tables(empty_engine) == set(Table.metadata.tables)


def test_the_schema_equals_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


@pytest.mark.parametrize(
    "change", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"]
)
@pytest.mark.asvs("16.4.2")
def test_the_trail_can_only_grow(engine: Engine, sessions: sessionmaker[Session], change: str) -> None:
    if change.startswith("TRUNCATE") and engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    with sessions.begin() as session:
        auditing.record(session, OPERATOR, "test.happened", "test", "1")
    with pytest.raises(DatabaseError, match="rows are only ever added"), engine.begin() as connection:
        connection.execute(text(change))
    with sessions() as session:
        assert [entry.action for entry in session.scalars(select(AuditEntry))] == ["test.happened"]


def test_sqlite_cannot_replace_a_row_of_the_trail(tmp_path: Path) -> None:
    engine = create_engine_for(f"sqlite:///{tmp_path / 'trail.db'}", AUDIT_KEY)
    migrate(engine)
    with sessions_on(engine).begin() as session:
        auditing.record(session, OPERATOR, "test.happened", "test", "1")
    forge = text(
        "REPLACE INTO audit_entry (sequence, at, action, object_kind, object_id, details) "
        "SELECT sequence, at, 'forged', object_kind, object_id, details FROM audit_entry"
    )
    with pytest.raises(DatabaseError, match="rows are only ever added"), engine.begin() as connection:
        connection.execute(forge)
    engine.dispose()


def test_the_tool_may_be_installed_in_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "100% ours" / "migrations"
    shutil.copytree(str(files("migrations")), folder)
    monkeypatch.setattr(database, "files", lambda _package: folder)
    engine = create_engine_for(f"sqlite:///{tmp_path / 'any.db'}", AUDIT_KEY)
    migrate(engine)
    assert tables(engine) == set(Table.metadata.tables)
    engine.dispose()


def test_0002_keeps_prices_and_rounds_both_ways(engine: Engine) -> None:
    sessions = sessions_on(engine)
    actor = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    with sessions() as session:
        rounds.open_round(
            session, OPERATOR, name="2027", place="", budget=Decimal(1), currency="USD", unit=1, price_year=2026
        )
    nominal = replace(
        factories.published_project(), prices=Prices(basis=PriceBasis.NOMINAL, base_year=2020, inflation=0.04)
    )
    with sessions() as session:
        registration.register_project(session, actor, nominal)
    revert(engine, "0001")
    with engine.connect() as connection:
        details = json.loads(connection.execute(text("SELECT details FROM project")).scalar_one())
    assert details["prices"] == {"basis": "nominal", "base_year": 2020, "inflation": 0.04}
    migrate(engine)
    with sessions() as session:
        assert to_file(session.scalars(select(Project)).one()) == nominal
        assert session.scalars(select(Round.opened_at)).one().year == 2026


def test_0004_keeps_published_frameworks_both_ways(empty_engine: Engine) -> None:
    migrate(empty_engine, "0003")
    row = {"id": UUID(int=7).hex, "sha": "0" * 64, "at": "2026-01-01 00:00:00"}
    with empty_engine.begin() as connection:
        insert = (
            "INSERT INTO framework_version (id, key, version, title, document, sha256, published_at) "
            "VALUES (:id, 'ours', 1, 'Ours', '{}', :sha, :at)"
        )
        connection.execute(text(insert), row)
    read = text("SELECT key, version, title, document, sha256 FROM framework_version")
    with empty_engine.connect() as connection:
        before = connection.execute(read).all()
    migrate(empty_engine)
    with sessions_on(empty_engine).begin() as session:
        (kept,) = session.scalars(select(FrameworkVersion))
        assert (kept.name, kept.parent, kept.change_note, kept.retired_at) == ("ours@1", "", "", None)
        session.add(FrameworkDraft(key="ours", title="Ours", document="{}", parent_id=kept.id))
        kept.retired_at = now()
    revert(empty_engine, "0003")
    with empty_engine.connect() as connection:
        assert connection.execute(read).all() == before
    migrate(empty_engine)
    assert tables(empty_engine) == set(Table.metadata.tables)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE framework_version SET document = '{}'",
        "DELETE FROM framework_version",
        "TRUNCATE framework_version CASCADE",
    ],
)
def test_a_published_framework_cannot_be_changed(engine: Engine, sessions: sessionmaker[Session], change: str) -> None:
    if change.startswith("TRUNCATE") and engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    with sessions.begin() as session:
        frameworks.published_built_in(session, OPERATOR)
    with pytest.raises(DatabaseError, match="rows are only ever added"), engine.begin() as connection:
        connection.execute(text(change))
    with engine.begin() as connection:
        connection.execute(text("UPDATE framework_version SET retired_at = '2026-01-01 00:00:00'"))


def test_0005_keeps_runs_both_ways(engine: Engine) -> None:
    """What was appraised before there were panels is of the planner's own answers, and still replays."""
    held = panel(sessions_on(engine))
    with held.sessions() as session:
        number = appraising.appraise_project(session, OPERATOR, held.project_id, seed=1, draws=100).number
    held.fill(held.appraiser("A"))
    revert(engine, "0004")
    assert "assessment" not in tables(engine)
    migrate(engine)
    with held.sessions() as session:
        run = appraising.visible_run(session, OPERATOR, number)
        assert (run.basis, run.panel_at) == (ScoreBasis.SELF_ASSESSMENT, None)
    with held.sessions() as session:
        assert appraising.replay(session, OPERATOR, number).equal


@pytest.mark.parametrize("table", ["run_criterion", "run_gate", "appraisal_run", "submission"])
def test_what_was_appraised_cannot_be_changed(engine: Engine, table: str) -> None:
    sessions = sessions_on(engine)
    actor = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    with sessions() as session:
        project = registration.register_project(session, actor, factories.published_project())
    with sessions() as session:
        registration.submit_project(session, actor, project.id, project.version)
    with sessions() as session:
        appraising.appraise_project(session, OPERATOR, project.id, seed=1, draws=100)
    changed = Table.metadata.tables[table]
    changes: list[Executable] = [update(changed).values({column: column for column in changed.primary_key})]
    changes += [text(f"TRUNCATE {table} CASCADE")] if engine.dialect.name == "postgresql" else []
    for change in changes:
        with pytest.raises(DatabaseError, match="rows are only ever added"), engine.begin() as connection:
            connection.execute(change)


def test_0003_leaves_runs_and_projects_as_they_were(engine: Engine) -> None:
    sessions = sessions_on(engine)
    actor = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    with sessions() as session:
        project = registration.register_project(session, actor, factories.published_project())
    with sessions() as session:
        registration.submit_project(session, actor, project.id, project.version)
    revert(engine, "0002")
    migrate(engine)
    with sessions() as session:
        before = appraising.appraise_project(session, OPERATOR, project.id, seed=1, draws=100)
    works = (files("appraisal.demo") / "completed.csv").read_bytes()
    with sessions() as session:
        completing.import_projects(session, OPERATOR, read_completed(works))
    revert(engine, "0002")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT number, result_sha256 FROM appraisal_run")).all() == [
            (before.number, before.result_sha256)
        ]
    migrate(engine)
    with sessions() as session:
        assert appraising.replay(session, OPERATOR, before.number).equal


def test_0007_comes_and_goes_with_imports_and_leaves_projects_as_they_are(engine: Engine) -> None:
    sessions = sessions_on(engine)
    actor = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    content = b"Project,Reference,Currency,Start year\nTram,T-1,INR,2027\n"
    with sessions() as session:
        row, _ = importing.import_content(session, actor, "list.csv", content)
    revert(engine, "0006")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT reference FROM project")).all() == [("T-1",)]
    migrate(engine)
    with sessions() as session, pytest.raises(NotFound):
        importing.result_of(session, actor, row.id)
    with sessions() as session:
        again, plan = importing.import_content(session, actor, "list.csv", content.replace(b"Tram", b"Metro"))
    assert plan.counts["update"] == 1
    with sessions() as session:
        assert len(importing.undo(session, actor, again.id).changes) == 1


def test_0008_goes_back_to_the_states_known_before(engine: Engine) -> None:
    sessions = sessions_on(engine)
    actor = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    approver = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Council"))
    keys = {}
    for case in ("opal-lakes", "opal-lakes-3-percent", "zurich-tunnel"):
        with sessions() as session:
            project = registration.register_project(session, actor, factories.published_project(case))
        with sessions() as session:
            registration.submit_project(session, actor, project.id, project.version)
        keys[project.id] = project.reference
    rejected, withdrawn, stays = keys
    with sessions() as session:
        drafting.withdraw(session, actor, withdrawn)
    with sessions() as session:
        run = appraising.appraise_project(session, OPERATOR, rejected, seed=1, draws=100)
    with sessions() as session:
        wish = deciding.Wish(DecisionOutcome.REJECTED, "risk", "Too large a risk.")
        deciding.prepare(session, approver, [deciding.Seen(rejected, run.number, 2)], wish)
    with sessions() as session:
        pending = publishing.review(session, approver).sound
    with sessions() as session:
        publishing.publish(session, approver, uuid4(), {each.row.id: each.row.version for each in pending})
    revert(engine, "0007")
    with engine.connect() as connection:
        states = dict(connection.execute(text("SELECT reference, state FROM project")).all())
        assert connection.execute(text("SELECT count(*) FROM appraisal_run")).scalar_one() == 1
    assert states == {keys[rejected]: "submitted", keys[withdrawn]: "draft", keys[stays]: "submitted"}
    with pytest.raises(DatabaseError), engine.begin() as connection:
        connection.execute(text("UPDATE project SET state = 'rejected'"))
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE project SET state = 'rejected'"))
    with pytest.raises(DatabaseError), engine.begin() as connection:
        connection.execute(text("UPDATE project SET state = 'lost'"))
    with sessions() as session:
        assert {project.state.value for project in session.scalars(select(Project))} == {"rejected"}
