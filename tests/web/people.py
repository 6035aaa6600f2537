"""People at a browser: accounts with a password, clients that are signed in, and the token of a form."""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.models import Account, Role
from appraisal.policy import OPERATOR
from appraisal.services import accounts
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
    with client.session_transaction() as cookie:
        cookie["account"], cookie["epoch"] = str(actor.account_id), 0
    with sessions() as session:
        return client, session.get_one(Account, actor.account_id)


def again(sessions: sessionmaker[Session], account: Account) -> Account:
    with sessions() as session:
        return session.get_one(Account, account.id)
