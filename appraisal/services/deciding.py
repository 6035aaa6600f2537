"""Pending decisions: what an approver means to decide, kept until it is published or dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import Account, DecisionOutcome, PendingDecision, Project, ProjectState
from appraisal.models.tables import now
from appraisal.policy import Action, Actor, NotFound
from appraisal.services import auditing, ranking
from appraisal.services.candidates import Candidate, candidates, objections
from appraisal.services.condition_owners import choosable, named, names_of, not_among, of_organisation
from appraisal.services.errors import DomainError, StaleVersion, flush_new
from appraisal.services.letters import Condition, Letter, letter_of
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.recommending import Recommended, Sums, recommendations
from appraisal.transactions import reading
from forms.deciding import REASONS


@dataclass(frozen=True, slots=True)
class Seen:
    """What the approver looked at: a later run, or any change of the project, makes it another matter."""

    project_id: UUID
    run: int
    version: int

    @classmethod
    def of(cls, candidate: Candidate) -> "Seen":
        return cls(candidate.project.id, candidate.run.number, candidate.project.version)


@dataclass(frozen=True, slots=True)
class Wish:
    """One decision as it is said, for one project or several."""

    outcome: DecisionOutcome
    reason: str
    text: str
    conditions: tuple[Condition, ...] = ()


class Refused(DomainError):
    """The rules of deciding stand against it; `reasons` has a sentence each."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = tuple(reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of the list of what is to be decided."""

    candidate: Candidate
    rank: PortfolioRow | None
    recommended: Recommended | None
    pending: PendingDecision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionList:
    lines: tuple[Listed, ...]
    unappraised: int
    """Submitted, but without an appraisal of the latest submission."""
    sums: Sums | None
    """What following every recommendation would cost; None without a round."""

    @property
    def pending(self) -> int:
        return sum(line.pending is not None for line in self.lines)

    @property
    def unscheduled(self) -> int:
        """Pending, and no time set to publish it."""
        return sum(line.pending is not None and line.pending.scheduled is None for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A pending decision against what is true now."""

    row: PendingDecision
    candidate: Candidate | None
    """None where the project is no longer open to a decision on the appraisal that was seen."""
    title: str
    problems: tuple[str, ...]
    """Why it will not be published; empty where it will."""
    letter: Letter | None


def decision_list(session: Session, actor: Actor) -> DecisionList:
    """What waits for a decision, by rank, with what is pending of it; raises NotAllowed."""
    policy.require(actor, Action.READ_DECISIONS)
    portfolio = ranking.ranked_portfolio(session, actor)
    rows = {row.project_id: row for row in portfolio.everyone}
    with reading(session):
        found = candidates(session, actor, states={ProjectState.SUBMITTED})
        query = select(PendingDecision).where(PendingDecision.account_id == actor.account_id)
        mine = {row.project_id: row for row in session.scalars(query)}
        waiting = select(Project.id).where(policy.visible_projects(actor), Project.state == ProjectState.SUBMITTED)
        unappraised = len(set(session.scalars(waiting)) - set(found))
    said = recommendations(found, portfolio)
    lines = [
        Listed(
            candidate=each,
            rank=rows.get(key),
            recommended=said.by_project.get(key),
            pending=mine.get(key),
        )
        for key, each in found.items()
    ]
    lines.sort(key=lambda line: (line.rank is None, line.rank.rank if line.rank else 0, line.candidate.project.title))
    return DecisionList(lines=tuple(lines), unappraised=unappraised, sums=said.sums)


def opened(session: Session, actor: Actor, ids: Sequence[UUID]) -> tuple[tuple[Candidate, PendingDecision | None], ...]:
    """These projects with what the actor has pending of them, in the order asked; raises NotFound, NotAllowed."""
    with reading(session):
        found = _decidable(session, actor, ids)
        rows = {row.project_id: row for row in session.scalars(_own(actor).where(PendingDecision.project_id.in_(ids)))}
        return tuple((found[key], rows.get(key)) for key in dict.fromkeys(ids))


def who_may_owe(session: Session, actor: Actor, ids: Sequence[UUID]) -> tuple[Account, ...]:
    """Whom a condition of all of these projects can be laid upon; raises NotFound, NotAllowed."""
    with reading(session):
        return choosable(session, [each.project for each in _decidable(session, actor, ids).values()])


def prepare(session: Session, actor: Actor, seen: Sequence[Seen], wish: Wish) -> tuple[str, ...]:
    """Keep the same pending decision for each project, or for none; the titles.

    Raises NotAllowed, NotFound, StaleVersion where a project is not as it was seen, Refused where a rule forbids it.
    """
    with session.begin():
        found = _decidable(session, actor, [each.project_id for each in seen])
        moved = [found[each.project_id].project.title for each in seen if Seen.of(found[each.project_id]) != each]
        if moved:
            raise StaleVersion(f"Changed or appraised again since you opened it: {', '.join(moved)}. Look again.")
        if wish.reason not in REASONS[wish.outcome]:
            raise Refused(["Choose a reason that belongs to the decision."])
        people = choosable(session, [each.project for each in found.values()]) if wish.conditions else ()
        wish = replace(wish, conditions=of_organisation(wish.conditions, people))
        against = [reason for each in found.values() for reason in objections(each, wish.outcome, wish.conditions)]
        against += not_among(wish.conditions, people)
        if against:
            raise Refused(against)
        for candidate in found.values():
            _keep(session, actor, candidate, wish)
        flush_new(session, "You are keeping a decision on this project in another window.")
        return tuple(candidate.project.title for candidate in found.values())


def _keep(session: Session, actor: Actor, candidate: Candidate, wish: Wish) -> None:
    project = candidate.project
    row = session.scalar(_own(actor).where(PendingDecision.project_id == project.id))
    if row is None:
        row = PendingDecision(account_id=actor.account_id, project_id=project.id)
        session.add(row)
    if row.scheduled is not None:
        raise Refused([f"{project.title}: it is to be published on {row.scheduled.due}. Cancel that first."])
    row.run_id, row.project_version, row.changed_at = candidate.run.id, project.version, now()
    row.outcome, row.reason, row.text = wish.outcome, wish.reason, wish.text
    row.conditions = [each.record for each in wish.conditions]
    auditing.record(session, actor, "decision.prepared", "project", project.id, outcome=wish.outcome.value)


def drop(session: Session, actor: Actor, project_id: UUID) -> None:
    """Forget the pending decision on a project; again changes nothing, nor does it where that is to be published at a
    time. Raises NotAllowed."""
    with session.begin():
        _require_person(actor)
        mine = delete(PendingDecision).where(
            PendingDecision.account_id == actor.account_id,
            PendingDecision.project_id == project_id,
            PendingDecision.scheduled_id.is_(None),
        )
        if session.execute(mine.returning(PendingDecision.id)).first() is not None:
            auditing.record(session, actor, "decision.dropped", "project", project_id)


def pending_of(session: Session, actor: Actor) -> tuple[Pending, ...]:
    """The actor's pending decisions against what is true now. Inside the caller's transaction."""
    _require_person(actor)
    rows = list(session.scalars(_own(actor)))
    found = candidates(session, actor, ids=[row.project_id for row in rows])
    names = names_of(session, [condition for row in rows for condition in conditions_of(row)])
    checked = [_checked(session, row, found.get(row.project_id), names) for row in rows]
    return tuple(sorted(checked, key=lambda each: each.title))


def _checked(session: Session, row: PendingDecision, candidate: Candidate | None, names: Mapping[UUID, str]) -> Pending:
    if candidate is None:
        problem = "It was taken back or sent again since you looked, or its appraisal is not of what was sent last."
        return Pending(row=row, candidate=None, title=row.project.reference, problems=(problem,), letter=None)
    project, conditions, problems = candidate.project, conditions_of(row), []
    if not policy.DECIDABLE & {project.state}:
        problems.append(f"It is {project.state.words} now.")
    elif candidate.run.id != row.run_id:
        problems.append(f"It was appraised again since you looked: run {candidate.run.number}.")
    elif project.version != row.project_version:
        problems.append("It was changed or decided since you looked.")
    problems += objections(candidate, row.outcome, conditions)
    if any(each.account for each in conditions):
        problems += not_among(conditions, choosable(session, [project]))
    said = named(said_conditions(row, candidate), names)
    letter = letter_of(candidate.subject, row.outcome, row.reason, row.text, said)
    return Pending(row=row, candidate=candidate, title=project.title, problems=tuple(problems), letter=letter)


def conditions_of(row: PendingDecision) -> tuple[Condition, ...]:
    return tuple(Condition.of(record) for record in row.conditions)


def said_conditions(row: PendingDecision, candidate: Candidate) -> tuple[Condition, ...]:
    """What the letter says must be done: what the decision sets, and what was accepted in place of gates before."""
    accepted = candidate.accepted if row.outcome is DecisionOutcome.WITH_CONDITIONS else ()
    return (*conditions_of(row), *accepted)


def _decidable(session: Session, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, Candidate]:
    _require_person(actor)
    found = candidates(session, actor, ids=ids)
    if not ids or set(found) != set(ids):
        raise NotFound("There is no such project, or it is not appraised.")
    for candidate in found.values():
        policy.require(actor, Action.DECIDE_PROJECT, candidate.project)
    return found


def _own(actor: Actor) -> Select[PendingDecision]:
    return select(PendingDecision).where(PendingDecision.account_id == actor.account_id)


def _require_person(actor: Actor) -> None:
    """A decision is taken by someone who can answer for it, never by the tool."""
    policy.require_role(actor, Action.DECIDE_PROJECT)
    if actor.account_id is None:
        raise DomainError("A decision is taken by an approver: sign in with an account of that role.")
