"""Moving a round to another framework version after scoring began: what it means first, and nothing deleted (F7)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from appraisal import policy
from appraisal.models import (
    APPROVED,
    Account,
    Answer,
    AppraisalRun,
    AuditEntry,
    FrameworkVersion,
    Project,
    ProjectState,
    Round,
    Submission,
)
from appraisal.policy import Action, Actor, NotFound
from appraisal.services import auditing
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.frameworks import framework_of, version_named
from appraisal.services.rescoring import Left, left_by, set_tasks
from appraisal.transactions import reading
from scoring.frameworks import Framework, Indicator, ScaleKind
from scoring.frameworks.changes import ChangeKind, FrameworkChange, kind_of_change

MOVED = "round.framework-changed"
_MOVES = (
    select(AuditEntry.object_id, AuditEntry.at, AuditEntry.details)
    .where(AuditEntry.action == MOVED)
    .order_by(AuditEntry.sequence)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovePlan:
    """What a move would mean, counted before anything happens."""

    round: Round
    before: FrameworkVersion
    after: FrameworkVersion
    change: FrameworkChange
    projects: int
    """Submitted projects of the round."""
    runs: int
    """Stored runs of them: all of them stay."""
    answers_kept: int
    answers_aside: int
    """Answers that stay on record and count no more."""
    answers_due: int
    """Questions, over all projects, that are not answered yet or ask for another kind of answer now."""
    planners: Sequence[tuple[str, int]]
    """Who must answer: (name, projects that they own)."""
    left: tuple[Left, ...]
    """What the change leaves every appraiser with, a line for each assessment."""

    @property
    def scores_kept(self) -> int:
        return sum(len(each.kept) for each in self.left)

    @property
    def scores_aside(self) -> int:
        """Scores that stay on record and count no more."""
        return sum(len(each.aside) + len(each.dropped) for each in self.left)

    @property
    def scores_due(self) -> int:
        return sum(len(each.again) for each in self.left)

    @property
    def tasks(self) -> Sequence[tuple[str, int, int]]:
        """Who must score: (name, projects, scores)."""
        found: dict[UUID, list[Left]] = {}
        for each in self.left:
            if each.again:
                found.setdefault(each.assessment.account_id, []).append(each)
        return sorted(
            (own[0].assessment.account.name, len(own), sum(len(each.again) for each in own)) for own in found.values()
        )


def choices_for(session: Session, actor: Actor, round_id: UUID) -> tuple[Round, Sequence[FrameworkVersion]]:
    """The round with the versions it could be moved to; raises NotAllowed, NotFound."""
    with reading(session):
        held = _round(session, actor, round_id)
        query = select(FrameworkVersion).where(
            FrameworkVersion.retired_at.is_(None), FrameworkVersion.id != held.framework_version_id
        )
        return held, session.scalars(query.order_by(FrameworkVersion.key, FrameworkVersion.version.desc())).all()


def plan_of(session: Session, actor: Actor, round_id: UUID, version_id: UUID) -> MovePlan:
    """What moving the round to that version would mean; raises NotAllowed, NotFound, DomainError."""
    with reading(session):
        return _plan(session, _round(session, actor, round_id), version_id)


def move_round(session: Session, actor: Actor, round_id: UUID, version_id: UUID, *, expected: UUID) -> MovePlan:
    """Take another framework version for the round, and give the appraisers their tasks; scores, answers and runs all
    stay.

    expected: the version it had when the plan was shown. Raises NotAllowed, NotFound, StaleVersion, DomainError.
    """
    with session.begin():
        held = _round(session, actor, round_id, lock=True)
        if held.framework_version_id == version_id:
            return _plan(session, held, version_id)
        if held.framework_version_id != expected:
            raise StaleVersion(f"{held.name} was moved to {held.framework_version.name} since you opened this page.")
        _lock_projects(session, held)
        plan = _plan(session, held, version_id)
        held.framework_version_id = version_id
        asked = {item.id for item in framework_of(plan.after).indicators}
        tasks = set_tasks(session, plan.left, plan.before, plan.after, plan.change.kind, asked)
        auditing.record(
            session,
            actor,
            MOVED,
            "round",
            held.id,
            before=plan.before.name,
            after=plan.after.name,
            change=plan.change.kind.value,
            tasks=tasks,
        )
    return plan


def _lock_projects(session: Session, held: Round) -> None:
    """No score is given while it is told which of them stand; in one order, so that two never wait for each other."""
    session.execute(select(Project.id).where(Project.round_id == held.id).order_by(Project.id).with_for_update())


def _round(session: Session, actor: Actor, round_id: UUID, *, lock: bool = False) -> Round:
    policy.require(actor, Action.MANAGE_ROUNDS)
    held = session.get(
        Round, round_id, options=[joinedload(Round.framework_version)], with_for_update={"of": Round} if lock else None
    )
    if held is None:
        raise NotFound
    return held


def _plan(session: Session, held: Round, version_id: UUID) -> MovePlan:
    after = session.get(FrameworkVersion, version_id)
    if after is None:
        raise NotFound
    if after.retired_at is not None:
        raise DomainError(f"{after.name} is retired: no round can be moved to it.")
    framework = framework_of(after)
    change = kind_of_change(framework_of(held.framework_version), framework)
    _require_nothing_approved(session, held, change)
    here = (Project.round_id == held.id) & (Project.state == ProjectState.SUBMITTED)
    due = _due(framework, change)
    answered = _answered(session, here)
    lacking = {project: len(due - (names - set(change.rescored))) for project, names in answered.items()}
    surviving = {indicator.id for indicator in framework.indicators} - set(change.rescored)
    return MovePlan(
        round=held,
        before=held.framework_version,
        after=after,
        change=change,
        projects=len(answered),
        runs=session.scalar(select(func.count()).select_from(AppraisalRun).join(AppraisalRun.project).where(here)) or 0,
        answers_kept=sum(len(names & surviving) for names in answered.values()),
        answers_aside=sum(len(names - surviving) for names in answered.values()),
        answers_due=sum(lacking.values()),
        planners=_planners(session, {project for project, count in lacking.items() if count}) if due else (),
        left=left_by(session, held.id, framework, change),
    )


def _require_nothing_approved(session: Session, held: Round, change: FrameworkChange) -> None:
    """What is approved was scored by this framework and is scored no more: it would fall out of the list, its money
    with it."""
    if change.kind in (ChangeKind.NONE, ChangeKind.WORDING):
        return
    approved = select(func.count()).where(Project.round_id == held.id, Project.state.in_(APPROVED))
    if count := session.scalar(approved.select_from(Project)):
        who = "One project" if count == 1 else f"{count} projects"
        raise DomainError(
            f"{who} of {held.name} {'is' if count == 1 else 'are'} approved by its present framework, which can change "
            "in words only from now on. Take another framework for the next round."
        )


def _due(framework: Framework, change: FrameworkChange) -> set[str]:
    """The questions that people must answer because of the change; computed ones ask nobody."""
    if change.kind is not ChangeKind.CRITERIA:
        return set()
    asked = {indicator.id for indicator in framework.indicators if indicator.scale is not ScaleKind.COMPUTED}
    return asked & {*change.added, *change.rescored}


def _answered(session: Session, here: ColumnElement[bool]) -> Mapping[UUID, set[str]]:
    """Project -> the indicators it has an answer to."""
    found: dict[UUID, set[str]] = {project: set() for project in session.scalars(select(Project.id).where(here))}
    query = select(Answer.project_id, Answer.indicator).join(Project, Project.id == Answer.project_id).where(here)
    for row in session.execute(query):
        found[row.project_id].add(row.indicator)
    return found


def _planners(session: Session, projects: set[UUID]) -> Sequence[tuple[str, int]]:
    owners = session.execute(select(Account.name, Project.id).join(Project, Project.owner_id == Account.id))
    return sorted(Counter(name for name, project in owners if project in projects).items())


def asked_since(session: Session, actor: Actor) -> Mapping[UUID, Sequence[Indicator]]:
    """What planners are to answer because a round took other criteria after their project was sent, by project.

    Of the submitted projects that the actor sees; what was answered to a question that is asked otherwise now is due
    again. Raises NotAllowed.
    """
    with reading(session):
        policy.require(actor, Action.READ_PROJECT)
        moves = _moves(session)
        if not moves:
            return {}
        rounds = {row.id: row for row in session.scalars(select(Round).options(joinedload(Round.framework_version)))}
        query = (
            select(Project, Submission.submitted_at)
            .join(Submission, Submission.project_id == Project.id)
            .where(policy.visible_projects(actor), Project.state == ProjectState.SUBMITTED, Project.round_id.in_(moves))
            .order_by(Submission.number)
        )
        sent = {project.id: (project, at) for project, at in session.execute(query)}
        found: dict[UUID, Sequence[Indicator]] = {}
        for key, (project, at) in sent.items():
            held = rounds[project.round_id] if project.round_id else None
            before = next((name for moved, name in moves.get(project.round_id, ()) if moved > at), None)
            version = version_named(session, before) if before else None
            if held is not None and version is not None:
                due = _unanswered(session, key, version, held.framework_version)
                found |= {key: due} if due else {}
    return found


def _moves(session: Session) -> Mapping[UUID | None, Sequence[tuple[datetime, str]]]:
    """By round, when it took another framework and which one it had before, the oldest first: the trail says it."""
    found: dict[UUID | None, list[tuple[datetime, str]]] = {}
    for entry in session.connection().execute(_MOVES):
        found.setdefault(UUID(entry.object_id), []).append((entry.at, entry.details["before"]))
    return found


def _unanswered(
    session: Session, project: UUID, before: FrameworkVersion, after: FrameworkVersion
) -> Sequence[Indicator]:
    framework = framework_of(after)
    change = kind_of_change(framework_of(before), framework)
    answered = set(session.scalars(select(Answer.indicator).where(Answer.project_id == project)))
    lacking = _due(framework, change) - (answered - set(change.rescored))
    return [indicator for indicator in framework.indicators if indicator.id in lacking]
