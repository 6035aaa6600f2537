"""An appraiser's assessment: declared free, scored one indicator at a time, handed in, carried to a new submission."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import (
    Assessment,
    AssessmentState,
    ConflictKind,
    Declaration,
    Interest,
    Project,
    ProjectState,
    Reconciliation,
    Round,
    Score,
    ScoreStage,
    Submission,
)
from appraisal.models.tables import now
from appraisal.policy import Action, Actor, NotFound
from appraisal.reading.project_file import read_project
from appraisal.services import auditing
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.panels import in_order
from appraisal.services.rescoring import carried, close, due, missed, standing, told_of
from appraisal.services.scores import Entry, Gap, checked, entry_of, gaps_of, prose, write
from appraisal.services.sheets import (
    ScoringOver,
    alone,
    assigned_project,
    framework_for,
    own_assessments,
    require_declared,
    scored_by_people,
    scoring_over,
)
from appraisal.transactions import reading
from scoring.frameworks import Indicator
from scoring.limits import MAX_DECLARATION
from scoring.project_file import Partner


class Incomplete(DomainError):
    """Something is missing before it can be handed in; `gaps` say what and where."""

    def __init__(self, gaps: tuple[Gap, ...]) -> None:
        super().__init__(f"{len({gap.indicator for gap in gaps})} indicators are not complete yet.")
        self.gaps = gaps


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """All of a project that an appraiser sees before declaring."""

    project_id: UUID
    reference: str
    title: str
    city: str
    owner: str
    partners: tuple[Partner, ...]
    state: ProjectState
    declared: Declaration | None


@dataclass(frozen=True, slots=True)
class Saved:
    version: int
    at: datetime


def summary_of(session: Session, actor: Actor, project_id: UUID) -> Summary:
    """What an appraiser needs to tell whether anything ties them to it; raises NotFound, NotAllowed."""
    with reading(session):
        policy.require(actor, Action.READ_QUEUE)
        project = assigned_project(session, actor, project_id)
        file = read_project(project.submissions[-1].document)
        return Summary(
            project_id=project.id,
            reference=project.reference,
            title=file.title,
            city=file.city,
            owner=project.organisation.name,
            partners=file.partners,
            state=project.state,
            declared=session.get(Declaration, (project.id, actor.account_id)),
        )


def declare(
    session: Session,
    actor: Actor,
    project_id: UUID,
    interest: Interest,
    *,
    kind: ConflictKind | None = None,
    text: str = "",
) -> None:
    """Declare what ties the appraiser to the project; without a conflict the project opens. Again changes nothing.

    A conflict found later is declared later, and the scores no longer count. It cannot be declared away again. Raises
    NotFound, NotAllowed, DomainError.
    """
    said = prose(text, "The explanation", MAX_DECLARATION)
    if (interest is Interest.CONFLICT) != (kind is not None):
        raise DomainError("Say which kind of conflict it is.")
    with session.begin():
        project = assigned_project(session, actor, project_id, lock=True)
        policy.require(actor, Action.SCORE_PROJECT, project)
        found = session.get(Declaration, (project.id, actor.account_id))
        if found is not None and found.interest is interest:
            return
        if found is not None and found.interest is not Interest.NONE:
            raise DomainError("You have declared a conflict: only an administrator can assign somebody else.")
        row = found or Declaration(project_id=project.id, account_id=_account(actor))
        row.interest, row.kind, row.text, row.declared_at = interest, kind, said, now()
        session.add(row)
        session.flush()
        auditing.record(session, actor, "assessment.declared", "project", project.id, interest=interest, conflict=kind)
        if interest is Interest.NONE:
            _start(session, actor, project)


def start(session: Session, actor: Actor, project_id: UUID) -> None:
    """Begin on the newest submission; scores of an older one come along as a draft. Again changes nothing.

    Raises NotFound, NotAllowed, NotDeclared, ScoringOver.
    """
    with session.begin():
        project = _open_project(session, actor, project_id)
        _in_time(session, project)
        _start(session, actor, project)


def _start(session: Session, actor: Actor, project: Project) -> None:
    own = own_assessments(session, actor, project.id)
    newest = project.submissions[-1]
    if own and own[-1].submission_id == newest.id:
        return
    latest = _latest(own[-1]) if own else {}
    row = Assessment(submission_id=newest.id, account_id=_account(actor))
    for indicator, entry in latest.items():
        score = Score(indicator=indicator, stage=ScoreStage.ALONE)
        write(score, entry)
        row.scores.append(score)
    session.add(row)
    session.flush()
    if own:
        held = session.get(Round, project.round_id) if project.round_id else None
        before = missed(session, own[-1], held.framework_version) if held else None
        carried(own[-1], row)
        if held is not None and before is not None:
            told_of(session, row, before, held.framework_version)
    auditing.record(
        session, actor, "assessment.started", "project", project.id, submission=newest.number, carried=len(latest)
    )


def _latest(assessment: Assessment) -> dict[str, Entry]:
    """The appraiser's last word on each indicator."""
    return {score.indicator: entry_of(score) for score in in_order(standing(assessment))}


def save_score(
    session: Session, actor: Actor, project_id: UUID, indicator: str, expected_version: int, entry: Entry
) -> Saved:
    """Keep a score as it stands, complete or not; raises as `save_scores` does."""
    return save_scores(session, actor, project_id, expected_version, {indicator: entry})


def save_scores(
    session: Session, actor: Actor, project_id: UUID, expected_version: int, entries: Mapping[str, Entry]
) -> Saved:
    """Keep scores as they stand, complete or not; all of them or none.

    Raises NotFound, NotAllowed, NotDeclared, StaleVersion where it was changed since `expected_version`, DomainError
    where one can never be right, was handed in, or is of an older submission.
    """
    with session.begin():
        project = _open_project(session, actor, project_id)
        asked = {item.id: item for item in scored_by_people(framework_for(session, project))}
        row = _own_writable(session, actor, project, entries)
        _same(row, expected_version)
        changed = [key for key, entry in entries.items() if _kept(row, asked.get(key), key, entry)]
        if changed:
            row.changed_at = now()
            session.flush()
            auditing.record(
                session, actor, "assessment.scored", "project", project.id, indicators=changed, version=row.version
            )
        return Saved(row.version, row.changed_at)


def _kept(row: Assessment, item: Indicator | None, key: str, entry: Entry) -> bool:
    """Write one score; whether anything changed."""
    if item is None:
        raise NotFound(f"{key} is not scored by people.")
    stored = checked(item, entry)
    score = next((each for each in row.scores if each.indicator == key and each.stage is ScoreStage.ALONE), None)
    if stored == (Entry() if score is None or score not in standing(row) else entry_of(score)):
        return False
    if score is None:
        score = Score(indicator=key, stage=ScoreStage.ALONE)
        row.scores.append(score)
    write(score, stored)
    score.changed_at = now()
    return True


def submit(session: Session, actor: Actor, project_id: UUID, expected_version: int) -> None:
    """Hand the scores in; from then on they count, and the others' are seen.

    Raises NotFound, NotAllowed, NotDeclared, StaleVersion, and Incomplete with what is missing.
    """
    with session.begin():
        project = _open_project(session, actor, project_id)
        row = _own_writable(session, actor, project)
        _same(row, expected_version)
        gaps = gaps_of(scored_by_people(framework_for(session, project)), alone(standing(row)))
        if gaps:
            raise Incomplete(gaps)
        row.state, row.counted_at, row.changed_at = AssessmentState.SUBMITTED, now(), now()
        close(row, row.counted_at)
        session.flush()
        auditing.record(session, actor, "assessment.submitted", "project", project.id, version=row.version)


def reopen(session: Session, actor: Actor, project_id: UUID, expected_version: int) -> None:
    """Make a draft of it again, while nobody else's scores could have been seen; raises DomainError after that."""
    with session.begin():
        project = _open_project(session, actor, project_id)
        row = _own_current(session, actor, project)
        if row.state is not AssessmentState.SUBMITTED:
            return
        _in_time(session, project)
        _same(row, expected_version)
        others = select(Assessment.id).where(
            Assessment.submission_id == row.submission_id,
            Assessment.id != row.id,
            Assessment.state == AssessmentState.SUBMITTED,
        )
        agreed = select(Reconciliation.indicator).where(Reconciliation.submission_id == row.submission_id)
        if session.scalar(others.limit(1)) is not None or session.scalar(agreed.limit(1)) is not None:
            raise DomainError(
                "Others' scores are in and you have been able to see them: change a score, with a reason, where you "
                "compare."
            )
        row.state, row.counted_at, row.changed_at = AssessmentState.DRAFT, None, now()
        session.flush()
        auditing.record(session, actor, "assessment.reopened", "project", project.id, version=row.version)


def _open_project(session: Session, actor: Actor, project_id: UUID) -> Project:
    """The project, locked, where the appraiser may change scores of it."""
    project = assigned_project(session, actor, project_id, lock=True)
    policy.require(actor, Action.SCORE_PROJECT, project)
    require_declared(session, actor, project)
    return project


def _own_current(session: Session, actor: Actor, project: Project) -> Assessment:
    newest: Submission = project.submissions[-1]
    own = own_assessments(session, actor, project.id)
    if not own or own[-1].submission_id != newest.id:
        raise DomainError("The project was sent again: carry your scores over to what was sent last.")
    return own[-1]


def _own_writable(session: Session, actor: Actor, project: Project, indicators: Collection[str] = ()) -> Assessment:
    """A draft, or what is handed in where a changed framework asks for these scores."""
    row = _own_current(session, actor, project)
    wanted = due(row)
    if row.state is AssessmentState.SUBMITTED and not (wanted and set(indicators) <= wanted):
        raise DomainError("Your scores are handed in: compare them with the others', or reopen them.")
    if row.state is AssessmentState.DRAFT:
        _in_time(session, project)
    return row


def _in_time(session: Session, project: Project) -> None:
    """Raise ScoringOver where scores were to be handed in before now. What a changed framework asks for comes after."""
    if why := scoring_over(session, project):
        raise ScoringOver(why)


def _same(row: Assessment, expected_version: int) -> None:
    if row.version != expected_version:
        raise StaleVersion("Your scores were changed in another window since you opened this page.")


def _account(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise DomainError("Only a person scores: sign in with an account.")
    return actor.account_id
