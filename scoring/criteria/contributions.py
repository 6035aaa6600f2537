"""What each indicator adds to a score, for every way of aggregating: parts that add up to the score (METHOD 9)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring.criteria.aggregation import scaled_columns, weighted_geometric_mean
from scoring.criteria.outranking import OutrankingPairs, outranking_pairs, promethee_flows
from scoring.criteria.tables import FloatArray, checked, shares_of
from scoring.frameworks import Method


def contributions(method: Method, values: FloatArray, weights: FloatArray, **options: Any) -> FloatArray:
    """Part of every indicator in every score, (alternatives, indicators); rows sum to the score (METHOD 9).

    `options` are those of the method's own function (senses, thresholds); another one raises TypeError. Raises
    ValueError as the method does.
    """
    return _PARTS[method](values, weights, **options)


def weighted_sum_parts(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Value x weight."""
    table, given = checked(values, weights)
    return table * given


def geometric_mean_parts(values: FloatArray, weights: FloatArray) -> FloatArray:
    """weight x value, less what the value's distance from the score costs: w G (1 + ln(v / G)) for a score G.

    The weighted arithmetic mean exceeds G by the sum of w (v - G - G ln(v / G)), of which no term is negative: each
    indicator bears its own. Where a value of 0 makes the score 0, all parts are 0.
    """
    score = weighted_geometric_mean(values, weights)[:, np.newaxis]
    table, given = checked(values, weights)
    ratio = np.divide(table, score, out=np.ones_like(table), where=(score > 0) & (table > 0))
    return np.asarray(shares_of(given) * score * (1 + np.log(ratio)))


def topsis_parts(values: FloatArray, weights: FloatArray, *, senses: FloatArray | None = None) -> FloatArray:
    """Closeness, split as the squared distance to the worst alternative is: no part is negative.

    Where all alternatives are alike their 0.5 is split by the weights.
    """
    scaled = scaled_columns(values, weights, senses=senses)
    squares = (scaled - scaled.min(axis=0)) ** 2
    to_worst = np.sqrt(squares.sum(axis=1, keepdims=True))
    to_best = np.sqrt(((scaled - scaled.max(axis=0)) ** 2).sum(axis=1, keepdims=True))
    even = np.broadcast_to(shares_of(checked(values, weights)[1]) / 2, scaled.shape)
    parts: FloatArray = np.where(to_best > 0, 0.0, even)
    np.divide(squares, to_worst * (to_worst + to_best), out=parts, where=to_worst > 0)
    return parts


def electre_parts(values: FloatArray, weights: FloatArray, **options: Any) -> FloatArray:
    """Net flow of the concordance on each indicator, less what its veto takes away.

    What vetoes take from the credibility of a pair is borne by the indicators that veto, in proportion to the
    logarithms of their factors; by those alone that veto fully, in equal parts, where there is one.
    """
    pairs = outranking_pairs(values, weights, **options)
    kept = pairs.shares[:, np.newaxis, np.newaxis] * pairs.concordance - _lost(pairs)
    flows = kept.sum(axis=2) - kept.sum(axis=1)
    return np.asarray(flows.T / max(1, flows.shape[1] - 1))


def _lost(pairs: OutrankingPairs) -> FloatArray:
    """Credibility that each indicator's veto takes from each pair, (indicators, alternatives, alternatives)."""
    vetoes = pairs.vetoes
    full = vetoes <= 0
    strength = np.where(full.any(axis=0), full, -np.log(np.where(full, 1.0, vetoes)))
    total = strength.sum(axis=0)
    share = np.divide(strength, total, out=np.zeros_like(strength), where=total > 0)
    return np.asarray(share * (pairs.agreed - pairs.credibility))


_PARTS: Mapping[Method, Callable[..., FloatArray]] = {
    Method.WEIGHTED_SUM: weighted_sum_parts,
    Method.WEIGHTED_GEOMETRIC_MEAN: geometric_mean_parts,
    Method.TOPSIS: topsis_parts,
    Method.PROMETHEE_II: promethee_flows,
    Method.ELECTRE_III: electre_parts,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why one score differs from another: what lifts it and what lowers it, largest first."""

    score: float
    reference: float
    gaps: tuple[float, ...]
    """Part less the reference's part, by indicator; they sum to score - reference."""
    lifts: tuple[int, ...]
    """Indicators with a gap above 0, the largest first."""
    lowers: tuple[int, ...]
    """Indicators with a gap below 0, the lowest first."""


def explained(parts: FloatArray, *, against: int | None = None) -> tuple[Explanation, ...]:
    """Each alternative compared with the mean of all, or with the alternative `against` (METHOD 9).

    parts: (alternatives, indicators), from `contributions`. Returns one explanation an alternative. Raises ValueError
    where parts are not such a table, IndexError where there is no alternative `against`.
    """
    table = np.asarray(parts, dtype=np.float64)
    if table.ndim != 2 or not table.size or not np.isfinite(table).all():  # noqa: PLR2004 -- rows and columns
        raise ValueError("finite parts are needed as a table of alternatives and indicators")
    reference = table.mean(axis=0) if against is None else table[against]
    return tuple(_explanation(row, reference) for row in table)


def _explanation(row: FloatArray, reference: FloatArray) -> Explanation:
    gaps = row - reference
    rounding = 1e-12 * max(1.0, float(np.abs(row).max()), float(np.abs(reference).max()))
    order = np.argsort(gaps, kind="stable").tolist()
    return Explanation(
        score=float(row.sum()),
        reference=float(reference.sum()),
        gaps=tuple(gaps.tolist()),
        lifts=tuple(at for at in reversed(order) if gaps[at] > rounding),
        lowers=tuple(at for at in order if gaps[at] < -rounding),
    )
