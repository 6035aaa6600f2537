"""What a computed indicator says of each simulated future, where the returns move it (METHOD 10, ADR 20).

In a future everything has happened: a chance is 0 or 1, and what a cost will be with 80 in 100 is what it is. So an
indicator's rule is applied to what happened in each of the hundred futures of `RiskReturn.futures`, in their order, so
that figures of one future stay together. The level that counts is not moved by it.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from scoring.criteria.computed import (
    BOTTOM_POPULATION_SHARE,
    COVER_STARTS,
    OVERRUN_STARTS,
    Basis,
    cost_level,
    poorest_level,
)
from scoring.criteria.scales import TOP, interpolated
from scoring.frameworks import Indicator
from scoring.result import Futures, Missing

FloatArray = npt.NDArray[np.float64]
Figures = Sequence[float | None]


def drawn_levels(indicator: Indicator, basis: Basis) -> FloatArray | None:
    """Level of a computed indicator in each future, (futures,), 0 to 4 (METHOD 10).

    None where nothing was simulated, where the plan alone decides it, and where funding certainty stands in for it.
    """
    futures = basis.risk.futures
    if futures is None:
        return None
    if indicator.figure:
        figures = FIGURES[indicator.figure](futures, basis)
        return None if not figures else np.array([_at(indicator, figure) for figure in figures])
    rule = RULES.get(indicator.rule)
    return None if rule is None else rule(futures, basis)


def _at(indicator: Indicator, figure: float | None) -> float:
    """By the indicator's thresholds; a figure that does not exist in this future reaches the lowest."""
    return indicator.points[0][1] if figure is None else interpolated(indicator.points, figure)


def _gain(futures: Futures, _basis: Basis) -> Figures:
    return [1.0 if value >= 0 else 0.0 for value in futures.economic_npv]


def _overrun(futures: Futures, basis: Basis) -> Figures:
    base = basis.risk.capex_base
    if isinstance(base, Missing) or base <= 0:
        return ()
    return [cost / base for cost in futures.capital_cost]


def _on_public_money(futures: Futures, basis: Basis) -> Figures:
    money = basis.risk.public_money
    return () if isinstance(money, Missing) else [value / money for value in futures.economic_npv]


def _poorest(futures: Futures, _basis: Basis) -> Figures:
    return [None if share is None else round(share / BOTTOM_POPULATION_SHARE, 9) for share in futures.bottom_share]


FIGURES: Mapping[str, Callable[[Futures, Basis], Figures]] = {
    "benefit-cost-ratio": lambda futures, _basis: futures.benefit_cost_ratio,
    "chance-of-gain": _gain,
    "return-on-public-money": _on_public_money,
    "capital-cost-overrun": _overrun,
    "delay": lambda futures, _basis: futures.delay,
    "least-debt-cover": lambda futures, _basis: futures.debt_cover,
    "benefit-of-the-poorest": _poorest,
}
"""Of each figure in `scoring.criteria.figures`, what it is in one future: there a certainty equivalent is the value."""


def _economic_return(futures: Futures, basis: Basis) -> FloatArray:
    """BK1: society gains for certain, at a rate above the hurdle, or loses."""
    return TOP * np.array(_gain(futures, basis), dtype=np.float64)


def _debt_cover(futures: Futures, _basis: Basis) -> FloatArray | None:
    """BK2: none where there is no debt."""
    cover = futures.debt_cover
    return np.searchsorted(COVER_STARTS, cover, side="right").astype(np.float64) if cover else None


def _cost_tail(futures: Futures, basis: Basis) -> FloatArray | None:
    """BK4: the cost as it came, with the same caps."""
    ratios = np.array(_overrun(futures, basis), dtype=np.float64)
    bands, first, band_of = np.unique(
        np.searchsorted(OVERRUN_STARTS, ratios, side="left"), return_index=True, return_inverse=True
    )
    found = [cost_level(ratios[at], basis.project).counted for at in first]
    return np.array(found, dtype=np.float64)[band_of] if len(bands) else None


def _benefit_distribution(futures: Futures, basis: Basis) -> FloatArray | None:
    """IN4: level 0 where there is no net benefit of which anybody could have a part."""
    found = [0.0 if ratio is None else poorest_level(ratio) for ratio in _poorest(futures, basis)]
    return np.array(found) if found else None


RULES: Mapping[str, Callable[[Futures, Basis], FloatArray | None]] = {
    "economic-return": _economic_return,
    "debt-cover": _debt_cover,
    "cost-tail": _cost_tail,
    "benefit-distribution": _benefit_distribution,
}
"""Of the rules in `scoring.criteria.computed`; what is left out (BK10) the plan alone decides."""
