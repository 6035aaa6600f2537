"""Writing the trail: what a transaction recorded is sealed and chained as the last thing before it commits.

At the end, so that the head of the chain is locked for as short as can be and always after the rows of the change: two
transactions that each wait for the other cannot come of it. The rows are read again as they are written.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import simplejson
from sqlalchemy import Connection, Delete, Insert, TableClause, Update, bindparam, event, insert, select, update
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction, sessionmaker

from appraisal.models import AuditEntry, AuditHead, CashFlowAmount, CashFlowLine, CompletedProject, Project, Table
from appraisal.models.columns import DocumentText
from appraisal.models.tables import now
from appraisal.trail.chain import Anchor, AuditKey, OtherKey, key_of, sealed
from appraisal.trail.facts import KEYS, TOGETHER, Facts, read_facts

_PENDING = "audit_pending"
HEAD = 1
"""The key of the one row that holds the head of the chain."""
_HEAD = select(AuditHead.sequence, AuditHead.hash, AuditHead.key_name).where(AuditHead.id == HEAD).with_for_update()
_ENTRY = insert(AuditEntry)
_NEW_HEAD = (
    update(AuditHead)
    .where(AuditHead.id == HEAD)
    .values(sequence=bindparam("now_at"), hash=bindparam("sealed"), key_name=bindparam("under"))
)


class TrailBroken(Exception):
    """The trail has no head that it could be continued from."""


@dataclass(frozen=True, slots=True)
class Entry:
    actor_id: UUID | None
    action: str
    kind: str
    object_id: str
    details: dict[str, Any]
    at: datetime = field(default_factory=now)


@dataclass(slots=True)
class _Pending:
    """What the session's transaction has recorded and touched so far."""

    entries: list[tuple[Entry, SessionTransaction | None]] = field(default_factory=list)
    touched: defaultdict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    as_written: dict[tuple[str, UUID], str] = field(default_factory=dict)
    """Digests that the statements themselves gave back, of rows that nothing has touched since."""
    lines: set[UUID] = field(default_factory=set)
    """Cash-flow lines of which amounts changed: the project they belong to is asked for in the end."""


def watch(sessions: sessionmaker[Session]) -> None:
    """Have every session of the maker note the rows it writes, and seal what it recorded when it commits."""
    event.listen(sessions, "before_flush", _note_what_follows)
    event.listen(sessions, "after_flush", _note)
    event.listen(sessions, "do_orm_execute", _note_statement)
    event.listen(sessions, "before_commit", _seal)
    event.listen(sessions, "after_soft_rollback", _forget)


def append(session: Session, entry: Entry) -> None:
    """Have the entry written when the session's transaction commits; if that fails, nothing is committed."""
    at = session.get_nested_transaction() or session.get_transaction()
    _pending(session).entries.append((entry, at))


def touch(session: Session, table: str, keys: Collection[UUID]) -> None:
    """Have the digests of these facts stand in the entry: for a statement sent past the session, which sees it not."""
    pending = _pending(session)
    for name in (table, *TOGETHER.get(table, ())):
        pending.touched[name].update(keys)
    for key in keys if pending.as_written else ():
        pending.as_written.pop((table, key), None)


def touch_as_written(session: Session, table: str, key: UUID, digest: str) -> None:
    """The same, where the statement gave the row back that it wrote, and holds it: it is not read once more."""
    touch(session, table, {key})
    _pending(session).as_written[table, key] = digest


def _pending(session: Session) -> _Pending:
    found = session.info.get(_PENDING)
    if not isinstance(found, _Pending):
        found = session.info[_PENDING] = _Pending()
    return found


def _note_what_follows(session: Session, _context: UOWTransaction, _instances: object) -> None:
    gone = {row.id for row in session.deleted if isinstance(row, Project)}
    if gone:
        with session.no_autoflush:
            _projects_gone(session, gone)


def _projects_gone(session: Session, gone: Collection[UUID]) -> None:
    """With a project the database itself deletes its parts, and empties the reference of the completed project."""
    for name, key in KEYS.items():
        if key == "project_id":
            touch(session, name, gone)
    named = session.scalars(select(CompletedProject.id).where(CompletedProject.project_id.in_(gone)))
    touch(session, "completed_project", named.all())


def _note(session: Session, _context: UOWTransaction) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, CashFlowAmount):
            _pending(session).lines.add(row.line_id)
        elif isinstance(row, Table) and row.__tablename__ in KEYS:
            touch(session, row.__tablename__, {getattr(row, KEYS[row.__tablename__])})


def _note_statement(state: ORMExecuteState) -> None:
    """The rows of a statement that writes many at once, past the session's objects: those that it will find."""
    statement = state.statement
    if not isinstance(statement, Insert | Update | Delete) or not isinstance(statement.table, TableClause):
        return
    name = statement.table.name
    if name not in KEYS:
        return
    column = "line_id" if name == CashFlowAmount.__tablename__ else KEYS[name]
    keys = _inserted(state, statement, column) if isinstance(statement, Insert) else _met(state, statement, column)
    if name == CashFlowAmount.__tablename__:
        _pending(state.session).lines.update(keys)
        return
    touch(state.session, name, keys)
    if name == Project.__tablename__ and isinstance(statement, Delete):
        _projects_gone(state.session, keys)


def _inserted(state: ORMExecuteState, statement: Insert, column: str) -> set[UUID]:
    rows = state.parameters if state.parameters is not None else statement.compile().params
    return {row[column] for row in ([rows] if isinstance(rows, Mapping) else rows)}


def _met(state: ORMExecuteState, statement: Update | Delete, column: str) -> set[UUID]:
    query = select(statement.table.c[column])
    if statement.whereclause is not None:
        query = query.where(statement.whereclause)
    rows = state.parameters or {}
    found: set[UUID] = set()
    for values in [rows] if isinstance(rows, Mapping) else rows:
        found.update(state.session.scalars(query, values))
    return found


def _forget(session: Session, previous: SessionTransaction) -> None:
    """What was recorded inside what is rolled back was never recorded."""
    pending = _pending(session)
    if previous.parent is None:
        session.info.pop(_PENDING, None)
    else:
        pending.entries = [(entry, at) for entry, at in pending.entries if not _within(at, previous)]
        pending.as_written.clear()


def _within(at: SessionTransaction | None, rolled_back: SessionTransaction) -> bool:
    while at is not None:
        if at is rolled_back:
            return True
        at = at.parent
    return False


def _seal(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    pending = session.info.pop(_PENDING, None)
    if not isinstance(pending, _Pending) or not pending.entries:
        return
    connection = session.connection()
    if pending.lines:
        owners = select(CashFlowLine.project_id).where(CashFlowLine.id.in_(pending.lines))
        pending.touched["cash_flow_amount"] |= set(connection.scalars(owners))
    entries = [entry for entry, _ in pending.entries]
    extend(connection, entries, lambda held: read_facts(held, pending.touched, pending.as_written))


def lock_head(connection: Connection) -> None:
    """Let nobody go on with the chain until the transaction ends; only for one that touches no other row before."""
    connection.execute(_HEAD)


def extend(
    connection: Connection,
    entries: list[Entry],
    facts_of: Callable[[Connection], Facts],
    under: AuditKey | None = None,
    onto: AuditKey | None = None,
) -> Anchor:
    """Chain the entries behind the head, the last with the facts, and give the new head.

    under: another key than the connection's, until the trail is handed on to that.
    onto: the key that seals from the next entry on, where this one hands the trail on.
    Raises OtherKey where the head names another than the one that would seal: the process was started before the
    trail was handed on, or sooner than it was.

    The head stays locked until the transaction ends: entries are numbered without a gap in the order of the commits.
    The facts are read under that lock, so that they hold what transactions before this one wrote.
    """
    head = connection.execute(_HEAD).one_or_none()
    if head is None:
        raise TrailBroken("The audit trail has lost its head: run `appraisal audit verify`.")
    key, rows = under or key_of(connection), []
    sequence, latest, in_force = head
    if in_force not in (None, key.name):
        raise OtherKey(key.name, in_force)
    facts = facts_of(connection)
    for number, entry in enumerate(entries, 1):
        sequence += 1
        row = _row(sequence, entry, facts if number == len(entries) else {})
        latest = row["hash"] = sealed(key, latest, list(row.values()))
        rows.append(row)
    connection.execute(_ENTRY, rows)
    connection.execute(_NEW_HEAD, {"now_at": sequence, "sealed": latest, "under": (onto or key).name})
    return Anchor(sequence, latest)


def _row(sequence: int, entry: Entry, facts: Facts) -> dict[str, Any]:
    """The cells of an entry in the order of CELLS."""
    return {
        "sequence": sequence,
        "at": entry.at,
        "actor_id": entry.actor_id,
        "action": entry.action,
        "object_kind": entry.kind,
        "object_id": entry.object_id,
        "details": document(entry.details),
        "facts": document(facts),
    }


def document(content: object) -> DocumentText:
    """The text that is stored, so that what is sealed is what is stored."""
    return DocumentText(simplejson.dumps(content, use_decimal=True, allow_nan=False, ensure_ascii=False))
