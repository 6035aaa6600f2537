"""The best programme of the round under its budgets and rules, and what it hangs on (METHOD 11).

Nothing is stored. Amounts are in the round's unit. Every search has its limit of time: what was found by then is
returned and says how far from the best it can be.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import simplejson
from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import AppraisalRun, Round
from appraisal.policy import Action, Actor
from appraisal.services.exploring import Exploration
from appraisal.services.ordering import Contest
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.transactions import reading
from forms.programme import ProgrammeRules
from forms.what_if import SOURCES
from scoring.criteria.spreads import FUTURES as OF_ONE
from scoring.frameworks import Method
from scoring.ranking import drawn_scores, sample_weights
from scoring.ranking.methods import drawn_method_scores
from scoring.selection import (
    Clash,
    FirstOut,
    FrontierPoint,
    InfeasibleProgramme,
    MinimumShare,
    NextMoney,
    NoProgrammeFound,
    Problem,
    RankAndCut,
    Robustness,
    Selection,
    choose,
    first_out,
    frontier,
    next_money,
    problem_of,
    rank_and_cut,
    robustness,
    shadow_prices,
)

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Found = TypeVar("Found")
SECONDS, EACH, ALL_FUTURES = 5.0, 0.5, 5.0
"""Limits of time: for the programme, for each question about it, and for all futures together."""
FUTURES, DRAWS, SEED = 200, 10_000, 20_211
MULTIPLIERS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.5, 1.75, 2.0)
MILLION = 1_000_000
FEWEST_MILLIONS = 4
"""Below so many millions a budget is asked about a tenth more of it instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a programme is chosen from: the projects in the round's currency, in the order of their references."""

    held: Round
    rows: tuple[PortfolioRow, ...]
    values: FloatArray
    """(n,), certainty equivalent of the economic NPV; NaN where it does not exist."""
    losses: tuple[tuple[FloatArray, FloatArray] | None, ...]
    """Edges and counts of each project's economic NPV over the draws."""

    @property
    def missing(self) -> tuple[PortfolioRow, ...]:
        """Without a value, and therefore not to be chosen."""
        return tuple(row for row in self._valueless() if not row.committed)

    @property
    def unvalued(self) -> tuple[PortfolioRow, ...]:
        """Approved without a value: their cost counts, and the programme's value leaves them out."""
        return tuple(row for row in self._valueless() if row.committed)

    def _valueless(self) -> list[PortfolioRow]:
        return [row for row, value in zip(self.rows, self.values, strict=True) if np.isnan(value)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """How likely the programme loses for society, between projects that move apart and projects that move as one."""

    apart: float
    together: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What the programme hangs on; each part is None where it cannot be told or took too long."""

    price: float | None
    """Value of one more unit of the whole budget, by the relaxation."""
    extra: float
    """The sum that `next` asks about, in the round's unit."""
    next: NextMoney | None
    first_out: FirstOut | None
    robust: Robustness | None
    frontier: tuple[FrontierPoint, ...]
    loss: Loss | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    material: Material
    rules: ProgrammeRules
    problem: Problem
    selection: Selection | None
    clash: Clash | None
    """Why there is none."""
    stopped: str | None
    cut: RankAndCut
    """The naive programme: by rank until the money ends."""
    outlook: Outlook | None = field(default=None)

    def chosen(self, mask: BoolArray | None = None) -> tuple[PortfolioRow, ...]:
        """The rows of a programme; of the best one where no other is given."""
        if mask is None:
            if self.selection is None:
                return ()
            mask = self.selection.chosen
        return tuple(row for row, inside in zip(self.material.rows, mask.tolist(), strict=True) if inside)

    def named(self, positions: Sequence[int]) -> tuple[PortfolioRow, ...]:
        return tuple(self.material.rows[at] for at in positions)


def material_of(session: Session, actor: Actor, explored: Exploration) -> Material | None:
    """Values and losses of what is ranked, from the stored results; None without a round; raises NotAllowed."""
    held = explored.portfolio.round
    if held is None:
        return None
    rows = tuple(
        sorted(
            (row for row in explored.portfolio.everyone if row.currency == held.currency),
            key=lambda row: row.reference,
        )
    )
    with reading(session):
        policy.require(actor, Action.READ_PORTFOLIO)
        query = select(AppraisalRun.number, AppraisalRun.result).where(
            AppraisalRun.number.in_([row.run for row in rows]),
            policy.visible_projects(actor),
            policy.visible_runs(actor),
        )
        stored = {row.number: row.result for row in session.execute(query.join(AppraisalRun.project))}
    risks = [simplejson.loads(stored[row.run])["risk"] for row in rows]
    scales = [row.unit / held.unit for row in rows]
    return Material(
        held=held,
        rows=rows,
        values=np.array([_value(risk, scale) for risk, scale in zip(risks, scales, strict=True)]),
        losses=tuple(_histogram(risk, scale) for risk, scale in zip(risks, scales, strict=True)),
    )


def best_programme(
    material: Material, explored: Exploration, rules: ProgrammeRules, groups: Mapping[str, frozenset[str]]
) -> Programme:
    """Choose the programme. All that is approved is in it, unless the what-if pins it out.

    groups: by name, the references that a minimum share may be for.
    """
    problem = _problem(material, explored, rules, groups)
    ranks = np.array([row.rank for row in material.rows])
    cut = rank_and_cut(problem, order=-ranks.astype(np.float64))
    found = Programme(
        material=material, rules=rules, problem=problem, selection=None, clash=None, stopped=None, cut=cut
    )
    try:
        selection = choose(problem, gap=0.0, time_limit=SECONDS)
    except InfeasibleProgramme as refused:
        return replace(found, clash=refused.clash)
    except NoProgrammeFound as stopped:
        return replace(found, stopped=str(stopped))
    return replace(found, selection=selection, stopped=selection.stopped)


def with_outlook(programme: Programme, explored: Exploration, *, futures: bool) -> Programme:
    """The same with what it hangs on, and over the futures where they are asked for, which takes a second or two."""
    base, problem = programme.selection, programme.problem
    if base is None:
        return programme
    extra = _extra(problem, programme.material.held)
    outlook = Outlook(
        price=_price(problem),
        extra=extra,
        next=_in_time(lambda: next_money(problem, 0, extra, base=base, gap=1e-4, time_limit=EACH)),
        first_out=_in_time(lambda: first_out(problem, base=base, gap=1e-4, time_limit=2 * EACH)),
        robust=_robust(programme, explored) if futures else None,
        frontier=_frontier(problem),
        loss=_loss(programme.material, base.chosen),
    )
    return replace(programme, outlook=outlook)


def _problem(
    material: Material, explored: Exploration, rules: ProgrammeRules, groups: Mapping[str, frozenset[str]]
) -> Problem:
    rows, held, what_if = material.rows, material.held, explored.what_if
    places = {row.reference: at for at, row in enumerate(rows)}
    caps = sorted(what_if.caps)
    money = np.array([float(row.cost) / held.unit for row in rows])
    called = [[explored.calls.get(row.reference, {}).get(call, 0.0) / held.unit for call in caps] for row in rows]
    budget = float(explored.budget if explored.budget is not None else held.budget)
    values = _objective(material, rules)
    committed = [at for at, row in enumerate(rows) if row.committed and row.reference not in what_if.out]
    unusable = [
        at
        for at, row in enumerate(rows)
        if at not in committed and (row.blocked or row.reference in what_if.out or np.isnan(values[at]))
    ]
    return problem_of(
        np.nan_to_num(values),
        np.hstack([money[:, np.newaxis], np.array(called).reshape(len(rows), len(caps))]),
        [budget, *(float(what_if.caps[call]) for call in caps)],
        exclusive=[_places(group, places) for group in rules.exclusive],
        requires=[(places[one], _places(needed, places)) for one, needed in rules.requires if one in places],
        must=sorted({*committed, *(places[reference] for reference in what_if.must if reference in places)}),
        must_not=unusable,
        minimum_shares=[
            MinimumShare(tuple(_places(sorted(groups[part.whose]), places)), part.per_cent / 100, name=part.whose)
            for part in rules.least
        ],
        names=[row.reference for row in rows],
        budget_names=["the budget", *(_cap_name(call) for call in caps)],
        money=money,
    )


def _places(references: Sequence[str], places: Mapping[str, int]) -> list[int]:
    return [places[reference] for reference in references if reference in places]


def _cap_name(call: tuple[int, str]) -> str:
    return f"the {call[0]} budget" + (f" from {SOURCES[call[1]]}" if call[1] else "")


def _value(risk: Mapping[str, Any], scale: float) -> float:
    value = risk["economic_npv"]["certainty_equivalent"]
    return np.nan if value is None else float(value) * scale


def _histogram(risk: Mapping[str, Any], scale: float) -> tuple[FloatArray, FloatArray] | None:
    histogram = risk["economic_histogram"]
    if histogram is None:
        return None
    return np.array(histogram["edges"], dtype=np.float64) * scale, np.array(histogram["counts"], dtype=np.float64)


def _objective(material: Material, rules: ProgrammeRules) -> FloatArray:
    scores = np.array([np.nan if row.score is None else row.score for row in material.rows])
    return mixed(material.values, scores, rules)


def mixed(values: FloatArray, scores: FloatArray, rules: ProgrammeRules) -> FloatArray:
    """What each project adds: its value, its score, or both, each as a share of the largest there is, of 100.

    values, scores: (..., n). NaN where a part that counts does not exist.
    """
    if rules.objective == "value":
        return values
    if rules.objective == "score":
        return scores
    part = rules.mix / 100
    largest = [float(np.nanmax(np.abs(each), initial=0.0)) or 1.0 for each in (values, scores)]
    return 100 * (part * values / largest[0] + (1 - part) * scores / largest[1])


def _extra(problem: Problem, held: Round) -> float:
    million = MILLION / held.unit
    budget = float(problem.budgets[0])
    return million if budget >= FEWEST_MILLIONS * million else max(budget / 10, 1e-6)


def _in_time(ask: Callable[[], Found]) -> Found | None:
    try:
        return ask()
    except (NoProgrammeFound, InfeasibleProgramme):
        return None


def _robust(programme: Programme, explored: Exploration) -> Robustness | None:
    worth = _futures(programme, explored)
    return _in_time(lambda: robustness(programme.problem, worth, gap=1e-2, time_limit=ALL_FUTURES))


def _price(problem: Problem) -> float | None:
    prices = _in_time(lambda: shadow_prices(problem, time_limit=EACH))
    return None if prices is None else float(prices[0])


def _frontier(problem: Problem) -> tuple[FrontierPoint, ...]:
    """Over multiples of all budgets, yearly caps included."""
    return frontier(problem, MULTIPLIERS, gap=1e-3, time_limit=EACH)


def _futures(programme: Programme, explored: Exploration) -> FloatArray:
    """What each project is worth in each simulated future, (futures, n), by the same objective."""
    material, random = programme.material, np.random.default_rng(SEED)
    at = random.random((len(material.rows), FUTURES))
    values = np.array(
        [np.zeros(FUTURES) if found is None else _drawn(found, at[row]) for row, found in enumerate(material.losses)]
    ).T.reshape(FUTURES, len(material.rows))
    stated = explored.portfolio.aggregation
    contest = Contest.of(stated, [row.criteria for row in material.rows], tuple(explored.weights))
    weights = sample_weights(len(explored.weights), FUTURES, around=np.array(list(explored.weights.values())))
    # A project's value and its computed indicators are of the same future: both stand in order of the economic NPV.
    futures = (at.T * OF_ONE).astype(np.uint8)
    scores = drawn_scores(contest.low, weights, high=contest.high, spreads=contest.spreads, futures=futures)
    if stated.total is not Method.WEIGHTED_SUM:
        scores = drawn_method_scores(
            stated.total,
            stated,
            contest.criteria,
            contest.low,
            contest.high,
            weights,
            spreads=contest.spreads,
            futures=futures,
        )
    return np.nan_to_num(mixed(values, scores, programme.rules))


def _drawn(histogram: tuple[FloatArray, FloatArray], at: FloatArray) -> FloatArray:
    """The values that stand at these parts, 0-1, of a histogram's draws, spread evenly inside each of its bins."""
    edges, counts = histogram
    reached = np.concatenate([[0.0], counts.cumsum()]) / counts.sum()
    return np.interp(at, reached, edges)


def _loss(material: Material, chosen: BoolArray) -> Loss | None:
    taken = [found for found, inside in zip(material.losses, chosen, strict=True) if inside]
    known = [found for found in taken if found is not None]
    if not known or len(known) < len(taken):
        return None
    random = np.random.default_rng(SEED)
    apart = sum(_drawn(found, random.random(DRAWS)) for found in known)
    steps = (np.arange(DRAWS) + 0.5) / DRAWS
    together = sum(_drawn(found, steps) for found in known)
    return Loss(apart=float(np.mean(apart < 0)), together=float(np.mean(together < 0)))
