"""Tokens for programs: their scopes, their end, and that the rights are the account's at each request."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Account, ApiToken, Role, Scope
from appraisal.policy import OPERATOR, Actor, NotFound
from appraisal.services import accounts, api_tokens, auditing
from appraisal.services.accounts import WrongPassword
from appraisal.services.api_tokens import OutOfScope, TokenRefused
from appraisal.services.errors import DomainError
from tests import factories

PASSWORD = "correct horse battery"


@pytest.fixture
def person(sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch) -> Actor:
    monkeypatch.setattr(accounts, "_matches", lambda _digest, password: password == PASSWORD)
    return factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Haneul"))


def make(
    sessions: sessionmaker[Session],
    person: Actor,
    *scopes: Scope,
    name: str = "Export",
    days: int = 30,
    password: str = PASSWORD,
) -> tuple[ApiToken, str]:
    with sessions() as session:
        return api_tokens.make_token(session, person, password=password, name=name, scopes=scopes, days=days)


def bearer(sessions: sessionmaker[Session], secret: str, scope: Scope = Scope.READ_PORTFOLIO) -> Actor:
    with sessions() as session:
        return api_tokens.bearer(session, secret, scope)


def test_a_token_acts_for_its_account_within_its_scopes(sessions: sessionmaker[Session], person: Actor) -> None:
    token, secret = make(sessions, person, Scope.READ_PORTFOLIO)
    assert secret.startswith(token.prefix)
    assert secret not in (token.secret_hash, token.prefix)
    assert bearer(sessions, secret) == person
    with pytest.raises(OutOfScope, match="lacks the scope register"):
        bearer(sessions, secret, Scope.REGISTER)
    for wrong in ("", token.prefix, secret[:-1], secret + "x", "\udcff"):
        with pytest.raises(TokenRefused):
            bearer(sessions, wrong)
    with sessions() as session:
        (entry,) = auditing.entries(session, OPERATOR)
    assert (entry.action, entry.details["prefix"]) == ("token.made", token.prefix)
    assert secret not in str(entry.details)


def test_the_rights_are_those_of_the_moment(sessions: sessionmaker[Session], person: Actor) -> None:
    _, secret = make(sessions, person, Scope.READ_PORTFOLIO)
    for change in ({"role": Role.ADMIN}, {"role": Role.APPRAISER}):
        with sessions.begin() as session:
            session.get_one(Account, person.account_id).role = change["role"]
        assert bearer(sessions, secret).role is change["role"]
    with sessions.begin() as session:
        session.get_one(Account, person.account_id).disabled = True
    with pytest.raises(TokenRefused):
        bearer(sessions, secret)


def test_a_token_ends_by_time_or_by_its_owner(sessions: sessionmaker[Session], person: Actor) -> None:
    kept, secret = make(sessions, person, Scope.READ_PORTFOLIO, days=7)
    gone, other = make(sessions, person, Scope.READ_PORTFOLIO)
    stranger = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Bank"))
    with sessions() as session, pytest.raises(NotFound):
        api_tokens.revoke(session, stranger, gone.id)
    with sessions() as session:
        api_tokens.revoke(session, person, gone.id)
    with pytest.raises(TokenRefused):
        bearer(sessions, other)
    with sessions() as session:
        assert [row.id for row in api_tokens.own_tokens(session, person)] == [kept.id]
        assert api_tokens.own_tokens(session, stranger) == []
    with sessions.begin() as session:
        session.get_one(ApiToken, kept.id).expires_at -= timedelta(days=7)
    with pytest.raises(TokenRefused):
        bearer(sessions, secret)


def test_its_use_is_noted_once_a_minute(sessions: sessionmaker[Session], person: Actor) -> None:
    token, secret = make(sessions, person, Scope.READ_PORTFOLIO)

    def used() -> object:
        with sessions() as session:
            return session.get_one(ApiToken, token.id).used_at

    assert used() is None
    bearer(sessions, secret)
    first = used()
    bearer(sessions, secret)
    assert used() == first
    with sessions.begin() as session:
        row = session.get_one(ApiToken, token.id)
        assert row.used_at is not None
        row.used_at -= timedelta(seconds=61)
    bearer(sessions, secret)
    assert used() is not None
    assert used() != first


def test_what_is_asked_for_a_token(sessions: sessionmaker[Session], person: Actor) -> None:
    with pytest.raises(WrongPassword):
        make(sessions, person, Scope.REGISTER, password="a guess")
    with pytest.raises(DomainError, match="1 to 100"):
        make(sessions, person, Scope.REGISTER, name=" ")
    with pytest.raises(DomainError, match="U\\+202E"):
        make(sessions, person, Scope.REGISTER, name="a\u202eb")
    with pytest.raises(DomainError, match="what the token may do"):
        make(sessions, person)
    with pytest.raises(DomainError, match="how long"):
        make(sessions, person, Scope.REGISTER, days=4000)
    for number in range(api_tokens.MOST):
        make(sessions, person, Scope.REGISTER, name=str(number))
    with pytest.raises(DomainError, match="at most 20"):
        make(sessions, person, Scope.REGISTER)
    with sessions() as session:
        assert len(session.scalars(select(ApiToken)).all()) == api_tokens.MOST
