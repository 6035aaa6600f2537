"""What a run of a scenario found: who enters, who leaves, what the city gives up (METHOD 11).

Both sides rank the same projects and are cut by the same rule; what has no figures under the scenario is on neither.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import simplejson
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from appraisal import policy
from appraisal.canonical import canonical_json
from appraisal.models import AppraisalRun, Job, JobState, Round, ScenarioResult, ScenarioRun
from appraisal.policy import Action, Actor
from appraisal.services.portfolio_rows import CriterionScore, PortfolioRow
from appraisal.services.portfolio_scenarios import Defined, Definition, defined_in, subject_of
from appraisal.services.rank_and_cut import ranked_and_cut
from appraisal.services.ranking import Portfolio, ranked_portfolio
from appraisal.transactions import reading
from scoring import ENGINE_VERSION
from scoring.scenarios import written_changes

_OF_CRITERION = tuple(each.name for each in fields(CriterionScore))


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What a choice of projects is worth together on one side."""

    projects: int
    cost: Decimal
    """Single units of the round's currency."""
    expected: float | None
    """Expected economic NPV, in single units; None where one of them has none."""
    error: float | None
    """Monte Carlo standard error of that sum, as if the projects were drawn apart."""
    scores: Mapping[str, float | None]
    """By criterion, the mean weighted by cost; None where one of them has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    record: Worth
    """What the record funds, as on the record."""
    kept: Worth
    """The same projects under the scenario."""
    chosen: Worth
    """What is funded under the scenario, under it."""
    chosen_on_record: Worth
    """The same projects as on the record: what the choice alone gives up."""


@dataclass(frozen=True, slots=True)
class Failed:
    row: PortfolioRow
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    title: str
    built_in: bool
    by: str
    finished_at: datetime
    held: Round
    budget: Decimal
    """Under the scenario, in the round's unit."""
    base: Portfolio
    under: Portfolio
    failed: tuple[Failed, ...]
    edited: bool
    """The scenario was changed since."""
    outdated: tuple[str, ...]
    """References of projects appraised again since, or ranked only now: on neither side."""
    ranked: int
    """Projects that are ranked today and that whoever looks may see, on both sides or on neither."""
    every: bool
    """Whether whoever looks may see every project."""
    given_up: GivenUp

    @property
    def compared(self) -> int:
        """Projects on both sides."""
        return len(self.base.everyone)

    @property
    def whole(self) -> bool:
        """Whether its sides hold everything that is ranked: only then one of them is the record."""
        return self.every and self.compared == self.ranked

    @property
    def stale(self) -> bool:
        return self.edited or bool(self.outdated)

    @property
    def entering(self) -> tuple[PortfolioRow, ...]:
        """By rank under the scenario."""
        return self._moved(funded=True)

    @property
    def leaving(self) -> tuple[PortfolioRow, ...]:
        return self._moved(funded=False)

    def before(self, reference: str) -> PortfolioRow:
        return next(row for row in self.base.everyone if row.reference == reference)

    def _moved(self, *, funded: bool) -> tuple[PortfolioRow, ...]:
        was = {row.reference: row.funded for row in self.base.everyone}
        return tuple(row for row in self.under.everyone if row.funded is funded and was[row.reference] is not funded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The newest job of a scenario, as far as it matters to whoever looks."""

    job_id: UUID
    state: JobState
    done: int
    total: int
    by: str
    created_at: datetime
    finished_at: datetime | None
    problem: str
    reference: str

    @property
    def unfinished(self) -> bool:
        return self.state in (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A scenario with its newest job and its newest result; either may not be there."""

    definition: Definition
    progress: Progress | None
    outcome: Outcome | None


def progress_of(session: Session, actor: Actor) -> tuple[Defined, dict[str, Progress]]:
    """The scenarios of the round, and the newest job of each that was ever run; raises NotAllowed."""
    with reading(session):
        policy.require(actor, Action.READ_SCENARIO_RUNS)
        found = defined_in(session)
        held = found.held
        if held is None:
            return found, {}
        keys = {subject_of(held, item.key): item.key for item in found.definitions}
        query = select(Job).where(Job.subject_id.in_(keys)).options(joinedload(Job.created_by))
        jobs = session.scalars(query.order_by(Job.created_at)).all()
        return found, {keys[job.subject_id]: _progress(job) for job in jobs}


def outdated_of(session: Session, actor: Actor, found: Defined) -> frozenset[str]:
    """Keys of the scenarios whose newest result no longer tells of what is ranked today; raises NotAllowed."""
    now = {row.run for row in ranked_portfolio(session, actor).everyone}
    with reading(session):
        policy.require(actor, Action.READ_SCENARIO_RUNS)
        newest = _newest(session, found)
        query = (
            select(ScenarioResult.job_id, AppraisalRun.number)
            .join(ScenarioResult.run)
            .where(ScenarioResult.job_id.in_([run.job_id for run in newest.values()]))
        )
        told: dict[UUID, set[int]] = {}
        for job_id, number in session.execute(query):
            told.setdefault(job_id, set()).add(number)
        return frozenset(
            key
            for key, run in newest.items()
            if _edited(run, found.named(key)) or not now <= told.get(run.job_id, set())
        )


def look(session: Session, actor: Actor, key: str) -> Looked:
    """One scenario; raises NotAllowed, NotFound."""
    found, progress = progress_of(session, actor)
    definition = found.named(key)
    return Looked(
        definition=definition, progress=progress.get(key), outcome=_outcome(session, actor, found, definition)
    )


def looked_at(session: Session, actor: Actor, keys: Sequence[str]) -> tuple[Looked, ...]:
    """Several, in the order given; raises NotAllowed, NotFound."""
    return tuple(look(session, actor, key) for key in keys)


def _progress(job: Job) -> Progress:
    return Progress(
        job_id=job.id,
        state=job.state,
        done=job.done,
        total=job.total,
        by=job.created_by.name,
        created_at=job.created_at,
        finished_at=job.finished_at,
        problem=job.problem,
        reference=job.reference,
    )


def _outcome(session: Session, actor: Actor, found: Defined, definition: Definition) -> Outcome | None:
    portfolio = ranked_portfolio(session, actor)
    held = found.held
    if held is None:
        return None
    with reading(session):
        run = _newest(session, found, definition.key).get(definition.key)
        if run is None:
            return None
        results = _results(session, actor, run.job_id)
    factor = Decimal(repr(float(simplejson.loads(run.changes).get("budget", 1.0))))
    return _compared(
        portfolio,
        results,
        run,
        held=held,
        budget=held.budget * factor,
        built_in=definition.built_in,
        edited=_edited(run, definition),
        every=policy.allows(actor, Action.READ_SCENARIOS),
    )


def _newest(session: Session, found: Defined, *keys: str) -> dict[str, ScenarioRun]:
    """The newest run of each scenario that ended, by key; all of them where none is named."""
    if found.held is None:
        return {}
    named = keys or [item.key for item in found.definitions]
    subjects = {subject_of(found.held, key): key for key in named}
    query = (
        select(ScenarioRun, Job.subject_id)
        .join(ScenarioRun.job)
        .where(Job.subject_id.in_(subjects), Job.state == JobState.DONE)
        .order_by(Job.finished_at, Job.id.desc())
        .options(joinedload(ScenarioRun.job).joinedload(Job.created_by))
    )
    return {subjects[subject]: run for run, subject in session.execute(query)}


def _edited(run: ScenarioRun, definition: Definition) -> bool:
    return run.changes != canonical_json(written_changes(definition.changes))


def _results(session: Session, actor: Actor, job_id: UUID) -> dict[int, ScenarioResult]:
    """By number of the appraisal, of those whose figures the actor may know."""
    query = (
        select(ScenarioResult, AppraisalRun.number)
        .join(ScenarioResult.run)
        .join(AppraisalRun.project)
        .where(ScenarioResult.job_id == job_id, policy.visible_projects(actor), policy.visible_runs(actor))
    )
    return {number: result for result, number in session.execute(query)}


def _compared(
    portfolio: Portfolio,
    results: Mapping[int, ScenarioResult],
    run: ScenarioRun,
    *,
    held: Round,
    budget: Decimal,
    built_in: bool,
    edited: bool,
    every: bool,
) -> Outcome:
    told = {row.reference: results[row.run] for row in portfolio.everyone if row.run in results}
    figures = {name: simplejson.loads(item.figures) for name, item in told.items() if item.figures is not None}
    figures = {name: data for name, data in figures.items() if data["engine"] == ENGINE_VERSION}
    rows = [row for row in portfolio.everyone if row.reference in figures]
    problems = [Failed(row, told[row.reference].problem) for row in portfolio.everyone if row.reference in told]
    failed = tuple(item for item in problems if item.problem)
    base = _side(portfolio, rows, held, held.budget)
    under = _side(portfolio, [_changed(row, figures[row.reference]) for row in rows], held, budget)
    known = figures.keys() | {item.row.reference for item in failed}
    assert run.job.finished_at is not None
    return Outcome(
        title=run.title,
        built_in=built_in,
        by=run.job.created_by.name,
        finished_at=run.job.finished_at,
        held=held,
        budget=budget,
        base=base,
        under=under,
        failed=failed,
        edited=edited,
        outdated=tuple(row.reference for row in portfolio.everyone if row.reference not in known),
        ranked=len(portfolio.everyone),
        every=every,
        given_up=_given_up(base, under, figures),
    )


def _side(portfolio: Portfolio, rows: Sequence[PortfolioRow], held: Round, budget: Decimal) -> Portfolio:
    ranked, first_out = ranked_and_cut(rows, held, budget, stated=portfolio.aggregation)
    return replace(
        portfolio,
        rows=tuple(ranked),
        everyone=tuple(ranked),
        funded=sum(row.funded for row in ranked),
        first_out=first_out,
        return_line=None,
        score_line=None,
    )


def _changed(row: PortfolioRow, data: Mapping[str, Any]) -> PortfolioRow:
    names = ("score", "low", "high", "completeness", "economic_npv_p50", "prob_negative", "risk_adjusted_return")
    return replace(
        row,
        **{name: data[name] for name in names},
        cost=Decimal(data["cost"]),
        failed=tuple(data["failed"]),
        open=tuple(data["open"]),
        criteria=tuple(CriterionScore(**{name: item[name] for name in _OF_CRITERION}) for item in data["criteria"]),
    )


def _given_up(base: Portfolio, under: Portfolio, figures: Mapping[str, Mapping[str, Any]]) -> GivenUp:
    record = {row.reference for row in base.everyone if row.funded}
    chosen = {row.reference for row in under.everyone if row.funded}
    before, after = "expected_npv_before", "expected_npv"
    return GivenUp(
        record=_worth(base, record, figures, before),
        kept=_worth(under, record, figures, after),
        chosen=_worth(under, chosen, figures, after),
        chosen_on_record=_worth(base, chosen, figures, before),
    )


def _worth(side: Portfolio, names: set[str], figures: Mapping[str, Mapping[str, Any]], value: str) -> Worth:
    rows = [row for row in side.everyone if row.reference in names]
    expected, errors = ([_scaled(figures[row.reference][key], row) for row in rows] for key in (value, f"{value}_se"))
    criteria = [item.criterion for item in side.everyone[0].criteria] if side.everyone else []
    squares = None if None in errors else [error**2 for error in errors if error is not None]
    return Worth(
        projects=len(rows),
        cost=sum((row.cost for row in rows), Decimal(0)),
        expected=None if None in expected else sum(one for one in expected if one is not None),
        error=None if squares is None else math.sqrt(sum(squares)),
        scores={name: _mean_score(rows, name) for name in criteria},
    )


def _scaled(value: float | None, row: PortfolioRow) -> float | None:
    return None if value is None else value * row.unit


def _mean_score(rows: Sequence[PortfolioRow], criterion: str) -> float | None:
    """What a unit of the money spent stands for, 0-100."""
    scores = [next(item.score for item in row.criteria if item.criterion == criterion) for row in rows]
    known = [score for score in scores if score is not None]
    costs = [float(row.cost) for row in rows]
    if len(known) < len(scores) or sum(costs) <= 0:
        return None
    return sum(score * cost for score, cost in zip(known, costs, strict=True)) / sum(costs)
