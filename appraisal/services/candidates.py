"""What can be decided on: each project with the appraisal that a decision would rest on, and what stands against it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload

from appraisal import policy
from appraisal.models import (
    DECIDED,
    AppraisalRun,
    Decision,
    DecisionOutcome,
    Obligation,
    ObligationState,
    Organisation,
    Project,
    ProjectState,
    Round,
    Submission,
)
from appraisal.policy import Action, Actor
from appraisal.services.frameworks import framework_of
from appraisal.services.letters import Condition, Subject
from appraisal.services.panels import panel_moments
from appraisal.services.rounds import every_round
from scoring.result import GateStatus

BLOCKING = (GateStatus.FAILED, GateStatus.OPEN)
APPROVALS = (DecisionOutcome.APPROVED, DecisionOutcome.WITH_CONDITIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Barrier:
    """A gate that blocks, and whether a condition stands in for it."""

    gate: str
    title: str
    failed: bool
    """It fails; otherwise nobody can tell yet."""
    conditional: bool
    """The framework in force lets a condition stand in for it (ADR 21)."""
    promised: bool
    """A condition was accepted for it, and nobody has said since that it is met."""

    @property
    def lifted(self) -> bool:
        """An approval with conditions may rest on it."""
        return self.conditional and self.promised


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A project whose latest submission is appraised, as an approver sees it."""

    project: Project
    organisation: str
    run: AppraisalRun
    barriers: tuple[Barrier, ...]
    """The gates that block."""
    outdated: bool
    """The panel says something else since the run."""
    own_part: bool
    """The approver owns it, sent it or scored it."""
    decided: Decision | None
    """The decision in force."""
    accepted: tuple[Condition, ...]
    """What an approver accepted in place of a passed gate and nobody has met yet: an approval's letter says it too."""

    @property
    def cost(self) -> Decimal:
        return self.run.cost

    @property
    def failed(self) -> tuple[Barrier, ...]:
        return tuple(each for each in self.barriers if each.failed)

    @property
    def open(self) -> tuple[Barrier, ...]:
        """The gates that nobody can tell yet."""
        return tuple(each for each in self.barriers if not each.failed)

    @property
    def subject(self) -> Subject:
        low, high = round(self.run.score_low), round(self.run.score_high)
        if self.run.score is None:
            score = "the answers do not carry a score yet"
        else:
            score = f"its score is {low} of 100" if low == high else f"its score lies between {low} and {high} of 100"
        return Subject(
            title=self.project.title,
            reference=self.project.reference,
            organisation=self.organisation,
            run=self.run.number,
            submission=self.run.submission.number,
            score=score,
            replaces=self.decided.number if self.decided and self.project.state in DECIDED else None,
        )


def objections(candidate: Candidate, outcome: DecisionOutcome, conditions: Sequence[Condition]) -> tuple[str, ...]:
    """Why this cannot be decided so, in words for the approver; nothing where it can."""
    title, found = candidate.project.title, []
    if candidate.own_part:
        found.append(own_part_said(title))
    if candidate.outdated and candidate.project.state not in DECIDED:
        found.append(f"{title}: the panel's scores changed since run {candidate.run.number}; appraise it again first.")
    if outcome in APPROVALS:
        found += _gates_against(candidate, outcome)
    if outcome is DecisionOutcome.WITH_CONDITIONS and not (conditions or candidate.accepted):
        found.append(f"{title}: an approval with conditions needs at least one condition.")
    if outcome is not DecisionOutcome.WITH_CONDITIONS and conditions:
        found.append(f"{title}: conditions belong to an approval with conditions.")
    return tuple(found)


def own_part_said(title: str) -> str:
    """To an approver who had a part in the project."""
    return f"{title}: you own, sent or scored it, so someone else decides."


def _gates_against(candidate: Candidate, outcome: DecisionOutcome) -> Iterator[str]:
    """An approval needs every gate passed, or promised where the framework lets a condition stand in (ADR 21)."""
    title, barriers = candidate.project.title, candidate.barriers
    never = [each for each in barriers if not each.conditional]
    due = [each for each in barriers if each.conditional and not each.promised]
    if never:
        yield (
            f"{title}: {_listed(never)}, for which no condition can stand in. "
            "It can be returned, rejected or deferred until that is passed."
        )
    elif outcome is DecisionOutcome.APPROVED and barriers:
        yield f"{title}: {_listed(barriers)}. It can be approved only with conditions."
    elif due:
        yield f"{title}: {_listed(due)}. Accept a condition in place of each first, with who owes it and by when."


def _listed(gates: Sequence[Barrier]) -> str:
    """`it fails A and B, and C is still open`."""
    fails, still = ([each.title for each in gates if each.failed is failed] for failed in (True, False))
    parts = [f"it fails {_joined(fails)}"] if fails else []
    parts += [f"{_joined(still)} {'is' if len(still) == 1 else 'are'} still open"] if still else []
    return ", and ".join(parts)


def _joined(titles: Sequence[str]) -> str:
    said = [f"“{title}”" for title in titles]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def candidates(
    session: Session, actor: Actor, *, ids: Collection[UUID] | None = None, states: Collection[ProjectState] = ()
) -> dict[UUID, Candidate]:
    """Those the actor may know of, by project; only these ids or states. Inside the caller's transaction."""
    policy.require(actor, Action.READ_DECISIONS)
    wanted: list[ColumnElement[bool]] = [policy.visible_projects(actor)]
    if ids is not None:
        wanted.append(Project.id.in_(ids))
    if states:
        wanted.append(Project.state.in_(states))
    newest = select(func.max(AppraisalRun.number)).group_by(AppraisalRun.project_id)
    sent = select(func.max(Submission.number)).where(Submission.project_id == Project.id)
    latest = sent.correlate(Project).scalar_subquery()
    query = (
        select(AppraisalRun, Organisation.name, policy.had_a_part(actor))
        .join(AppraisalRun.project)
        .join(AppraisalRun.submission)
        .join(Organisation, Project.organisation_id == Organisation.id)
        .where(AppraisalRun.number.in_(newest), Submission.number == latest, *wanted)
        .options(
            defer(AppraisalRun.snapshot),
            defer(AppraisalRun.result),
            contains_eager(AppraisalRun.project),
            contains_eager(AppraisalRun.submission).defer(Submission.document),
        )
    )
    found = session.execute(query.execution_options(populate_existing=True)).all()
    panels = panel_moments(session)
    ids_found = [run.project_id for run, _, _ in found]
    decided, accepted = in_force(session, ids_found), _accepted(session, ids_found)
    _at_hand = every_round(session)  # with their frameworks, read once for all of them
    allowed = {run.project_id: conditional_gates(session, run) for run, _, _ in found}
    return {
        run.project_id: Candidate(
            project=run.project,
            organisation=organisation,
            run=run,
            barriers=barriers_of(run, allowed[run.project_id], {row.gate for row in accepted.get(run.project_id, ())}),
            outdated=panels.get(run.submission_id) != run.panel_at,
            own_part=bool(own_part),
            decided=decided.get(run.project_id),
            accepted=tuple(
                Condition(row.condition, organisation, row.due, row.gate, row.title)
                for row in accepted.get(run.project_id, ())
            ),
        )
        for run, organisation, own_part in found
    }


def conditional_gates(session: Session, run: AppraisalRun) -> frozenset[str]:
    """The gates that a condition may stand in for: by the framework of the project's round, else by the run's own.

    Inside the caller's transaction.
    """
    held = session.get(Round, run.project.round_id) if run.project.round_id else None
    return framework_of(held.framework_version if held else run.framework_version).conditional_gates


def barriers_of(run: AppraisalRun, allowed: Collection[str], promised: Collection[str]) -> tuple[Barrier, ...]:
    """The gates that block a run, of which these allow a condition and for those one was accepted."""
    return tuple(
        Barrier(
            gate=row.gate,
            title=row.title,
            failed=row.status is GateStatus.FAILED,
            conditional=row.gate in allowed,
            promised=row.gate in promised,
        )
        for row in run.gates
        if row.status in BLOCKING
    )


def _accepted(session: Session, project_ids: Collection[UUID]) -> dict[UUID, list[Obligation]]:
    query = select(Obligation).where(Obligation.project_id.in_(project_ids), Obligation.state == ObligationState.OPEN)
    found: dict[UUID, list[Obligation]] = {}
    for row in session.scalars(query.order_by(Obligation.due, Obligation.gate)):
        found.setdefault(row.project_id, []).append(row)
    return found


def in_force(session: Session, project_ids: Collection[UUID]) -> dict[UUID, Decision]:
    """The latest decision of each project that has one. Inside the caller's transaction."""
    newest = select(func.max(Decision.number)).group_by(Decision.project_id)
    query = (
        select(Decision)
        .where(Decision.number.in_(newest), Decision.project_id.in_(project_ids))
        .options(joinedload(Decision.publication))
    )
    return {decision.project_id: decision for decision in session.scalars(query)}
