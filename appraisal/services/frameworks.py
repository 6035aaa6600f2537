"""Frameworks as they were published: what every appraisal keeps being scored with, and what uses them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import simplejson
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from appraisal import policy
from appraisal.canonical import canonical_json, sha256_of
from appraisal.models import AppraisalRun, FrameworkDraft, FrameworkVersion, Round
from appraisal.models.tables import now
from appraisal.policy import Action, Actor, NotFound
from appraisal.services import auditing
from appraisal.services.errors import DomainError, flush_new
from appraisal.transactions import reading
from scoring.frameworks import Framework, load_framework, read_framework, to_document
from scoring.frameworks.changes import ChangeKind, kind_of_change
from scoring.frameworks.loading import BUILT_IN, BUILT_INS

MOST_PUBLISHED = 64
"""Versions kept in a process; all go when there are more."""
_published: dict[UUID, Framework] = {}


def published_built_in(session: Session, actor: Actor, key: str = BUILT_IN) -> FrameworkVersion:
    """The built-in framework's row, made where it is not there yet, inside the caller's transaction."""
    found = built_in_version(session, key)
    return found if found is not None else publish(session, actor, load_framework(key), note="Comes with the tool.")


def publish(
    session: Session, actor: Actor, framework: Framework, *, note: str, parent: str = "", by: str = ""
) -> FrameworkVersion:
    """A new row of this framework with its entry in the trail, inside the caller's transaction."""
    document = to_document(framework)
    row = FrameworkVersion(
        key=framework.key,
        version=framework.version,
        title=framework.title,
        document=canonical_json(document),
        sha256=sha256_of(document),
        parent=parent,
        change_note=note,
        published_by=by,
    )
    session.add(row)
    flush_new(session, f"{framework.name} has just been published by someone else.")
    auditing.record(session, actor, "framework.published", "framework", row.id, name=row.name, sha256=row.sha256)
    return row


def built_in_version(session: Session, key: str = BUILT_IN) -> FrameworkVersion | None:
    """The built-in framework's row, where it was published; inside the caller's transaction."""
    return version_named(session, load_framework(key).name)


def built_in() -> Framework:
    """The framework that comes with the tool, before any round was opened on it."""
    return load_framework()


def framework_of(version: FrameworkVersion) -> Framework:
    """The framework a stored version says."""
    return framework_from(version.document)


def framework_at(session: Session, version_id: UUID) -> Framework:
    """The framework of a published version, which never changes: its document is read once. Inside the caller's
    transaction, which only reads."""
    found = _published.get(version_id)
    if found is None:
        if len(_published) >= MOST_PUBLISHED:
            _published.clear()
        found = _published[version_id] = framework_of(session.get_one(FrameworkVersion, version_id))
    return found


@lru_cache(maxsize=32)
def framework_from(document: str) -> Framework:
    """The framework of a stored document."""
    return read_framework(simplejson.loads(document))


def version_named(session: Session, name: str) -> FrameworkVersion | None:
    """The published version of that name, `key@version`; inside the caller's transaction."""
    key, _, number = name.rpartition("@")
    if not number.isascii() or not number.isdecimal() or len(number) > 9:  # noqa: PLR2004 -- what a column holds
        return None
    query = select(FrameworkVersion).where(FrameworkVersion.key == key, FrameworkVersion.version == int(number))
    return session.scalar(query)


def chosen_version(session: Session, actor: Actor, name: str) -> FrameworkVersion:
    """The version a round may take, a built-in one made where it is not there yet; raises DomainError otherwise."""
    found = version_named(session, name)
    if found is None:
        key = next((key for key in BUILT_INS if load_framework(key).name == name), None)
        if key is None:
            raise DomainError(f"There is no published framework {name}: write KEY@VERSION, e.g. {built_in().name}.")
        found = published_built_in(session, actor, key)
    if found.retired_at is not None:
        raise DomainError(f"{name} is retired: no round can choose it any more.")
    return found


def scoring_alike(session: Session, version: FrameworkVersion) -> frozenset[UUID]:
    """Every version that gives the same scores, itself included: what differs from it in words only.

    Inside the caller's transaction.
    """
    others = select(FrameworkVersion.id, FrameworkVersion.document).where(
        FrameworkVersion.key == version.key, FrameworkVersion.id != version.id
    )
    alike = {row.id for row in session.execute(others) if _scores_alike(version.document, row.document)}
    return frozenset({version.id} | alike)


@lru_cache(maxsize=64)
def _scores_alike(old: str, new: str) -> bool:
    """By the whole texts: what was published never changes."""
    change = kind_of_change(framework_from(old), framework_from(new))
    return change.kind in (ChangeKind.NONE, ChangeKind.WORDING)


@dataclass(frozen=True, slots=True)
class ListedVersion:
    version: FrameworkVersion
    rounds: tuple[str, ...]
    """Names of the rounds that use it."""
    runs: int


@dataclass(frozen=True, slots=True)
class Frameworks:
    """Everything there is, newest first; `unused` are built-in ones that were never taken into use."""

    drafts: Sequence[FrameworkDraft]
    in_use: Sequence[ListedVersion]
    retired: Sequence[ListedVersion]
    unused: Sequence[Framework]


def list_frameworks(session: Session, actor: Actor) -> Frameworks:
    """The frameworks by state; drafts only for those who may write them. Raises NotAllowed."""
    with reading(session):
        policy.require(actor, Action.READ_FRAMEWORKS)
        may_write = policy.allows(actor, Action.MANAGE_FRAMEWORKS)
        drafts = session.scalars(select(FrameworkDraft).order_by(FrameworkDraft.changed_at.desc())).all()
        order = (FrameworkVersion.key, FrameworkVersion.version.desc())
        listed = [_listed(session, row) for row in session.scalars(select(FrameworkVersion).order_by(*order))]
        names = {item.version.name for item in listed}
    return Frameworks(
        drafts=drafts if may_write else (),
        in_use=[item for item in listed if item.version.retired_at is None],
        retired=[item for item in listed if item.version.retired_at is not None],
        unused=[item for item in map(load_framework, BUILT_INS) if item.name not in names],
    )


def _listed(session: Session, row: FrameworkVersion) -> ListedVersion:
    used = select(Round.name).where(Round.framework_version_id == row.id).order_by(Round.name)
    runs = select(func.count()).select_from(AppraisalRun).where(AppraisalRun.framework_version_id == row.id)
    return ListedVersion(row, tuple(session.scalars(used)), session.scalar(runs) or 0)


def version_of(session: Session, actor: Actor, version_id: UUID) -> ListedVersion:
    """One published version with what uses it; raises NotAllowed, NotFound."""
    with reading(session):
        policy.require(actor, Action.READ_FRAMEWORKS)
        row = session.get(FrameworkVersion, version_id)
        if row is None:
            raise NotFound
        return _listed(session, row)


def take_into_use(session: Session, actor: Actor, key: str) -> FrameworkVersion:
    """Publish a framework that comes with the tool; again changes nothing. Raises NotAllowed, NotFound."""
    with session.begin():
        policy.require(actor, Action.MANAGE_FRAMEWORKS)
        if key not in BUILT_INS:
            raise NotFound
        return published_built_in(session, actor, key)


def set_retired(session: Session, actor: Actor, version_id: UUID, *, retired: bool) -> FrameworkVersion:
    """Take a version out of choice, or back; raises NotAllowed, NotFound, DomainError while a round uses it."""
    with session.begin():
        policy.require(actor, Action.MANAGE_FRAMEWORKS)
        row = session.get(FrameworkVersion, version_id, with_for_update=True)
        if row is None:
            raise NotFound
        rounds = session.scalars(select(Round.name).where(Round.framework_version_id == row.id)).all()
        if retired and rounds:
            raise DomainError(f"{row.name} is in use by {', '.join(rounds)}: move the rounds to another version first.")
        if (row.retired_at is not None) is not retired:
            row.retired_at = now() if retired else None
            action = "framework.retired" if retired else "framework.reinstated"
            auditing.record(session, actor, action, "framework", row.id, name=row.name)
    return row


def offered(session: Session, actor: Actor) -> Sequence[tuple[str, str]]:
    """(`key@version`, title) of what a round can be opened on: the built-in one, then the others; raises NotAllowed."""
    with reading(session):
        policy.require(actor, Action.MANAGE_ROUNDS)
        query = select(FrameworkVersion).where(FrameworkVersion.retired_at.is_(None))
        rows = session.scalars(query.order_by(FrameworkVersion.key, FrameworkVersion.version.desc())).all()
        own = built_in()
        others = [(row.name, f"{row.title}, version {row.version}") for row in rows if row.name != own.name]
        return [(own.name, f"{own.title}, built in"), *others]


def rounds_with_frameworks(session: Session, actor: Actor) -> Sequence[Round]:
    """Every round with its framework version, newest first; raises NotAllowed."""
    with reading(session):
        policy.require(actor, Action.MANAGE_ROUNDS)
        query = select(Round).options(joinedload(Round.framework_version)).order_by(Round.opened_at.desc(), Round.name)
        return session.scalars(query).all()
