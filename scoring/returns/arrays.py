"""Array types of the returns, exact decimals as float64, and rows of cash flows."""

from collections.abc import Iterable
from decimal import Decimal

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
NOT_FINITE = "cash flows must be finite"


def padded(amounts: Iterable[Decimal], periods: int) -> FloatArray:
    """Amounts as float64 of shape (periods,): zero after their end, cut off at the horizon (PROJECT-FILE)."""
    row = np.zeros(periods)
    values = [float(amount) for amount in amounts][:periods]
    row[: len(values)] = values
    return row


def frozen(array: FloatArray) -> FloatArray:
    """The same array, no longer writable: frozen dataclasses share it."""
    array.setflags(write=False)
    return array


def as_rows(cash_flows: ArrayLike) -> FloatArray:
    """Cash flows as (n, periods); a single row (periods,) becomes (1, periods).

    Raises ValueError for any other shape, for no period at all, and for amounts that are not finite.
    """
    rows = shaped(cash_flows)
    if not np.isfinite(rows).all():
        raise ValueError(NOT_FINITE)
    return rows


def shaped(cash_flows: ArrayLike) -> FloatArray:
    """`as_rows` for who looks for amounts that are not finite in passing: that look alone reads every one of them."""
    array = np.asarray(cash_flows, dtype=np.float64)
    if array.ndim not in (1, 2) or array.shape[-1] == 0:
        raise ValueError(f"cash flows must be (periods,) or (n, periods) with at least one period, not {array.shape}")
    return np.atleast_2d(array)


def like_input(values: FloatArray, cash_flows: ArrayLike) -> float | FloatArray:
    """One value a row, (n,); a float where the cash flows were a single row."""
    return float(values[0]) if np.ndim(cash_flows) == 1 else values
