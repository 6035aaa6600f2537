"""Figures as they are reported: a number, or why there is none (METHOD 1)."""

import math

from scoring.result import Figure, Missing

NO_FLOWS = "no-cash-flows"
OVERFLOW = "overflow"


def figure(value: float, reason: str = OVERFLOW) -> Figure:
    """The value as a Figure, with no minus before zero; Missing(reason) where it is not finite."""
    return float(value) + 0.0 if math.isfinite(value) else Missing(reason)


def ratio(numerator: float, denominator: float, reason: str) -> Figure:
    """numerator / denominator; Missing(reason) where the denominator is not positive."""
    return figure(numerator / denominator) if denominator > 0 else Missing(reason)
