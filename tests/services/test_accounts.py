"""Accounts: who may make them, who can sign in, and when a session ends."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Account, Role
from appraisal.policy import OPERATOR, Actor, NotAllowed
from appraisal.services import accounts
from appraisal.services.errors import AlreadyThere, DomainError

PASSWORD = "correct horse battery"


def make(
    sessions: sessionmaker[Session], *, by: Actor = OPERATOR, email: str = "A@example.org", password: str = PASSWORD
) -> Account:
    with sessions() as session:
        return accounts.create_account(
            session, by, email=email, name="Ana", password=password, role=Role.PLANNER, organisation="Haneul"
        )


def test_sign_in_and_out_everywhere(sessions: sessionmaker[Session]) -> None:
    made = make(sessions)
    with sessions() as session:
        account = accounts.authenticate(session, " a@Example.org", PASSWORD)
    assert account.id == made.id
    with sessions() as session:
        actor = accounts.signed_in_actor(session, account.id, account.session_epoch)
    assert actor == accounts.actor_of(made)
    with sessions() as session:
        accounts.end_sessions(session, accounts.actor_of(made))
    with sessions() as session:
        assert accounts.signed_in_actor(session, account.id, account.session_epoch) is None


def test_every_refusal_has_the_same_words(sessions: sessionmaker[Session]) -> None:
    made = make(sessions)
    said = []
    for email, password in [("a@example.org", "wrong password"), ("nobody@example.org", PASSWORD)]:
        with sessions() as session, pytest.raises(accounts.SignInRefused) as refused:
            accounts.authenticate(session, email, password)
        said.append(str(refused.value))
    with sessions.begin() as session:
        session.get_one(Account, made.id).disabled = True
    with sessions() as session, pytest.raises(accounts.SignInRefused) as refused:
        accounts.authenticate(session, "a@example.org", PASSWORD)
    assert len({*said, str(refused.value)}) == 1


def test_accounts_that_cannot_be(sessions: sessionmaker[Session]) -> None:
    planner = accounts.actor_of(make(sessions))
    with pytest.raises(AlreadyThere):
        make(sessions)
    with pytest.raises(NotAllowed):
        make(sessions, by=planner, email="b@example.org")
    with pytest.raises(DomainError, match="12 to 200"):
        make(sessions, email="c@example.org", password="short")
    with pytest.raises(DomainError, match="not an e-mail"):
        make(sessions, email="nowhere")
