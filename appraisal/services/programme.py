"""The best programme of the round under its budgets and rules, and what it hangs on (METHOD 11).

Nothing is stored. Amounts are in the round's unit. Every search has its limit of time: what was found by then is
returned and says how far from the best it can be.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

from appraisal.models import Round
from appraisal.services.exploring import Exploration, explored_contest, explored_weights
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.programme_material import Material, material_of
from appraisal.services.programme_problem import Alternative, Posed, mixed, pose
from appraisal.services.programme_risk import Loss, drawn
from forms.programme import ProgrammeRules
from scoring.criteria.spreads import FUTURES as OF_ONE
from scoring.criteria.spreads import futures_looked_at
from scoring.frameworks import Aggregation, Method
from scoring.ranking import RankDraws
from scoring.ranking.intervals import SEED as RANK_SEED
from scoring.selection import (
    PLAIN,
    CappedChooser,
    Chooser,
    Clash,
    FirstOut,
    FrontierPoint,
    InfeasibleProgramme,
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
    rank_and_cut,
    risk_frontier,
    robustness,
    shadow_prices,
    violations,
)

__all__ = ["Material", "Programme", "best_programme", "material_of", "with_outlook"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Found = TypeVar("Found")
CappedBy = Literal["simulation", "cautious rule"]
SECONDS, EACH, POINT, ALL_FUTURES = 5.0, 0.5, 0.25, 10.0
"""Limits of time: for the programme, each question about it, each point of a frontier, and all futures together."""
FUTURES, SEED = 200, 20_211
MULTIPLIERS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.5, 1.75, 2.0)
CAPS, NEAR = 8, 5e-3
"""Points of the frontier against risk; the gap of a point on either, which no eye can tell."""
MILLION = 1_000_000
FEWEST_MILLIONS = 4
"""Below so many millions a budget is asked about a tenth more of it instead."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A project of a programme, the year it starts in, and what it adds."""

    row: PortfolioRow
    alternative: Alternative
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What one programme has that another has not, by project."""

    entering: tuple[PortfolioRow, ...]
    leaving: tuple[PortfolioRow, ...]
    shifted: tuple[Pick, ...]
    """In both, started in another year."""

    def __bool__(self) -> bool:
        return bool(self.entering or self.leaving or self.shifted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What more of one budget is worth; each part is None where it was not told in time."""

    position: int
    price: float | None
    """Value of one more unit, by the relaxation."""
    extra: float
    """The sum that `bought` asks about, in the round's unit."""
    bought: Moves | None
    gain: float
    """Value of what it buys."""
    at_most: float
    """No gain can be larger; `gain` itself where what it buys is proven the best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskCurve:
    """Value against the mean loss in the worst futures, were all projects to move as one."""

    points: tuple[FrontierPoint, ...]
    present: tuple[float, float]
    """Risk and value of the programme."""
    cut: tuple[float, float] | None
    """Those of rank and cut, where it keeps the rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What the programme hangs on; each part is None where it cannot be told or took too long."""

    money: tuple[Money, ...]
    """Of each budget."""
    first_out: FirstOut | None
    robust: Robustness | None
    frontier: tuple[FrontierPoint, ...]
    risk: RiskCurve | None
    loss: Loss | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    material: Material
    rules: ProgrammeRules
    posed: Posed
    selection: Selection | None
    clash: Clash | None
    """Why there is none."""
    stopped: str | None
    cut: RankAndCut
    """The naive programme: by rank until the money ends."""
    outlook: Outlook | None = field(default=None)
    capped_by: CappedBy | None = None
    """How the cap on the chance of a loss is asked for; None without a cap."""

    @property
    def problem(self) -> Problem:
        return self.posed.problem

    @property
    def mask(self) -> BoolArray:
        """(n,), the alternatives of the programme; none where there is no programme."""
        return np.zeros(len(self.problem.values), dtype=np.bool_) if self.selection is None else self.selection.chosen

    def picks(self, mask: BoolArray | None = None) -> tuple[Pick, ...]:
        """The projects of a programme, by reference; of the best one where no other is given."""
        places = np.flatnonzero(self.mask if mask is None else mask).tolist()
        made = [self.posed.alternatives[at] for at in places]
        return tuple(
            Pick(self.material.rows[each.place], each, float(self.problem.values[at]))
            for at, each in zip(places, made, strict=True)
        )

    def chosen(self, mask: BoolArray | None = None) -> tuple[PortfolioRow, ...]:
        return tuple(pick.row for pick in self.picks(mask))

    def named(self, places: Iterable[int]) -> tuple[PortfolioRow, ...]:
        """Rows by the places of their projects."""
        return tuple(self.material.rows[at] for at in places)

    def moves(self, before: BoolArray, after: BoolArray) -> Moves:
        """From one programme to another."""
        was, now = ({pick.row.reference: pick for pick in self.picks(mask)} for mask in (before, after))
        return Moves(
            entering=tuple(pick.row for key, pick in now.items() if key not in was),
            leaving=tuple(pick.row for key, pick in was.items() if key not in now),
            shifted=tuple(pick for key, pick in now.items() if key in was and was[key].alternative != pick.alternative),
        )


def best_programme(
    material: Material, explored: Exploration, rules: ProgrammeRules, groups: Mapping[str, frozenset[str]]
) -> Programme:
    """Choose the programme. All that is approved is in it, unless the what-if pins it out.

    A cap on the chance of a loss is asked of the best programme without it, by the simulation; only where that passes
    the cap, or its loss is not known, is one chosen under the cautious rule (ADR 22). What the simulation keeps is
    posed without the cap, which binds nothing there. groups: by name, the references that a minimum share may be for.
    """
    posed = pose(material, explored, rules, groups)
    if rules.risk is None:
        return _searched(material, rules, posed)
    free = replace(posed, problem=replace(posed.problem, risk_cap=np.inf))
    found = _searched(material, rules, free)
    if found.clash is not None or _meets(found, rules.risk / 100):
        return replace(found, capped_by="simulation")
    return replace(_searched(material, rules, posed), capped_by="cautious rule")


def _searched(material: Material, rules: ProgrammeRules, posed: Posed) -> Programme:
    ranks = np.array([material.rows[each.place].rank for each in posed.alternatives])
    cut = rank_and_cut(posed.problem, order=-ranks.astype(np.float64))
    found = Programme(material=material, rules=rules, posed=posed, selection=None, clash=None, stopped=None, cut=cut)
    try:
        selection = choose(posed.problem, gap=0.0, time_limit=SECONDS)
    except InfeasibleProgramme as refused:
        return replace(found, clash=refused.clash)
    except NoProgrammeFound as stopped:
        return replace(found, stopped=str(stopped))
    return replace(found, selection=without_waiting(posed, selection), stopped=selection.stopped)


def _meets(programme: Programme, chance: float) -> bool:
    """Whether the simulated chance of a loss is at most this, apart and all as one; an empty programme loses never."""
    return programme.selection is not None and _within(programme, programme.mask, chance)


def _within(programme: Programme, mask: BoolArray, chance: float) -> bool:
    loss = _loss(programme, mask)
    return not mask.any() if loss is None else max(loss.apart, loss.together) <= chance


def _chooser(programme: Programme) -> Chooser:
    """How the questions about a programme find others: under a cap kept by the simulation as the programme itself."""
    chance = programme.rules.risk
    if programme.capped_by != "simulation" or chance is None:
        return PLAIN
    return CappedChooser(meets=lambda mask: _within(programme, mask, chance / 100), known=programme.mask)


def without_waiting(posed: Posed, selection: Selection) -> Selection:
    """The same programme where nothing starts later than it must for the same value and the rules."""
    problem, chosen = posed.problem, selection.chosen.copy()
    for at in np.flatnonzero(selection.chosen).tolist():
        own = posed.alternatives[at]
        sooner = [
            other
            for other in np.flatnonzero(posed.places == own.place).tolist()
            if 0 <= posed.alternatives[other].shift < own.shift and problem.values[other] >= problem.values[at]
        ]
        for other in sorted(sooner, key=lambda other: posed.alternatives[other].shift):
            tried = chosen.copy()
            tried[[at, other]] = False, True
            if not violations(problem, tried):
                chosen = tried
                break
    return replace(selection, chosen=chosen, spent=problem.costs[chosen].sum(axis=0))


def with_outlook(programme: Programme, explored: Exploration, *, futures: bool) -> Programme:
    """The same with what it hangs on, and over the futures where they are asked for, which takes a second or two."""
    base, problem = programme.selection, programme.problem
    if base is None:
        return programme
    chooser = _chooser(programme)
    outlook = Outlook(
        money=_money(programme, base, chooser),
        first_out=_in_time(lambda: first_out(problem, base=base, gap=1e-4, time_limit=2 * EACH, chooser=chooser)),
        robust=_robust(programme, explored, chooser) if futures else None,
        frontier=frontier(problem, MULTIPLIERS, gap=NEAR, time_limit=POINT, chooser=chooser),
        risk=_in_time(lambda: _risk_curve(programme, base)),
        loss=_loss(programme),
    )
    return replace(programme, outlook=outlook)


def _money(programme: Programme, base: Selection, chooser: Chooser) -> tuple[Money, ...]:
    problem = programme.problem
    prices = _in_time(lambda: shadow_prices(problem, time_limit=EACH))
    found = []
    for position, budget in enumerate(problem.budgets.tolist()):
        extra = _extra(budget, programme.material.held)
        more = _in_time(_asking(problem, position, extra, base, chooser))
        found.append(
            Money(
                position=position,
                price=None if prices is None else float(prices[position]),
                extra=extra,
                bought=None if more is None else programme.moves(base.chosen, more.selection.chosen),
                gain=0.0 if more is None else more.gain,
                at_most=np.inf if more is None else more.gain_at_most,
            )
        )
    return tuple(found)


def _asking(
    problem: Problem, position: int, extra: float, base: Selection, chooser: Chooser
) -> Callable[[], NextMoney]:
    return lambda: next_money(problem, position, extra, base=base, gap=0.0, time_limit=EACH, chooser=chooser)


def _extra(budget: float, held: Round) -> float:
    million = MILLION / held.unit
    return million if budget >= FEWEST_MILLIONS * million else max(budget / 10, 1e-6)


def _in_time(ask: Callable[[], Found]) -> Found | None:
    try:
        return ask()
    except (NoProgrammeFound, InfeasibleProgramme):
        return None


def _risk_curve(programme: Programme, base: Selection) -> RiskCurve | None:
    """From the programme that risks least to the best one without a cap; None where some risk is not known."""
    problem = programme.problem
    if problem.risk is None:
        return None
    free = replace(problem, risk_cap=np.inf)
    least = choose(replace(free, values=-problem.risk), gap=1e-6, time_limit=EACH).chosen
    best = base if problem.risk_cap == np.inf else choose(free, gap=1e-3, time_limit=EACH)
    low, high = sorted((float(problem.risk[least].sum()), float(problem.risk[best.chosen].sum())))
    between = np.linspace(low, high, CAPS)[:-1].tolist()
    cut = programme.cut
    return RiskCurve(
        points=(*risk_frontier(problem, between, gap=NEAR, time_limit=POINT), FrontierPoint(high, best)),
        present=(float(problem.risk[base.chosen].sum()), base.value),
        cut=None if cut.violations else (float(problem.risk[cut.chosen].sum()), cut.value),
    )


def _robust(programme: Programme, explored: Exploration, chooser: Chooser) -> Robustness | None:
    worth = futures_of(programme, explored)
    return _in_time(lambda: robustness(programme.problem, worth, gap=1e-2, time_limit=ALL_FUTURES, chooser=chooser))


def futures_of(programme: Programme, explored: Exploration) -> FloatArray:
    """What each alternative is worth in each simulated future, (futures, n), by the same objective.

    Weights, answers and evidence are those of the first draws that the ranked list tells its ranges by (ADR 20).
    """
    material, posed = programme.material, programme.posed
    if not material.rows:
        return np.zeros((FUTURES, 0))
    scores, futures = _list_draws(material, explored)
    # A project's value and its computed indicators are of the same future: both stand in order of the economic NPV.
    inside = np.random.default_rng(SEED).random(futures.shape)
    at = (futures + inside) / OF_ONE
    values = np.array(
        [
            np.zeros(FUTURES) if found is None else drawn(found, at[:, place])
            for place, found in enumerate(material.losses)
        ]
    ).T
    worth = mixed(values[:, posed.places] * posed.factors, scores[:, posed.places], programme.rules)
    return np.nan_to_num(worth)


def _list_draws(material: Material, explored: Exploration) -> tuple[FloatArray, npt.NDArray[np.uint8]]:
    """(futures, projects): the material's scores in the list's first draws, and the future each looks at there."""
    contest, stated = explored_contest(explored), explored.portfolio.aggregation
    weights = explored_weights(explored, contest)
    if stated.method is not stated.total:
        # An order by comparisons has no points of its own: the totals beside it are drawn as such an order's would be.
        contest = replace(contest, stated=Aggregation(method=stated.total))
    found = contest.draws(weights)
    everyone = sorted(row.reference for row in explored.portfolio.everyone)
    places = {reference: at for at, reference in enumerate(everyone)}
    own = [places[row.reference] for row in material.rows]
    return found.scores[:FUTURES, own], _looked_at(found, by_sum=stated.total is Method.WEIGHTED_SUM)[:FUTURES, own]


def _looked_at(found: RankDraws, *, by_sum: bool) -> npt.NDArray[np.uint8]:
    """Which future each project looks at in every draw: projects of one place in the framework draw theirs together."""
    draws, count = found.scores.shape
    if not by_sum:
        return futures_looked_at(draws, count, RANK_SEED)
    futures = np.empty((draws, count), dtype=np.uint8)
    for position in range(len(found.weights)):
        together = found.which == position
        futures[:, together] = futures_looked_at(draws, int(together.sum()), RANK_SEED + position)
    return futures


def _loss(programme: Programme, mask: BoolArray | None = None) -> Loss | None:
    """None where nothing is chosen, or the spread of something chosen is not known."""
    posed, taken = programme.posed, np.flatnonzero(programme.mask if mask is None else mask).tolist()
    parts = ((posed.alternatives[at].place, float(posed.factors[at])) for at in taken)
    return programme.material.drawn_losses.of(parts)
