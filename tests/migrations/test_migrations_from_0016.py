"""Each migration from 0016 on, up and down with rows in it."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, delete, inspect, select, text
from sqlalchemy.exc import DatabaseError

from appraisal.database import create_engine_for, migrate, revert, sessions_on
from appraisal.models import (
    Account,
    AttemptWindow,
    MailWish,
    Notice,
    Project,
    ProjectImport,
    ProjectState,
    Role,
    Round,
)
from appraisal.models.tables import now
from appraisal.policy import OPERATOR
from appraisal.services import (
    appraising,
    attempts,
    auditing,
    background,
    decisions,
    drafting,
    import_jobs,
    importing,
    live_sessions,
    notifying,
    obligations,
    outbox,
    ranking,
    receiving,
    registration,
    scheduling,
    vouching,
)
from appraisal.services.changing_key import change_key
from appraisal.services.letters import Condition
from appraisal.services.receiving import Incoming
from appraisal.services.sign_in_service import Vouched
from appraisal.trail.chain import AuditKey
from forms.local_time import on_clocks_of
from tests import factories
from tests.databases import AUDIT_KEY, tables
from tests.migrations.steps import before
from tests.panel import panel
from tests.rounds import held
from tests.services.cities import city
from tests.services.deciding import cases as deciding


def test_0016_keeps_runs_and_what_they_say(engine: Engine) -> None:
    """Without the spreads a run ranks as it did before there were any, and still replays."""
    sessions = sessions_on(engine)
    haneul = city(sessions, ("HAN-06",), budget=20)
    with sessions() as session:
        number = ranking.ranked_portfolio(session, haneul.analyst).everyone[0].run
    with engine.connect() as connection:
        before = connection.execute(text("SELECT criterion, score, spread FROM run_criterion ORDER BY position")).all()
    assert all(row.spread is not None for row in before)
    assert any(row.spread for row in before)
    revert(engine, "0015")
    with engine.connect() as connection:
        assert "spread" not in {column["name"] for column in inspect(connection).get_columns("run_criterion")}
    migrate(engine)
    with engine.connect() as connection:
        after = connection.execute(text("SELECT criterion, score, spread FROM run_criterion ORDER BY position")).all()
    assert [(row.criterion, row.score) for row in after] == [(row.criterion, row.score) for row in before]
    assert [row.spread for row in after] == [None] * len(before)
    with sessions() as session:
        assert appraising.replay(session, OPERATOR, number).equal
    with pytest.raises(DatabaseError, match="rows are only ever added"), engine.begin() as connection:
        connection.execute(text("UPDATE run_criterion SET spread = NULL"))


def test_0020_leaves_rounds_open_and_forgets_their_times_on_the_way_down(engine: Engine) -> None:
    sessions = sessions_on(engine)
    made = held(sessions)
    revert(engine, "0019")
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT name, currency, price_year FROM round")).all()
    assert kept == [("Round 2027", "USD", 2026)]
    migrate(engine)
    with sessions() as session:
        again = session.get_one(Round, made.id)
        assert (again.opens, again.closes, again.zone, again.version) == (None, None, "UTC", 1)
        assert again.takes(now())
    with pytest.raises(DatabaseError), engine.begin() as connection:
        connection.execute(text("UPDATE round SET opens_local = '2027-01-02', closes_local = '2027-01-01'"))
    with pytest.raises(DatabaseError), engine.begin() as connection:
        connection.execute(text("UPDATE round SET returned_days = -1"))


def test_0021_comes_and_goes_with_messages_and_mail(engine: Engine) -> None:
    """Nobody is told of what was before; what was sent stays sent."""
    sessions = sessions_on(engine)
    sent = panel(sessions)
    with sessions() as session:
        outbox.choose(session, sent.planner, outbox.Wish(MailWish.IMMEDIATE))
    with sessions.begin() as session:
        notifying.tell(session, [sent.planner.account_id], Notice.TRANSFERRED, "x", sent.project_id)
    with pytest.raises(DatabaseError), engine.begin() as connection:
        connection.execute(text("UPDATE mail SET state = 'sent'"))
    with pytest.raises(DatabaseError), engine.begin() as connection:
        connection.execute(text("UPDATE mail_choice SET hour = 24"))
    revert(engine, "0020")
    assert not {"notification", "mail", "mail_choice", "reset_request"} & tables(engine)
    migrate(engine)
    with sessions() as session:
        assert notifying.messages(session, sent.planner, size=9).rows == ()
    with sessions() as session:
        assert outbox.wish_of(session, sent.planner) == outbox.Wish()
    with sessions() as session:
        assert session.get_one(Project, sent.project_id).state is ProjectState.SUBMITTED


def test_0019_comes_and_goes_with_the_files_and_nothing_else(engine: Engine) -> None:
    sessions = sessions_on(engine)
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
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM submitted_file")) == 1
            sent = connection.execute(text("SELECT number, sha256 FROM submission ORDER BY number")).all()
        assert len(sent) == round_trip + 1
        revert(engine, "0016")
        assert tables(engine) == before("0019")
        with engine.connect() as connection:
            assert connection.execute(text("SELECT number, sha256 FROM submission ORDER BY number")).all() == sent
        migrate(engine)
        with sessions() as session:
            drafting.take_back(session, planner, project.id)
    with pytest.raises(DatabaseError), engine.begin() as connection:
        connection.execute(text("INSERT INTO stored_file (sha256, size, content) VALUES ('x', 0, 'x')"))  # empty


def test_0023_comes_and_goes_and_nothing_with_it(engine: Engine) -> None:
    """What was counted is forgotten with the table; who is signed in stays so."""
    sessions = sessions_on(engine)
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
        revert(engine, "0022")
        assert tables(engine) == before("0023")
        migrate(engine)
        with sessions() as session:
            assert session.scalars(select(AttemptWindow)).all() == []
        with sessions() as session:
            assert live_sessions.present(session, key) is not None


def test_0024_keeps_files_that_were_sent_and_forgets_jobs_of_imports(engine: Engine) -> None:
    sessions = sessions_on(engine)
    actor = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    key = uuid4()
    content = b"Project,Reference,Currency,Start year\nTram,T-1,INR,2027\n"
    with sessions() as session:
        importing.send_file(session, actor, key, "list.csv", content)
    with sessions() as session:
        import_jobs.ask_to_look(session, actor, key)
    revert(engine, "0023")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT file_name FROM project_import")).all() == [("list.csv",)]
        assert connection.scalar(text("SELECT count(*) FROM job")) == 0
    with pytest.raises(DatabaseError), engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO job (id, kind, subject_id, state, done, total, attempts, worker, problem, reference, "
                "created_by_id, created_at) SELECT id, 'import', id, 'queued', 0, 1, 0, '', '', '', id, "
                "'2026-01-01 00:00:00' FROM account"
            )
        )
    migrate(engine)
    with sessions() as session:
        plan = importing.dry_run(session, actor, key)
    assert plan.counts["create"] == 1
    with sessions() as session:
        importing.store(session, actor, key, importing.digest_of(plan), all_or_nothing=True)
    second = uuid4()
    with sessions() as session:
        importing.send_file(session, actor, second, "list.csv", content)
    with sessions() as session:
        import_jobs.ask_to_look(session, actor, second)
    background.worker_on(sessions).work()
    with sessions() as session:
        found = import_jobs.standing(session, actor, second).look
    assert found is not None
    assert found.counts["unchanged"] == 1


def test_0025_forgets_what_is_scheduled_and_keeps_what_is_pending(engine: Engine) -> None:
    sessions = sessions_on(engine)
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
        revert(engine, "0024")
        assert tables(engine) == before("0025")
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM pending_decision")) == 1
            kinds = connection.scalars(text("SELECT kind FROM notification")).all()
        assert set(kinds) == {"sent"}
        with pytest.raises(DatabaseError), engine.begin() as connection:
            connection.execute(text("UPDATE notification SET kind = 'unpublished'"))
        migrate(engine)
    assert deciding.publish(sessions, approver).count == 1
    with pytest.raises(DatabaseError), engine.begin() as connection:
        connection.execute(text("UPDATE notification SET kind = 'anything'"))


def test_0027_forgets_as_whom_a_service_knows_an_account(empty_engine: Engine) -> None:
    migrate(empty_engine)
    sessions = sessions_on(empty_engine)
    person = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Haneul"), email="a@example.org")
    who = Vouched("https://login.example.org", "person-1", "a@example.org", second_step=False)
    for _ in range(2):
        with sessions() as session:
            assert vouching.recognise(session, who).account.id == person.account_id
        with sessions() as session:
            assert vouching.recognise(session, replace(who, email="")).account.id == person.account_id
        with pytest.raises(DatabaseError), empty_engine.begin() as connection:
            connection.execute(text("UPDATE service_identity SET subject = NULL"))
        revert(empty_engine, "0026")
        assert tables(empty_engine) == before("0027")
        migrate(empty_engine)
    with sessions() as session, pytest.raises(vouching.NoAccount):
        vouching.recognise(session, replace(who, email=""))


def test_0031_forgets_messages_of_imports_and_keeps_the_others(engine: Engine) -> None:
    sessions = sessions_on(engine)
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    deciding.appraised(sessions, planner)
    for _ in range(2):
        with sessions() as session, session.begin():
            row = ProjectImport(
                organisation_id=planner.organisation_id, account_id=planner.account_id, file_name="a.csv"
            )
            session.add(row)
            session.flush()
            notifying.tell_of_import(session, planner.account_id, Notice.NOT_IMPORTED, uuid4(), row.id, why="No.")
        with sessions() as session:
            found = notifying.messages(session, planner, size=5).rows
        assert found[0].sentence == "“a.csv” was not imported. No."
        assert len(found) == 2
        with pytest.raises(DatabaseError), engine.begin() as connection:
            connection.execute(text("UPDATE notification SET project_id = NULL"))
        revert(engine, "0028")
        with engine.connect() as connection:
            assert connection.scalars(text("SELECT kind FROM notification")).all() == ["sent"]
        with pytest.raises(DatabaseError), engine.begin() as connection:
            connection.execute(text("UPDATE notification SET project_id = NULL"))
        migrate(engine)
    with sessions() as session, session.begin():
        session.execute(delete(ProjectImport))
    with sessions() as session:
        assert [each.kind for each in notifying.messages(session, planner, size=5).rows] == [Notice.SENT]


def test_0028_forgets_who_was_chosen_and_keeps_their_organisation(engine: Engine) -> None:
    sessions = sessions_on(engine)
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    approver = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Council"))
    project = deciding.appraised(sessions, planner)
    chosen = Condition("Finish the DPIA", "", deciding.SOON, account=planner.account_id)
    decision = deciding.decide(sessions, approver, replace(deciding.CONDITIONAL, conditions=(chosen,)), project)
    for _ in range(2):
        revert(engine, "0027")
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT * FROM decision_condition")).mappings().all()
        assert [(row["owner"], "owner_id" in row) for row in rows] == [("Haneul", False)]
        migrate(engine)
    with sessions() as session:
        (owed,) = obligations.owed(session, approver)
    assert (owed.owner, owed.mine) == ("Haneul", False)
    with sessions() as session:  # the record itself still says whose account it was
        told = decisions.decision_told(session, approver, decision.id)
    assert (told.untouched, told.letter.conditions[0].who) == (True, "A planner, Haneul")
    with pytest.raises(DatabaseError), engine.begin() as connection:
        connection.execute(text("UPDATE decision_condition SET owner = 'x'"))


def test_0033_takes_the_name_of_the_key_that_seals_from_the_last_entry(engine: Engine) -> None:
    sessions = sessions_on(engine)
    name = AuditKey(AUDIT_KEY.encode()).name
    revert(engine, "0031")
    migrate(engine)
    assert key_in_force(engine) is None, "nothing was recorded yet"
    for year in (2030, 2031):
        with sessions.begin() as session:
            auditing.record(session, OPERATOR, "test.happened", "test", year)
        revert(engine, "0031")
        migrate(engine)
        assert key_in_force(engine) == name
    new = create_engine_for(engine.url.render_as_string(hide_password=False), "n" * 40, (AUDIT_KEY,))
    change_key(new)
    revert(new, "0031")
    migrate(new)
    assert key_in_force(engine) == AuditKey(b"n" * 40).name
    new.dispose()


def key_in_force(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return connection.scalar(text("SELECT key_name FROM audit_head"))
