"""Each migration from 0009 to 0015, down and up again with rows."""

from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import DatabaseError

from appraisal.database import create_engine_for, migrate, revert, sessions_on
from appraisal.models import (
    AccountLink,
    AssessmentTask,
    AuditEntry,
    LinkKind,
    Role,
)
from appraisal.models.tables import now
from appraisal.policy import OPERATOR, NotFound
from appraisal.services import (
    appraising,
    background,
    delivering,
    drafting,
    invitations,
    keeping,
    live_sessions,
    meeting,
    portfolio_scenarios,
    ranking,
    rounds,
    scenario_runs,
    verifying,
)
from appraisal.trail.chain import NoAuditKey
from scoring.scenarios import Changes
from tests import delivery, factories
from tests.databases import AUDIT_KEY, tables
from tests.framework_moves import handed_in, moving, other_criteria
from tests.migrations.steps import before
from tests.panel import panel
from tests.services.cities import city


def test_0009_forgets_runs_of_scenarios_and_keeps_what_they_were_of(engine: Engine) -> None:
    haneul = city(sessions_on(engine), ("HAN-06",), budget=20)
    with haneul.sessions() as session:
        key = portfolio_scenarios.add_scenario(
            session, haneul.analyst, name="Slump", reason="Fewer users", changes=Changes(use=0.5)
        )
    with haneul.sessions() as session:
        scenario_runs.request_run(session, haneul.analyst, key)
    background.worker_on(haneul.sessions).work()
    revert(engine, "0008")
    assert {"job", "portfolio_scenario", "scenario_run", "scenario_result"}.isdisjoint(tables(engine))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM appraisal_run")).scalar_one() == 1
    migrate(engine)
    with haneul.sessions() as session:
        number = ranking.ranked_portfolio(session, haneul.analyst).everyone[0].run
    with haneul.sessions() as session:
        assert appraising.replay(session, OPERATOR, number).equal
    with haneul.sessions() as session:
        scenario_runs.request_run(session, haneul.analyst, "delay")
    with pytest.raises(DatabaseError), engine.begin() as connection:
        connection.execute(text("UPDATE job SET state = 'running'"))  # without a lease
    with pytest.raises(DatabaseError), engine.begin() as connection:
        connection.execute(text("UPDATE scenario_result SET computed_at = '2026-01-01 00:00:00'"))  # without an outcome


def test_0010_seals_what_was_recorded_and_lets_go_of_the_seals(engine: Engine) -> None:
    sessions = sessions_on(engine)
    panel(sessions)
    revert(engine, "0009")
    with engine.begin() as connection:
        assert "hash" not in {column["name"] for column in inspect(connection).get_columns("audit_entry")}
        assert connection.scalar(text("SELECT count(*) FROM audit_entry")) == 2
    migrate(engine)
    with engine.connect() as connection:
        found = verifying.checked(connection)
    assert (found.entries, found.head.sequence) == (2, 2)
    assert not [each for each in found.findings if each.place.startswith(("entry", "head"))]
    with pytest.raises(DatabaseError, match="rows are only ever added"), engine.begin() as connection:
        connection.execute(text("UPDATE audit_entry SET hash = NULL"))


def test_0010_asks_for_the_key_where_there_is_something_to_seal(tmp_path: Path) -> None:
    path = tmp_path / "keyless.db"
    keyed, keyless = create_engine_for(f"sqlite:///{path}", AUDIT_KEY), create_engine_for(f"sqlite:///{path}")
    migrate(keyed)
    panel(sessions_on(keyed))
    revert(keyed, "0009")
    with pytest.raises(NoAuditKey):
        migrate(keyless)
    migrate(keyed)
    for engine in (keyed, keyless):
        engine.dispose()


def test_0011_forgets_tasks_and_keeps_scores(engine: Engine) -> None:
    held = moving(sessions_on(engine))
    handed_in(held, "A", 2)
    before = held.rows()
    held.move(other_criteria)
    assert len(before) == len(held.rows())
    revert(engine, "0010")
    assert "assessment_task" not in tables(engine)
    migrate(engine)
    assert held.rows() == before
    with held.sessions() as session:
        assert session.scalars(select(AssessmentTask)).all() == []


def test_0012_takes_the_notes_of_meetings_with_it_and_nothing_else(engine: Engine) -> None:
    sessions = sessions_on(engine)
    sent = panel(sessions)
    chair = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Bank"))
    with sessions() as session:
        rounds.open_round(
            session, OPERATOR, name="2027", place="", budget=Decimal(1), currency="USD", unit=1, price_year=2026
        )
    with sessions() as session:
        meeting.add_note(session, chair, sent.project_id, "Ask for the tender.")
    revert(engine, "0011")
    assert "meeting_note" not in tables(engine)
    migrate(engine)
    with sessions() as session:
        assert meeting.notes_of(session, chair, sent.project_id) == ()
    with sessions() as session:
        meeting.add_note(session, chair, sent.project_id, "Ask for the tender.")
    with sessions() as session:
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action == "meeting.noted"))
        assert len(actions.all()) == 2  # the trail keeps what was


def test_0013_goes_down_without_the_drafts_it_kept_text_of(engine: Engine) -> None:
    sessions = sessions_on(engine)
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    with sessions() as session:
        project = drafting.start_project(session, planner, uuid4(), factories.published_project(), years=20)
    with sessions() as session:
        keeping.keep_text(session, planner, project.id, 1, "project", [("city", "?")], text=None)
    revert(engine, "0012")
    assert "kept_text" not in tables(engine)
    migrate(engine)
    with sessions() as session:
        draft = drafting.editable_draft(session, planner, project.id)
    assert (draft.file.title, draft.kept) == (factories.published_project().title, {})


def test_0014_leaves_accounts_as_they_are_and_ends_sessions(engine: Engine) -> None:
    sessions = sessions_on(engine)
    actor = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    assert actor.account_id is not None
    with sessions() as session:
        made = invitations.renew(session, OPERATOR, actor.account_id)
    with sessions() as session:
        key = live_sessions.start(session, made.account, live_sessions.Browser())
    with sessions() as session:
        assert live_sessions.present(session, key) is not None
    revert(engine, "0013")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT email, session_epoch FROM account")).all() == [(made.account.email, 0)]
    assert "live_session" not in tables(engine)
    migrate(engine)
    with sessions() as session:
        assert live_sessions.present(session, key) is None
    with sessions() as session, pytest.raises(NotFound):
        invitations.invited(session, made.secret)
    with sessions.begin() as session:
        session.add(
            AccountLink(account_id=actor.account_id, kind=LinkKind.INVITATION, secret_hash="0", expires_at=now())
        )
    with pytest.raises(DatabaseError), engine.begin() as connection:
        connection.execute(text("UPDATE account_link SET used_at = expires_at, withdrawn_at = expires_at"))


def test_0015_comes_and_goes_with_what_was_reported(engine: Engine) -> None:
    """What was decided stays as it is; a report of the same year can be made again."""
    sessions = sessions_on(engine)
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    approver = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Council"))
    project = delivery.approved(sessions, planner, approver)
    entry = delivering.YearEntry(
        capital_cost=Decimal("60500.25"), benefits={delivery.SAVED: Decimal(3)}, source="Accounts"
    )
    for _ in range(2):
        with sessions() as session:
            said = delivering.report_year(session, planner, project, delivery.FIRST, 0, entry)
        assert (said.version, said.capital_cost, said.use) == (1, Decimal("60500.25"), None)
        with engine.connect() as connection:
            decided = connection.execute(text("SELECT number, sha256 FROM decision")).all()
        revert(engine, "0014")
        assert tables(engine) == before("0015")
        with engine.connect() as connection:
            assert connection.execute(text("SELECT number, sha256 FROM decision")).all() == decided
        migrate(engine)
