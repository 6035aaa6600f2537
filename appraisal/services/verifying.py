"""Checking the trail: every seal, the head, a printed anchor, and whether the tables still say what was recorded.

What is checked and what cannot be: ADR 15.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import simplejson
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import AuditEntry, AuditHead, StoredFile
from appraisal.policy import Action, Actor
from appraisal.trail.chain import KEY_CHANGED, START, Anchor, AuditKey, key_of
from appraisal.trail.contents import altered_contents
from appraisal.trail.facts import KEYS, Facts, all_facts, changed
from appraisal.trail.ring import ENTRIES, key_in_use, sealed_by
from appraisal.trail.sealing import Entry, extend
from appraisal.transactions import reading


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and where: an entry by its number, or an object by its table and key."""

    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked, and everything that is wrong, the first bad row first."""

    entries: int
    head: Anchor
    facts: int
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        return not self.findings


def verify(session: Session, actor: Actor, anchor: Anchor | None = None) -> Verification:
    """Check the whole trail, as one state of the database; raises NotAllowed, NoAuditKey."""
    policy.require(actor, Action.READ_AUDIT)
    with reading(session):
        return checked(session.connection(), anchor)


def checked(
    connection: Connection, anchor: Anchor | None = None, stored: Mapping[str, tuple[str, ...]] | None = None
) -> Verification:
    """The same inside the caller's transaction.

    stored: the tables and columns there are, before a migration; else those of the models.
    """
    key = key_of(connection)
    with _undecodable_text_readable(connection):
        rows = connection.execute(ENTRIES).all()
        head, findings = _chained(key, rows, anchor)
        findings += _head(connection, head)
        if not findings and (stored is None or "key_name" in stored[AuditHead.__tablename__]):
            findings += _key_in_force(connection)
        expected = _recorded(rows)
        facts, behind = _reconciled(connection, expected, stored)
        if stored is None or StoredFile.__tablename__ in stored:
            behind += [Finding(*found) for found in altered_contents(connection)]
    return Verification(len(rows), head, facts, (*findings, *behind))


def head(session: Session, actor: Actor) -> Anchor:
    """The head of the chain as it is kept; raises NotAllowed."""
    policy.require(actor, Action.READ_AUDIT)
    with reading(session):
        return current_head(session)


def current_head(session: Session) -> Anchor:
    """The same for a report, inside the caller's transaction."""
    found = session.execute(select(AuditHead.sequence, AuditHead.hash)).first()
    return Anchor(*found) if found is not None else Anchor(0, START)


def in_chain(session: Session, anchor: Anchor) -> bool:
    """Whether the entry with that number has that hash, inside the caller's transaction."""
    if anchor.sequence == 0:
        return anchor.hash == START
    return session.scalar(select(AuditEntry.hash).where(AuditEntry.sequence == anchor.sequence)) == anchor.hash


def _chained(key: AuditKey, rows: Sequence[Any], anchor: Anchor | None) -> tuple[Anchor, list[Finding]]:
    """The last entry, and the first entry that is not what was sealed, where there is one.

    After that one nothing more can be told: each seal rests on the one before.
    """
    latest = Anchor(0, START)
    findings: list[Finding] = []
    under = next((each for each in key.ring if rows and sealed_by(each, latest, rows[0])), key)
    for row in rows:
        stored = row.hash
        if not findings and not sealed_by(under, latest, row):
            findings.append(Finding(f"entry {row.sequence}", _broken(row, latest)))
        elif not findings and row.action == KEY_CHANGED:
            name = simplejson.loads(row.details)["to"]
            if (following := next((each for each in key.ring if each.name == name), None)) is None:
                problem = f"hands on to the key {name}, which is neither APPRAISAL_AUDIT_KEY nor one of those before it"
                findings.append(Finding(f"entry {row.sequence}", problem))
            under = following or under
        if anchor is not None and row.sequence == anchor.sequence and stored != anchor.hash:
            findings.append(Finding(f"entry {row.sequence}", "is not the one that the anchor was printed for"))
        latest = Anchor(row.sequence, str(stored))
    if anchor is not None and anchor.sequence and all(row.sequence != anchor.sequence for row in rows):
        findings.append(Finding(f"entry {anchor.sequence}", "is gone: the anchor was printed when it was the last"))
    return latest, findings


def _broken(row: Any, latest: Anchor) -> str:
    if row.hash is None:
        return "has no seal: it was written past the tool"
    if latest.sequence == 0 and row.sequence == 1:
        return "was changed or forged, or APPRAISAL_AUDIT_KEY is not the key it was sealed with"
    if row.sequence != latest.sequence + 1:
        missing = f"{latest.sequence + 1} to {row.sequence - 1}"
        return f"does not follow entry {latest.sequence}: entries {missing} are gone, or it was changed"
    return f"was changed, moved or forged, or entry {latest.sequence} before it was"


def _head(connection: Connection, last: Anchor) -> list[Finding]:
    heads = connection.execute(select(AuditHead.sequence, AuditHead.hash)).all()
    if len(heads) != 1:
        return [Finding("head", f"there must be one row in audit_head, and there are {len(heads)}")]
    kept = Anchor(*heads[0])
    if kept == last:
        return []
    if kept.sequence > last.sequence:
        return [Finding(f"entry {last.sequence + 1}", f"is gone: the trail once reached entry {kept.sequence}")]
    return [Finding("head", f"says the trail ends at entry {kept.sequence}, and it ends at {last.sequence}")]


def _key_in_force(connection: Connection) -> list[Finding]:
    """Of a chain that is whole: whether its head names the key that goes on with it."""
    kept = connection.execute(select(AuditHead.sequence, AuditHead.key_name)).one()
    named = key_in_use(connection).name
    if kept.key_name == named or not kept.sequence:
        return []
    return [Finding("head", f"names the key {kept.key_name}, and the trail goes on under {named}")]


def _recorded(rows: Sequence[Any]) -> dict[str, dict[str, str | None]]:
    """What the trail says of every object, by table: the digest that it had last."""
    found: dict[str, dict[str, str | None]] = {name: {} for name in KEYS}
    for row in rows:
        try:
            written = simplejson.loads(row.facts or "{}")
        except (TypeError, ValueError):
            continue  # the entry's seal is broken, and said so
        for name, facts in written.items() if isinstance(written, dict) else ():
            if isinstance(facts, dict):
                found.setdefault(name, {}).update(facts)
    return found


def _reconciled(
    connection: Connection, expected: Facts, stored: Mapping[str, tuple[str, ...]] | None
) -> tuple[int, list[Finding]]:
    count, findings = 0, []
    for name, recorded in expected.items():
        if name not in KEYS or (stored is not None and name not in stored):
            continue
        there = all_facts(connection, name, None if stored is None else stored[name])
        count += len(there)
        for _, key in changed({name: recorded}, {name: there}):
            findings.append(Finding(f"{name} {key}", _difference(recorded.get(key), there.get(key), key in recorded)))
    return count, findings


def _difference(recorded: str | None, there: str | None, known: bool) -> str:
    if there is None:
        return "is gone, and no entry of the trail says that it was deleted"
    if not known:
        return "is in the table, and no entry of the trail wrote it"
    return "is back, after the trail says it was deleted" if recorded is None else "was changed behind the trail's back"


def attest(connection: Connection, action: str, **details: Any) -> Anchor | None:
    """Record every row as it stands where the trail says otherwise or nothing; None where it agrees.

    Only for what is known to be right: the first start with a chain, and what a migration rewrote after a check.
    """
    rows = connection.execute(ENTRIES).all()
    recorded = _recorded(rows)
    there = {name: dict(all_facts(connection, name)) for name in KEYS}
    facts: dict[str, dict[str, str | None]] = {}
    for name, key in changed(recorded, there):
        if name in there:
            facts.setdefault(name, {})[key] = there[name].get(key)
    if not facts:
        return None
    counted = {name: len(found) for name, found in facts.items()}
    entry = Entry(None, action, "trail", "tables", {**details, "rows": counted})
    return extend(connection, [entry], lambda _: facts, under=key_in_use(connection))


@contextmanager
def _undecodable_text_readable(connection: Connection) -> Iterator[None]:
    """Let SQLite give text that is no UTF-8: it is a changed cell like any other, and no reason to stop."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.driver_connection
    raw.text_factory = lambda content: content.decode("utf-8", "surrogateescape")  # type: ignore[union-attr]
    try:
        yield
    finally:
        raw.text_factory = str  # type: ignore[union-attr]
