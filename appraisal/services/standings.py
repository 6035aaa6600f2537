"""Rankings kept between requests, each as long as nothing that it was computed from has changed (docs/adr/0017).

Whatever ranks is changed together with an entry in the trail of changes. A ranking is kept with the head of the trail,
and computed again where an entry behind it could touch it: a stale one is never handed out.
Each server process keeps its own, so that several need no word with each other.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from threading import Lock
from typing import TypeVar, cast
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import CompoundSelect, Engine, literal, select, union_all
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import AppraisalRun, AuditEntry
from appraisal.policy import Actor
from appraisal.services.rounds import running_round
from appraisal.services.trail_heads import GOES_ON, LAST, Head, head_of

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
OF_WAITING = OF_DRAFTS | {"project.submitted", "project.taken-back", "project.withdrawn"}
"""Changes of one project: while it was never appraised it only waits, and nobody's rank depends on it."""
MOST_CHANGES = 500
"""Projects changed since that are looked at one by one; of more, what ranks is computed again."""
CUT_OFF = "trail.cut-off"
"""In place of an action: the trail does not go on from where it stood. It touches everything."""


def _behind(quiet: Collection[str]) -> CompoundSelect[str, str]:
    found = (
        select(AuditEntry.action, AuditEntry.object_id)
        .where(AuditEntry.sequence > LAST, AuditEntry.action.not_in(sorted(quiet)))
        .distinct()
        .limit(MOST_CHANGES + 1)
        .subquery()
    )
    return union_all(select(found.c.action, found.c.object_id), select(literal(CUT_OFF), literal("")).where(~GOES_ON))


_WITH_DRAFTS, _WITHOUT_DRAFTS = _behind(QUIET), _behind(QUIET | OF_DRAFTS)
"""What happened since that may touch what is seen by those who see drafts, and by those who do not."""
MOST_NAMED = 4_096
"""Projects of which is remembered that they had no run."""
MOST_ROWS, MOST_VIEWS = 150_000, 64
"""What a process keeps of one database; what was asked for longest ago goes first."""


@dataclass(frozen=True, slots=True)
class _Stamp:
    head: Head
    """Of the trail, whose entries are numbered in the order of their commits."""
    round_id: UUID | None
    """The round that runs: one opens without an entry, when its time has come."""


@dataclass(frozen=True, slots=True)
class _Kept:
    stamp: _Stamp
    value: object
    size: int
    behind: bool = False
    """What waits beside the ranking is of an earlier stamp: nobody asked for it since."""
    never_appraised: frozenset[str] = frozenset()
    """Projects that had no run when they were looked for; an appraisal is an entry, and computes everything again."""


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
    *,
    waiting: bool = True,
) -> Value:
    """What `compute` gives for the actor now, computed only where it can have changed.

    waiting_again: gives the same with what waits beside the ranking read again, where nothing else can have changed.
    waiting: without, what waits beside the ranking may be of an earlier moment.
    Inside the caller's transaction, which must see one state of the database. What is computed must depend on the actor
    by what policy lets see alone, and must not be changed by who gets it.
    """
    with _shelving:
        shelf = _shelves.setdefault(cast("Engine", session.get_bind()), _Shelf())
    sight = policy.sight_of(actor)
    with shelf.turn(sight):
        kept, now = shelf.kept.get(sight), _stamp(session)
        found = None if kept is None else _still_ranked(session, sight, kept, now)
        if found is None:
            value = compute()
            found = _Kept(now, value, size(value))
        elif found.behind and waiting:
            found = replace(found, value=waiting_again(cast("Value", found.value)), behind=False)
        shelf.put(sight, found)
    return cast("Value", found.value)


def _stamp(session: Session) -> _Stamp:
    return _Stamp(head_of(session), running_round(session))


def _still_ranked(session: Session, sight: policy.Sight, kept: _Kept, now: _Stamp) -> _Kept | None:
    """The same ranking up to now; None where an entry since can have changed a rank that is seen, or the trail does not
    go on from where it stood."""
    then = kept.stamp
    if then == now:
        return kept
    if then.round_id != now.round_id or then.head.last > now.head.last:
        return None
    behind = _WITH_DRAFTS if sight.drafts else _WITHOUT_DRAFTS
    since = session.connection().execute(behind, then.head.given).all()
    if len(since) > MOST_CHANGES or any(entry.action not in OF_WAITING for entry in since):
        return None
    named = frozenset(entry.object_id for entry in since) - kept.never_appraised
    if named and _appraised(session, named):
        return None
    known = kept.never_appraised if len(kept.never_appraised) < MOST_NAMED else frozenset()
    return replace(kept, stamp=now, behind=kept.behind or bool(since), never_appraised=known | named)


def _appraised(session: Session, projects: Collection[str]) -> bool:
    """Whether any of the projects was ever appraised."""
    runs = select(AppraisalRun.id).where(AppraisalRun.project_id.in_([UUID(key) for key in projects]))
    return session.connection().scalar(runs.limit(1)) is not None
