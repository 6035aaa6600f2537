"""Carrying out what is scheduled, once its time has come: all as it was seen, or nothing, in one transaction.
And letting go, once an hour, of what is kept no longer.

Nobody holds it by a lease: a killed server leaves a transaction that never was, and the next look does it whole.
"""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal import policy
from appraisal.canonical import canonical_json
from appraisal.models import Account, Notice, ProjectState, Role, ScheduledPublication, ScheduleState
from appraisal.models.tables import now
from appraisal.policy import Action, Actor
from appraisal.services import auditing
from appraisal.services.deciding import Pending, pending_of
from appraisal.services.notifying import tell
from appraisal.services.publishing import lock_for, make_known, reviewed, scheduled_said
from appraisal.services.retention import Retention, prune
from appraisal.services.scheduling import as_seen, document_of, end
from appraisal.transactions import reading

PRUNED_EVERY = 3600.0
"""Seconds."""
LOOK_AGAIN = 30.0
"""Longest sleep in seconds: another server may have taken something on, or clocks were set."""


@dataclass(frozen=True, slots=True)
class Against:
    """Something that is not as it was seen; `reference` where it is one project's."""

    why: str
    reference: str = ""


class Timetable:
    """One thread a process."""

    def __init__(self, sessions: sessionmaker[Session], kept: Retention | None = None) -> None:
        self._sessions, self._kept = sessions, kept
        self._pruned_at = float("-inf")
        self._woken = threading.Event()

    def start(self) -> None:
        """Go on until the process ends."""
        threading.Thread(target=self._run, name="appraisal-timetable", daemon=True).start()

    def wake(self) -> None:
        """Look again now: something was scheduled. Returns at once."""
        self._woken.set()

    def _run(self) -> None:
        while True:
            self._woken.clear()
            pause = LOOK_AGAIN
            try:
                carry_out(self._sessions)
                self.tidy()
                pause = self.pause()
            except Exception:
                logging.getLogger(__name__).exception("what is scheduled could not be looked at; it is tried again")
            self._woken.wait(pause)

    def tidy(self) -> None:
        """Let go of what is kept no longer, once an hour."""
        if self._kept is None or time.monotonic() - self._pruned_at < PRUNED_EVERY:
            return
        self._pruned_at = time.monotonic()
        with self._sessions() as session:
            prune(session, self._kept)

    def pause(self) -> float:
        """Seconds until the next is due, or until it looks anyway."""
        with self._sessions() as session:
            waiting = [row.due.moment for row in _waiting(session)]
        left = [seconds for due in waiting if (seconds := (due - now()).total_seconds()) > 0]
        return min([LOOK_AGAIN, *left])


def carry_out(sessions: sessionmaker[Session]) -> int:
    """Publish or refuse all that is due, each in a transaction of its own; how many."""
    with sessions() as session:
        due = [row.id for row in _waiting(session) if row.due.moment <= now()]
    return sum(_done(sessions, scheduled_id) for scheduled_id in due)


def _waiting(session: Session) -> Sequence[ScheduledPublication]:
    with reading(session):
        query = select(ScheduledPublication).where(ScheduledPublication.state == ScheduleState.WAITING)
        return sorted(session.scalars(query), key=lambda row: row.due.moment)


def _done(sessions: sessionmaker[Session], scheduled_id: UUID) -> bool:
    """Whether it was carried out here; one that fails is left for the next look and keeps no other from its time."""
    try:
        with sessions() as session, session.begin():
            return _carried_out(session, scheduled_id)
    except Exception:
        logging.getLogger(__name__).exception("scheduled publication %s failed; it is tried again", scheduled_id)
        return False


def _carried_out(session: Session, scheduled_id: UUID) -> bool:
    row = session.get_one(ScheduledPublication, scheduled_id, with_for_update=True, populate_existing=True)
    if row.state is not ScheduleState.WAITING or row.due.moment > now():
        return False
    account = session.get_one(Account, row.account_id)
    actor, document = Actor.of(account), document_of(row)
    chosen = {UUID(each["pending"]["id"]): each for each in document["decisions"]}
    lock_for(session, actor, chosen)
    may = not account.disabled and policy.allows(actor, Action.DECIDE_PROJECT, project_state=ProjectState.SUBMITTED)
    pending = [each for each in pending_of(session, actor) if each.row.id in chosen] if may else []
    against = list(_against(session, actor, document, pending)) if may else [_NO_RIGHT]
    if against:
        _refuse(session, actor, row, against, may=may)
    else:
        make_known(session, actor, row.id, pending, row)
        end(session, row, ScheduleState.PUBLISHED)
    return True


_NO_RIGHT = Against("whoever scheduled it may no longer decide")


def _against(session: Session, actor: Actor, document: dict[str, Any], pending: Sequence[Pending]) -> Iterator[Against]:
    """What is not as it was seen."""
    by_id = {str(each.row.id): each for each in pending}
    for seen in document["decisions"]:
        reference, title = seen["project"]["reference"], seen["project"]["title"]
        found = by_id.get(seen["pending"]["id"])
        if found is None:
            yield Against(f"{title}: its decision is no longer pending.", reference)
        elif found.problems:
            yield Against(f"{title}: {' '.join(found.problems)}", reference)
        elif canonical_json(as_seen(found)) != canonical_json(seen):
            yield Against(f"{title}: what its letter says or rests on is not what was seen.", reference)
    held, before = reviewed(session, actor, pending).budget, document["budget"]
    fitted = before is None or Decimal(before["after"]) <= Decimal(before["budget"])
    if held is not None and held.left < 0 and fitted:
        yield Against("the budget no longer holds what would be approved")


def _refuse(
    session: Session, actor: Actor, row: ScheduledPublication, against: Sequence[Against], *, may: bool
) -> None:
    end(session, row, ScheduleState.REFUSED)
    row.problems = [each.why for each in against]
    references = sorted({each.reference for each in against if each.reference})
    why = f"{', '.join(references)} changed since" if references else against[0].why
    first = UUID(document_of(row)["decisions"][0]["project"]["id"])
    people = [row.account_id] if may else _approvers(session)
    tell(session, people, Notice.NOT_PUBLISHED, row.id, first, subject_id=row.id, at=str(row.due), why=why)
    auditing.record(
        session, actor, "publication.refused", "publication", row.id, problems=len(against), **scheduled_said(row)
    )


def _approvers(session: Session) -> Sequence[UUID]:
    """Where whoever scheduled it cannot decide any more, everybody who can is told."""
    return session.scalars(select(Account.id).where(Account.role == Role.APPROVER, ~Account.disabled)).all()
