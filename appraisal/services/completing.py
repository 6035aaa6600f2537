"""Completed projects: recorded, corrected, withdrawn and put back; each change in the trail, none of them deleting."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import CompletedProject
from appraisal.models.tables import new_id, now
from appraisal.policy import Action, Actor, NotFound
from appraisal.reading.completed_table import CompletedEntry
from appraisal.reading.problems import Problem, Unreadable
from appraisal.services import auditing
from appraisal.services.errors import AlreadyThere, DomainError, StaleVersion, flush_new
from appraisal.services.own_records import city_key
from appraisal.services.registration import project_by_reference
from appraisal.transactions import reading
from scoring.parameters import CompletedProject as Completed

KIND = "completed-project"


class UnknownReference(DomainError):
    """No project is registered under the reference, or the actor may not know of it."""


def record_project(session: Session, actor: Actor, key: UUID, entry: CompletedEntry) -> CompletedProject:
    """Record one; sent twice under one key, it is recorded once.

    Raises NotAllowed, AlreadyThere for a second of its name in the city, UnknownReference.
    """
    with session.begin():
        policy.require(actor, Action.RECORD_COMPLETED)
        found = session.get(CompletedProject, key)
        if found is not None:
            return found
        _require_free(session, entry, but=None)
        row = _added(session, actor, key, entry)
        flush_new(session, _there(entry))
        auditing.record(session, actor, "completed.recorded", KIND, row.id, name=row.name, city=row.city)
    return row


def change_project(
    session: Session, actor: Actor, key: UUID, expected_version: int, entry: CompletedEntry
) -> CompletedProject:
    """Correct one; raises as `record_project`, and NotFound, StaleVersion."""
    with session.begin():
        row = _locked(session, actor, key, expected_version)
        _require_free(session, entry, but=key)
        before = _said(row)
        _say(session, actor, row, entry)
        if changed := {name: [before[name], value] for name, value in _said(row).items() if value != before[name]}:
            row.changed_at = now()
            flush_new(session, _there(entry))
            auditing.record(session, actor, "completed.changed", KIND, row.id, version=row.version, **changed)
    return row


def withdraw_project(
    session: Session, actor: Actor, key: UUID, expected_version: int, because: str
) -> CompletedProject:
    """Let one no longer count; it stays on record. Raises NotAllowed, NotFound, StaleVersion."""
    with session.begin():
        row = _locked(session, actor, key, expected_version)
        if row.withdrawn_at is None:
            row.withdrawn_at = row.changed_at = now()
            row.withdrawn_because = because
            auditing.record(session, actor, "completed.withdrawn", KIND, row.id, because=because)
    return row


def put_back(session: Session, actor: Actor, key: UUID, expected_version: int) -> CompletedProject:
    """Let a withdrawn one count again; raises NotAllowed, NotFound, StaleVersion."""
    with session.begin():
        row = _locked(session, actor, key, expected_version)
        if row.withdrawn_at is not None:
            row.withdrawn_at, row.withdrawn_because, row.changed_at = None, "", now()
            auditing.record(session, actor, "completed.put-back", KIND, row.id, name=row.name)
    return row


def import_projects(
    session: Session, actor: Actor, entries: Sequence[CompletedEntry], *, dry_run: bool = False
) -> tuple[CompletedEntry, ...]:
    """Record all of them or none; with `dry_run` only say whether it would go.

    Raises NotAllowed, and Unreadable naming each project that is there already or whose reference is unknown.
    """
    with reading(session) if dry_run else session.begin():
        policy.require(actor, Action.RECORD_COMPLETED)
        problems = list(_obstacles(session, actor, entries))
        if problems:
            raise Unreadable(problems)
        if dry_run:
            return tuple(entries)
        rows = [_added(session, actor, new_id(), entry) for entry in entries]
        flush_new(session, "Someone has just recorded one of these projects. Read the table again.")
        for row in rows:
            auditing.record(session, actor, "completed.recorded", KIND, row.id, name=row.name, city=row.city)
    return tuple(entries)


def completed_project(session: Session, actor: Actor, key: UUID) -> CompletedProject:
    """One of them; raises NotAllowed, NotFound."""
    with reading(session):
        policy.require(actor, Action.READ_COMPLETED)
        return _found(session, key)


def _obstacles(session: Session, actor: Actor, entries: Sequence[CompletedEntry]) -> list[Problem]:
    recorded = session.execute(select(CompletedProject.city_key, CompletedProject.name_key))
    there = {(row.city_key, row.name_key) for row in recorded}
    problems: list[Problem] = []
    for entry in entries:
        key = _key(entry)
        if key in there:
            problems.append(Problem(entry.place, _there(entry)))
        there.add(key)
        try:
            _project_id(session, actor, entry.reference)
        except UnknownReference as error:
            problems.append(Problem(entry.place, str(error)))
    return problems


def _added(session: Session, actor: Actor, key: UUID, entry: CompletedEntry) -> CompletedProject:
    row = CompletedProject(id=key, recorded_by_id=actor.account_id)
    _say(session, actor, row, entry)
    session.add(row)
    return row


def _say(session: Session, actor: Actor, row: CompletedProject, entry: CompletedEntry) -> None:
    row.city, row.source = entry.city, entry.source
    row.city_key, row.name_key = _key(entry)
    row.project_id = _project_id(session, actor, entry.reference)
    for name in Completed.__slots__:
        setattr(row, name, getattr(entry.project, name))


def _said(row: CompletedProject) -> dict[str, Any]:
    """What can be corrected, as the trail keeps it."""
    values = {name: getattr(row, name) for name in ("city", "source", *Completed.__slots__)}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()} | {
        "project": str(row.project_id or "")
    }


def _project_id(session: Session, actor: Actor, reference: str) -> UUID | None:
    if not reference:
        return None
    try:
        return project_by_reference(session, actor, reference).id
    except NotFound:
        raise UnknownReference(f"No project is registered as {reference}; leave the reference out.") from None


def _key(entry: CompletedEntry) -> tuple[str, str]:
    return city_key(entry.city), city_key(entry.project.name)


def _require_free(session: Session, entry: CompletedEntry, *, but: UUID | None) -> None:
    city, name = _key(entry)
    query = select(CompletedProject.id).where(CompletedProject.city_key == city, CompletedProject.name_key == name)
    with session.no_autoflush:
        found = session.scalar(query)
    if found is not None and found != but:
        raise AlreadyThere(_there(entry))


def _there(entry: CompletedEntry) -> str:
    return f"{entry.project.name} is recorded for {entry.city} already; correct or put back that one."


def _locked(session: Session, actor: Actor, key: UUID, expected_version: int) -> CompletedProject:
    policy.require(actor, Action.RECORD_COMPLETED)
    row = _found(session, key, lock=True)
    if row.version != expected_version:
        raise StaleVersion(f"{row.name} was changed since you opened this page.")
    return row


def _found(session: Session, key: UUID, *, lock: bool = False) -> CompletedProject:
    row = session.get(CompletedProject, key, with_for_update={"of": CompletedProject} if lock else None)
    if row is None:
        raise NotFound("There is no such completed project.")
    return row
