"""Published versions of the framework: what every appraisal keeps being scored with."""

from functools import lru_cache

import simplejson
from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.canonical import canonical_json, sha256_of
from appraisal.models import FrameworkVersion
from appraisal.policy import Actor
from appraisal.services import auditing
from scoring.frameworks import Framework, load_framework, read_framework, to_document


def published_built_in(session: Session, actor: Actor) -> FrameworkVersion:
    """The built-in framework's row, made where it is not there yet, inside the caller's transaction."""
    found = built_in_version(session)
    if found is not None:
        return found
    framework = load_framework()
    document = to_document(framework)
    row = FrameworkVersion(
        key=framework.key,
        version=framework.version,
        title=framework.title,
        document=canonical_json(document),
        sha256=sha256_of(document),
    )
    session.add(row)
    session.flush()
    auditing.record(session, actor, "framework.published", "framework", row.id, sha256=row.sha256)
    return row


def built_in_version(session: Session) -> FrameworkVersion | None:
    """The built-in framework's row, where it was published; inside the caller's transaction."""
    framework = load_framework()
    query = select(FrameworkVersion).where(
        FrameworkVersion.key == framework.key, FrameworkVersion.version == framework.version
    )
    return session.scalar(query)


def built_in() -> Framework:
    """The framework that comes with the tool, before any round was opened on it."""
    return load_framework()


def framework_of(version: FrameworkVersion) -> Framework:
    """The framework a stored version says."""
    return _read(version.document)


@lru_cache(maxsize=16)
def _read(document: str) -> Framework:
    return read_framework(simplejson.loads(document))
