"""Each migration from 0009 on, down and up again with rows."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import DatabaseError

from appraisal.database import create_engine_for, migrate, revert, sessions_on
from appraisal.models import (
    Account,
    AccountLink,
    AssessmentTask,
    AttemptWindow,
    AuditEntry,
    LinkKind,
    MailWish,
    Notice,
    Project,
    ProjectState,
    Role,
    Round,
    Table,
)
from appraisal.models.tables import now
from appraisal.policy import OPERATOR, NotFound
from appraisal.services import (
    appraising,
    attempts,
    background,
    delivering,
    drafting,
    invitations,
    keeping,
    live_sessions,
    meeting,
    notifying,
    outbox,
    portfolio_scenarios,
    ranking,
    receiving,
    registration,
    rounds,
    scenario_runs,
    scheduling,
    verifying,
)
from appraisal.services.receiving import Incoming
from appraisal.trail.chain import NoAuditKey
from forms.local_time import on_clocks_of
from scoring.scenarios import Changes
from tests import delivery, factories
from tests.databases import AUDIT_KEY, tables
from tests.framework_moves import handed_in, moving, other_criteria
from tests.panel import panel
from tests.rounds import held
from tests.services.cities import city
from tests.services.deciding import cases as deciding

ADDED = {
    "0015": {"delivery", "registered_benefit", "reported_benefit", "year_report"},
    "0019": {"stored_file", "evidence_file", "evidence_link", "submitted_file"},
    "0021": {"mail", "mail_choice", "notification", "reset_request"},
    "0022": {"replaced_table", "table_file"},
    "0023": {"attempt_window"},
    "0025": {"scheduled_publication"},
}
"""Tables by the migration that makes them."""


def before(revision: str) -> set[str]:
    """The tables that are there until a migration is run."""
    later = [names for number, names in ADDED.items() if number >= revision]
    return set(Table.metadata.tables).difference(*later)


def test_0009_forgets_runs_of_scenarios_and_keeps_what_they_were_of(empty_engine: Engine) -> None:
    migrate(empty_engine)
    haneul = city(sessions_on(empty_engine), ("HAN-06",), budget=20)
    with haneul.sessions() as session:
        key = portfolio_scenarios.add_scenario(
            session, haneul.analyst, name="Slump", reason="Fewer users", changes=Changes(use=0.5)
        )
    with haneul.sessions() as session:
        scenario_runs.request_run(session, haneul.analyst, key)
    background.worker_on(haneul.sessions).work()
    revert(empty_engine, "0008")
    assert {"job", "portfolio_scenario", "scenario_run", "scenario_result"}.isdisjoint(tables(empty_engine))
    with empty_engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM appraisal_run")).scalar_one() == 1
    migrate(empty_engine)
    with haneul.sessions() as session:
        number = ranking.ranked_portfolio(session, haneul.analyst).everyone[0].run
    with haneul.sessions() as session:
        assert appraising.replay(session, OPERATOR, number).equal
    with haneul.sessions() as session:
        scenario_runs.request_run(session, haneul.analyst, "delay")
    with pytest.raises(DatabaseError), empty_engine.begin() as connection:
        connection.execute(text("UPDATE job SET state = 'running'"))  # without a lease
    with pytest.raises(DatabaseError), empty_engine.begin() as connection:
        connection.execute(text("UPDATE scenario_result SET computed_at = '2026-01-01 00:00:00'"))  # without an outcome


def test_0010_seals_what_was_recorded_and_lets_go_of_the_seals(empty_engine: Engine) -> None:
    migrate(empty_engine)
    sessions = sessions_on(empty_engine)
    panel(sessions)
    revert(empty_engine, "0009")
    with empty_engine.begin() as connection:
        assert "hash" not in {column["name"] for column in inspect(connection).get_columns("audit_entry")}
        assert connection.scalar(text("SELECT count(*) FROM audit_entry")) == 2
    migrate(empty_engine)
    with empty_engine.connect() as connection:
        found = verifying.checked(connection)
    assert (found.entries, found.head.sequence) == (2, 2)
    assert not [each for each in found.findings if each.place.startswith(("entry", "head"))]
    with pytest.raises(DatabaseError, match="rows are only ever added"), empty_engine.begin() as connection:
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


def test_0011_forgets_tasks_and_keeps_scores(empty_engine: Engine) -> None:
    migrate(empty_engine)
    held = moving(sessions_on(empty_engine))
    handed_in(held, "A", 2)
    before = held.rows()
    held.move(other_criteria)
    assert len(before) == len(held.rows())
    revert(empty_engine, "0010")
    assert "assessment_task" not in tables(empty_engine)
    migrate(empty_engine)
    assert held.rows() == before
    with held.sessions() as session:
        assert session.scalars(select(AssessmentTask)).all() == []


def test_0012_takes_the_notes_of_meetings_with_it_and_nothing_else(empty_engine: Engine) -> None:
    migrate(empty_engine)
    sessions = sessions_on(empty_engine)
    sent = panel(sessions)
    chair = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Bank"))
    with sessions() as session:
        rounds.open_round(
            session, OPERATOR, name="2027", place="", budget=Decimal(1), currency="USD", unit=1, price_year=2026
        )
    with sessions() as session:
        meeting.add_note(session, chair, sent.project_id, "Ask for the tender.")
    revert(empty_engine, "0011")
    assert "meeting_note" not in tables(empty_engine)
    migrate(empty_engine)
    with sessions() as session:
        assert meeting.notes_of(session, chair, sent.project_id) == ()
    with sessions() as session:
        meeting.add_note(session, chair, sent.project_id, "Ask for the tender.")
    with sessions() as session:
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action == "meeting.noted"))
        assert len(actions.all()) == 2  # the trail keeps what was


def test_0013_goes_down_without_the_drafts_it_kept_text_of(empty_engine: Engine) -> None:
    migrate(empty_engine)
    sessions = sessions_on(empty_engine)
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    with sessions() as session:
        project = drafting.start_project(session, planner, uuid4(), factories.published_project(), years=20)
    with sessions() as session:
        keeping.keep_text(session, planner, project.id, 1, "project", [("city", "?")], text=None)
    revert(empty_engine, "0012")
    assert "kept_text" not in tables(empty_engine)
    migrate(empty_engine)
    with sessions() as session:
        draft = drafting.editable_draft(session, planner, project.id)
    assert (draft.file.title, draft.kept) == (factories.published_project().title, {})


def test_0014_leaves_accounts_as_they_are_and_ends_sessions(empty_engine: Engine) -> None:
    migrate(empty_engine)
    sessions = sessions_on(empty_engine)
    actor = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    assert actor.account_id is not None
    with sessions() as session:
        made = invitations.renew(session, OPERATOR, actor.account_id)
    with sessions() as session:
        key = live_sessions.start(session, made.account, live_sessions.Browser())
    with sessions() as session:
        assert live_sessions.present(session, key) is not None
    revert(empty_engine, "0013")
    with empty_engine.connect() as connection:
        assert connection.execute(text("SELECT email, session_epoch FROM account")).all() == [(made.account.email, 0)]
    assert "live_session" not in tables(empty_engine)
    migrate(empty_engine)
    with sessions() as session:
        assert live_sessions.present(session, key) is None
    with sessions() as session, pytest.raises(NotFound):
        invitations.invited(session, made.secret)
    with sessions.begin() as session:
        session.add(
            AccountLink(account_id=actor.account_id, kind=LinkKind.INVITATION, secret_hash="0", expires_at=now())
        )
    with pytest.raises(DatabaseError), empty_engine.begin() as connection:
        connection.execute(text("UPDATE account_link SET used_at = expires_at, withdrawn_at = expires_at"))


def test_0015_comes_and_goes_with_what_was_reported(empty_engine: Engine) -> None:
    """What was decided stays as it is; a report of the same year can be made again."""
    migrate(empty_engine)
    sessions = sessions_on(empty_engine)
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
        with empty_engine.connect() as connection:
            decided = connection.execute(text("SELECT number, sha256 FROM decision")).all()
        revert(empty_engine, "0014")
        assert tables(empty_engine) == before("0015")
        with empty_engine.connect() as connection:
            assert connection.execute(text("SELECT number, sha256 FROM decision")).all() == decided
        migrate(empty_engine)


def test_0016_keeps_runs_and_what_they_say(empty_engine: Engine) -> None:
    """Without the spreads a run ranks as it did before there were any, and still replays."""
    migrate(empty_engine)
    sessions = sessions_on(empty_engine)
    haneul = city(sessions, ("HAN-06",), budget=20)
    with sessions() as session:
        number = ranking.ranked_portfolio(session, haneul.analyst).everyone[0].run
    with empty_engine.connect() as connection:
        before = connection.execute(text("SELECT criterion, score, spread FROM run_criterion ORDER BY position")).all()
    assert all(row.spread is not None for row in before)
    assert any(row.spread for row in before)
    revert(empty_engine, "0015")
    with empty_engine.connect() as connection:
        assert "spread" not in {column["name"] for column in inspect(connection).get_columns("run_criterion")}
    migrate(empty_engine)
    with empty_engine.connect() as connection:
        after = connection.execute(text("SELECT criterion, score, spread FROM run_criterion ORDER BY position")).all()
    assert [(row.criterion, row.score) for row in after] == [(row.criterion, row.score) for row in before]
    assert [row.spread for row in after] == [None] * len(before)
    with sessions() as session:
        assert appraising.replay(session, OPERATOR, number).equal
    with pytest.raises(DatabaseError, match="rows are only ever added"), empty_engine.begin() as connection:
        connection.execute(text("UPDATE run_criterion SET spread = NULL"))


def test_0020_leaves_rounds_open_and_forgets_their_times_on_the_way_down(empty_engine: Engine) -> None:
    migrate(empty_engine)
    sessions = sessions_on(empty_engine)
    made = held(sessions)
    revert(empty_engine, "0019")
    with empty_engine.connect() as connection:
        kept = connection.execute(text("SELECT name, currency, price_year FROM round")).all()
    assert kept == [("Round 2027", "USD", 2026)]
    migrate(empty_engine)
    with sessions() as session:
        again = session.get_one(Round, made.id)
        assert (again.opens, again.closes, again.zone, again.version) == (None, None, "UTC", 1)
        assert again.takes(now())
    with pytest.raises(DatabaseError), empty_engine.begin() as connection:
        connection.execute(text("UPDATE round SET opens_local = '2027-01-02', closes_local = '2027-01-01'"))
    with pytest.raises(DatabaseError), empty_engine.begin() as connection:
        connection.execute(text("UPDATE round SET returned_days = -1"))


def test_0021_comes_and_goes_with_messages_and_mail(empty_engine: Engine) -> None:
    """Nobody is told of what was before; what was sent stays sent."""
    migrate(empty_engine)
    sessions = sessions_on(empty_engine)
    sent = panel(sessions)
    with sessions() as session:
        outbox.choose(session, sent.planner, outbox.Wish(MailWish.IMMEDIATE))
    with sessions.begin() as session:
        notifying.tell(session, [sent.planner.account_id], Notice.TRANSFERRED, "x", sent.project_id)
    with pytest.raises(DatabaseError), empty_engine.begin() as connection:
        connection.execute(text("UPDATE mail SET state = 'sent'"))
    with pytest.raises(DatabaseError), empty_engine.begin() as connection:
        connection.execute(text("UPDATE mail_choice SET hour = 24"))
    revert(empty_engine, "0020")
    assert not {"notification", "mail", "mail_choice", "reset_request"} & tables(empty_engine)
    migrate(empty_engine)
    with sessions() as session:
        assert notifying.messages(session, sent.planner, size=9).rows == ()
    with sessions() as session:
        assert outbox.wish_of(session, sent.planner) == outbox.Wish()
    with sessions() as session:
        assert session.get_one(Project, sent.project_id).state is ProjectState.SUBMITTED


def test_0019_comes_and_goes_with_the_files_and_nothing_else(empty_engine: Engine) -> None:
    migrate(empty_engine)
    sessions = sessions_on(empty_engine)
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    with sessions() as session:
        project = registration.register_project(session, planner, factories.published_project())
    for round_trip in range(2):
        with sessions() as session:
            receiving.add_files(session, planner, project.id, [Incoming("Plan.txt", b"A plan.")])
        with sessions() as session:
            version = drafting.draft_of(session, planner, project.id).version
        with sessions() as session:
            registration.submit_project(session, planner, project.id, version)
        with empty_engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM submitted_file")) == 1
            sent = connection.execute(text("SELECT number, sha256 FROM submission ORDER BY number")).all()
        assert len(sent) == round_trip + 1
        revert(empty_engine, "0016")
        assert tables(empty_engine) == before("0019")
        with empty_engine.connect() as connection:
            assert connection.execute(text("SELECT number, sha256 FROM submission ORDER BY number")).all() == sent
        migrate(empty_engine)
        with sessions() as session:
            drafting.take_back(session, planner, project.id)
    with pytest.raises(DatabaseError), empty_engine.begin() as connection:
        connection.execute(text("INSERT INTO stored_file (sha256, size, content) VALUES ('x', 0, 'x')"))  # empty


def test_0023_comes_and_goes_and_nothing_with_it(empty_engine: Engine) -> None:
    """What was counted is forgotten with the table; who is signed in stays so."""
    migrate(empty_engine)
    sessions = sessions_on(empty_engine)
    actor = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Haneul"))
    with sessions() as session:
        account = session.get_one(Account, actor.account_id)
    with sessions() as session:
        key = live_sessions.start(session, account, live_sessions.Browser())
    for _ in range(2):
        with sessions() as session:
            begun = attempts.begin(session, ["somebody"])
        with sessions() as session:
            attempts.settle(session, begun, failed=True)
        revert(empty_engine, "0022")
        assert tables(empty_engine) == before("0023")
        migrate(empty_engine)
        with sessions() as session:
            assert session.scalars(select(AttemptWindow)).all() == []
        with sessions() as session:
            assert live_sessions.present(session, key) is not None


def test_0025_forgets_what_is_scheduled_and_keeps_what_is_pending(empty_engine: Engine) -> None:
    migrate(empty_engine)
    sessions = sessions_on(empty_engine)
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    approver = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Council"))
    project = deciding.appraised(sessions, planner)
    deciding.prepare(sessions, approver, deciding.REJECT, project)
    due = on_clocks_of("Asia/Seoul", now() + timedelta(days=1))
    for _ in range(2):
        with sessions() as session:
            scheduling.schedule(session, approver, uuid4(), deciding.chosen(sessions, approver), due)
        with sessions.begin() as session:
            said = {"at": str(due), "why": "it changed"}
            notifying.tell(session, [approver.account_id], Notice.NOT_PUBLISHED, "x", project.id, **said)
        revert(empty_engine, "0023")
        assert tables(empty_engine) == before("0025")
        with empty_engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM pending_decision")) == 1
            kinds = connection.scalars(text("SELECT kind FROM notification")).all()
        assert set(kinds) == {"sent"}
        with pytest.raises(DatabaseError), empty_engine.begin() as connection:
            connection.execute(text("UPDATE notification SET kind = 'unpublished'"))
        migrate(empty_engine)
    assert deciding.publish(sessions, approver).count == 1
    with pytest.raises(DatabaseError), empty_engine.begin() as connection:
        connection.execute(text("UPDATE notification SET kind = 'anything'"))
