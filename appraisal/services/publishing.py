"""Publishing what is pending: reviewed with its letters and its budget, then made known in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal as Amount
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session, joinedload

from appraisal import policy
from appraisal.canonical import canonical_json, sha256_of
from appraisal.models import (
    APPROVED,
    Decision,
    DecisionCondition,
    DecisionOutcome,
    Notice,
    PendingDecision,
    Project,
    ProjectState,
    Publication,
    Round,
    ScheduledPublication,
)
from appraisal.models.tables import new_id, now
from appraisal.policy import Action, Actor, NotFound
from appraisal.services import auditing
from appraisal.services.candidates import APPROVALS, Candidate, candidates
from appraisal.services.deciding import Pending, conditions_of, pending_of, said_conditions
from appraisal.services.errors import AlreadyThere, DomainError
from appraisal.services.letters import Letter
from appraisal.services.notifying import tell
from appraisal.services.rounds import round_named
from appraisal.services.transitions import move
from appraisal.transactions import reading
from forms.deciding import CONFIRMATION

STATE_AFTER = {
    DecisionOutcome.APPROVED: ProjectState.APPROVED,
    DecisionOutcome.WITH_CONDITIONS: ProjectState.APPROVED_WITH_CONDITIONS,
    DecisionOutcome.RETURNED: ProjectState.DRAFT,
    DecisionOutcome.REJECTED: ProjectState.REJECTED,
    DecisionOutcome.DEFERRED: ProjectState.DEFERRED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetEffect:
    """What the round's budget has given and gives with this, in single units of its currency."""

    round: Round
    budget: Amount
    before: Amount
    after: Amount
    uncounted: tuple[str, ...]
    """Titles approved in another currency, for which no exchange rate is stored."""

    @property
    def left(self) -> Amount:
        return self.budget - self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Everything that is about to be published, and what would be left out."""

    sound: tuple[Pending, ...]
    changed: tuple[Pending, ...]
    budget: BudgetEffect | None
    approved: Amount
    """Sum of what is approved now, in the round's currency where there is a round."""


@dataclass(frozen=True, slots=True)
class Published:
    """What was made known, and what was left pending because it was no longer as it was seen."""

    publication_id: UUID
    count: int
    left: tuple[tuple[str, str], ...] = ()


def review(session: Session, actor: Actor) -> Review:
    """The actor's pending decisions as they would be published; raises NotAllowed."""
    with reading(session):
        pending = [each for each in pending_of(session, actor) if each.row.scheduled is None]
        return reviewed(session, actor, pending)


def pending_on(session: Session, actor: Actor, project_id: UUID) -> tuple[Pending, Letter]:
    """A pending decision of the actor as it would be published, and its letter; raises NotAllowed, NotFound."""
    with reading(session):
        pending = pending_of(session, actor)
    found = next((each for each in pending if each.row.project_id == project_id and not each.problems), None)
    if found is None or found.letter is None:
        raise NotFound("No decision on it is ready to be published.")
    return found, found.letter


def reviewed(session: Session, actor: Actor, pending: Sequence[Pending]) -> Review:
    """These pending decisions as they would be published; inside the caller's transaction."""
    sound = tuple(each for each in pending if not each.problems)
    changing = {each.row.project_id: each for each in sound}
    held = round_named(session)
    approvals = [each.candidate for each in sound if each.candidate and each.row.outcome in APPROVALS]
    counted = [each for each in approvals if held is None or each.project.currency == held.currency]
    return Review(
        sound=sound,
        changed=tuple(each for each in pending if each.problems),
        budget=None if held is None else _effect(held, _approved(session, actor, held), changing, approvals),
        approved=sum((each.cost for each in counted), Amount(0)),
    )


def _approved(session: Session, actor: Actor, held: Round) -> dict[UUID, Candidate]:
    found = candidates(session, actor, states=APPROVED)
    return {key: each for key, each in found.items() if each.project.round_id in (held.id, None)}


def _effect(
    held: Round, approved: Mapping[UUID, Candidate], changing: Mapping[UUID, Pending], approvals: Sequence[Candidate]
) -> BudgetEffect:
    own = {key: each.cost for key, each in approved.items() if each.project.currency == held.currency}
    stays = sum((cost for key, cost in own.items() if key not in changing), Amount(0))
    more = sum((each.cost for each in approvals if each.project.currency == held.currency), Amount(0))
    return BudgetEffect(
        round=held,
        budget=held.budget * held.unit,
        before=sum(own.values(), Amount(0)),
        after=stays + more,
        uncounted=tuple(each.project.title for each in approvals if each.project.currency != held.currency),
    )


def publish(
    session: Session,
    actor: Actor,
    key: UUID,
    chosen: Mapping[UUID, int],
    *,
    typed: str = "",
    confirm_above: Amount | None = None,
) -> Published:
    """Make the chosen pending decisions known, all in one transaction; sent twice under one key, it is done once.

    chosen: version of each pending decision as it was reviewed, by its id. What is no longer as the approver saw it
    stays pending and is named. Raises NotAllowed, and DomainError where nothing is left to publish or the sum asks to
    be confirmed.
    """
    with session.begin():
        policy.require_role(actor, Action.DECIDE_PROJECT)
        lock_for(session, actor, chosen)
        done = session.get(Publication, key)
        if done is not None:
            if done.published_by_id != actor.account_id:
                raise AlreadyThere("The form is damaged: open it again.")
            return Published(key, len(done.decisions))
        pending = [each for each in pending_of(session, actor) if each.row.id in chosen]
        as_reviewed = [each for each in pending if each.row.version == chosen[each.row.id]]
        seen = reviewed(session, actor, [each for each in as_reviewed if each.row.scheduled is None])
        left = [(each.title, " ".join(each.problems)) for each in seen.changed]
        left += [(each.title, "You changed it in another window.") for each in pending if each not in as_reviewed]
        waiting = [(each.title, each.row.scheduled) for each in as_reviewed if each.row.scheduled is not None]
        left += [(title, f"It is scheduled for {scheduled.due}: cancel that first.") for title, scheduled in waiting]
        if not seen.sound:
            said = "; ".join(f"{title}: {why}" for title, why in left)
            raise DomainError(f"Nothing was published. {said}".strip())
        require_confirmed(seen, typed, confirm_above)
        make_known(session, actor, key, seen.sound)
    return Published(key, len(seen.sound), tuple(left))


def require_confirmed(seen: Review, typed: str, confirm_above: Amount | None) -> None:
    """Raise DomainError where more is approved than the set sum and nobody has typed that it is meant."""
    if confirm_above is not None and seen.approved > confirm_above and typed.strip().casefold() != CONFIRMATION:
        raise DomainError(f"This approves more than the set sum: type “{CONFIRMATION}” to confirm.")


def lock_for(session: Session, actor: Actor, chosen: Collection[UUID]) -> None:
    """Nobody moves or appraises these projects until we are done; in one order, so that two who publish never wait for
    each other, and with the numbers of decisions to ourselves."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE decision IN SHARE ROW EXCLUSIVE MODE"))
    ids = select(PendingDecision.project_id).where(
        PendingDecision.id.in_(chosen), PendingDecision.account_id == actor.account_id
    )
    session.execute(select(Project.id).where(Project.id.in_(ids)).order_by(Project.id).with_for_update())


def make_known(
    session: Session,
    actor: Actor,
    key: UUID,
    sound: Sequence[Pending],
    scheduled: ScheduledPublication | None = None,
) -> None:
    """Publish them, inside the caller's transaction, which has locked them."""
    at = now()
    first = (session.scalar(select(func.max(Decision.number))) or 0) + 1
    decisions = [_decision(actor, key, at.isoformat(), number, each) for number, each in enumerate(sound, start=first)]
    document = {
        "kind": "publication",
        "id": str(key),
        "published_by": str(actor.account_id),
        "published_at": at.isoformat(),
        "decisions": [{"number": each.number, "sha256": each.sha256} for each in decisions],
    }
    said = {} if scheduled is None else {"scheduled": scheduled_said(scheduled)}
    publication = Publication(
        id=key,
        published_by_id=actor.account_id,
        published_at=at,
        document=canonical_json(document | said),
        sha256=sha256_of(document | said),
    )
    session.add(publication)
    session.flush()
    session.add_all(decisions)
    session.flush()
    for pending, decision in zip(sound, decisions, strict=True):
        _moved(session, actor, pending, decision)
    session.execute(delete(PendingDecision).where(PendingDecision.id.in_([each.row.id for each in sound])))
    auditing.record(
        session,
        actor,
        "decisions.published",
        "publication",
        key,
        count=len(decisions),
        sha256=publication.sha256,
        **said,
    )


def scheduled_said(scheduled: ScheduledPublication) -> dict[str, str]:
    """Who scheduled it, when, for when, and the digest of what was seen: in the receipt and the trail."""
    return {
        "by": str(scheduled.account_id),
        "at": scheduled.scheduled_at.isoformat(),
        "for": scheduled.local.isoformat(timespec="minutes"),
        "zone": scheduled.zone,
        "sha256": scheduled.sha256,
    }


def _moved(session: Session, actor: Actor, pending: Pending, decision: Decision) -> None:
    if pending.candidate is None:
        raise DomainError("It can no longer be decided on.")
    move(
        session,
        actor,
        pending.candidate.project,
        Action.DECIDE_PROJECT,
        STATE_AFTER[pending.row.outcome],
        decision=decision.number,
        outcome=pending.row.outcome.value,
        sha256=decision.sha256,
        run=pending.candidate.run.number,
        result=decision.result_sha256,
    )
    project = pending.candidate.project
    tell(
        session,
        [project.owner_id],
        Notice.DECIDED,
        decision.number,
        project.id,
        subject_id=decision.id,
        outcome=pending.row.outcome.value,
    )
    for condition in decision.conditions:
        tell(
            session,
            {condition.owner_id} - {actor.account_id},
            Notice.OWED,
            f"{condition.id} {condition.due}",
            project.id,
            subject_id=decision.id,
            condition=condition.position + 1,
            decision=decision.number,
            due=condition.due.isoformat(),
        )


def _decision(actor: Actor, publication: UUID, at: str, number: int, pending: Pending) -> Decision:
    if pending.candidate is None or pending.letter is None:
        raise DomainError("It can no longer be decided on.")
    row, candidate, key = pending.row, pending.candidate, new_id()
    document = decision_document(pending) | {
        "id": str(key),
        "number": number,
        "publication": str(publication),
        "decided_by": str(actor.account_id),
        "decided_at": at,
    }
    return Decision(
        id=key,
        number=number,
        project_id=row.project_id,
        publication_id=publication,
        run_id=candidate.run.id,
        result_sha256=candidate.run.result_sha256,
        outcome=row.outcome,
        reason=row.reason,
        replaces_id=candidate.decided.id if candidate.decided else None,
        document=canonical_json(document),
        sha256=sha256_of(document),
        conditions=[
            DecisionCondition(position=position, text=each.text, owner=each.owner, owner_id=each.account, due=each.due)
            for position, each in enumerate(conditions_of(row))
        ],
    )


def decision_document(pending: Pending) -> dict[str, Any]:
    """Everything the decision says and rests on, without the names of persons: those are with their accounts.

    Raises DomainError where it can no longer be decided on.
    """
    if pending.candidate is None:
        raise DomainError("It can no longer be decided on.")
    candidate, row, letter = pending.candidate, pending.row, pending.letter
    run = candidate.run
    return {
        "kind": "decision",
        "project": {
            "id": str(row.project_id),
            "reference": candidate.project.reference,
            "title": candidate.project.title,
            "organisation": candidate.organisation,
        },
        "submission": {"number": run.submission.number, "sha256": run.submission.sha256},
        "run": {
            "id": str(run.id),
            "number": run.number,
            "engine": run.engine,
            "input_sha256": run.input_sha256,
            "result_sha256": run.result_sha256,
        },
        "outcome": row.outcome.value,
        "reason": row.reason,
        "text": row.text,
        "conditions": [each.record for each in said_conditions(row, candidate)],
        "replaces": {"number": candidate.decided.number, "sha256": candidate.decided.sha256}
        if candidate.decided
        else None,
        "letter": {
            "heading": letter.heading if letter else "",
            "paragraphs": list(letter.paragraphs) if letter else [],
        },
    }


def receipt(session: Session, actor: Actor, publication_id: UUID) -> tuple[Publication, ScheduledPublication | None]:
    """A publication with its decisions, and how it was scheduled if it was; raises NotAllowed, NotFound."""
    with reading(session):
        policy.require(actor, Action.READ_DECISIONS)
        found = session.get(Publication, publication_id)
        if found is None:
            raise NotFound("There is no such publication.")
        for decision in found.decisions:
            _ = decision.run
        _ = found.published_by
        scheduled = session.get(
            ScheduledPublication, publication_id, options=[joinedload(ScheduledPublication.account)]
        )
        return found, scheduled
