"""The decisions of the demonstration: a few of each kind, taken by its approver through the same services."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Decision, DecisionOutcome
from appraisal.models.tables import now
from appraisal.policy import Actor
from appraisal.services import accepting, deciding, obligations, publishing
from appraisal.services.deciding import Listed, Seen, Wish
from appraisal.services.letters import Condition
from appraisal.transactions import reading

DAYS = (45, 120)


def decide_some(sessions: sessionmaker[Session], approver: Actor, *, stay: Collection[UUID]) -> None:
    """Decide on what the appraisals speak for most clearly, unless anything is decided; `stay` is left to its panel."""
    with sessions() as session, reading(session):
        if session.scalar(select(Decision.id).limit(1)) is not None:
            return
    with sessions() as session:
        found = deciding.decision_list(session, approver).lines
    lines = [line for line in found if line.candidate.project.id not in stay]
    taken: list[Listed] = []
    for recommended, count, wish in _wishes():
        fits = [line for line in lines if line not in taken and _fits(line, recommended, wish)][:count]
        taken += fits
        if fits:
            if wish.outcome is DecisionOutcome.WITH_CONDITIONS:
                _promise(sessions, approver, fits)
            ids = [line.candidate.project.id for line in fits]
            with sessions() as session:
                opened = deciding.opened(session, approver, ids)
            with sessions() as session:
                seen = [Seen.of(candidate) for candidate, _ in opened]
                deciding.prepare(session, approver, seen, _owned(_reasoned(wish, fits), fits))
    _publish(sessions, approver)


def _fits(line: Listed, recommended: DecisionOutcome, wish: Wish) -> bool:
    """Conditions go to what they can lift, though its gates fail; what is rejected fails where none can."""
    barriers = line.candidate.barriers
    if wish.outcome is DecisionOutcome.WITH_CONDITIONS:
        return bool(barriers) and all(each.conditional for each in barriers)
    if wish.reason == "gate-failed":
        return any(each.failed and not each.conditional for each in barriers)
    return line.recommended is not None and line.recommended.outcome is recommended


def _reasoned(wish: Wish, lines: Collection[Listed]) -> Wish:
    """An approval with conditions says that a gate fails, where one of theirs does."""
    conditional = wish.outcome is DecisionOutcome.WITH_CONDITIONS
    failed = any(line.candidate.failed for line in lines)
    return replace(wish, reason="gate-failed") if conditional and failed else wish


def _owned(wish: Wish, lines: Collection[Listed]) -> Wish:
    """Of a single project the last condition is owed by its planner, the others by a body without an account."""
    owners = {line.candidate.project.owner_id for line in lines}
    if not wish.conditions or len(owners) != 1:
        return wish
    *others, last = wish.conditions
    return replace(wish, conditions=(*others, replace(last, owner="", account=owners.pop())))


def _promise(sessions: sessionmaker[Session], approver: Actor, lines: Collection[Listed]) -> None:
    """Accept a condition in place of every gate that blocks what is about to be approved with conditions."""
    due = now().date() + timedelta(days=DAYS[0])
    for line in lines:
        project = line.candidate.project
        for barrier in line.candidate.barriers:
            with sessions() as session:
                accepting.accept_condition(
                    session, approver, project.id, barrier.gate, owner_id=project.owner_id, due=due
                )


def _publish(sessions: sessionmaker[Session], approver: Actor) -> None:
    with sessions() as session:
        sound = publishing.review(session, approver).sound
    if not sound:
        return
    with sessions() as session:
        publishing.publish(session, approver, uuid4(), {each.row.id: each.row.version for each in sound})
    with sessions() as session:
        held = [each for each in obligations.owed(session, approver) if each.decision_id is not None]
    if held:
        with sessions() as session:
            obligations.meet(
                session,
                approver,
                held[0].id,
                held[0].version,
                "Letter no. 14 of the project office, read in the council.",
            )


def _wishes() -> tuple[tuple[DecisionOutcome, int, Wish], ...]:
    """What the appraisal must speak for, for how many projects, and what is then decided."""
    first, second = (now().date() + timedelta(days=days) for days in DAYS)
    conditions = (
        Condition("Tell the council what the gate still lacks and who mends it.", "Project office", first),
        Condition("Send the evidence that the gate asks for.", "Project office", second),
    )
    approved, conditional = DecisionOutcome.APPROVED, DecisionOutcome.WITH_CONDITIONS
    returned, deferred = DecisionOutcome.RETURNED, DecisionOutcome.DEFERRED
    return (
        (approved, 2, Wish(approved, "value", "It ranks high whatever the weights, and the budget reaches it.")),
        (
            conditional,
            1,
            Wish(conditional, "gate-open", "The council wants it built once what it lacks is there.", conditions),
        ),
        (
            returned,
            1,
            Wish(DecisionOutcome.REJECTED, "gate-failed", "What fails here cannot be mended within this round."),
        ),
        (deferred, 1, Wish(deferred, "budget", "Send nothing new: it is looked at again with the next round.")),
    )
