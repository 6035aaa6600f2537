"""Accounts: who may make them, who can sign in, and when a session ends."""

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Account, Role
from appraisal.policy import OPERATOR, Actor, NotAllowed
from appraisal.services import accounts
from appraisal.services.errors import AlreadyThere, DomainError
from tests import factories
from tests.at_once import at_once

PASSWORD = "correct horse battery"


def make(
    sessions: sessionmaker[Session], *, by: Actor = OPERATOR, email: str = "A@example.org", password: str = PASSWORD
) -> Account:
    with sessions() as session:
        return accounts.create_account(
            session, by, email=email, name="Ana", password=password, role=Role.PLANNER, organisation="Haneul"
        )


def test_outside_the_tests_a_password_costs_what_rfc_9106_asks(hasher_in_use: Callable[[], PasswordHasher]) -> None:
    assert hasher_in_use()._parameters == RFC_9106_LOW_MEMORY


@pytest.mark.asvs("11.4.2", "6.2.8")
def test_the_right_password_recognises_and_the_old_one_ends(sessions: sessionmaker[Session]) -> None:
    made = make(sessions)
    with sessions() as session:
        found = accounts.authenticate(session, " a@Example.org", PASSWORD)
    assert (found.account.id, found.second_step) == (made.id, False)
    with sessions() as session, pytest.raises(accounts.WrongPassword):
        accounts.change_password(session, Actor.of(made), current="not this one", new="another password")
    with sessions() as session:
        changed = accounts.change_password(session, Actor.of(made), current=PASSWORD, new="another password")
    assert changed.session_epoch == 1
    with sessions() as session, pytest.raises(accounts.SignInRefused):
        accounts.authenticate(session, "a@example.org", PASSWORD)
    with sessions() as session:
        assert accounts.authenticate(session, "a@example.org", "another password").account.id == made.id


def test_every_refusal_has_the_same_words(sessions: sessionmaker[Session]) -> None:
    made = make(sessions)
    said = []
    for email, password in [("a@example.org", "wrong password"), ("nobody@example.org", PASSWORD)]:
        with sessions() as session, pytest.raises(accounts.SignInRefused) as refused:
            accounts.authenticate(session, email, password)
        said.append(str(refused.value))
    factories.actor(sessions, Role.PLANNER, made.organisation_id, email="invited@example.org")  # has no password yet
    with sessions() as session, pytest.raises(accounts.SignInRefused) as refused:
        accounts.authenticate(session, "invited@example.org", accounts.NO_PASSWORD)
    said.append(str(refused.value))
    with sessions.begin() as session:
        session.get_one(Account, made.id).disabled = True
    with sessions() as session, pytest.raises(accounts.SignInRefused) as refused:
        accounts.authenticate(session, "a@example.org", PASSWORD)
    assert len({*said, str(refused.value)}) == 1


@pytest.mark.asvs("6.2.1")
def test_accounts_that_cannot_be(sessions: sessionmaker[Session]) -> None:
    planner = Actor.of(make(sessions))
    with pytest.raises(AlreadyThere):
        make(sessions)
    with pytest.raises(NotAllowed):
        make(sessions, by=planner, email="b@example.org")
    with pytest.raises(DomainError, match="12 to 200"):
        make(sessions, email="c@example.org", password="short")
    with pytest.raises(DomainError, match="not an e-mail"):
        make(sessions, email="nowhere")


def test_of_two_who_add_the_same_address_at_once_one_is_told(sessions: sessionmaker[Session]) -> None:
    factories.organisation(sessions, "Haneul")

    def add() -> str:
        try:
            return str(make(sessions, email="same@example.org").email)
        except AlreadyThere as told:
            return str(told)

    said = at_once(add, add)
    assert sorted(said) == ["There is already an account for same@example.org.", "same@example.org"]
