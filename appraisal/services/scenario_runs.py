"""A scenario run over the whole round in the background: asked for, computed project by project, cancelled (METHOD 11).

Every project takes the inputs, seed and draws of the appraisal that ranks it, so that a run that another worker
finishes gives the same numbers. Nothing is computed inside a transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import simplejson
from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, sessionmaker

from appraisal import policy
from appraisal.canonical import canonical_json, sha256_of
from appraisal.models import AppraisalRun, Job, JobKind, Role, ScenarioResult, ScenarioRun
from appraisal.models.tables import now
from appraisal.policy import Action, Actor, NotFound
from appraisal.reading.project_file import read_project
from appraisal.services import auditing, jobs, own_records
from appraisal.services.appraising import capital_cost, own_document
from appraisal.services.errors import AlreadyThere, DomainError
from appraisal.services.frameworks import framework_of
from appraisal.services.jobs import Lease
from appraisal.services.portfolio_scenarios import KIND, defined_in, subject_of
from appraisal.services.ranking import ranked_portfolio
from appraisal.transactions import reading
from scoring import ENGINE_VERSION
from scoring.criteria.spreads import written
from scoring.errors import InputError
from scoring.frameworks import Framework
from scoring.frameworks import to_document as framework_document
from scoring.parameters import Parameters
from scoring.project_document import to_document as project_document
from scoring.project_file import ProjectFile
from scoring.result import Figure, GateStatus, Missing
from scoring.scenarios import Changes, read_changes, written_changes

if TYPE_CHECKING:
    from scoring.result import Result


def request_run(session: Session, actor: Actor, key: str) -> UUID:
    """Queue a run of a scenario over all that is ranked, and give its job; raises NotAllowed, NotFound, DomainError.

    While one is unfinished, that one is given: asking twice runs once.
    """
    policy.require_role(actor, Action.RUN_SCENARIO)
    ranked = [row.run for row in ranked_portfolio(session, actor).everyone]
    try:
        with session.begin():
            policy.require(actor, Action.RUN_SCENARIO)
            return _queued(session, actor, key, ranked)
    except AlreadyThere:  # asked for at the same moment
        with reading(session):
            return _unfinished(session, key).id


def _queued(session: Session, actor: Actor, key: str, ranked: list[int]) -> UUID:
    found = defined_in(session)
    held, definition = found.held, found.named(key)
    if held is None or actor.account_id is None:
        raise DomainError("A run belongs to a round and to a person: no round is open, or nobody is signed in.")
    if not ranked:
        raise DomainError("Nothing is ranked yet: appraise a project first.")
    subject = subject_of(held, key)
    running = jobs.unfinished_job(session, JobKind.SCENARIO, subject)
    if running is not None:
        return running.id
    job = jobs.ask_for(session, actor.account_id, JobKind.SCENARIO, subject, total=len(ranked))
    changes = canonical_json(written_changes(definition.changes))
    session.add(ScenarioRun(job_id=job.id, round_id=held.id, scenario=key, title=definition.title, changes=changes))
    runs = session.execute(
        select(AppraisalRun.id, AppraisalRun.project_id).where(AppraisalRun.number.in_(ranked))
    ).all()
    session.add_all(ScenarioResult(job_id=job.id, project_id=run.project_id, run_id=run.id) for run in runs)
    auditing.record(
        session, actor, "scenario.run", KIND, key, job=str(job.id), name=definition.title, projects=len(runs)
    )
    return job.id


def cancel_run(session: Session, actor: Actor, key: str) -> bool:
    """Stop an unfinished run: what is computed is dropped from sight, an older result stays. Whether there was one.

    Raises NotAllowed, NotFound.
    """
    with session.begin():
        policy.require(actor, Action.RUN_SCENARIO)
        try:
            job = _unfinished(session, key)
        except NotFound:
            return False
        cancelled = jobs.cancel(session, job.id)
        if cancelled:
            auditing.record(session, actor, "scenario.run-cancelled", KIND, key, job=str(job.id))
        return cancelled


def _unfinished(session: Session, key: str) -> Job:
    found = defined_in(session)
    found.named(key)
    job = jobs.unfinished_job(session, JobKind.SCENARIO, subject_of(found.held, key)) if found.held else None
    if job is None:
        raise NotFound
    return job


@dataclass(frozen=True, slots=True)
class Task:
    changes: Changes
    scenario: str
    actor: Actor
    due: tuple[UUID, ...]
    """Projects still to be computed, by reference."""
    total: int


def perform(sessions: sessionmaker[Session], lease: Lease) -> None:
    """Compute what is due, one project a transaction; raises LeaseLost where the job is taken away or cancelled."""
    with sessions() as session:
        task = _task(session, lease.job_id)
    done = task.total - len(task.due)
    for project_id in task.due:
        with sessions() as session:
            run = _run_of(session, lease.job_id, project_id)
        values = computed_under(run, task.changes)
        done += 1
        with sessions() as session, session.begin():
            jobs.advance(session, lease, done)
            _store(session, lease.job_id, project_id, values)
    with sessions() as session, session.begin():
        jobs.finish(session, lease, done)
        auditing.record(
            session, task.actor, "scenario.run-done", KIND, task.scenario, job=str(lease.job_id), projects=done
        )


def _task(session: Session, job_id: UUID) -> Task:
    with reading(session):
        run = session.get_one(ScenarioRun, job_id, options=[joinedload(ScenarioRun.job).joinedload(Job.created_by)])
        query = select(ScenarioResult.project_id).where(
            ScenarioResult.job_id == job_id, ScenarioResult.computed_at.is_(None)
        )
        due = session.scalars(query.join(ScenarioResult.run).order_by(AppraisalRun.number))
        by = run.job.created_by
        actor = Actor(by.id, Role(by.role), by.organisation_id, by.name)
        return Task(read_changes(simplejson.loads(run.changes)), run.scenario, actor, tuple(due), run.job.total)


def _run_of(session: Session, job_id: UUID, project_id: UUID) -> AppraisalRun:
    with reading(session):
        query = (
            select(AppraisalRun)
            .join(ScenarioResult, ScenarioResult.run_id == AppraisalRun.id)
            .where(ScenarioResult.job_id == job_id, ScenarioResult.project_id == project_id)
            .options(joinedload(AppraisalRun.framework_version), joinedload(AppraisalRun.own_record))
        )
        return session.scalars(query).one()


def _store(session: Session, job_id: UUID, project_id: UUID, values: Mapping[str, Any]) -> None:
    """Once: what is there already is not written over."""
    change = update(ScenarioResult).where(
        ScenarioResult.job_id == job_id,
        ScenarioResult.project_id == project_id,
        ScenarioResult.computed_at.is_(None),
    )
    session.execute(change.values(computed_at=now(), **values).execution_options(synchronize_session=False))


def computed_under(run: AppraisalRun, changes: Changes) -> dict[str, str]:
    """What a project becomes: its figures and the digest of what they were computed from, or the problem."""
    from scoring.appraisal import appraise  # noqa: PLC0415 -- the numerical libraries only where they are used
    from scoring.scenarios.applying import under  # noqa: PLC0415
    from scoring.stored_result import from_document  # noqa: PLC0415

    if run.engine != ENGINE_VERSION:
        return {
            "problem": f"Run {run.number} is of an older engine: appraise the project again, then run the scenario."
        }
    framework, parameters = framework_of(run.framework_version), own_records.parameters_with(own_document(run))
    stored = from_document(simplejson.loads(run.result))
    try:
        project, changed = under(changes, read_project(run.snapshot), framework, parameters)
        digest = _digest(project, changed, parameters, run)
        result = stored
        if changes.of_projects:
            result = appraise(project, changed, parameters, seed=run.seed, draws=run.draws, input_sha256=digest)
    except InputError as refused:
        return {"problem": refused.problems[0].message}
    return {"input_sha256": digest, "figures": canonical_json(_figures(project, changed, result, stored))}


def _digest(project: ProjectFile, framework: Framework, parameters: Parameters, run: AppraisalRun) -> str:
    return sha256_of(
        {
            "project": project_document(project),
            "framework": framework_document(framework),
            "parameters": parameters.name,
            "seed": run.seed,
            "draws": run.draws,
            "engine": ENGINE_VERSION,
        }
    )


def _figures(project: ProjectFile, framework: Framework, result: "Result", stored: "Result") -> dict[str, Any]:
    criteria, npv, before = result.criteria, result.risk.economic_npv, stored.risk.economic_npv
    return {
        "engine": ENGINE_VERSION,
        "cost": str(capital_cost(project)),
        "score": _number(criteria.total),
        "low": criteria.interval[0],
        "high": criteria.interval[1],
        "completeness": criteria.completeness,
        "economic_npv_p50": _number(npv.p50),
        "expected_npv": _number(npv.mean),
        "expected_npv_se": _number(npv.se),
        "expected_npv_before": _number(before.mean),
        "expected_npv_before_se": _number(before.se),
        "prob_negative": _number(npv.prob_negative),
        "risk_adjusted_return": _number(result.risk.risk_adjusted_return),
        "failed": [gate.id for gate in criteria.gates if gate.status is GateStatus.FAILED],
        "open": [gate.id for gate in criteria.gates if gate.status is GateStatus.OPEN],
        "criteria": [
            {
                "criterion": item.id,
                "position": position,
                "title": item.title,
                "weight": item.weight,
                "score": _number(item.score),
                "low": item.low,
                "high": item.high,
                "contribution": _number(item.contribution),
                "spread": written(item.evidence, item.futures).hex(),
            }
            for position, item in enumerate(criteria.by_criterion[part.id] for part in framework.criteria)
        ],
    }


def _number(figure: Figure) -> float | None:
    return None if isinstance(figure, Missing) else float(figure)
