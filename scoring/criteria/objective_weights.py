"""Weights read from the values themselves: what separates alternatives weighs more (METHOD 9).

They say where alternatives differ, not what matters: shown beside stated weights, and never put in their place unasked.
"""

from typing import Literal, get_args

import numpy as np

from scoring.criteria.tables import FloatArray, checked, directed

Correlation = Literal["pearson", "spearman"]

ROUNDING = 1e-12
"""What is no larger, of entropy, of correlation or as part of a value, is 0 but for rounding."""


def entropy_weights(values: FloatArray) -> FloatArray:
    """1 less the entropy of each column's shares over its greatest, made to sum to 1 (Shannon 1948; Zeleny 1982).

    values: (alternatives, indicators), 0 or more, in any unit. A column in which all are alike gets 0. Returns
    (indicators,). Raises ValueError where there are fewer than two alternatives, a value is negative or not finite, a
    column is all 0, or all are alike in every column.
    """
    table = _table(values)
    if (table < 0).any():
        raise ValueError("entropy weights need values of 0 or more")
    totals = table.sum(axis=0)
    if not (totals > 0).all():
        raise ValueError(f"entropy weights need a value above 0 in column {int(np.argmin(totals > 0)) + 1}")
    shares = table / totals
    logarithms = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    return _shared(_without_rounding(1 + (shares * logarithms).sum(axis=0) / np.log(len(table))))


def critic_weights(
    values: FloatArray,
    *,
    senses: FloatArray | None = None,
    correlation: Correlation = "pearson",
    scaled: bool = True,
) -> FloatArray:
    """Standard deviation of each column times the sum of 1 - its correlation with the others (Diakoulaki et al. 1995).

    values: (alternatives, indicators), `senses` 1 where more is better and -1 where less is. `scaled`: columns are
    first put on a scale from 0 for the worst to 1 for the best, so that no unit matters. A column in which all are
    alike gets 0, and changes no other. Returns (indicators,), summing to 1. Raises ValueError where there are fewer
    than two alternatives, a value is not finite, the correlation is another, or no two columns both separate
    alternatives and differ.
    """
    if correlation not in get_args(Correlation):
        raise ValueError("the correlation is pearson or spearman")
    table = directed(_table(values), senses)
    width = np.ptp(table, axis=0)
    if scaled:
        table = np.divide(table - table.min(axis=0), width, out=np.zeros_like(table), where=width > 0)
    varies = np.flatnonzero(width > ROUNDING * np.abs(np.asarray(values)).max(axis=0))
    information = np.zeros(len(width))
    if varies.size:
        compared = table[:, varies] if correlation == "pearson" else _ranks(table[:, varies])
        together = np.corrcoef(compared, rowvar=False).reshape(varies.size, varies.size)
        conflict = _without_rounding((1 - together).sum(axis=0))
        information[varies] = table[:, varies].std(axis=0) * conflict
    return _shared(information)


def _table(values: FloatArray) -> FloatArray:
    table = np.asarray(values, dtype=np.float64)
    table, _ = checked(table, np.ones(table.shape[-1] if table.ndim else 0))
    if len(table) < 2:  # noqa: PLR2004 -- one alternative differs from nothing
        raise ValueError("weights from values need at least two alternatives")
    return table


def _without_rounding(found: FloatArray) -> FloatArray:
    return np.where(found > ROUNDING, found, 0.0)


def _shared(information: FloatArray) -> FloatArray:
    if information.sum() <= 0:
        raise ValueError("the values separate no alternatives by which weights could be told apart")
    return np.asarray(information / information.sum())


def _ranks(table: FloatArray) -> FloatArray:
    """Ranks in every column, equal values sharing the mean of theirs."""
    ranks = np.empty_like(table)
    for at, column in enumerate(table.T):
        _, position, times = np.unique(column, return_inverse=True, return_counts=True)
        ranks[:, at] = (np.cumsum(times) - (times - 1) / 2)[position]
    return ranks
