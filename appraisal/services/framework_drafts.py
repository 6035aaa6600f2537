"""A framework being written: cloned or imported, changed part by part, published under the next number, discarded."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.canonical import canonical_json
from appraisal.models import Account, FrameworkDraft, FrameworkVersion
from appraisal.models.tables import now
from appraisal.policy import Action, Actor, NotFound
from appraisal.reading.json_text import read_json
from appraisal.services import auditing
from appraisal.services.errors import DomainError, StaleVersion, flush_new
from appraisal.services.frameworks import framework_from, framework_of, publish
from appraisal.transactions import reading
from scoring.errors import InputError
from scoring.frameworks import Framework, read_framework, to_document
from scoring.frameworks.changes import FrameworkChange, kind_of_change
from scoring.frameworks.editing import validated
from scoring.frameworks.loading import BUILT_INS
from scoring.limits import MAX_NAME

Change = Callable[[Framework], Framework]
LONGEST_KEY = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft as it stands, for the pages that change it."""

    id: UUID
    version: int
    framework: Framework
    parent: FrameworkVersion | None
    change: FrameworkChange | None
    """What publishing it would mean for scores by its parent; None where it has no parent of its key."""
    author: str
    changed_at: datetime
    number: int
    """The number it would be published under."""

    @property
    def missing(self) -> tuple[str, ...]:
        """What must still be written before it can be published."""
        return tuple(
            f"{criterion.title} has no indicator yet."
            for criterion in self.framework.criteria
            if not criterion.indicators
        )


def draft_of(session: Session, actor: Actor, draft_id: UUID) -> Draft:
    """The draft; raises NotAllowed, NotFound."""
    with reading(session):
        return _draft(session, _row(session, actor, draft_id))


def clone(session: Session, actor: Actor, version_id: UUID, draft_id: UUID, *, title: str, new_key: bool) -> UUID:
    """A draft with everything a published version says: its next version, or the first of a framework of its own.

    Sent twice under one `draft_id`, it is made once. Raises NotAllowed, NotFound.
    """
    with session.begin():
        policy.require(actor, Action.MANAGE_FRAMEWORKS)
        version = session.get(FrameworkVersion, version_id)
        if version is None:
            raise NotFound
        framework = replace(framework_of(version), title=title)
        if new_key:
            framework = replace(framework, key=_free_key(session, title), version=1)
        return _made(session, actor, draft_id, framework, version, "framework.cloned")


def import_document(session: Session, actor: Actor, text: str | bytes, draft_id: UUID) -> UUID:
    """A draft from a framework's document; raises NotAllowed, Unreadable for what is no JSON, InputError with paths.

    A key that exists already makes the next version of that framework.
    """
    framework = read_framework(_with_floats(read_json(text)))
    with session.begin():
        policy.require(actor, Action.MANAGE_FRAMEWORKS)
        if not _storable(framework.key):
            raise InputError.at("key", "takes small letters, digits and hyphens, at most 60.")
        if len(framework.title) > MAX_NAME:
            raise InputError.at("title", f"has {len(framework.title)} characters; at most {MAX_NAME} are kept.")
        query = select(FrameworkVersion).where(FrameworkVersion.key == framework.key)
        parent = session.scalars(query.order_by(FrameworkVersion.version.desc())).first()
        return _made(session, actor, draft_id, framework, parent, "framework.imported")


def _made(
    session: Session, actor: Actor, draft_id: UUID, framework: Framework, parent: FrameworkVersion | None, action: str
) -> UUID:
    if session.get(FrameworkDraft, draft_id) is not None:
        return draft_id
    row = FrameworkDraft(
        id=draft_id,
        key=framework.key,
        parent_id=parent.id if parent else None,
        title=framework.title,
        document=canonical_json(to_document(validated(framework))),
        author_id=session.get_one(Account, actor.account_id).id if actor.account_id else None,
    )
    session.add(row)
    flush_new(session, "The same draft has just been made.")
    auditing.record(session, actor, action, "framework-draft", row.id, title=row.title, parent=_name(parent))
    return row.id


def edit_draft(
    session: Session, actor: Actor, draft_id: UUID, expected_version: int, change: Change, *, part: str
) -> Draft:
    """Change a part of the draft; nobody's change is overwritten unseen.

    Raises NotAllowed, NotFound, StaleVersion where it was changed since `expected_version`, and InputError with the
    path of what would break a rule: then nothing is stored.
    """
    with session.begin():
        row = _row(session, actor, draft_id, lock=True)
        if row.version != expected_version:
            raise StaleVersion(f"{row.title} was changed since you opened this page.")
        changed = replace(change(framework_from(row.document)), key=row.key)
        row.document = canonical_json(to_document(validated(changed)))
        row.title, row.changed_at = changed.title, now()
        session.flush()
        auditing.record(session, actor, "framework.changed", "framework-draft", row.id, part=part, version=row.version)
        return _draft(session, row)


def publish_draft(
    session: Session, actor: Actor, draft_id: UUID, expected_version: int, *, note: str
) -> FrameworkVersion:
    """Freeze the draft as the next version of its key; the draft is then gone.

    Raises NotAllowed, NotFound, StaleVersion, DomainError where something is missing or nothing was changed.
    """
    with session.begin():
        row = _row(session, actor, draft_id, lock=True)
        if row.version != expected_version:
            raise StaleVersion(f"{row.title} was changed since you opened this page.")
        draft = _draft(session, row)
        if draft.missing:
            raise DomainError(" ".join(draft.missing))
        if draft.change is not None and not draft.change.parts:
            raise DomainError(f"Nothing differs from {_name(row.parent)}: there is nothing to publish.")
        framework = replace(draft.framework, version=draft.number)
        version = publish(session, actor, framework, note=note, parent=_name(row.parent), by=actor.name)
        session.delete(row)
        return version


def discard(session: Session, actor: Actor, draft_id: UUID) -> str:
    """Delete a draft and return its title; what was published from it stays. Raises NotAllowed, NotFound."""
    with session.begin():
        row = _row(session, actor, draft_id, lock=True)
        title = row.title
        session.delete(row)
        auditing.record(session, actor, "framework.discarded", "framework-draft", row.id, title=title)
    return title


def _row(session: Session, actor: Actor, draft_id: UUID, *, lock: bool = False) -> FrameworkDraft:
    policy.require(actor, Action.MANAGE_FRAMEWORKS)
    row = session.get(FrameworkDraft, draft_id, with_for_update={"of": FrameworkDraft} if lock else None)
    if row is None:
        raise NotFound
    return row


def _draft(session: Session, row: FrameworkDraft) -> Draft:
    framework = framework_from(row.document)
    latest = session.scalar(select(func.max(FrameworkVersion.version)).where(FrameworkVersion.key == row.key)) or 0
    same = row.parent is not None and row.parent.key == row.key
    return Draft(
        id=row.id,
        version=row.version,
        framework=framework,
        parent=row.parent,
        change=kind_of_change(framework_of(row.parent), framework) if row.parent is not None and same else None,
        author=row.author.name if row.author else "command line",
        changed_at=row.changed_at,
        number=latest + 1,
    )


def _name(version: FrameworkVersion | None) -> str:
    return version.name if version else ""


def _free_key(session: Session, title: str) -> str:
    """A key made of the title's letters and digits that no framework and no draft has."""
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in title.casefold()).split()
    key = "-".join(words)[:LONGEST_KEY].strip("-") or "framework"
    used = {*session.scalars(select(FrameworkVersion.key)), *session.scalars(select(FrameworkDraft.key)), *BUILT_INS}
    free, number = key, 2
    while free in used:
        free, number = f"{key}-{number}", number + 1
    return free


def _with_floats(value: Any) -> Any:
    """Weights and thresholds are floats, money is not among them."""
    if isinstance(value, dict):
        return {key: _with_floats(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_with_floats(entry) for entry in value]
    return float(value) if isinstance(value, Decimal) else value


def _storable(key: str) -> bool:
    letters = key.replace("-", "")
    return len(key) <= LONGEST_KEY and letters.isascii() and letters.isalnum() and letters == letters.lower()
