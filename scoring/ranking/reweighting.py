"""Ranks and what a budget funds under other weights, and between which weights each project is funded (METHOD 10).

A criterion without an answer does not count in a project's score: the score is the weighted mean of the others. Where
all are answered it is a straight line in one weight; else the quotient of two lines, and two projects may change places
twice.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.ranking.ties import competition_ranks, rounding

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

UNSCORED = -1.0
"""What a project without any score on a weighted criterion ranks by: after all others."""
AT_ONCE = 32
"""Stretches of weights looked at together."""
SLACK = 1e-12
"""By how much of it a budget may be passed: sums of decimal money in binary differ by less."""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """Projects that are ranked and funded together. Their order decides between equal ranks."""

    points: FloatArray
    """(n, criteria), scores of 0-100; NaN where a criterion has no answer."""
    costs: FloatArray
    """(n, m), 0 or more, what each takes from each budget."""
    budgets: FloatArray
    """(m,), 0 or more; infinity where there is no limit. Without any, nothing is funded."""
    eligible: BoolArray
    """(n,), what may be funded: no gate blocks it, nobody pinned it out."""
    must: BoolArray
    """(n,), what is funded first, whatever its rank."""

    def __post_init__(self) -> None:
        count = len(self.points)
        if self.points.ndim != 2 or self.costs.shape != (count, len(self.budgets)):  # noqa: PLR2004 -- a table
            raise ValueError("points (n, criteria), costs (n, m) and budgets (m,) must fit")
        if self.eligible.shape != (count,) or self.must.shape != (count,):
            raise ValueError("eligible and must need one boolean for each project")
        if np.isinf(self.points).any() or not (np.isfinite(self.costs) & (self.costs >= 0)).all():
            raise ValueError("points must be numbers or NaN, and costs finite and 0 or more")
        if not (self.budgets >= 0).all():
            raise ValueError("budgets must be 0 or more")


def point_scores(points: FloatArray, weights: FloatArray) -> FloatArray:
    """The weighted mean over the criteria that have a score, 0-100 (METHOD 9).

    points: (n, criteria), NaN where there is no answer. weights: (criteria,) or (sets, criteria), 0 or more; only their
    proportion matters. Returns (n,) or (sets, n), NaN where no weighted criterion has a score. Raises ValueError where
    shapes do not fit or a weight is negative.
    """
    given = np.asarray(weights, dtype=np.float64)
    if given.shape[-1:] != points.shape[1:] or not (np.isfinite(given) & (given >= 0)).all():
        raise ValueError("points (n, criteria) and weights of 0 or more for the same criteria are needed")
    known = ~np.isnan(points)
    carried = given @ known.T
    sums = given @ np.where(known, points, 0.0).T
    found: FloatArray = np.divide(sums, carried, out=np.full(sums.shape, np.nan), where=carried > 0)
    return found


def ranks_by(scores: FloatArray) -> IntArray:
    """Ranks of point scores, (n,); projects without a score share the last one."""
    return competition_ranks(np.where(np.isnan(scores), UNSCORED, scores))


def funded_by_rank(field: Field, ranks: IntArray) -> BoolArray:
    """What the budgets fund: the must-do projects, then the others by rank until one does not fit, (n,).

    Of equal ranks the first by position is taken first. Where the must-do projects alone pass a budget, they are all
    that is funded.
    """
    if not len(field.budgets):
        return np.zeros(len(ranks), dtype=np.bool_)
    first = field.must & field.eligible
    others = np.flatnonzero(field.eligible & ~first)
    order = others[np.argsort(ranks[others], kind="stable")]
    spent = field.costs[first].sum(axis=0) + field.costs[order].cumsum(axis=0)
    fits = (spent <= field.budgets * (1 + SLACK)).all(axis=1)
    funded = first.copy()
    funded[order[: int(np.argmin(fits)) if not fits.all() else len(order)]] = True
    return funded


def needed_budgets(field: Field, ranks: IntArray, project: int) -> FloatArray:
    """What each budget must be for rank and cut to reach this project, all else as it is, (m,)."""
    first = field.must & field.eligible & (np.arange(len(ranks)) != project)
    ahead = field.eligible & ~first & ((ranks < ranks[project]) | _before(ranks, project))
    return np.asarray(field.costs[first].sum(axis=0) + field.costs[ahead].sum(axis=0) + field.costs[project])


def along(weights: FloatArray, criterion: int, levels: FloatArray) -> FloatArray:
    """Weights where one criterion takes each level (0 to 1) and the others share the rest as they do now.

    Returns (levels, criteria). Raises ValueError where the others have no weight to share by.
    """
    shares = np.asarray(weights, dtype=np.float64) / np.sum(weights)
    others = shares.copy()
    others[criterion] = 0
    if others.sum() <= 0:
        raise ValueError("the other criteria have no weight")
    found = (1 - levels)[:, np.newaxis] * (others / others.sum())
    found[:, criterion] = levels
    return np.asarray(found)


def level_weights(points: FloatArray, weights: FloatArray, criterion: int, project: int) -> FloatArray:
    """Every weight of a criterion, 0 to 1, at which some other project draws level with this one, in order (METHOD 10).

    points: (n, criteria), NaN where there is no answer. The others' weights keep their proportion. Raises as `along`.
    """
    levels, _ = _levels(points, weights, criterion, project)
    return np.unique(levels)


def _levels(points: FloatArray, weights: FloatArray, criterion: int, project: int) -> tuple[FloatArray, IntArray]:
    """Weights of 0 to 1 at which another project draws level with this one, and which one does."""
    at_zero, at_one = along(weights, criterion, np.array([0.0, 1.0]))
    known = ~np.isnan(points)
    sums, carried = np.where(known, points, 0.0), known.astype(np.float64)
    # Each score is (top0 + top1 w) / (low0 + low1 w).
    top0, low0 = sums @ at_zero, carried @ at_zero
    top1, low1 = sums @ at_one - top0, carried @ at_one - low0
    own = (top0[project], top1[project], low0[project], low1[project])
    constant = own[0] * low0 - top0 * own[2]
    linear = own[0] * low1 + own[1] * low0 - top0 * own[3] - top1 * own[2]
    square = own[1] * low1 - top1 * own[3]
    zero = 1e-12 * max(1.0, float(np.abs(sums).max(initial=1.0)))
    roots, others = _roots(square, linear, constant, zero)
    inside = (roots >= 0) & (roots <= 1)
    return roots[inside], others[inside]


def funding_ranges(field: Field, weights: FloatArray, criterion: int, project: int) -> tuple[tuple[float, float], ...]:
    """Between which weights of one criterion rank and cut funds a project, the others in proportion (METHOD 10).

    Returns pairs from 0 to 1 in order, exact but for rounding; empty where it is funded at no weight. Whether it is
    funded hangs on who ranks before it, which changes only where another draws level with it. The ends 0 and 1 stand
    for what comes close to them: exactly there, what is unanswered on a criterion without weight no longer matters.
    Raises as `along`.
    """
    if not field.eligible[project] or not len(field.budgets):
        return ()
    if field.must[project]:
        return ((0.0, 1.0),)
    edges = np.unique(np.concatenate([[0.0, 1.0], level_weights(field.points, weights, criterion, project)]))
    middles = (edges[:-1] + edges[1:]) / 2
    inside = _funded_at(field, along(weights, criterion, middles), project)
    ranges: list[tuple[float, float]] = []
    for low, high, funded in zip(edges[:-1].tolist(), edges[1:].tolist(), inside.tolist(), strict=True):
        if funded and ranges and ranges[-1][1] == low:
            ranges[-1] = (ranges[-1][0], high)
        elif funded:
            ranges.append((low, high))
    return tuple(ranges)


def next_turn(field: Field, weights: FloatArray, criterion: int, project: int, towards: float) -> float | None:
    """The first weight of a criterion, going `towards` another, at which a project's funding changes (METHOD 10).

    towards: 0 to 1; the others' weights keep their proportion. None where it changes at no weight on the way. What
    `funding_ranges` tells of the whole range, in less time. Raises as `along`.
    """
    if not field.eligible[project] or not len(field.budgets) or field.must[project]:
        return None
    now = float(weights[criterion] / np.sum(weights))
    low, high = min(now, towards), max(now, towards)
    levels, others = _levels(field.points, weights, criterion, project)
    between = (levels > low) & (levels < high)
    edges = np.concatenate([[low], np.unique(levels[between]), [high]])
    if towards < now:
        edges = edges[::-1]
    present = bool(_funded_at(field, along(weights, criterion, np.array([now])), project)[0])

    def turned(at: int, upto: int) -> BoolArray:
        """In which stretches between two edges, from one to before another, the funding is another than now."""
        part = edges[at : upto + 1]
        return np.asarray(_funded_at(field, along(weights, criterion, (part[:-1] + part[1:]) / 2), project) != present)

    stretches = len(edges) - 1
    if stretches > AT_ONCE:
        likely = _likely_turn(field, along(weights, criterion, edges[:2].mean(keepdims=True)), project, present=present,
                              edges=edges, levels=levels[between], others=others[between])  # fmt: skip
        if likely is None and not turned(stretches - 1, stretches)[0]:
            return None
        if likely is not None and turned(likely, likely + 1)[0] and not turned(max(likely - 1, 0), max(likely, 1))[0]:
            return float(edges[likely])
    # Where scores are as good as level, the sums may tell another order than the scores: every stretch is looked at.
    for start in range(0, stretches, AT_ONCE):
        found = np.flatnonzero(turned(start, min(start + AT_ONCE, stretches)))
        if len(found):
            return float(edges[start + int(found[0])])
    return None


def _likely_turn(
    field: Field,
    weights: FloatArray,
    project: int,
    *,
    present: bool,
    edges: FloatArray,
    levels: FloatArray,
    others: IntArray,
) -> int | None:
    """The first stretch whose funding is another than now, by what is spent before the project.

    weights: (1, criteria), of the first stretch. At its level, each of the others comes before the project or no longer
    does, and its costs are added or taken off.
    """
    before, taken = _before_at(field, weights, project)
    first = field.must & field.eligible
    spent = field.costs[first].sum(axis=0) + before[0] @ field.costs + field.costs[project]
    counted = taken[others]
    levels, others = levels[counted], others[counted]
    order = np.argsort(levels if edges[0] <= edges[-1] else -levels, kind="stable")
    levels, others = levels[order], others[order]
    again = np.zeros(len(others), dtype=np.bool_)
    again[np.unique(others, return_index=True)[1]] = True  # its first level; at a second one it turns back
    leaves = before[0][others] == again
    steps = np.where(leaves[:, np.newaxis], -1.0, 1.0) * field.costs[others]
    after = spent + np.concatenate([np.zeros((1, len(spent))), steps.cumsum(axis=0)])
    upto = (
        np.searchsorted(levels, edges[:-1], side="right")
        if edges[0] <= edges[-1]
        else np.searchsorted(-levels, -edges[:-1], side="right")
    )
    funded = (after[upto] <= field.budgets * (1 + SLACK)).all(axis=1)
    found = np.flatnonzero(funded != present)
    return int(found[0]) if len(found) else None


def _funded_at(field: Field, weights: FloatArray, project: int) -> BoolArray:
    """Whether rank and cut reaches the project under each set of weights, (sets,)."""
    before, _ = _before_at(field, weights, project)
    first = field.must & field.eligible
    spent = field.costs[first].sum(axis=0) + before @ field.costs + field.costs[project]
    return np.asarray((spent <= field.budgets * (1 + SLACK)).all(axis=1))


def _before_at(field: Field, weights: FloatArray, project: int) -> tuple[BoolArray, BoolArray]:
    """What takes budget before the project under each set of weights, (sets, n), and what ever can, (n,)."""
    scores = point_scores(field.points, weights)
    scores = np.where(np.isnan(scores), UNSCORED, scores)
    lead = scores - scores[:, project, np.newaxis]
    same = rounding(scores)
    before = (lead > same) | ((np.abs(lead) <= same) & (np.arange(len(field.points)) < project))
    taken = field.eligible & ~field.must
    taken[project] = False
    return before & taken, taken


def _before(ranks: IntArray, project: int) -> BoolArray:
    return np.asarray((ranks == ranks[project]) & (np.arange(len(ranks)) < project))


def _roots(square: FloatArray, linear: FloatArray, constant: FloatArray, zero: float) -> tuple[FloatArray, IntArray]:
    """Real roots of each square w² + linear w + constant, and whose they are; none where all coefficients are zero."""
    straight = np.abs(square) <= zero
    slope = np.flatnonzero(straight & (np.abs(linear) > zero))
    curved = np.flatnonzero(~straight)
    if not len(curved):
        return -constant[slope] / linear[slope], slope
    discriminant = linear[curved] ** 2 - 4 * square[curved] * constant[curved]
    real = curved[discriminant >= 0]
    a, b, c = square[real], linear[real], constant[real]
    # Of the two, the one in which nothing cancels first; the other from the product of both.
    far = -(b + np.where(b >= 0, 1.0, -1.0) * np.sqrt(discriminant[discriminant >= 0])) / 2
    near = np.divide(c, far, out=np.full_like(c, np.nan), where=far != 0)
    return np.concatenate([-constant[slope] / linear[slope], far / a, near]), np.concatenate([slope, real, real])
