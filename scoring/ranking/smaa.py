"""Central weights, wins in pairs and the chance of being funded, over draws of weights and scores (METHOD 10, SMAA)."""

import numpy as np
import numpy.typing as npt

from scoring.criteria.spreads import ByteArray, Spreads
from scoring.ranking.budget import funded_shares, payable
from scoring.ranking.intervals import SEED, moved_by, scores_between
from scoring.ranking.ties import places, rounding
from scoring.result import Missing

FloatArray = npt.NDArray[np.float64]

NEVER_FIRST = Missing("never-first")


def drawn_scores(
    values: FloatArray,
    weights: FloatArray,
    *,
    high: FloatArray | None = None,
    spreads: Spreads | None = None,
    futures: ByteArray | None = None,
    seed: int = SEED,
) -> FloatArray:
    """Scores of n alternatives in every draw, (draws, n), by the weighted sum (METHOD 10).

    values: (n, criteria), known; or with `high` of the same shape the bounds between which they are drawn uniformly; or
    (draws, n, criteria), drawn elsewhere. weights: (draws, criteria), see `sample_weights`. spreads: what the scores
    are off by for their evidence and simulated returns, of which `futures` says which one each draw looks at.
    Raises ValueError where shapes do not fit, a number is not finite, or values exceed `high`.
    """
    table, drawn = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if drawn.ndim != 2 or not drawn.size or not (np.isfinite(table).all() and np.isfinite(drawn).all()):  # noqa: PLR2004
        raise ValueError("weights (draws, criteria) and finite values are needed, which must fit")
    if table.ndim == 3 and high is None and spreads is None and (table.shape[0], table.shape[2]) == drawn.shape:  # noqa: PLR2004
        return np.asarray(np.einsum("dnc,dc->dn", table, drawn))
    if table.ndim != 2 or table.shape[1] != drawn.shape[1]:  # noqa: PLR2004 -- rows and columns
        raise ValueError("values must be (n, criteria) or (draws, n, criteria), and fit the weights")
    if high is None:
        return moved_by(spreads, np.asarray(drawn @ table.T), drawn, seed, futures)
    upper = np.asarray(high, dtype=np.float64)
    if upper.shape != table.shape or not np.isfinite(upper).all() or (table > upper).any():
        raise ValueError("values and high must fit, and values not exceed high")
    return moved_by(spreads, scores_between(table, upper, drawn, np.random.default_rng(seed)), drawn, seed, futures)


def central_weights(scores: FloatArray, weights: FloatArray) -> tuple[FloatArray | Missing, ...]:
    """The mean of the weights that put each alternative first: who holds these, prefers it (SMAA, METHOD 10).

    scores: (draws, n), see `drawn_scores`; weights: (draws, criteria). A draw with a tie at the top counts for each in
    it by its part. Returns (criteria,) for each alternative, summing to 1, or Missing('never-first').
    Raises ValueError where shapes do not fit or a number is not finite.
    """
    table, drawn = _checked(scores), np.asarray(weights, dtype=np.float64)
    if drawn.ndim != 2 or len(drawn) != len(table) or not np.isfinite(drawn).all():  # noqa: PLR2004
        raise ValueError("one finite set of weights for each draw is needed")
    first = table >= table.max(axis=1, keepdims=True) - rounding(table)
    part = first / first.sum(axis=1, keepdims=True)
    times = part.sum(axis=0)
    sums = part.T @ drawn
    return tuple(NEVER_FIRST if times[at] <= 0 else sums[at] / times[at] for at in range(table.shape[1]))


def pairwise_wins(scores: FloatArray) -> FloatArray:
    """Share of draws in which the row's alternative beats the column's, a tie being half (METHOD 10).

    scores: (draws, n). Returns (n, n): opposite entries sum to 1, the diagonal is 1/2. Raises ValueError where scores
    are no such table or not finite.
    """
    table = _checked(scores)
    count, same = table.shape[1], rounding(table)
    wins = np.full((count, count), 0.5)
    for at in range(count - 1):
        lead = table[:, at, np.newaxis] - table[:, at + 1 :]
        share = ((lead > same).sum(axis=0) + (lead >= -same).sum(axis=0)) / (2 * len(table))
        wins[at, at + 1 :], wins[at + 1 :, at] = share, 1 - share
    return wins


def funded_share(
    scores: FloatArray,
    costs: FloatArray,
    budget: float | FloatArray,
    *,
    eligible: npt.NDArray[np.bool_] | None = None,
    seed: int = SEED,
) -> FloatArray:
    """Share of draws in which a budget funds each alternative (METHOD 10).

    They are taken in order of rank until the next does not fit; inside a tie chance decides, the same for the same
    seed. scores: (draws, n). costs: (n,), 0 or more, in the budget's money, or (n, m) for m budgets, (m,), that must
    all hold. What is not `eligible` (a gate can exclude) takes no budget. Returns (n,). Raises ValueError where shapes
    do not fit, a score is not finite, or a cost or the budget is negative.
    """
    table = _checked(scores)
    paid = payable(costs, budget, eligible, table.shape[1])
    assert paid is not None  # a budget is always given here
    return funded_shares(places(table, np.random.default_rng(seed)), paid, budget)


def _checked(scores: FloatArray) -> FloatArray:
    table = np.asarray(scores, dtype=np.float64)
    if table.ndim != 2 or not table.size or not np.isfinite(table).all():  # noqa: PLR2004 -- draws and alternatives
        raise ValueError("finite scores (draws, alternatives) are needed")
    return table
