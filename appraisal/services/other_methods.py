"""The explored portfolio put in order by every method, with what stands behind each place (METHOD 9, 10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from appraisal.services.exploring import Exploration, explored_contest
from appraisal.services.ordering import Contest
from appraisal.services.portfolio_rows import PortfolioRow
from scoring.criteria import explained
from scoring.frameworks import Method
from scoring.ranking import RankInterval, dominance
from scoring.ranking.method_reasons import Outranking, distances, outrankings
from scoring.ranking.methods import Standing, drawn_around, draws_for, method_rank_intervals

FloatArray = npt.NDArray[np.float64]
FEWEST = 2
DRAWS = 200
"""Most draws for one method: five are drawn for one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A project under one method."""

    score: float
    """In the method's own unit."""
    mean: float
    """Of all projects' scores."""
    parts: tuple[float, ...]
    """By criterion; they add up to the whole."""
    whole: float
    """The score; under ELECTRE III the net credibility that its places were distilled from."""
    gaps: tuple[float, ...]
    """Each part less the mean of all projects' parts; they add up to the whole less the mean of all."""
    interval: RankInterval


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedProject:
    row: PortfolioRow
    points: tuple[float | None, ...]
    """Scores of 0-100 by criterion; None where a criterion has no answer."""
    places: Mapping[Method, Place]
    to_best: float
    """Distances to the best and the worst that is found on every criterion, in TOPSIS's unit."""
    to_worst: float
    outranks: tuple[str, ...]
    outranked_by: tuple[str, ...]
    distilled: tuple[int, int]
    """Its places in ELECTRE III's two orders: the best taken first, the worst taken first."""
    incomparable: tuple[str, ...]
    """References that one of these orders puts before it and the other behind it."""
    vetoed: Mapping[str, tuple[str, ...]]
    """Criterion -> references that it would outrank, were it not so far behind on it."""
    dominators: tuple[str, ...]
    """References that are at least as good on every criterion and better on one, whatever is unknown."""
    dominated: tuple[str, ...]

    @property
    def apart(self) -> int:
        """Places between its best and its worst rank."""
        ranks = [place.interval.rank for place in self.places.values()]
        return max(ranks) - min(ranks)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedMethods:
    own: Method
    """The one the framework names."""
    criteria: Mapping[str, str]
    """Titles by id."""
    projects: tuple[ComparedProject, ...]
    """By rank under the framework's method."""
    unscored: tuple[PortfolioRow, ...]
    """Nothing of them is answered: no method can place them."""


def by_places(explored: Exploration) -> bool:
    """Whether the framework weighs projects by their place, so that none compares them under one set of weights."""
    sets = {
        tuple(sorted((item.criterion, item.weight) for item in row.criteria)) for row in explored.portfolio.everyone
    }
    return len(sets) > 1 and not explored.what_if.weights


def compared_methods(explored: Exploration) -> ComparedMethods | None:
    """Every scored project under every method, at the explored weights; None where fewer than two are scored.

    Only what the portfolio shows takes part: what its reader may not know of changes nothing here.
    """
    rows = sorted(explored.portfolio.everyone, key=lambda row: row.reference)
    known = np.array([row.score is not None for row in rows], dtype=np.bool_)
    if known.sum() < FEWEST:
        return None
    whole = explored_contest(explored)
    contest = whole.of_those(known)
    scored = [row for row, is_known in zip(rows, known.tolist(), strict=True) if is_known]
    weights = np.array(list(explored.weights.values()))
    titles = {item.criterion: item.title for item in scored[0].criteria}
    places = {method: _places(contest, weights, method) for method in Method}
    own = explored.portfolio.aggregation.method
    places[own] = [_as_listed(place, row) for place, row in zip(places[own], scored, strict=True)]
    found = _projects(scored, contest, weights, places)
    found.sort(key=lambda item: (item.places[own].interval.rank, item.row.reference))
    return ComparedMethods(
        own=own,
        criteria={key: titles[key] for key in contest.criteria},
        projects=tuple(found),
        unscored=tuple(row for row in rows if row.score is None),
    )


def _as_listed(place: Place, row: PortfolioRow) -> Place:
    """With the range of the ranked list, which asks the same of the framework's own method."""
    return replace(place, interval=replace(place.interval, low=row.rank_low, high=row.rank_high))


def _places(contest: Contest, weights: FloatArray, method: Method) -> list[Place]:
    found: Standing = contest.standing(weights, method)
    draws = min(DRAWS, draws_for(method, len(found.scores)))
    intervals = method_rank_intervals(found.scores, contest.drawn(drawn_around(weights, draws), method))
    parts = np.nan_to_num(found.parts)
    return [
        Place(
            score=float(score),
            mean=float(found.scores.mean()),
            parts=tuple(own.tolist()),
            whole=float(whole),
            gaps=explanation.gaps,
            interval=interval,
        )
        for score, own, whole, explanation, interval in zip(
            found.scores, parts, found.whole, explained(parts), intervals, strict=True
        )
    ]


def _projects(
    rows: Sequence[PortfolioRow], contest: Contest, weights: FloatArray, places: Mapping[Method, Sequence[Place]]
) -> list[ComparedProject]:
    answered = ~np.isnan(contest.points)
    values = np.where(answered, contest.points, (contest.low + contest.high) / 2)
    to_best, to_worst = distances(values, weights)
    against = outrankings(values, weights, **contest.stated.options(Method.ELECTRE_III, contest.criteria))
    better = dominance(contest.low, contest.high)
    names = [row.reference for row in rows]
    return [
        ComparedProject(
            row=row,
            points=tuple(None if np.isnan(score) else float(score) for score in contest.points[at]),
            places={method: found[at] for method, found in places.items()},
            to_best=float(to_best[at]),
            to_worst=float(to_worst[at]),
            outranks=tuple(names[other] for other in against[at].outranks),
            outranked_by=tuple(names[other] for other in against[at].outranked_by),
            distilled=(against[at].descending, against[at].ascending),
            incomparable=tuple(names[other] for other in against[at].incomparable),
            vetoed=_vetoed(against[at], contest.criteria, names),
            dominators=tuple(names[other] for other in np.flatnonzero(better[:, at])),
            dominated=tuple(names[other] for other in np.flatnonzero(better[at])),
        )
        for at, row in enumerate(rows)
    ]


def _vetoed(found: Outranking, criteria: Sequence[str], names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    by: dict[str, tuple[str, ...]] = {}
    for veto in found.vetoed:
        key = criteria[veto.criterion]
        by[key] = (*by.get(key, ()), names[veto.other])
    return by
