"""What is stored about a person, handed over and erased, on both databases."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Account, AuditEntry, Role, Table
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound
from appraisal.services import (
    accounts,
    administering,
    auditing,
    invitations,
    keeping,
    live_sessions,
    personal_data,
    registration,
)
from appraisal.services.errors import DomainError
from tests import factories

SECRET = "a password of Ana Kim"


@pytest.fixture
def admin(sessions: sessionmaker[Session]) -> Actor:
    return factories.actor(sessions, Role.ADMIN, factories.organisation(sessions, "Office"))


@pytest.fixture
def ana(sessions: sessionmaker[Session]) -> Actor:
    """A planner who sent a project."""
    with sessions() as session:
        account = accounts.create_account(
            session,
            OPERATOR,
            email="ana@example.org",
            name="Ana Kim",
            password=SECRET,
            role=Role.PLANNER,
            organisation="Haneul",
        )
    actor = Actor.of(account)
    with sessions() as session:
        project = registration.register_project(session, actor, factories.published_project())
    with sessions() as session:
        registration.submit_project(session, actor, project.id, project.version)
    return actor


def identifier(actor: Actor) -> UUID:
    assert actor.account_id is not None
    return actor.account_id


@pytest.mark.asvs("15.3.1")
def test_everything_that_names_a_person_is_handed_over_without_secrets(
    sessions: sessionmaker[Session], ana: Actor, admin: Actor
) -> None:
    with sessions() as session:
        found = personal_data.about(session, ana, identifier(ana))
    assert {"account", "audit_entry", "project", "submission"} <= set(found)
    text = personal_data.as_json(found)
    assert json.loads(text)["account"][0]["email"] == "ana@example.org"
    assert "argon2" not in text
    assert "cash_flows" not in text, "the organisation's work is not personal data"
    with sessions() as session:
        assert personal_data.about(session, admin, identifier(ana)) == found


def test_whatever_a_column_holds_can_be_written() -> None:
    samples = {
        bool: True, bytes: b"key", date: date(2026, 11, 28), datetime: datetime(2026, 11, 28, 12, tzinfo=UTC),
        Decimal: Decimal("0.10"), float: 0.5, int: 1, str: "Ana Kim", UUID: UUID(int=1),
    }  # fmt: skip
    columns = [column for table in Table.metadata.sorted_tables for column in table.columns]
    row = {str(column): samples.get(column.type.python_type, "of a vocabulary") for column in columns}
    written = json.loads(personal_data.as_json({"all": [row]}))["all"][0]
    assert written["obligation.due"] == "2026-11-28"


def test_what_was_typed_in_a_draft_is_not_handed_over(
    sessions: sessionmaker[Session], ana: Actor, admin: Actor
) -> None:
    """Nobody outside its organisation reads a draft, administrators neither."""
    with sessions() as session:
        draft = registration.register_project(session, ana, replace(factories.published_project(), reference="P-1"))
    with sessions() as session:
        keeping.keep_text(session, ana, draft.id, draft.version, "project", [("title", "A bid")], text=None)
    with sessions() as session:
        found = personal_data.about(session, admin, identifier(ana))
    assert found["kept_text"][0]["part"] == "project"
    text = personal_data.as_json(found)
    assert "A bid" not in text
    assert draft.summary not in text


def test_an_erased_person_is_a_former_colleague_everywhere(
    sessions: sessionmaker[Session], ana: Actor, admin: Actor
) -> None:
    with sessions() as session:
        account = session.get_one(Account, ana.account_id)
    with sessions() as session:
        key = live_sessions.start(session, account, live_sessions.Browser("Firefox of Ana Kim", "127.0.0.1"))
    with sessions() as session:
        trail = [(row.sequence, row.action, row.actor_id) for row in auditing.entries(session, OPERATOR)]
    for _ in range(2):
        with sessions() as session:
            gone = personal_data.erase(session, admin, identifier(ana))
        assert (gone.name, gone.disabled, personal_data.erased(gone)) == ("Former colleague", True, True)
    with sessions() as session:
        after = auditing.entries(session, OPERATOR)
        assert [(row.sequence, row.action, row.actor_id) for row in after[1:]] == trail, "the trail is kept as it was"
        assert (after[0].action, after[0].actor_id) == ("account.erased", admin.account_id)
    with sessions() as session:
        assert live_sessions.present(session, key) is None
    with sessions() as session, pytest.raises(live_sessions.SignInRefused):
        accounts.authenticate(session, "ana@example.org", SECRET)
    with sessions() as session:
        stored = [
            str(value)
            for table in Table.metadata.sorted_tables
            for row in session.execute(table.select())
            for value in row
        ]
    assert not [value for value in stored if "ana@example.org" in value or "Ana Kim" in value]
    with sessions() as session, pytest.raises(DomainError, match="cannot be opened again"):
        administering.set_disabled(session, admin, identifier(ana), disabled=False)


@pytest.mark.asvs("14.2.4")
def test_the_trail_of_an_invitation_keeps_no_address(sessions: sessionmaker[Session], admin: Actor) -> None:
    with sessions() as session:
        made = invitations.invite(
            session, admin, email="bo@example.org", name="Bo Lind", role=Role.PLANNER, organisation="Haneul"
        )
    with sessions() as session:
        personal_data.erase(session, admin, made.account.id)
    with sessions() as session:
        told = [(entry.action, entry.details) for entry in session.scalars(select(AuditEntry))]
    assert "account.invited" in dict(told)
    assert "bo@example.org" not in str(told)
    assert "Bo Lind" not in str(told)


def test_one_sees_ones_own_and_only_administrators_erase(
    sessions: sessionmaker[Session], ana: Actor, admin: Actor
) -> None:
    with sessions() as session, pytest.raises(NotAllowed):
        personal_data.about(session, ana, identifier(admin))
    with sessions() as session, pytest.raises(NotAllowed):
        personal_data.erase(session, ana, identifier(admin))
    with sessions() as session, pytest.raises(DomainError, match="another administrator"):
        personal_data.erase(session, admin, identifier(admin))
    with sessions() as session, pytest.raises(NotFound):
        personal_data.erase(session, admin, UUID(int=1))
    with sessions() as session:
        assert not session.scalars(select(AuditEntry).where(AuditEntry.action == "account.erased")).all()
