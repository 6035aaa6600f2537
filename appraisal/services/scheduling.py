"""Publishing at a time: what was seen is stored, and made known then, or not at all (docs/adr/0029)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal as Amount
from itertools import chain
from typing import Any
from uuid import UUID

import simplejson
from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from appraisal import policy
from appraisal.canonical import canonical_json, sha256_of
from appraisal.models import DecisionOutcome, PendingDecision, ProjectState, ScheduledPublication, ScheduleState
from appraisal.models.tables import now
from appraisal.policy import Action, Actor, NotFound
from appraisal.services import auditing
from appraisal.services.condition_owners import named, names_of
from appraisal.services.deciding import Pending, pending_of
from appraisal.services.errors import AlreadyThere, DomainError
from appraisal.services.letters import Condition, Letter
from appraisal.services.publishing import (
    BudgetEffect,
    Review,
    decision_document,
    lock_for,
    require_confirmed,
    reviewed,
    scheduled_said,
)
from appraisal.transactions import reading
from forms.local_time import LocalTime

FURTHEST = timedelta(days=366)
"""A year that is typed wrong is not a plan."""
SHOWN_FOR = timedelta(days=30)
"""How long it is shown among what is pending that nothing was published."""

PUNCTUAL = timedelta(minutes=2)
"""A waiting publication is late after this: the server looks every half minute."""


class NotThen(DomainError):
    """It cannot be published at that time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenDecision:
    """One decision as it was seen when it was scheduled."""

    project_id: UUID
    title: str
    reference: str
    organisation: str
    outcome: DecisionOutcome
    run: int
    result_sha256: str
    letter: Letter


def schedule(
    session: Session,
    actor: Actor,
    key: UUID,
    chosen: Mapping[UUID, int],
    at: LocalTime,
    *,
    typed: str = "",
    confirm_above: Amount | None = None,
) -> ScheduledPublication:
    """Have the chosen pending decisions published at that time, as they are now; sent twice under one key, once.

    chosen: version of each pending decision as it was reviewed, by its id. One transaction. Raises NotAllowed, NotThen,
    DomainError where any of them is not as it was reviewed, or the sum asks to be confirmed.
    """
    with session.begin():
        policy.require_role(actor, Action.DECIDE_PROJECT)
        lock_for(session, actor, chosen)
        done = session.get(ScheduledPublication, key)
        if done is not None:
            if done.account_id != actor.account_id:
                raise AlreadyThere("The form is damaged: open it again.")
            return done
        seen = _seen(session, actor, chosen)
        _require_time(at)
        require_confirmed(seen, typed, confirm_above)
        row = _row(actor, key, at, seen)
        session.add(row)
        session.flush()
        mine = update(PendingDecision).where(PendingDecision.id.in_([each.row.id for each in seen.sound]))
        session.execute(mine.values(scheduled_id=key))
        auditing.record(
            session, actor, "publication.scheduled", "publication", key, count=len(seen.sound), **scheduled_said(row)
        )
    return row


def _seen(session: Session, actor: Actor, chosen: Mapping[UUID, int]) -> Review:
    pending = [each for each in pending_of(session, actor) if chosen.get(each.row.id) == each.row.version]
    again = "Look at it again, then schedule it."
    if not chosen or len(pending) != len(chosen):
        raise DomainError(f"What is pending changed in another window. {again}")
    seen = reviewed(session, actor, pending)
    said = [f"{each.title}: {' '.join(each.problems)}" for each in seen.changed]
    said += [
        f"{each.title} is scheduled already, for {each.row.scheduled.due}." for each in pending if each.row.scheduled
    ]
    if said:
        raise DomainError(f"Nothing was scheduled. {' '.join(said)} {again}")
    return seen


def _require_time(at: LocalTime) -> None:
    moment = now()
    if at.moment <= moment:
        raise NotThen(f"{at} is past already: choose a time to come.")
    if at.moment - moment > FURTHEST:
        raise NotThen(f"{at} is more than a year away: choose an earlier time.")


def _row(actor: Actor, key: UUID, at: LocalTime, seen: Review) -> ScheduledPublication:
    if actor.account_id is None:
        raise DomainError("A decision is taken by an approver: sign in with an account of that role.")
    moment = now()
    document = {
        "kind": "scheduled publication",
        "id": str(key),
        "scheduled_by": str(actor.account_id),
        "scheduled_at": moment.isoformat(),
        "for": at.wall.isoformat(timespec="minutes"),
        "zone": at.zone,
        "approved": str(seen.approved),
        "budget": _budget(seen.budget),
        "decisions": [as_seen(each) for each in seen.sound],
    }
    return ScheduledPublication(
        id=key,
        account_id=actor.account_id,
        scheduled_at=moment,
        zone=at.zone,
        local=at.wall,
        document=canonical_json(document),
        sha256=sha256_of(document),
    )


def _budget(effect: BudgetEffect | None) -> dict[str, str] | None:
    if effect is None:
        return None
    sums = {"budget": effect.budget, "before": effect.before, "after": effect.after}
    return {"round": str(effect.round.id), "currency": effect.round.currency} | {k: str(v) for k, v in sums.items()}


def as_seen(pending: Pending) -> dict[str, Any]:
    """Everything a pending decision says and rests on: it is published only while this is, to the letter, the same."""
    row = pending.row
    return decision_document(pending) | {
        "pending": {"id": str(row.id), "version": row.version, "project_version": row.project_version}
    }


def cancel(session: Session, actor: Actor, scheduled_id: UUID) -> bool:
    """Take it back, by any approver; its decisions are pending as before. Whether it still waited.

    Raises NotAllowed, NotFound.
    """
    with session.begin():
        policy.require_role(actor, Action.DECIDE_PROJECT)
        row = session.get(ScheduledPublication, scheduled_id, with_for_update=True)
        if row is None:
            raise NotFound("There is no such publication.")
        if row.state is not ScheduleState.WAITING:
            return False
        end(session, row, ScheduleState.CANCELLED)
        row.cancelled_by_id = actor.account_id
        auditing.record(session, actor, "publication.cancelled", "publication", row.id, **scheduled_said(row))
    return True


def end(session: Session, row: ScheduledPublication, state: ScheduleState) -> None:
    """It waits no longer, and its decisions are free; inside the caller's transaction."""
    row.state, row.ended_at = state, now()
    held = update(PendingDecision).where(PendingDecision.scheduled_id == row.id)
    session.execute(held.values(scheduled_id=None).execution_options(synchronize_session=False))


def scheduled(session: Session, actor: Actor, scheduled_id: UUID) -> ScheduledPublication:
    """One of them: for approvers alone until it is published, as what is pending; raises NotAllowed, NotFound."""
    with reading(session):
        policy.require(actor, Action.READ_DECISIONS)
        row = session.get(ScheduledPublication, scheduled_id, options=_PEOPLE)
        if row is None:
            raise NotFound("There is no such publication.")
        if row.state is not ScheduleState.PUBLISHED:
            policy.require_role(actor, Action.DECIDE_PROJECT)
        return row


def standing(session: Session, actor: Actor) -> Sequence[ScheduledPublication]:
    """What is to be published, the next first, then that of which nothing came lately; nothing but for approvers."""
    if not policy.allows(actor, Action.DECIDE_PROJECT, project_state=ProjectState.SUBMITTED):
        return ()
    with reading(session):
        lately = (ScheduledPublication.state == ScheduleState.REFUSED) & (
            ScheduledPublication.ended_at > now() - SHOWN_FOR
        )
        query = select(ScheduledPublication).where((ScheduledPublication.state == ScheduleState.WAITING) | lately)
        rows = session.scalars(query.options(*_PEOPLE)).all()
        return sorted(rows, key=lambda row: (row.state is ScheduleState.REFUSED, row.due.moment, row.id))


_PEOPLE = (joinedload(ScheduledPublication.account), joinedload(ScheduledPublication.cancelled_by))


def decisions_seen(session: Session, row: ScheduledPublication) -> tuple[SeenDecision, ...]:
    """What was seen when it was scheduled, with the names that those who were chosen have now."""
    documents = document_of(row)["decisions"]
    conditions = [[Condition.of(record) for record in each["conditions"]] for each in documents]
    with reading(session):
        names = names_of(session, chain.from_iterable(conditions))
    return tuple(_seen_decision(each, named(of, names)) for each, of in zip(documents, conditions, strict=True))


def _seen_decision(document: Mapping[str, Any], conditions: tuple[Condition, ...]) -> SeenDecision:
    return SeenDecision(
        project_id=UUID(document["project"]["id"]),
        title=document["project"]["title"],
        reference=document["project"]["reference"],
        organisation=document["project"]["organisation"],
        outcome=DecisionOutcome(document["outcome"]),
        run=document["run"]["number"],
        result_sha256=document["run"]["result_sha256"],
        letter=Letter(document["letter"]["heading"], tuple(document["letter"]["paragraphs"]), conditions),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBudget:
    currency: str
    budget: Amount
    before: Amount
    after: Amount


def budget_seen(row: ScheduledPublication) -> SeenBudget | None:
    """What the budget was seen to give, in single units of its currency; None where no round was open."""
    found = document_of(row)["budget"]
    if found is None:
        return None
    sums = {name: Amount(found[name]) for name in ("budget", "before", "after")}
    return SeenBudget(currency=found["currency"], **sums)


def late(row: ScheduledPublication) -> bool:
    """It should have been carried out by now."""
    return row.state is ScheduleState.WAITING and now() - row.due.moment > PUNCTUAL


def document_of(row: ScheduledPublication) -> dict[str, Any]:
    found: dict[str, Any] = simplejson.loads(row.document)
    return found
