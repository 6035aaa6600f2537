"""The second step: codes by RFC 6238, each used once, recovery codes, and what turns it on and off."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Account, RecoveryCode, Role, SecondStep
from appraisal.policy import OPERATOR, Actor
from appraisal.services import accounts, administering, auditing, second_steps
from appraisal.services.accounts import WrongPassword
from appraisal.services.chance import hash_of
from appraisal.services.errors import AlreadyThere, DomainError, StaleVersion
from appraisal.services.live_sessions import SignInRefused
from appraisal.services.sealing import Seal, Unsealable
from appraisal.services.second_steps import CodeRefused
from tests import factories
from tests.at_once import at_once

PASSWORD = "correct horse battery"
SEAL = Seal("k" * 40)
NOON = datetime(2026, 11, 28, 12, 0, 5, tzinfo=UTC)


class Clock:
    """A clock that stands, until it is moved on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = NOON
        monkeypatch.setattr(second_steps, "now", lambda: self.at)

    def pass_by(self, seconds: int) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr(accounts, "_matches", lambda _digest, password: password == PASSWORD)
    return Clock(monkeypatch)


@pytest.fixture
def person(sessions: sessionmaker[Session]) -> Actor:
    return factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Haneul"))


def begun(sessions: sessionmaker[Session], person: Actor) -> str:
    with sessions() as session:
        second_steps.begin(session, person, PASSWORD, SEAL)
    with sessions() as session:
        found = second_steps.enrolment(session, person, SEAL)
    assert found is not None
    return found.key


def code(key: str, clock: Clock, ahead: int = 0) -> str:
    return pyotp.TOTP(key).at(clock.at + timedelta(seconds=30 * ahead))


def on(sessions: sessionmaker[Session], person: Actor, clock: Clock) -> tuple[str, Sequence[str]]:
    key = begun(sessions, person)
    with sessions() as session:
        codes = second_steps.confirm(session, person, code(key, clock), SEAL)
    clock.pass_by(60)
    return key, codes


def enter(sessions: sessionmaker[Session], person: Actor, typed: str, *, epoch: int = 0) -> str:
    assert person.account_id is not None
    with sessions() as session:
        return second_steps.passed(session, person.account_id, epoch, typed, SEAL)[1]


def asks(sessions: sessionmaker[Session], person: Actor) -> bool:
    with sessions() as session:
        email = session.get_one(Account, person.account_id).email
    with sessions.begin() as session:
        session.get_one(Account, person.account_id).password_hash = "some hash"
    with sessions() as session:
        return accounts.authenticate(session, email, PASSWORD).second_step


def test_the_codes_are_those_of_the_standard(sessions: sessionmaker[Session], person: Actor, clock: Clock) -> None:
    """RFC 6238, appendix B: the key 12345678901234567890 gives 94287082 at 59 s, of which six figures are used."""
    begun(sessions, person)
    with sessions.begin() as session:
        step = session.get_one(SecondStep, person.account_id)
        step.sealed_key = SEAL.close("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    clock.at = datetime.fromtimestamp(59, UTC)
    with sessions() as session:
        assert len(second_steps.confirm(session, person, "287 082", SEAL)) == 10
    clock.at = datetime.fromtimestamp(1111111109, UTC)
    assert enter(sessions, person, "081804") == "code"


def test_nothing_is_asked_until_a_code_was_entered(
    sessions: sessionmaker[Session], person: Actor, clock: Clock
) -> None:
    with sessions() as session, pytest.raises(WrongPassword):
        second_steps.begin(session, person, "a guess", SEAL)
    first = begun(sessions, person)
    key = begun(sessions, person)  # begun again: another key
    assert first != key
    assert not asks(sessions, person)
    with sessions() as session, pytest.raises(CodeRefused):
        second_steps.confirm(session, person, code(first, clock), SEAL)
    with sessions() as session:
        second_steps.confirm(session, person, code(key, clock), SEAL)
    assert asks(sessions, person)
    with sessions() as session:
        assert second_steps.enrolment(session, person, SEAL) is None  # the key is not shown again
    with sessions() as session, pytest.raises(AlreadyThere):
        second_steps.begin(session, person, PASSWORD, SEAL)
    with sessions() as session, pytest.raises(StaleVersion):
        second_steps.confirm(session, person, code(key, clock), SEAL)


@pytest.mark.asvs("6.5.1", "6.5.5")
def test_a_code_counts_once_and_only_about_now(sessions: sessionmaker[Session], person: Actor, clock: Clock) -> None:
    key, _ = on(sessions, person, clock)
    now_code = code(key, clock)
    assert enter(sessions, person, f" {now_code[:3]} {now_code[3:]} ") == "code"
    for typed in (now_code, code(key, clock, -1), code(key, clock, 1), "", "000", "１２３４５６"):
        with pytest.raises(CodeRefused):
            enter(sessions, person, typed)
    clock.pass_by(25)  # the last second of the half minute that began at 12:01:00
    with pytest.raises(CodeRefused):
        enter(sessions, person, code(key, clock, 1))
    clock.pass_by(30)
    assert enter(sessions, person, code(key, clock)) == "code"


@pytest.mark.asvs("6.5.1")
def test_of_two_who_enter_a_code_at_once_one_gets_in(
    sessions: sessionmaker[Session], person: Actor, clock: Clock
) -> None:
    key, codes = on(sessions, person, clock)

    def tries(typed: str) -> bool:
        try:
            return bool(enter(sessions, person, typed))
        except CodeRefused:
            return False

    for typed in (code(key, clock), codes[0]):
        assert sorted(at_once(*[lambda typed=typed: tries(typed)] * 3)) == [False, False, True]


@pytest.mark.asvs("6.5.1", "6.5.2", "6.5.3", "6.5.4")
def test_recovery_codes_count_once_each_and_are_hashed(
    sessions: sessionmaker[Session], person: Actor, clock: Clock
) -> None:
    _, codes = on(sessions, person, clock)
    assert len(set(codes)) == 10
    with sessions() as session:
        stored = session.scalars(select(RecoveryCode.code_hash)).all()
        sealed = session.get_one(SecondStep, person.account_id).sealed_key
    assert not {part for each in codes for part in (each, each.replace("-", ""))} & set(stored)
    assert enter(sessions, person, codes[3].upper().replace("-", " ")) == "recovery code"
    with pytest.raises(CodeRefused):
        enter(sessions, person, codes[3])
    with sessions() as session:
        assert second_steps.state_of(session, person.account_id).codes_left == 9
    assert sealed != SEAL.open(sealed)


@pytest.mark.asvs("6.5.2")
def test_recovery_codes_need_no_slow_hash_and_older_ones_count_on(
    sessions: sessionmaker[Session], person: Actor, clock: Clock
) -> None:
    """112 bits: 24 letters, each one of 31; before they were 16."""
    _, codes = on(sessions, person, clock)
    letters = [len(each.replace("-", "")) for each in codes]
    assert min(letters) * math.log2(len(second_steps.LETTERS)) >= 112
    with sessions.begin() as session:
        session.add(RecoveryCode(account_id=person.account_id, code_hash=hash_of("abcdefghjkmnpqrs")))
    assert enter(sessions, person, "abcd-efgh-jkmn-pqrs") == "recovery code"


def test_it_is_turned_off_by_password_and_code(sessions: sessionmaker[Session], person: Actor, clock: Clock) -> None:
    key, codes = on(sessions, person, clock)
    with sessions() as session, pytest.raises(WrongPassword):
        second_steps.turn_off(session, person, "a guess", code(key, clock), SEAL)
    with sessions() as session, pytest.raises(CodeRefused):
        second_steps.turn_off(session, person, PASSWORD, "123", SEAL)
    with sessions() as session:
        second_steps.turn_off(session, person, PASSWORD, code(key, clock), SEAL)
    assert not asks(sessions, person)
    with pytest.raises(StaleVersion):
        enter(sessions, person, codes[0])
    with sessions() as session:
        said = [entry.action for entry in auditing.entries(session, OPERATOR)]
    assert said == ["account.second-step-off", "account.second-step-on"]


def test_an_administrator_resets_it_which_ends_sessions(
    sessions: sessionmaker[Session], person: Actor, clock: Clock
) -> None:
    on(sessions, person, clock)
    admin = factories.actor(sessions, Role.ADMIN, factories.organisation(sessions, "Office"))
    assert person.account_id is not None
    for _ in range(2):  # the second time there is nothing to reset
        with sessions() as session:
            changed = administering.reset_second_step(session, admin, person.account_id)
    assert changed.session_epoch == 1
    assert not asks(sessions, person)
    with sessions() as session:
        entries = auditing.entries(session, OPERATOR)
    assert [entry.action for entry in entries] == ["account.second-step-reset", "account.second-step-on"]
    assert entries[0].actor_id == admin.account_id


def test_a_code_does_not_help_where_the_password_changed_meanwhile(
    sessions: sessionmaker[Session], person: Actor, clock: Clock
) -> None:
    key, _ = on(sessions, person, clock)
    with pytest.raises(SignInRefused):
        enter(sessions, person, code(key, clock), epoch=7)
    with sessions.begin() as session:
        session.get_one(Account, person.account_id).disabled = True
    with pytest.raises(SignInRefused):
        enter(sessions, person, code(key, clock))


def test_with_another_secret_of_the_server_only_recovery_codes_count(
    sessions: sessionmaker[Session], person: Actor, clock: Clock
) -> None:
    key, codes = on(sessions, person, clock)
    other = Seal("z" * 40)
    assert person.account_id is not None
    with sessions() as session, pytest.raises(DomainError, match="secret key was changed"):
        second_steps.passed(session, person.account_id, 0, code(key, clock), other)
    with sessions() as session:
        assert second_steps.passed(session, person.account_id, 0, codes[0], other)[1] == "recovery code"


@pytest.mark.asvs("11.3.1", "11.3.2", "11.3.3")
def test_a_seal_opens_what_it_closed_and_nothing_else() -> None:
    sealed = SEAL.close("a key")
    assert SEAL.open(sealed) == "a key"
    assert SEAL.close("a key") != sealed
    for broken in (sealed[:-5] + "AAAA=", "", "x", Seal("other").close("a key")):
        with pytest.raises(Unsealable):
            SEAL.open(broken)
