"""Outranking: alternatives compared in pairs, without full compensation between indicators (METHOD 9).

Everywhere values are (alternatives, indicators), weights (indicators,), 0 or more, and thresholds one number or
(indicators,), in the unit of the values. `senses` is 1 where more is better and -1 where less is; left out, more is
better.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from scoring.criteria.tables import FloatArray, checked, directed, in_columns, shares_of, threshold

FEW = 200
"""Alternatives up to which PROMETHEE II compares every pair: that is done before compiled code is loaded."""
ALONE = 2**18
"""Values that one thread has put in order before others would have begun."""
NO_VETO = float("inf")
"""A veto threshold that no difference reaches."""


def promethee_ii(
    values: FloatArray,
    weights: FloatArray,
    *,
    senses: FloatArray | None = None,
    indifference: FloatArray | float = 0.0,
    preference: FloatArray | float = 0.0,
) -> FloatArray:
    """Net outranking flow, -1 to 1; flows sum to 0 (Brans, Vincke & Mareschal 1986; METHOD 9).

    A difference up to `indifference` counts nothing, from `preference` on it counts fully, in between linearly; with
    both at 0 every difference counts fully (the usual criterion), with only `indifference` at 0 it is the V-shape.
    Returns (alternatives,). Raises ValueError where preference < indifference or one is negative, on a negative weight,
    values that are not finite or shapes that do not fit.
    """
    flows = promethee_flows(values, weights, senses=senses, indifference=indifference, preference=preference)
    return np.asarray(flows.sum(axis=1))


def promethee_flows(
    values: FloatArray,
    weights: FloatArray,
    *,
    senses: FloatArray | None = None,
    indifference: FloatArray | float = 0.0,
    preference: FloatArray | float = 0.0,
) -> FloatArray:
    """Weighted net flow on each indicator alone, (alternatives, indicators); rows sum to `promethee_ii`."""
    table, given = checked(values, weights)
    least, full = threshold(indifference, given.size), threshold(preference, given.size)
    if not ((least >= 0) & (full >= least)).all():
        raise ValueError("thresholds must be 0 or more, preference not below indifference")
    shares, turned = shares_of(given) / max(1, len(table) - 1), directed(table, senses)
    if len(table) <= FEW:
        return np.stack(list(map(_net_in_pairs, turned.T, least, full)), axis=1) * shares
    columns = (in_columns(turned), least, full)
    if table.size <= ALONE:
        flows = np.stack(list(map(_net_in_order, *columns)))
    else:
        with ThreadPoolExecutor() as pool:  # each column by itself, so that nothing depends on how many there are
            flows = np.stack(list(pool.map(_net_in_order, *columns)))
    flows *= shares[:, np.newaxis]
    return flows.T


def _net_in_pairs(column: FloatArray, low: float, high: float) -> FloatArray:
    """Preference of each over all others less theirs over it, (alternatives,), from every pair."""
    preferred = _rising(column[:, np.newaxis] - column, low, high)
    return np.asarray(preferred.sum(axis=1) - preferred.sum(axis=0))


def _net_in_order(column: FloatArray, low: float, high: float) -> FloatArray:
    """The same, from the column in order: in time that grows as sorting does, in memory for a few columns."""
    from scoring.criteria.kernels import net_preferred  # noqa: PLC0415 -- loads numba
    from scoring.ordering import rising  # noqa: PLC0415

    net = np.zeros_like(column)
    if high < NO_VETO:
        order, found = rising(column)
        net[order] = net_preferred(found, low, high)
    return net


def electre_iii(
    values: FloatArray,
    weights: FloatArray,
    *,
    indifference: FloatArray | float = 0.0,
    preference: FloatArray | float = 0.0,
    veto: FloatArray | float | None = None,
    senses: FloatArray | None = None,
) -> FloatArray:
    """Net flow of ELECTRE III's credibility, -1 to 1; flows sum to 0 (Roy 1978; METHOD 9).

    The mean credibility with which an alternative outranks the others, less the mean with which they outrank it: it
    gives one score and ties, where Roy's two distillations give a partial order. Thresholds and errors as
    `credibility`. Returns (alternatives,).
    """
    found = credibility(values, weights, indifference=indifference, preference=preference, veto=veto, senses=senses)
    return np.asarray((found.sum(axis=1) - found.sum(axis=0)) / max(1, len(found) - 1))


def credibility(
    values: FloatArray,
    weights: FloatArray,
    *,
    indifference: FloatArray | float = 0.0,
    preference: FloatArray | float = 0.0,
    veto: FloatArray | float | None = None,
    senses: FloatArray | None = None,
) -> FloatArray:
    """Credibility, 0 to 1, that the row's alternative is at least as good as the column's (Roy 1978; METHOD 9).

    Concordance is the share of weight on which it is no worse: fully up to a shortfall of `indifference`, not at all
    from `preference` on. A shortfall above `preference` is discordant, fully from `veto` on; discordance above the
    concordance lowers it, full discordance makes it 0. Without `veto`, or where it is infinite, nothing is discordant.

    Returns (alternatives, alternatives), 1 on the diagonal; takes memory for indicators x alternatives^2. Raises
    ValueError where thresholds are negative or fall from indifference to preference to veto, and as `promethee_ii`.
    """
    pairs = outranking_pairs(
        values, weights, indifference=indifference, preference=preference, veto=veto, senses=senses
    )
    return pairs.credibility


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OutrankingPairs:
    """ELECTRE III's comparison of the row's alternative with the column's, on each indicator."""

    shares: FloatArray
    """Weights that sum to 1, (indicators,)."""
    concordance: FloatArray
    """(indicators, alternatives, alternatives), 0 to 1: how far the row is at least as good as the column."""
    discordance: FloatArray
    """The same shape: how far the indicator speaks against it."""

    @property
    def agreed(self) -> FloatArray:
        """Weighted concordance, (alternatives, alternatives)."""
        return np.minimum(1.0, np.tensordot(self.shares, self.concordance, axes=1))

    @property
    def vetoes(self) -> FloatArray:
        """What each discordance leaves of the concordance, a factor from 0 to 1; the shape of `discordance`."""
        agreed = self.agreed[np.newaxis]
        against = (self.discordance > agreed) & (self.shares > 0)[:, np.newaxis, np.newaxis]
        return np.divide(1 - self.discordance, 1 - agreed, out=np.ones_like(self.discordance), where=against)

    @property
    def credibility(self) -> FloatArray:
        return np.asarray(self.agreed * self.vetoes.prod(axis=0))


def outranking_pairs(
    values: FloatArray,
    weights: FloatArray,
    *,
    indifference: FloatArray | float = 0.0,
    preference: FloatArray | float = 0.0,
    veto: FloatArray | float | None = None,
    senses: FloatArray | None = None,
) -> OutrankingPairs:
    """The parts `credibility` is made of; arguments and errors as there."""
    table, given = checked(values, weights)
    least, full = threshold(indifference, given.size), threshold(preference, given.size)
    stop = threshold(NO_VETO if veto is None else veto, given.size)
    if not ((least >= 0) & (full >= least) & (stop >= full)).all():
        raise ValueError("thresholds must be 0 or more and not fall from indifference to preference to veto")
    columns = directed(table, senses).T
    shortfall = columns[:, np.newaxis, :] - columns[:, :, np.newaxis]
    return OutrankingPairs(
        shares=shares_of(given),
        concordance=1 - np.stack([_rising(*part) for part in zip(shortfall, least, full, strict=True)]),
        discordance=np.stack([_rising(*part) for part in zip(shortfall, full, stop, strict=True)]),
    )


def _rising(difference: FloatArray, low: float, high: float) -> FloatArray:
    """0 up to `low`, 1 from `high` on, linear in between; a step where both are the same."""
    if low < high < NO_VETO:
        return np.clip((difference - low) / (high - low), 0, 1)
    return (difference > low).astype(np.float64) if low == high else np.zeros_like(difference)
