"""What the tool holds about a person, as a file of their own, and its erasure; the trail stays, under no name."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, delete, select, update
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import (
    Account,
    AccountLink,
    ApiToken,
    Assessment,
    Assignment,
    Declaration,
    LiveSession,
    Mail,
    MailChoice,
    Notification,
    RecoveryCode,
    SecondStep,
    ServiceIdentity,
    Table,
)
from appraisal.policy import Action, Actor, NotFound
from appraisal.services import auditing
from appraisal.services.accounts import of_another
from appraisal.transactions import reading

FORMER = "Former colleague"
ERASED = "erased.invalid"
"""A domain that never exists: nobody is written to, and nobody can sign in."""
_LEFT_OUT = frozenset(
    {
        "account.password_hash",
        "live_session.key_hash",
        "account_link.secret_hash",
        "second_step.sealed_key",
        "recovery_code.code_hash",
        "api_token.secret_hash",
        "project.summary",
        "project.details",
        "kept_text.fields",
        "submission.document",
        "appraisal_run.snapshot",
        "appraisal_run.result",
        "project_import.content",
        "replaced_table.document",
        "replaced_table.typed",
        "table_file.content",
        "project_import.corrections",
        "project_import.looked",
    }
)
"""Secrets, and the organisation's work itself: who made it is said, not what it holds."""
_OWN = Account.__table__
_SCORES = Table.metadata.tables["assessment_score"]


def about(session: Session, actor: Actor, account_id: UUID) -> dict[str, Any]:
    """Every row that names the account, by table; secrets are left out. One's own, or anyone's for an administrator.

    Raises NotAllowed, NotFound.
    """
    with reading(session):
        if actor.account_id != account_id:
            policy.require(actor, Action.MANAGE_ACCOUNTS)
        if session.get(Account, account_id) is None:
            raise NotFound
        found: dict[str, Any] = {}
        for table, columns in _naming_people():
            condition = columns[0] == account_id
            for column in columns[1:]:
                condition |= column == account_id
            rows = session.execute(select(*_shown(table)).where(condition).order_by(*table.primary_key)).mappings()
            if listed := [dict(row) for row in rows]:
                found[table.name] = listed
        given = select(*_shown(_SCORES)).join(Assessment).where(Assessment.account_id == account_id)
        if scores := [dict(row) for row in session.execute(given.order_by(*_SCORES.primary_key)).mappings()]:
            found[_SCORES.name] = scores
        return found


def as_json(found: dict[str, Any]) -> str:
    """The same as a file: times in UTC, exact amounts as text."""
    return json.dumps(found, ensure_ascii=False, indent=2, default=_plain) + "\n"


def erase(session: Session, actor: Actor, account_id: UUID) -> Account:
    """Take name, address and what was declared of a person's interests away for good, and close the account.

    What was decided, scored and recorded stays, by a former colleague. Raises NotAllowed, NotFound, DomainError.
    """
    with session.begin():
        account = of_another(session, actor, account_id)
        if erased(account):
            return account
        account.name, account.email = FORMER, f"{account.id.hex}@{ERASED}"
        account.password_hash, account.disabled, account.demo = "erased", True, False
        account.session_epoch += 1
        session.execute(update(Declaration).where(Declaration.account_id == account_id).values(text=""))
        for table in (
            Assignment,
            Notification,
            Mail,
            MailChoice,
            LiveSession,
            AccountLink,
            SecondStep,
            RecoveryCode,
            ServiceIdentity,
            ApiToken,
        ):
            session.execute(delete(table).where(table.account_id == account_id))
        auditing.record(session, actor, "account.erased", "account", account.id)
    return account


def erased(account: Account) -> bool:
    return account.email.endswith(f"@{ERASED}")


def _naming_people() -> Iterator[tuple[SqlTable, list[Column[Any]]]]:
    """Each table with its columns that name an account; the account's own row by its key."""
    for table in Table.metadata.sorted_tables:
        columns = [key.parent for key in table.foreign_keys if key.column.table is _OWN]
        if table is _OWN:
            columns = [table.c.id]
        if columns:
            yield table, columns


def _shown(table: SqlTable) -> list[Column[Any]]:
    return [column for column in table.columns if f"{table.name}.{column.name}" not in _LEFT_OUT]


def _plain(value: object) -> object:
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, date):  # a point in time is one as well
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    raise TypeError(type(value).__name__)
