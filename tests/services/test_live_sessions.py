"""Live sessions, on both databases: what begins one, what ends one, and that each ends alone."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Account, LiveSession, Role
from appraisal.models.tables import now
from appraisal.policy import OPERATOR, Actor, NotFound
from appraisal.services import auditing, live_sessions
from appraisal.services.live_sessions import Browser, Present, SignInRefused
from tests import factories


@pytest.fixture
def person(sessions: sessionmaker[Session]) -> Account:
    actor = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Haneul"))
    return reread(sessions, actor.account_id)


def reread(sessions: sessionmaker[Session], account_id: UUID | None) -> Account:
    with sessions() as session:
        return session.get_one(Account, account_id)


def start(sessions: sessionmaker[Session], account: Account, device: str = "", instead_of: str | None = None) -> str:
    with sessions() as session:
        return live_sessions.start(session, account, Browser(device, "127.0.0.1"), instead_of=instead_of)


def present(sessions: sessionmaker[Session], key: str) -> Present | None:
    with sessions() as session:
        return live_sessions.present(session, key)


def there(sessions: sessionmaker[Session], key: str) -> Present:
    found = present(sessions, key)
    assert found is not None
    return found


def age(sessions: sessionmaker[Session], **back: timedelta) -> None:
    with sessions.begin() as session:
        for row in session.scalars(select(LiveSession)):
            for column, by in back.items():
                setattr(row, column, getattr(row, column) - by)


@pytest.mark.asvs("7.2.1", "7.2.3", "11.5.1")
def test_a_key_says_who_is_there_and_is_not_stored(sessions: sessionmaker[Session], person: Account) -> None:
    key = start(sessions, person, "Fire\u202efox\n" + "x" * 300)
    assert there(sessions, key).actor == Actor.of(person)
    assert present(sessions, key + "x") is None
    assert present(sessions, "") is None
    with sessions() as session:
        row = session.scalars(select(LiveSession)).one()
        assert key not in (row.key_hash, row.device)
        assert (len(row.device), row.device[:8]) == (200, "Firefoxx")
        assert [entry.details for entry in auditing.entries(session, OPERATOR)] == [{"by": "password"}]


def test_who_is_there_costs_one_read(sessions: sessionmaker[Session], person: Account) -> None:
    key, asked = start(sessions, person), []
    engine = sessions.kw["bind"]

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    there(sessions, key)
    event.remove(engine, "before_cursor_execute", note)
    assert (
        sum(statement.startswith("SELECT live_session") or "FROM live_session" in statement for statement in asked) == 1
    )
    assert not [statement for statement in asked if statement.startswith(("UPDATE", "INSERT", "DELETE"))]


@pytest.mark.asvs("7.4.1")
def test_each_session_ends_alone_and_only_by_its_owner(sessions: sessionmaker[Session], person: Account) -> None:
    here, elsewhere, third = (start(sessions, person, name) for name in ("here", "elsewhere", "third"))
    stranger = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Bank"))
    actor, target = Actor.of(person), there(sessions, elsewhere).session_id
    with sessions() as session, pytest.raises(NotFound):
        live_sessions.end_one(session, stranger, target)
    with sessions() as session:
        live_sessions.end_one(session, actor, target)
    assert present(sessions, elsewhere) is None
    with sessions() as session:
        assert {row.device for row in live_sessions.own_sessions(session, actor)} == {"here", "third"}
        assert live_sessions.own_sessions(session, stranger) == []
    with sessions() as session:
        assert live_sessions.end_others(session, actor, there(sessions, here).session_id) == 1
    assert present(sessions, third) is None
    with sessions() as session:
        live_sessions.sign_out(session, actor, there(sessions, here).session_id)
    assert present(sessions, here) is None


@pytest.mark.asvs("7.2.4")
def test_signing_in_again_ends_the_session_before(sessions: sessionmaker[Session], person: Account) -> None:
    before = start(sessions, person)
    after = start(sessions, person, instead_of=before)
    assert before != after
    assert present(sessions, before) is None
    assert present(sessions, after) is not None


@pytest.mark.parametrize("change", [{"disabled": True}, {"session_epoch": 1}])
@pytest.mark.asvs("7.4.2")
def test_a_closed_account_or_a_new_epoch_ends_all_and_lets_nobody_in(
    sessions: sessionmaker[Session], person: Account, change: dict[str, object]
) -> None:
    key = start(sessions, person)
    with sessions.begin() as session:
        row = session.get_one(Account, person.id)
        for name, value in change.items():
            setattr(row, name, value)
    assert present(sessions, key) is None
    with pytest.raises(SignInRefused):
        start(sessions, person)  # the account as it was when the password was checked


@pytest.mark.parametrize(
    ("back", "ends"),
    [
        ({"seen_at": timedelta(days=6)}, False),
        ({"seen_at": timedelta(days=8)}, True),
        ({"created_at": timedelta(days=29)}, False),
        ({"created_at": timedelta(days=31)}, True),
    ],
)
@pytest.mark.asvs("7.3.1", "7.3.2")
def test_a_session_grows_old(
    sessions: sessionmaker[Session], person: Account, back: dict[str, timedelta], ends: bool
) -> None:
    key = start(sessions, person)
    age(sessions, **back)
    assert (present(sessions, key) is None) is ends
    with sessions() as session:
        assert (live_sessions.own_sessions(session, Actor.of(person)) == []) is ends
    start(sessions, person)
    with sessions() as session:
        assert len(session.scalars(select(LiveSession)).all()) == (1 if ends else 2)  # old ones are cleared away


def test_its_use_is_noted_once_a_minute(sessions: sessionmaker[Session], person: Account) -> None:
    key = start(sessions, person)
    began = there(sessions, key)
    with sessions() as session:
        live_sessions.note_seen(session, began)
    assert there(sessions, key).seen_at == began.seen_at
    age(sessions, seen_at=timedelta(seconds=61))
    for _ in range(2):
        with sessions() as session:
            live_sessions.note_seen(session, there(sessions, key))
    assert now() - there(sessions, key).seen_at < timedelta(seconds=30)


def test_a_database_that_cannot_write_keeps_nobody_out(sessions: sessionmaker[Session], person: Account) -> None:
    key = start(sessions, person)
    age(sessions, seen_at=timedelta(minutes=5))
    before, engine = there(sessions, key), sessions.kw["bind"]

    def full(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("UPDATE"):
            raise OperationalError(statement, {}, Exception("database or disk is full"))

    event.listen(engine, "before_cursor_execute", full)
    with sessions() as session:
        live_sessions.note_seen(session, before)
    event.remove(engine, "before_cursor_execute", full)
    assert there(sessions, key).seen_at == before.seen_at
