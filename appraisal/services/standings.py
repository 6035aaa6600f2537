"""Rankings kept between requests, each as long as nothing that it was computed from has changed (docs/adr/0017).

Whatever ranks is changed together with an entry in the trail of changes. A ranking is kept with the entries that could
touch it, by their number and the last of them, and computed again where that differs: a stale one is never handed out.
Each server process keeps its own, so that several need no word with each other.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import TypeVar, cast
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import AuditEntry
from appraisal.models.tables import now
from appraisal.policy import Actor
from appraisal.services.rounds import round_named

Value = TypeVar("Value")
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
LONGEST = timedelta(minutes=30)
"""No transaction is open for as long: an entry with a lower number than the last that is seen comes within it."""
MOST_ROWS, MOST_VIEWS = 150_000, 64
"""What a process keeps of one database; what was asked for longest ago goes first."""


@dataclass(frozen=True, slots=True)
class _Stamp:
    after: int
    """Entries up to this number are all known."""
    entries: int
    last: int
    seal: str | None
    """Of the last entry, which seals all before it: a restored database can have another one of that number."""
    round_id: UUID | None
    """The round that runs: one opens without an entry, when its time has come."""


@dataclass(frozen=True, slots=True)
class _Kept:
    stamp: _Stamp
    value: object
    size: int


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


def up_to_date(session: Session, actor: Actor, compute: Callable[[], Value], size: Callable[[Value], int]) -> Value:
    """What `compute` gives for the actor now, computed only where it can have changed.

    Inside the caller's transaction, which must see one state of the database. What is computed must depend on the actor
    by what policy lets see alone, and must not be changed by who gets it.
    """
    with _shelving:
        shelf = _shelves.setdefault(cast("Engine", session.get_bind()), _Shelf())
    sight = policy.sight_of(actor)
    with shelf.turn(sight):
        found = shelf.kept.get(sight)
        if found is None or _stamp(session, sight, found.stamp.after) != found.stamp:
            value = compute()
            found = _Kept(_stamp(session, sight, _settled(session)), value, size(value))
        shelf.put(sight, found)
    return cast("Value", found.value)


def _stamp(session: Session, sight: policy.Sight, after: int) -> _Stamp:
    """The entries after one that could touch what is seen."""
    quiet = QUIET if sight.drafts else QUIET | OF_DRAFTS
    query = select(func.count(), func.coalesce(func.max(AuditEntry.sequence), after)).where(
        AuditEntry.sequence > after, AuditEntry.action.not_in(sorted(quiet))
    )
    entries, last = session.execute(query).one()
    seal = session.scalar(select(AuditEntry.hash).where(AuditEntry.sequence == last))
    held = round_named(session)
    return _Stamp(after, entries, last, seal, held.id if held else None)


def _settled(session: Session) -> int:
    """The last entry before which none can be missing: PostgreSQL gives numbers out before their changes are seen."""
    query = select(AuditEntry.sequence).where(AuditEntry.at < now() - LONGEST)
    return session.scalar(query.order_by(AuditEntry.sequence.desc()).limit(1)) or 0
