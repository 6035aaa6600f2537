"""Since when nothing happened that the pages of a project could show, told by the trail alone (docs/adr/0039).

Whatever they show of a project is changed together with an entry in the trail. Entries are passed over only by name:
what is not named here, also what comes later, counts.
"""

from collections import OrderedDict
from threading import Lock
from typing import cast
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, exists, select
from sqlalchemy.orm import Session

from appraisal.models import AuditEntry
from appraisal.services.trail_heads import GOES_ON, LAST, Head, head_of

KIND = "project"
OF_OTHERS = frozenset(
    {
        *("project.registered", "project.changed", "project.discarded", "project.paste-undone"),
        *("project.text-kept", "project.text-discarded"),
        *("project.submitted", "project.taken-back", "project.withdrawn", "project.appraised"),
        *("evidence.added", "evidence.renamed", "evidence.linked", "evidence.unlinked", "evidence.removed"),
        *("assessment.started", "assessment.scored"),
        *("delivery.year-reported", "delivery.year-changed", "delivery.dates-recorded", "delivery.benefit-registered"),
    }
)
"""Changes of one project that no page of another shows; where a project ranks is not asked here."""
OF_NOBODYS = frozenset(
    {
        *("account.signed-in", "account.signed-out", "account.password-changed"),
        *("account.link-made", "account.link-withdrawn", "account.link-mailed"),
        *("account.other-sessions-ended", "account.password-reset", "account.session-ended", "mail.sent-again"),
        *("account.identity-known", "account.identity-forgotten"),
        *("account.second-step-on", "account.second-step-off", "account.second-step-reset"),
        *("token.made", "token.revoked", "framework.changed", "framework.discarded"),
        *("scenario.saved", "scenario.added", "scenario.changed"),
        *("scenario.run", "scenario.run-cancelled", "scenario.run-done"),
        *("import.asked", "import.cancelled", "import.corrected"),
    }
)
"""Changes that no page of any project shows."""
MOST_PROJECTS = 4_096
"""Of one database in one process; what was asked for longest ago goes first."""


_TOUCHING = exists().where(
    AuditEntry.sequence > LAST,
    AuditEntry.action.not_in(sorted(OF_NOBODYS)),
    (AuditEntry.object_id == bindparam("project"))
    | (AuditEntry.object_kind != KIND)
    | AuditEntry.action.not_in(sorted(OF_OTHERS)),
)
_UNTOUCHED = select(GOES_ON & ~_TOUCHING)
_known: WeakKeyDictionary[Engine, OrderedDict[UUID, tuple[Head, Head]]] = WeakKeyDictionary()
"""By project: up to where the trail was looked at, and since when nothing touched the project."""
_lock = Lock()


def unchanged_since(session: Session, project_id: UUID) -> Head:
    """The same answer as long as nothing happened that the project's pages could show. Inside the caller's transaction.

    Whoever keeps a page under the answer asks before reading what the page shows.
    """
    now = head_of(session)
    with _lock:
        shelf = _known.setdefault(cast("Engine", session.get_bind()), OrderedDict())
        looked, since = shelf.get(project_id, (None, now))
    if looked != now:
        if looked is not None and not _untouched(session, project_id, looked, now):
            since = now
        with _lock:
            shelf[project_id] = now, since
            shelf.move_to_end(project_id)
            while len(shelf) > MOST_PROJECTS:
                shelf.popitem(last=False)
    return since


def _untouched(session: Session, project_id: UUID, then: Head, now: Head) -> bool:
    """Whether the trail goes on from where it stood then, with nothing about the project."""
    if then.last > now.last:
        return False
    return bool(session.connection().scalar(_UNTOUCHED, {**then.given, "project": str(project_id)}))
