"""Scores under a framework that changed: which still stand, what must be given again, and the tasks that say so (F7).

No score is ever deleted or overwritten by a change of the framework. What a score is worth follows from when it was
given and from the tasks of its assessment.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import flag_modified

from appraisal.models import (
    DECIDED,
    AppraisalRun,
    Assessment,
    AssessmentState,
    AssessmentTask,
    FrameworkVersion,
    Notice,
    Project,
    Reconciliation,
    Score,
    Submission,
)
from appraisal.models.tables import now
from appraisal.services.frameworks import framework_of
from appraisal.services.notifying import tell
from appraisal.services.scores import Entry, entry_of
from scoring.frameworks import Framework, ScaleKind
from scoring.frameworks.changes import ChangeKind, FrameworkChange, asks_otherwise, kind_of_change
from scoring.project_file import EvidenceGrade


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a change leaves one appraiser with, of one project."""

    assessment: Assessment
    kept: tuple[str, ...]
    """Scored, and counting on."""
    aside: tuple[str, ...]
    """Scored, and asked otherwise now: on record, and counting no more."""
    dropped: tuple[str, ...]
    """Scored, and asked no more: on record."""
    again: tuple[str, ...]
    """To be scored because of the change: what is set aside, and what is new."""

    @property
    def draft(self) -> bool:
        return self.assessment.state is AssessmentState.DRAFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What the open tasks of an assessment say together."""

    before: str
    after: str
    kind: ChangeKind
    at: datetime
    again: tuple[str, ...]
    former: Mapping[str, Entry]
    """By indicator that is asked otherwise, what the appraiser said last to the former question."""
    dropped: tuple[str, ...]


def standing(assessment: Assessment) -> list[Score]:
    """The scores that answer what is asked: without those set aside and not given again since."""
    aside = _set_aside(assessment.tasks)
    return [
        score
        for score in assessment.scores
        if score.indicator not in aside or score.changed_at > aside[score.indicator]
    ]


def counting(assessment: Assessment) -> list[Score]:
    """Of the standing scores those that count: what is being scored again counts once it is handed in."""
    waiting = due(assessment)
    return [each for each in standing(assessment) if each.indicator not in waiting]


def due(assessment: Assessment) -> frozenset[str]:
    """What is to be scored because of changes of the framework, until it is handed in."""
    return frozenset(name for task in _open(assessment) for name in task.indicators)


def changed(assessment: Assessment, asked: Collection[str]) -> Changed | None:
    """The open tasks as one, of what is asked now; None where nothing is open."""
    tasks = _open(assessment)
    if not tasks:
        return None
    order = list(ChangeKind)
    former = {name: _last(copies) for task in tasks for name, copies in task.set_aside.items() if name in asked}
    again = dict.fromkeys(name for task in tasks for name in task.indicators if name in asked)
    return Changed(
        before=tasks[0].before.name,
        after=tasks[-1].after.name,
        kind=max((task.change for task in tasks), key=order.index),
        at=tasks[-1].created_at,
        again=tuple(again),
        former=former,
        dropped=tuple(dict.fromkeys(name for task in tasks for name in task.dropped if name not in asked)),
    )


def agreements(session: Session, submission_id: UUID) -> dict[str, Reconciliation]:
    """What the panel agreed on and what still answers what is asked, by indicator. Inside the caller's transaction."""
    tasks = select(AssessmentTask).join(Assessment, AssessmentTask.assessment_id == Assessment.id)
    aside = _set_aside(session.scalars(tasks.where(Assessment.submission_id == submission_id)))
    found = session.scalars(select(Reconciliation).where(Reconciliation.submission_id == submission_id))
    return {row.indicator: row for row in found if row.indicator not in aside or row.agreed_at > aside[row.indicator]}


def left_by(session: Session, round_id: UUID, after: Framework, change: FrameworkChange) -> tuple[Left, ...]:
    """What a change leaves every appraiser of the round with: of each project the assessment that is newest.

    What is decided keeps the scores and the framework that its decision rests on, and asks nobody for anything; should
    it come back, `told_of` makes the task then. Inside the caller's transaction.
    """
    newest = (
        select(Assessment.account_id, Submission.project_id, func.max(Submission.number).label("number"))
        .join(Submission, Assessment.submission_id == Submission.id)
        .group_by(Assessment.account_id, Submission.project_id)
        .subquery()
    )
    query = (
        select(Assessment)
        .join(Submission, Assessment.submission_id == Submission.id)
        .join(Project, Submission.project_id == Project.id)
        .join(
            newest,
            (newest.c.account_id == Assessment.account_id)
            & (newest.c.project_id == Submission.project_id)
            & (newest.c.number == Submission.number),
        )
        .where(Project.round_id == round_id, Project.state.not_in(DECIDED))
        .options(joinedload(Assessment.account), joinedload(Assessment.submission).defer(Submission.document))
        .order_by(Assessment.started_at, Assessment.id)
    )
    return tuple(_left(row, after, change) for row in session.scalars(query))


def missed(session: Session, row: Assessment, version: FrameworkVersion) -> FrameworkVersion | None:
    """The framework by which the scores of a decided project were counted, where its round took this one since.

    None where nothing was missed: no run was made of these scores, or a task told of the move at the time. Inside the
    caller's transaction.
    """
    run = session.scalars(
        select(AppraisalRun)
        .where(AppraisalRun.submission_id == row.submission_id, AppraisalRun.created_at >= row.changed_at)
        .order_by(AppraisalRun.number.desc())
        .limit(1)
    ).first()
    if run is None or run.framework_version_id == version.id or any(task.after_id == version.id for task in row.tasks):
        return None
    return run.framework_version


def told_of(session: Session, row: Assessment, before: FrameworkVersion, after: FrameworkVersion) -> None:
    """The task of a change that was made while the project was decided. Inside the caller's transaction."""
    framework = framework_of(after)
    change = kind_of_change(framework_of(before), framework)
    if change.kind in (ChangeKind.NONE, ChangeKind.WORDING):
        return
    left = _left(row, framework, change)
    set_tasks(session, [left], before, after, change.kind, {item.id for item in framework.indicators})


def _left(row: Assessment, after: Framework, change: FrameworkChange) -> Left:
    asked = {item.id: item for item in after.indicators if item.scale is not ScaleKind.COMPUTED}
    scored = list(dict.fromkeys(each.indicator for each in standing(row) if entry_of(each).given))
    gone = {*change.removed, *change.rescored}
    otherwise = {*change.rescored, *_returned(row, after, change)}
    aside = tuple(name for name in scored if name in asked and name in otherwise)
    fresh = [name for name in change.added if name in asked and name not in scored]
    return Left(
        assessment=row,
        kept=tuple(name for name in scored if name in asked and name not in otherwise),
        aside=aside,
        dropped=tuple(name for name in scored if name in gone and name not in asked),
        again=(*aside, *fresh),
    )


def _returned(row: Assessment, after: Framework, change: FrameworkChange) -> set[str]:
    """Indicators that come back after they were dropped, and are asked otherwise than when they were scored."""
    found: set[str] = set()
    now_asked = {item.id: item for item in after.indicators}
    for task in row.tasks:
        was_asked = {item.id: item for item in framework_of(task.before).indicators}
        for name in set(task.dropped) & set(change.added) & set(was_asked):
            found.discard(name)
            if asks_otherwise(was_asked[name], now_asked[name]):
                found.add(name)
    return found


def set_tasks(
    session: Session,
    left: Sequence[Left],
    before: FrameworkVersion,
    after: FrameworkVersion,
    kind: ChangeKind,
    asked: Collection[str],
) -> int:
    """Make the tasks; how many ask for scores. Inside the caller's transaction.

    A draft is told of every change. What is handed in gets a task where scores fell away or are wanted, and stays
    handed in: what survives of it goes on counting.
    """
    at, count = now(), 0
    for each in left:
        row = each.assessment
        wanted = bool(each.again or due(row) & set(asked))
        if each.draft or each.again or each.dropped:
            row.tasks.append(
                AssessmentTask(
                    assessment_id=row.id,
                    before_id=before.id,
                    after_id=after.id,
                    change=kind,
                    indicators=list(each.again),
                    set_aside={name: _copies(row, name) for name in each.aside},
                    dropped=list(each.dropped),
                    created_at=at,
                )
            )
        if not each.draft and not wanted:
            close(row, at)
        if each.aside:
            flag_modified(row, "state")  # a form that is open now was written for the former question
        count += bool(each.again)
        if each.again:
            project_id = session.get_one(Submission, row.submission_id).project_id
            tell(session, [row.account_id], Notice.SCORE_AGAIN, at.isoformat(), project_id, after=after.name)
    session.flush()
    return count


def close(row: Assessment, at: datetime) -> None:
    """Nothing is left to do: the assessment was handed in."""
    for task in _open(row):
        task.done_at = at


def carried(row: Assessment, to: Assessment) -> None:
    """The open tasks go along to the assessment of a newer submission."""
    for task in _open(row):
        names = ("before_id", "after_id", "change", "indicators", "set_aside", "dropped", "created_at")
        to.tasks.append(AssessmentTask(**{name: getattr(task, name) for name in names}))
    close(row, now())


def _open(assessment: Assessment) -> list[AssessmentTask]:
    return [task for task in assessment.tasks if task.done_at is None]


def _set_aside(tasks: Iterable[AssessmentTask]) -> dict[str, datetime]:
    """By indicator, when what was given before ceased to count."""
    return {name: task.created_at for task in sorted(tasks, key=_made) for name in task.set_aside}


def _made(task: AssessmentTask) -> datetime:
    return task.created_at


def _copies(row: Assessment, name: str) -> list[dict[str, Any]]:
    return [
        {
            "stage": score.stage.value,
            "level": score.level,
            "value": score.value,
            "unknown": score.unknown,
            "evidence": score.evidence.value if score.evidence else None,
            "document": score.document,
            "page": score.page,
            "reason": score.reason,
        }
        for score in sorted(standing(row), key=lambda each: each.changed_at)
        if score.indicator == name
    ]


def _last(copies: Sequence[Mapping[str, Any]]) -> Entry:
    said = {name: value for name, value in copies[-1].items() if name != "stage"} if copies else {}
    if said.get("value") is not None:
        said["value"] = float(said["value"])
    if said.get("evidence"):
        said["evidence"] = EvidenceGrade(said["evidence"])
    return Entry(**said)
