"""What an appraiser has before them: the frozen submission, the own scores, and what changed since the last look."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.evidence import Evidence
from appraisal.models import (
    DECIDED,
    AppraisalRun,
    Assessment,
    AssessmentState,
    Declaration,
    FrameworkVersion,
    Interest,
    Project,
    ProjectState,
    Round,
    Score,
    ScoreStage,
    Submission,
)
from appraisal.models.tables import now
from appraisal.policy import Action, Actor, NotFound
from appraisal.reading.project_file import read_project
from appraisal.services.errors import DomainError
from appraisal.services.frameworks import built_in, framework_of
from appraisal.services.rescoring import Changed, changed, standing
from appraisal.services.scores import Entry, Gap, entry_of, gaps_of
from appraisal.services.sent_evidence import files_of
from appraisal.transactions import reading
from scoring.frameworks import Framework, Indicator, ScaleKind
from scoring.project_file import Answer, ProjectFile

CLOSED: Mapping[ProjectState, str] = {
    ProjectState.DRAFT: "The planner has taken this project back: nothing can be changed until it is sent again.",
    ProjectState.WITHDRAWN: "This project is withdrawn: nothing is scored any more.",
    **{state: f"This project is {state.words}: a decision rests on the scores as they are." for state in DECIDED},
}


class NotDeclared(DomainError):
    """Nothing of the project opens before the appraiser has declared to have no conflict of interest."""

    def __init__(self, interest: Interest | None) -> None:
        super().__init__("Declare first whether anything ties you to this project: nothing opens before.")
        self.interest = interest


class ScoringOver(DomainError):
    """Scores of the project were to be handed in by a time that is past."""


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """An answer of the planner that differs between two submissions; None where there was, or is, none."""

    indicator: str
    before: Answer | None
    after: Answer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One appraiser's scoring sheet of one submission."""

    project_id: UUID
    project_state: ProjectState
    submission_id: UUID
    number: int
    newest: int
    document: str
    file: ProjectFile
    framework: Framework
    version: int
    state: AssessmentState
    changed_at: datetime
    entries: Mapping[str, Entry]
    """What was given alone, by indicator."""
    changed: tuple[ChangedAnswer, ...]
    """Between the submission scored and the newest one, or between it and the one scored before."""
    other_changes: tuple[str, ...]
    """Parts of the project file besides the answers that differ between the same two."""
    files: tuple[Evidence, ...]
    """What the submission was sent with as evidence."""
    task: Changed | None
    """What changed of the framework since the appraiser began, until the scores are handed in after that."""

    over: str
    """Since when nothing can be handed in any more; empty while it can."""

    @property
    def closed(self) -> str:
        """Why nothing can be changed, whatever stands on the sheet; empty where it can."""
        return CLOSED.get(self.project_state, "") or ("" if self.again else self.over)

    @property
    def again(self) -> tuple[str, ...]:
        """What is to be scored although the scores are handed in."""
        return self.task.again if self.task is not None and self.state is AssessmentState.SUBMITTED else ()

    @property
    def writable(self) -> bool:
        current = self.number == self.newest and not self.closed
        return current and (self.state is AssessmentState.DRAFT or bool(self.again))

    def may_score(self, indicator: str) -> bool:
        return self.writable and (self.state is AssessmentState.DRAFT or indicator in self.again)

    @property
    def superseded(self) -> bool:
        """The project was sent again since."""
        return self.number < self.newest

    @property
    def asked(self) -> tuple[Indicator, ...]:
        """What people score; the tool computes the others."""
        return scored_by_people(self.framework)

    @property
    def given(self) -> int:
        return sum(entry.given for key, entry in self.entries.items() if key in {item.id for item in self.asked})

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return gaps_of(self.asked, self.entries)

    def own_file(self) -> ProjectFile:
        """The project with the appraiser's answers in place of the planner's."""
        own = {item.id: self.entries[item.id].as_answer() for item in self.asked if item.id in self.entries}
        return replace(self.file, answers=own)


def scored_by_people(framework: Framework) -> tuple[Indicator, ...]:
    return tuple(item for item in framework.indicators if item.scale is not ScaleKind.COMPUTED)


def sheet_of(session: Session, actor: Actor, project_id: UUID) -> Sheet:
    """The own sheet, read-only where the project was taken back; raises NotFound, NotAllowed, NotDeclared."""
    with reading(session):
        policy.require(actor, Action.READ_QUEUE)
        project = assigned_project(session, actor, project_id)
        require_declared(session, actor, project)
        own = own_assessments(session, actor, project_id)
        if not own:
            raise NotFound("There is nothing to score.")
        return _sheet(session, project, own)


def _sheet(session: Session, project: Project, own: list[Assessment]) -> Sheet:
    submissions = {item.number: item for item in project.submissions}
    newest, latest = max(submissions), own[-1]
    framework = framework_for(session, project)
    file = read_project(latest.submission.document)
    number = latest.submission.number
    other = newest if number < newest else own[-2].submission.number if len(own) > 1 else number
    before, after = sorted((number, other))
    pair = read_project(submissions[before].document), read_project(submissions[after].document)
    return Sheet(
        project_id=project.id,
        project_state=project.state,
        submission_id=latest.submission_id,
        number=number,
        newest=newest,
        document=latest.submission.document,
        file=file,
        framework=framework,
        version=latest.version,
        state=latest.state,
        changed_at=latest.changed_at,
        entries=alone(standing(latest)),
        files=files_of(session, latest.submission_id),
        task=changed(latest, {item.id for item in scored_by_people(framework)}),
        over=scoring_over(session, project),
        changed=changed_answers(*pair),
        other_changes=changed_parts(*pair),
    )


def alone(scores: list[Score]) -> dict[str, Entry]:
    return {score.indicator: entry_of(score) for score in scores if score.stage is ScoreStage.ALONE}


def changed_answers(before: ProjectFile, after: ProjectFile) -> tuple[ChangedAnswer, ...]:
    keys = dict.fromkeys([*before.answers, *after.answers])
    pairs = [ChangedAnswer(key, before.answers.get(key), after.answers.get(key)) for key in keys]
    return tuple(pair for pair in pairs if pair.before != pair.after)


def changed_parts(before: ProjectFile, after: ProjectFile) -> tuple[str, ...]:
    names = [name for name in ProjectFile.__slots__ if name not in ("answers", "reference")]
    return tuple(name.replace("_", " ") for name in names if getattr(before, name) != getattr(after, name))


def assigned_project(session: Session, actor: Actor, project_id: UUID, *, lock: bool = False) -> Project:
    """The project, if it is in the appraiser's queue; raises NotFound. Inside the caller's transaction."""
    query = select(Project).where(Project.id == project_id, policy.assigned_projects(actor))
    found = session.scalar(query.with_for_update(of=Project) if lock else query)
    if found is None or not found.submissions:
        raise NotFound("There is no such project in your queue.")
    return found


def require_declared(session: Session, actor: Actor, project: Project) -> None:
    """Raises NotDeclared unless the appraiser declared to have no conflict. Inside the caller's transaction."""
    found = session.get(Declaration, (project.id, actor.account_id))
    if found is None or found.interest is not Interest.NONE:
        raise NotDeclared(None if found is None else found.interest)


def scoring_over(session: Session, project: Project) -> str:
    """Why no score of it can be handed in any more; empty while one can. Inside the caller's transaction.

    The date of the round binds what was sent before it: what comes back after it is scored without one.
    """
    held = session.get(Round, project.round_id) if project.round_id else None
    until = held.scoring_until if held else None
    if until is None or now() < until.moment or project.submissions[-1].submitted_at >= until.moment:
        return ""
    return f"Scores were to be handed in by {until}. An administrator can set a later date for the round."


def own_assessments(session: Session, actor: Actor, project_id: UUID) -> list[Assessment]:
    """The actor's assessments of the project, the newest submission's last. Inside the caller's transaction."""
    query = (
        select(Assessment)
        .join(Submission, Assessment.submission_id == Submission.id)
        .where(Submission.project_id == project_id, Assessment.account_id == actor.account_id)
        .order_by(Submission.number)
    )
    return list(session.scalars(query))


def framework_for(session: Session, project: Project) -> Framework:
    """What a project is scored by: the framework of its round, else the built-in one; what is decided keeps the one its
    appraisal was made with, whatever the round has taken since. Inside the caller's transaction.
    """
    if project.state in DECIDED and (version := _decided_by(session, project)) is not None:
        return framework_of(version)
    held = session.get(Round, project.round_id) if project.round_id else None
    return framework_of(held.framework_version) if held else built_in()


def _decided_by(session: Session, project: Project) -> FrameworkVersion | None:
    query = select(FrameworkVersion).join(AppraisalRun, AppraisalRun.framework_version_id == FrameworkVersion.id)
    newest = query.where(AppraisalRun.project_id == project.id).order_by(AppraisalRun.number.desc()).limit(1)
    return session.scalars(newest).first()
