"""People at a browser: accounts with a password, clients that are signed in, and the token of a form."""

import re
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.models import Account, ApiToken, LiveSession, Role, Scope
from appraisal.models.tables import now
from appraisal.policy import OPERATOR, Actor
from appraisal.services import accounts
from appraisal.services.api_tokens import MARK
from appraisal.services.chance import fresh_secret, hash_of
from tests import factories

PASSWORD = "correct horse battery"


def person(sessions: sessionmaker[Session], role: Role, organisation: str = "Haneul") -> str:
    email = f"{role.value}.{organisation.lower()}@example.org"
    with sessions() as session:
        accounts.create_account(
            session, OPERATOR, email=email, name="Ana", password=PASSWORD, role=role, organisation=organisation
        )
    return email


def token(client: FlaskClient, path: str = "/sign-in") -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, target: str = "/sign-in") -> TestResponse:
    return client.post(target, data={"email": email, "password": password, "csrf_token": token(client)})


def signed_in_as(app: Flask, sessions: sessionmaker[Session], role: Role) -> tuple[FlaskClient, Account]:
    """A client with a live session of a new account of this role, without the cost of a password."""
    actor = factories.actor(sessions, role, factories.organisation(sessions, f"Office of the {role.value}"))
    client = app.test_client()
    let_in(client, sessions, actor)
    with sessions() as session:
        return client, session.get_one(Account, actor.account_id)


def let_in(client: FlaskClient, sessions: sessionmaker[Session], actor: Actor) -> None:
    """Give the client a live session of this account, without a trace in the trail."""
    key = fresh_secret()
    with sessions.begin() as session:
        epoch = session.get_one(Account, actor.account_id).session_epoch
        row = LiveSession(account_id=actor.account_id, key_hash=hash_of(key), epoch=epoch, device="", address="")
        session.add(row)
    with client.session_transaction() as cookie:
        cookie["key"] = key


def token_for(sessions: sessionmaker[Session], account: Account, *scopes: Scope) -> str:
    """A token of this account for a program."""
    secret = fresh_secret(MARK)
    with sessions.begin() as session:
        row = ApiToken(
            account_id=account.id,
            name="Test",
            secret_hash=hash_of(secret),
            prefix=secret[:12],
            scopes=[scope.value for scope in scopes],
            expires_at=now() + timedelta(days=1),
        )
        session.add(row)
    return secret


def again(sessions: sessionmaker[Session], account: Account) -> Account:
    with sessions() as session:
        return session.get_one(Account, account.id)
