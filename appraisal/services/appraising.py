"""Appraisal runs: computing one from a frozen submission, storing all of it, and replaying it to the bit."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

import simplejson
from sqlalchemy import Select, bindparam, func, select, text
from sqlalchemy.orm import Session, joinedload

from appraisal import policy
from appraisal.canonical import canonical_json, sha256_of_text
from appraisal.models import AppraisalRun, Project, Round, RunCriterion, RunGate, Submission
from appraisal.policy import Action, Actor, NotFound
from appraisal.reading.project_file import read_project
from appraisal.services import auditing, own_records
from appraisal.services.errors import DomainError
from appraisal.services.frameworks import built_in, built_in_version, framework_of, published_built_in
from appraisal.services.panels import PanelAnswers, may_see_panel, panel_file, panel_of
from appraisal.services.registration import visible_project
from appraisal.transactions import reading
from scoring.criteria.spreads import written
from scoring.frameworks import Framework
from scoring.parameters.own_record import own_digest
from scoring.project_document import to_document as project_document
from scoring.project_file import FlowKind, ProjectFile
from scoring.result import Figure, Missing

if TYPE_CHECKING:
    from scoring.result import Result

HEADLINES = (
    *("score", "score_low", "score_high", "completeness", "cost", "economic_npv_p50", "eirr_p50", "prob_negative"),
    *("risk_adjusted_return", "blocked"),
)
_WITH_A_RUN = (
    AppraisalRun.project,
    AppraisalRun.submission,
    AppraisalRun.framework_version,
    AppraisalRun.own_record,
    AppraisalRun.created_by,
)
CRITERION_FIGURES = ("position", "title", "weight", "score", "low", "high", "contribution")


def appraise_project(session: Session, actor: Actor, project_id: UUID, *, seed: int, draws: int) -> AppraisalRun:
    """Appraise the latest submission and store the run.

    Where a panel's scores are in, its answers stand in place of the planner's. Raises NotFound, NotAllowed,
    DomainError where nothing was submitted or an appraiser's own scores are not in, InputError where it cannot be
    computed.
    Computes between two transactions, so that nobody waits for the draws; the rights are asked again before it stores.
    """
    with reading(session):
        project, submission = _submitted(session, actor, project_id)
        held = session.get(Round, project.round_id) if project.round_id else None
        version = held.framework_version if held else built_in_version(session)
        file = read_project(submission.document)
        own = own_records.record_of(session, own_records.city_of(file.city, held))
        panel = _panel(session, actor, submission, framework_of(version) if version else built_in())
    if version is None:
        with session.begin():
            version = published_built_in(session, actor)
    basis = _basis(submission, file, framework_of(version), panel)
    result = computed_of(basis.file, framework_of(version), basis.sha256, seed=seed, draws=draws, own=own)
    with session.begin():
        policy.require(actor, Action.APPRAISE_PROJECT, visible_project(session, actor, project_id, lock=True))
        run = _row(project, submission, basis, result)
        run.number = _next_number(session)
        run.framework_version_id = version.id
        run.own_record = None if own is None else own_records.stored(session, own)
        run.created_by_id = actor.account_id or project.owner_id
        session.add(run)
        session.flush()
        auditing.record(
            session,
            actor,
            "project.appraised",
            "project",
            project.id,
            run=run.number,
            result=run.result_sha256,
            basis=run.basis.value,
            appraisers=run.appraisers,
        )
    return run


def _submitted(session: Session, actor: Actor, project_id: UUID) -> tuple[Project, Submission]:
    project = visible_project(session, actor, project_id)
    policy.require(actor, Action.APPRAISE_PROJECT, project)
    query = select(Submission).where(Submission.project_id == project.id).order_by(Submission.number.desc())
    submission = session.scalars(query).first()
    if submission is None:
        raise DomainError(f"{project.reference} was not submitted yet.")
    return project, submission


@dataclass(frozen=True, slots=True)
class Basis:
    """What a run is computed from: the submission itself, or the submission with a panel's answers (ADR 8)."""

    snapshot: str
    sha256: str
    file: ProjectFile
    """What the snapshot says."""
    appraisers: int = 0
    panel_at: datetime | None = None


def _panel(session: Session, actor: Actor, submission: Submission, framework: Framework) -> PanelAnswers:
    """The panel's answers, for those who may know what is computed from them."""
    panel = panel_of(session, submission.id, framework)
    if panel.appraisers and not may_see_panel(session, actor, submission.id):
        raise DomainError("Hand in your own scores first: an appraisal of it would show you what the others gave.")
    return panel


def _basis(submission: Submission, file: ProjectFile, framework: Framework, panel: PanelAnswers) -> Basis:
    """file: what the submission says."""
    if not panel.appraisers:
        return Basis(submission.document, submission.sha256, file)
    snapshot = canonical_json(project_document(panel_file(file, framework, panel)))
    return Basis(snapshot, sha256_of_text(snapshot), read_project(snapshot), panel.appraisers, panel.at)


def _next_number(session: Session) -> int:
    """The next run number; on PostgreSQL two appraisals at once would otherwise both read the same highest one."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE appraisal_run IN SHARE ROW EXCLUSIVE MODE"))
    return (session.scalar(select(func.max(AppraisalRun.number))) or 0) + 1


def computed(
    snapshot: str, framework: Framework, digest: str, *, seed: int, draws: int, own: str | None = None
) -> "Result":
    """The result of a project file's text and a city's own record; raises InputError where it cannot be computed."""
    return computed_of(read_project(snapshot), framework, digest, seed=seed, draws=draws, own=own)


def computed_of(
    file: ProjectFile, framework: Framework, digest: str, *, seed: int, draws: int, own: str | None = None
) -> "Result":
    """`computed` of a project file that was read already."""
    from scoring.appraisal import appraise  # noqa: PLC0415 -- the numerical libraries only where they are used

    parameters = own_records.parameters_with(own)
    return appraise(file, framework, parameters, seed=seed, draws=draws, input_sha256=digest)


def _row(project: Project, submission: Submission, basis: Basis, result: "Result") -> AppraisalRun:
    from scoring.result_document import to_document  # noqa: PLC0415

    document = canonical_json(to_document(result))
    criteria = result.criteria
    return AppraisalRun(
        project_id=project.id,
        submission_id=submission.id,
        snapshot=basis.snapshot,
        input_sha256=basis.sha256,
        appraisers=basis.appraisers,
        panel_at=basis.panel_at,
        parameters=result.parameters,
        engine=result.engine,
        seed=result.seed,
        draws=result.draws,
        result=document,
        result_sha256=sha256_of_text(document),
        score=_figure(criteria.total),
        score_low=criteria.interval[0],
        score_high=criteria.interval[1],
        completeness=criteria.completeness,
        cost=capital_cost(basis.file),
        economic_npv_p50=_figure(result.risk.economic_npv.p50),
        eirr_p50=_figure(result.risk.eirr_p50),
        prob_negative=_figure(result.risk.economic_npv.prob_negative),
        risk_adjusted_return=_figure(result.risk.risk_adjusted_return),
        blocked=criteria.blocked,
        criteria=[
            RunCriterion(
                criterion=item.id,
                position=position,
                title=item.title,
                weight=item.weight,
                score=_figure(item.score),
                low=item.low,
                high=item.high,
                contribution=_figure(item.contribution),
                spread=written(item.evidence, item.futures),
            )
            for position, item in enumerate(criteria.by_criterion.values())
        ],
        gates=[
            RunGate(gate=item.id, title=item.title, status=item.status, lifts_when=item.lifts_when)
            for item in criteria.gates
        ],
    )


def _figure(figure: Figure) -> float | None:
    return None if isinstance(figure, Missing) else float(figure)


def capital_cost(project: ProjectFile) -> Decimal:
    """Undiscounted capital cost in single units of the project's currency."""
    capex = (line for line in project.cash_flows.lines if line.kind is FlowKind.CAPEX)
    return sum((amount for line in capex for amount in line.amounts), Decimal(0)) * project.unit


@dataclass(frozen=True, slots=True)
class Replay:
    """Whether a recomputation gave the same bytes; where not, the first key that differs."""

    run: int
    equal: bool
    difference: str | None


def replay(session: Session, actor: Actor, number: int) -> Replay:
    """Recompute a run from what it stored and compare bit for bit (METHOD 12); raises NotFound.

    The snapshot must have its digest, and the rows that lists read must say what the result says.
    """
    with reading(session):
        run = visible_run(session, actor, number)
    difference = changed_input(run) or _changed_output(run, recomputed(run))
    return Replay(number, equal=difference is None, difference=difference)


def changed_input(run: AppraisalRun) -> str | None:
    """`snapshot` or `own_record`, whichever is not, byte for byte, the document that was digested."""
    if not _snapshot_kept(run):
        return "snapshot"
    return None if _own_record_kept(run) else "own_record"


def _snapshot_kept(run: AppraisalRun) -> bool:
    """Whether the run's own document is the submission's or, with a panel, that with other answers."""
    kept = sha256(run.snapshot.encode()).hexdigest() == run.input_sha256
    sent = sha256(run.submission.document.encode()).hexdigest() == run.submission.sha256
    if run.appraisers:
        same = _without_answers(run.snapshot) == _without_answers(run.submission.document)
    else:
        same = run.input_sha256 == run.submission.sha256
    return kept and sent and same


def _own_record_kept(run: AppraisalRun) -> bool:
    own, named = run.own_record, own_digest(run.parameters)
    if own is None:
        return not named
    return bool(named) and sha256(own.document.encode()).hexdigest() == own.sha256 and own.sha256.startswith(named)


def _without_answers(document: str) -> dict[str, Any]:
    return {key: part for key, part in simplejson.loads(document, use_decimal=True).items() if key != "answers"}


def _changed_output(run: AppraisalRun, again: "Result") -> str | None:
    basis = Basis(run.snapshot, run.input_sha256, read_project(run.snapshot), run.appraisers, run.panel_at)
    expected = _row(run.project, run.submission, basis, again)
    if expected.result != run.result:
        found = first_difference(simplejson.loads(run.result), simplejson.loads(expected.result))
        return found or "result"
    if expected.result_sha256 != run.result_sha256:
        return "result_sha256"
    return first_difference(_listed(run), _listed(expected)) or _changed_spread(run, expected)


def _changed_spread(run: AppraisalRun, expected: AppraisalRun) -> str | None:
    """The first criterion whose spread is another; one that a migration took away is not missed."""
    kept = {item.criterion: item.spread for item in run.criteria}
    again = ((item.criterion, item.spread) for item in expected.criteria)
    return next((f"criteria.{key}.spread" for key, spread in again if kept[key] not in (None, spread)), None)


def _listed(run: AppraisalRun) -> dict[str, Any]:
    """What lists and ranks read instead of the result."""
    return {
        **{name: getattr(run, name) for name in HEADLINES},
        "criteria": {item.criterion: [getattr(item, name) for name in CRITERION_FIGURES] for item in run.criteria},
        "gates": {item.gate: [item.title, item.status, item.lifts_when] for item in run.gates},
    }


def recomputed(run: AppraisalRun) -> "Result":
    """The result of a stored run's own inputs, seed, draws, framework and record of completed projects."""
    framework = framework_of(run.framework_version)
    return computed(run.snapshot, framework, run.input_sha256, seed=run.seed, draws=run.draws, own=own_document(run))


def own_document(run: AppraisalRun) -> str | None:
    """The record of completed projects a run was computed with."""
    return None if run.own_record is None else run.own_record.document


def visible_run(session: Session, actor: Actor, number: int) -> AppraisalRun:
    """The run with all that belongs to it, if the actor may know of its project; raises NotFound.

    Inside the caller's transaction; what it gives can be read after it.
    """
    found = session.scalar(_visible(actor), {"number": number})
    if found is None:
        raise NotFound(f"There is no appraisal run {number}.")
    return found


@lru_cache(maxsize=512)
def _visible(actor: Actor) -> Select[AppraisalRun]:
    """Of every page of a run: composed and compiled once for whoever asks often."""
    return (
        select(AppraisalRun)
        .join(Project, AppraisalRun.project_id == Project.id)
        .where(AppraisalRun.number == bindparam("number"), policy.visible_projects(actor), policy.visible_runs(actor))
        .options(*(joinedload(part) for part in _WITH_A_RUN))
    )


def first_difference(before: Any, after: Any, path: str = "") -> str | None:
    """The first key path, in reading order, at which two documents differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = [*before, *(key for key in after if key not in before)]
        for key in keys:
            found = first_difference(before.get(key), after.get(key), f"{path}.{key}".lstrip("."))
            if found:
                return found
        return None
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for position, pair in enumerate(zip(before, after, strict=True)):
            found = first_difference(*pair, f"{path}[{position}]")
            if found:
                return found
        return None
    return None if before == after else path
