"""Array types of the returns, and exact decimals as float64."""

from collections.abc import Iterable
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


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
