"""A draft tried on the projects that are appraised already, before anything counts by it (JOURNEYS 8, F4 and F5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
import simplejson
from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from appraisal import policy
from appraisal.models import DECIDED, AppraisalRun, FrameworkVersion, Project, ProjectState, Round
from appraisal.policy import Action, Actor, NotFound
from appraisal.reading.project_file import read_project
from appraisal.services.appraising import computed, own_document
from appraisal.services.framework_drafts import draft_of
from appraisal.services.frameworks import framework_of
from appraisal.services.ordering import Contest
from appraisal.services.rounds import round_named
from appraisal.transactions import reading
from scoring import ENGINE_VERSION
from scoring.errors import InputError
from scoring.frameworks import Framework, Indicator, Method
from scoring.frameworks.trial import Move, Overlap, Spread, moves, overlaps, spreads
from scoring.project_file import ProjectFile
from scoring.result import CriteriaResult, Missing

if TYPE_CHECKING:
    from scoring.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedProject:
    project_id: UUID
    reference: str
    title: str
    move: Move
    blocked_before: bool
    blocked_after: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Whom a trial ranks: what competes in one round, or where all of it is decided, what competed."""

    round: Round | None
    """None where there is no round: then every appraised project counts as of one."""
    runs: Sequence[AppraisalRun]
    over: bool
    """Nothing of the round is undecided: it is ranked as it stood, what was decided included."""
    out: Sequence[Project]
    """Appraised projects of the round that are not ranked: decided, withdrawn or drafts again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    field: Field
    projects: Sequence[TriedProject]
    """The farthest moves first."""
    method_before: Method | None
    """By which the ranks before were made; None where the runs are by frameworks of different methods."""
    method_after: Method
    spreads: Sequence[Spread]
    overlaps: Sequence[Overlap]
    simulated: int
    """Projects whose stored returns rest on other economic settings or another engine: simulated again."""
    failed: Sequence[tuple[str, str]]
    """(reference, why) of projects that the draft cannot appraise."""

    @property
    def alike(self) -> Sequence[Spread]:
        return [item for item in self.spreads if not item.separates]

    @property
    def moved(self) -> int:
        return sum(bool(project.move.places) for project in self.projects)


def rounds_to_try(session: Session, actor: Actor) -> Sequence[Round]:
    """The rounds that have appraised projects, the newest first; raises NotAllowed."""
    with reading(session):
        policy.require(actor, Action.MANAGE_FRAMEWORKS)
        newest = round_named(session)
        appraised = select(Project.round_id).join(AppraisalRun, AppraisalRun.project_id == Project.id)
        wanted: ColumnElement[bool] = Round.id.in_(appraised.where(Project.round_id.is_not(None)))
        homeless = select(Project.id).join(AppraisalRun, AppraisalRun.project_id == Project.id)
        if newest is not None and session.scalar(homeless.where(Project.round_id.is_(None)).limit(1)) is not None:
            wanted = wanted | (Round.id == newest.id)
        return session.scalars(select(Round).where(wanted).order_by(Round.opened_at.desc(), Round.name)).all()


def try_draft(session: Session, actor: Actor, draft_id: UUID, round_id: UUID | None = None) -> Trial:
    """Assess what competes in a round with the draft; stores nothing. Raises NotAllowed, NotFound.

    round_id: None takes the newest round that has appraised projects. Scores before are those of the runs. Criteria are
    computed from the stored returns; only where the draft's economic settings differ from those of the run, or the
    engine does, the run is simulated again with its own seed.
    """
    framework = draft_of(session, actor, draft_id).framework
    field = _field(session, actor, round_id)
    found: dict[str, tuple[AppraisalRun, CriteriaResult]] = {}
    failed: list[tuple[str, str]] = []
    simulated = 0
    for run in field.runs:
        try:
            result, again = _assessed(run, framework)
        except InputError as error:
            failed.append((run.project.reference, error.problems[0].message))
        else:
            found[run.project.reference] = (run, result)
            simulated += again
    levels = {
        indicator.id: [_level(result, indicator.id) for _, result in found.values()]
        for indicator in framework.indicators
    }
    before = {name: run.score for name, (run, _) in found.items()}
    after = {name: _known(result.total) for name, (_, result) in found.items()}
    return Trial(
        field=field,
        method_before=_method_before([run for run, _ in found.values()]),
        method_after=framework.aggregation.method,
        projects=[
            _tried(move, *found[move.key])
            for move in moves(
                before,
                after,
                order_before=_order_before([run for run, _ in found.values()]),
                order_after=_order_after(framework, {name: result for name, (_, result) in found.items()}),
            )
        ],
        spreads=spreads(levels),
        overlaps=overlaps(levels),
        simulated=simulated,
        failed=failed,
    )


@dataclass(frozen=True, slots=True)
class PlacedNumber:
    reference: str
    title: str
    number: float


def numbers_of(session: Session, actor: Actor, indicator: Indicator) -> tuple[PlacedNumber, ...]:
    """What competes today on an indicator with thresholds: the numbers answered, or the figures computed.

    Raises NotAllowed. A project that answered with a level, or whose figure does not exist, has no number here.
    """
    found = []
    for run in _field(session, actor, None).runs:
        number = _figure(run, indicator) if indicator.figure else _answer(read_project(run.snapshot), indicator)
        if number is not None:
            found.append(PlacedNumber(run.project.reference, run.project.title, number))
    return tuple(sorted(found, key=lambda item: (item.number, item.reference)))


def _answer(project: ProjectFile, indicator: Indicator) -> float | None:
    answer = project.answers.get(indicator.id)
    return None if answer is None or answer.unknown else answer.value


def _figure(run: AppraisalRun, indicator: Indicator) -> float | None:
    from scoring.criteria.figures import figure_of  # noqa: PLC0415 -- the numerical libraries only where they are used

    stored = _stored(run)
    return None if stored is None else _known(figure_of(indicator.figure, stored.economic, stored.equity, stored.risk))


def _field(session: Session, actor: Actor, round_id: UUID | None) -> Field:
    """The latest runs of what competes in a round; a project of no round is of the one that was opened last."""
    rounds = rounds_to_try(session, actor)
    held = next((each for each in rounds if round_id in (None, each.id)), None)
    if held is None and (rounds or round_id is not None):
        raise NotFound("There is no such round with appraised projects.")
    with reading(session):
        newest = round_named(session)
        of_round: ColumnElement[bool] = true() if held is None else Project.round_id == held.id
        if held is not None and newest is not None and held.id == newest.id:
            of_round = of_round | Project.round_id.is_(None)
        last = select(func.max(AppraisalRun.number)).group_by(AppraisalRun.project_id)
        query = (
            select(AppraisalRun)
            .join(AppraisalRun.project)
            .where(AppraisalRun.number.in_(last), policy.visible_projects(actor), of_round)
            .options(
                contains_eager(AppraisalRun.project),
                joinedload(AppraisalRun.framework_version),
                joinedload(AppraisalRun.own_record),
            )
            .order_by(AppraisalRun.number)
        )
        runs = session.scalars(query).all()
    over = not any(run.project.state is ProjectState.SUBMITTED for run in runs)
    ranked = DECIDED if over else {ProjectState.SUBMITTED}
    return Field(
        round=held,
        runs=[run for run in runs if run.project.state in ranked],
        over=over,
        out=[run.project for run in runs if run.project.state not in ranked],
    )


def _assessed(run: AppraisalRun, framework: Framework) -> tuple[CriteriaResult, bool]:
    """What the draft makes of a run's project, and whether that took a simulation."""
    from scoring.criteria.assessment import assess  # noqa: PLC0415 -- the numerical libraries only where they are used

    stored = _stored(run) if _same_returns(run.framework_version, framework) else None
    if stored is None:
        result = computed(
            run.snapshot, framework, run.input_sha256, seed=run.seed, draws=run.draws, own=own_document(run)
        )
        return result.criteria, True
    parts = (stored.financial, stored.equity, stored.economic, stored.risk)
    return assess(read_project(run.snapshot), framework, *parts)[0], False


def _method_before(runs: Sequence[AppraisalRun]) -> Method | None:
    methods = {framework_of(run.framework_version).aggregation.method for run in runs}
    return next(iter(methods)) if len(methods) == 1 else None


def _order_before(runs: Sequence[AppraisalRun]) -> dict[str, float | None] | None:
    """What ranks the runs where the one framework behind them compares projects; else their totals do."""
    versions = {run.framework_version_id for run in runs}
    if len(versions) != 1 or not (stated := framework_of(runs[0].framework_version).aggregation).method.relative:
        return None
    contest = Contest.of(stated, [run.criteria for run in runs])
    scores = contest.scores(np.array([item.weight for item in runs[0].criteria]))
    return _named([run.project.reference for run in runs], scores.tolist())


def _order_after(framework: Framework, results: Mapping[str, CriteriaResult]) -> dict[str, float | None] | None:
    """The same for what the draft makes of them."""
    if not framework.aggregation.method.relative or not results:
        return None
    order = tuple(item.id for item in framework.criteria)
    rows = [[result.by_criterion[name] for name in order] for result in results.values()]
    points = np.array([[np.nan if isinstance(item.score, Missing) else item.score for item in row] for row in rows])
    low, high = (np.array([[getattr(item, end) for item in row] for row in rows]) for end in ("low", "high"))
    scores = Contest(framework.aggregation, order, points, low, high).scores(
        np.array([item.weight for item in framework.criteria])
    )
    return _named(list(results), scores.tolist())


def _named(references: Sequence[str], scores: Sequence[float]) -> dict[str, float | None]:
    return {name: None if isnan(score) else score for name, score in zip(references, scores, strict=True)}


def _same_returns(version: FrameworkVersion, framework: Framework) -> bool:
    """Whether the returns do not depend on which of the two frameworks is taken."""
    stored = framework_of(version)
    return (stored.economics, stored.currency, stored.exchange_rates) == (
        *(framework.economics, framework.currency, framework.exchange_rates),
    )


def _stored(run: AppraisalRun) -> "Result | None":
    """The result as it was stored; None where another engine made it."""
    from scoring.stored_result import from_document  # noqa: PLC0415 -- only where a trial is made

    return from_document(simplejson.loads(run.result)) if run.engine == ENGINE_VERSION else None


def _tried(move: Move, run: AppraisalRun, result: CriteriaResult) -> TriedProject:
    return TriedProject(
        project_id=run.project_id,
        reference=run.project.reference,
        title=run.project.title,
        move=move,
        blocked_before=run.blocked,
        blocked_after=result.blocked,
    )


def _level(result: CriteriaResult, name: str) -> float | None:
    return next((_known(item.level) for item in result.indicators if item.id == name), None)


def _known(figure: float | Missing) -> float | None:
    return None if isinstance(figure, Missing) else figure
