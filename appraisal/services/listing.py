"""A planner's own projects, a project's runs, and what a new project starts from."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import DECIDED, Account, AppraisalRun, Project, ProjectState, Round, Submission
from appraisal.models.tables import now
from appraisal.policy import Action, Actor, NotFound
from appraisal.services.frameworks import scoring_alike
from appraisal.services.panels import panel_moments
from appraisal.services.registration import visible_project
from appraisal.services.rounds import round_for_new
from appraisal.services.windows import Calls, calls
from appraisal.transactions import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnProject:
    project_id: UUID
    reference: str
    title: str
    state: ProjectState
    changed_at: datetime
    run: int | None
    """Number of its latest appraisal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    number: int
    at: datetime
    by: str
    draws: int
    seed: int
    score_low: float
    score_high: float
    engine: str
    submission: int
    appraisers: int
    """How many appraisers' scores it was computed from; 0: the planner's own answers."""
    stale: bool
    """Something newer was submitted since, the panel says something else by now, or an undecided project's round took a
    framework that scores otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSubmission:
    number: int
    at: datetime
    by: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The round that is open or comes next, and what it gives a new project to start from."""

    calls: Calls
    currency: str
    unit: int
    defaults: dict[str, object]


def own_projects(session: Session, actor: Actor) -> tuple[OwnProject, ...]:
    """What the actor may see, drafts first and the newest change first; raises NotAllowed."""
    with reading(session):
        policy.require(actor, Action.READ_PROJECT)
        rows = session.connection().execute(_own(actor))
        return tuple(
            OwnProject(project_id=key, reference=reference, title=title, state=state, changed_at=at, run=run)
            for key, reference, title, state, at, run in rows
        )


@lru_cache(maxsize=512)
def _own(actor: Actor) -> Select[*tuple[Any, ...]]:
    """As columns, composed and compiled once for whoever asks often."""
    newest = (
        select(func.max(AppraisalRun.number))
        .where(AppraisalRun.project_id == Project.id, policy.visible_runs(actor))
        .scalar_subquery()
    )
    return (
        select(Project.id, Project.reference, Project.title, Project.state, Project.changed_at, newest)
        .where(policy.visible_projects(actor))
        .order_by(Project.state != ProjectState.DRAFT, Project.changed_at.desc())
    )


_OF_RUN = (
    AppraisalRun.number,
    AppraisalRun.created_at,
    AppraisalRun.draws,
    AppraisalRun.seed,
    AppraisalRun.score_low,
    AppraisalRun.score_high,
    AppraisalRun.engine,
    AppraisalRun.appraisers,
    AppraisalRun.submission_id,
    AppraisalRun.panel_at,
    AppraisalRun.framework_version_id,
)


def runs_of(session: Session, actor: Actor, project_id: UUID) -> tuple[PastRun, ...]:
    """The project's appraisals, the newest first; raises NotFound."""
    with reading(session):
        project = visible_project(session, actor, project_id)
        panels = panel_moments(session, project_id=project.id)
        held = session.get(Round, project.round_id) if project.round_id and project.state not in DECIDED else None
        alike = scoring_alike(session, held.framework_version) if held else None
        newest = session.scalar(select(func.max(Submission.number)).where(Submission.project_id == project.id))
        return tuple(
            PastRun(
                number=run.number,
                at=run.created_at,
                by=run.name,
                draws=run.draws,
                seed=run.seed,
                score_low=run.score_low,
                score_high=run.score_high,
                engine=run.engine,
                submission=run.submission,
                appraisers=run.appraisers,
                stale=run.submission != newest
                or panels.get(run.submission_id) != run.panel_at
                or (alike is not None and run.framework_version_id not in alike),
            )
            for run in session.execute(_runs(actor), {"project": project.id})
        )


@lru_cache(maxsize=512)
def _runs(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Those of a project: composed and compiled once for whoever asks often."""
    return (
        select(*_OF_RUN, Submission.number.label("submission"), Account.name)
        .join_from(AppraisalRun, Submission, AppraisalRun.submission_id == Submission.id)
        .join(Account, AppraisalRun.created_by_id == Account.id)
        .where(AppraisalRun.project_id == bindparam("project"), policy.visible_runs(actor))
        .order_by(AppraisalRun.number.desc())
    )


def hidden_runs(session: Session, actor: Actor, project_id: UUID) -> bool:
    """Whether there are appraisals that the actor may see only once the own scores are in; raises NotFound."""
    with reading(session):
        project = visible_project(session, actor, project_id)
        hidden = (AppraisalRun.project_id == project.id) & ~policy.visible_runs(actor)
        return session.scalar(select(AppraisalRun.id).where(hidden).limit(1)) is not None


def submissions_of(session: Session, actor: Actor, project_id: UUID) -> tuple[PastSubmission, ...]:
    """What was sent of the project, the newest first; raises NotFound."""
    with reading(session):
        project = visible_project(session, actor, project_id)
        query = (
            select(Submission.number, Submission.submitted_at, Account.name, Submission.sha256)
            .join(Account, Submission.submitted_by_id == Account.id)
            .where(Submission.project_id == project.id)
            .order_by(Submission.number.desc())
        )
        return tuple(
            PastSubmission(number=number, at=at, by=name, sha256=digest)
            for number, at, name, digest in session.execute(query)
        )


def project_of_run(session: Session, actor: Actor, number: int) -> UUID:
    """The project a run is of; raises NotFound where the actor may not know of it."""
    with reading(session):
        query = (
            select(AppraisalRun.project_id)
            .join(Project, AppraisalRun.project_id == Project.id)
            .where(AppraisalRun.number == number, policy.visible_projects(actor), policy.visible_runs(actor))
        )
        found = session.scalar(query)
        if found is None:
            raise NotFound(f"There is no appraisal run {number}.")
        return found


def opening(session: Session, actor: Actor) -> Opening:
    """What a new project starts from; raises NotAllowed."""
    with reading(session):
        policy.require(actor, Action.CREATE_PROJECT)
        held = round_for_new(session)
        year = now().year
        currency, unit = (held.currency, held.unit) if held else ("USD", 1_000_000)
        return Opening(
            calls=calls(session),
            currency=currency,
            unit=unit,
            defaults={
                "currency": currency,
                "unit": str(unit),
                "price_year": str(held.price_year if held else year),
                "first_year": str(year + 1),
                "years": "15",
            },
        )
