"""Rankings kept between requests, each as long as nothing that it was computed from has changed (docs/adr/0017).

Whatever ranks is changed together with an entry in the trail of changes. A ranking is kept with the head of the trail,
and computed again where an entry behind it could touch it: a stale one is never handed out.
Each server process keeps its own, so that several need no word with each other.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from threading import Lock
from typing import TypeVar, cast
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import AppraisalRun, AuditEntry, AuditHead
from appraisal.policy import Actor
from appraisal.services.rounds import running_round

Value = TypeVar("Value")
_HEAD = select(AuditHead.sequence, AuditHead.hash)
QUIET = frozenset(
    {
        *("account.created", "account.signed-in", "account.signed-out", "account.password-changed"),
        *("account.shown-as-demo", "account.invited", "account.joined", "account.link-made", "account.link-withdrawn"),
        *("account.link-mailed", "mail.sent-again"),
        *("account.other-sessions-ended", "account.password-reset", "account.session-ended"),
        *(
            "account.identity-known",
            "account.identity-forgotten",
            "account.second-step-on",
            "account.second-step-off",
            "account.second-step-reset",
        ),
        *("token.made", "token.revoked", "assessment.scored"),
        *("delivery.year-reported", "delivery.year-changed", "delivery.dates-recorded", "delivery.benefit-registered"),
        *("completed.recorded", "completed.changed", "completed.withdrawn", "completed.put-back"),
        *("decision.prepared", "decision.dropped", "condition.met"),
        *("publication.scheduled", "publication.cancelled", "publication.refused"),
        *("framework.changed", "framework.discarded", "meeting.noted"),
        *("evidence.added", "evidence.renamed", "evidence.linked", "evidence.unlinked", "evidence.removed"),
        *("scenario.saved", "scenario.added", "scenario.changed"),
        *("import.asked", "import.cancelled", "import.corrected"),
        *("scenario.run", "scenario.run-cancelled", "scenario.run-done"),
    }
)
"""Changes that no ranking depends on. What is not named here, also what comes later, makes them be computed again."""
OF_DRAFTS = frozenset(
    {
        *("project.registered", "project.changed", "project.discarded", "project.paste-undone"),
        *("project.text-kept", "project.text-discarded"),
    }
)
"""Changes of drafts alone: nothing to those who may not know that a draft exists."""
OF_WAITING = OF_DRAFTS | {"project.submitted", "project.taken-back", "project.withdrawn"}
"""Changes of one project: while it was never appraised it only waits, and nobody's rank depends on it."""
MOST_CHANGES = 500
"""Projects changed since that are looked at one by one; of more, what ranks is computed again."""
_SEAL = select(AuditEntry.hash).where(AuditEntry.sequence == bindparam("last"))
_WITH_DRAFTS, _WITHOUT_DRAFTS = (
    select(AuditEntry.action, AuditEntry.object_id)
    .where(AuditEntry.sequence > bindparam("last"), AuditEntry.action.not_in(sorted(quiet)))
    .distinct()
    .limit(MOST_CHANGES + 1)
    for quiet in (QUIET, QUIET | OF_DRAFTS)
)
"""What happened since that may touch what is seen by those who see drafts, and by those who do not."""
MOST_ROWS, MOST_VIEWS = 150_000, 64
"""What a process keeps of one database; what was asked for longest ago goes first."""


@dataclass(frozen=True, slots=True)
class _Stamp:
    """The head of the trail, whose entries are numbered in the order of their commits."""

    last: int
    seal: str
    """Of the last entry, which seals all before it: a restored database can have another one of that number."""
    round_id: UUID | None
    """The round that runs: one opens without an entry, when its time has come."""


@dataclass(frozen=True, slots=True)
class _Kept:
    stamp: _Stamp
    value: object
    size: int


class _Touched(Enum):
    NOTHING = "nothing"
    WAITING = "waiting"
    """Only projects that were never appraised."""
    RANKS = "ranks"


class _Shelf:
    """The rankings of one database, by who sees them."""

    def __init__(self) -> None:
        self.kept: OrderedDict[policy.Sight, _Kept] = OrderedDict()
        self.lock = Lock()
        self.computing: dict[policy.Sight, Lock] = {}

    def turn(self, sight: policy.Sight) -> Lock:
        """One of those who need the same ranking computes it; the others wait for it."""
        with self.lock:
            return self.computing.setdefault(sight, Lock())

    def put(self, sight: policy.Sight, made: _Kept) -> None:
        with self.lock:
            self.kept[sight] = made
            self.kept.move_to_end(sight)
            while len(self.kept) > 1 and (
                len(self.kept) > MOST_VIEWS or sum(each.size for each in self.kept.values()) > MOST_ROWS
            ):
                oldest, _ = self.kept.popitem(last=False)
                self.computing.pop(oldest, None)


_shelves: WeakKeyDictionary[Engine, _Shelf] = WeakKeyDictionary()
_shelving = Lock()


def up_to_date(
    session: Session,
    actor: Actor,
    compute: Callable[[], Value],
    waiting_again: Callable[[Value], Value],
    size: Callable[[Value], int],
) -> Value:
    """What `compute` gives for the actor now, computed only where it can have changed.

    waiting_again: gives the same with what waits beside the ranking read again, where nothing else can have changed.
    Inside the caller's transaction, which must see one state of the database. What is computed must depend on the actor
    by what policy lets see alone, and must not be changed by who gets it.
    """
    with _shelving:
        shelf = _shelves.setdefault(cast("Engine", session.get_bind()), _Shelf())
    sight = policy.sight_of(actor)
    with shelf.turn(sight):
        found, now = shelf.kept.get(sight), _stamp(session)
        touched = _Touched.RANKS if found is None else _touched(session, sight, found.stamp, now)
        if found is None or touched is _Touched.RANKS:
            value = compute()
            found = _Kept(now, value, size(value))
        elif touched is _Touched.WAITING:
            found = replace(found, stamp=now, value=waiting_again(cast("Value", found.value)))
        elif found.stamp != now:
            found = replace(found, stamp=now)  # the entries up to here need not be looked at again
        shelf.put(sight, found)
    return cast("Value", found.value)


def _stamp(session: Session) -> _Stamp:
    head = session.connection().execute(_HEAD).first()
    return _Stamp(*(head or (0, "")), running_round(session))


def _touched(session: Session, sight: policy.Sight, then: _Stamp, now: _Stamp) -> _Touched:
    """What of that which is seen the entries since can have changed; everything, where the trail does not go on from
    where it stood then."""
    if then == now:
        return _Touched.NOTHING
    if then.round_id != now.round_id or then.last > now.last:
        return _Touched.RANKS
    connection = session.connection()
    if then.last and connection.scalar(_SEAL, {"last": then.last}) != then.seal:
        return _Touched.RANKS
    since = connection.execute(_WITH_DRAFTS if sight.drafts else _WITHOUT_DRAFTS, {"last": then.last}).all()
    if len(since) > MOST_CHANGES or any(entry.action not in OF_WAITING for entry in since):
        return _Touched.RANKS
    if not since:
        return _Touched.NOTHING
    appraised = select(AppraisalRun.id).where(AppraisalRun.project_id.in_({UUID(entry.object_id) for entry in since}))
    return _Touched.WAITING if session.scalar(appraised.limit(1)) is None else _Touched.RANKS
