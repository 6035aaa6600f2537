"""Whether the sources of money are its uses in every year of construction (METHOD 3)."""

import numpy as np
from numpy.typing import NDArray

from scoring.errors import InputProblem
from scoring.project_file import FlowKind
from scoring.returns.arrays import FloatArray
from scoring.returns.flows import Flows

TOLERANCE = 1e-6
"""Largest imbalance taken for rounding, in the project's unit, and as a part of a year's uses."""


def imbalances(
    flows: Flows, sources: FloatArray, *, costs: FloatArray, unfunded: FloatArray, service: FloatArray, opening: int
) -> list[InputProblem]:
    """Years of construction whose sources are not their uses: capital cost, upfront fees and interest paid.

    Construction is every year before `opening`, every year in which money is paid in, and the first unbroken run of
    years with capital cost. From the opening on, what operation leaves after debt service is a source as well; a later
    renewal is paid from operation, or by the owners. sources, costs (fees and interest paid), unfunded (the fees that
    the owners pay beside their equity) and service: (periods,). METHOD 3.
    """
    capex = flows.total(FlowKind.CAPEX)
    uses = capex + costs - unfunded
    years = np.arange(flows.periods)
    run = _first_run(capex)
    building = (years < opening) | (sources > 0) | run
    earned = np.where((years >= opening) & (years > run.argmax()), np.maximum(flows.cfads - service, 0.0), 0.0)
    short = building & (sources + earned < uses - tolerance(uses))
    over = building & (sources > uses + tolerance(uses))
    return [
        InputProblem(
            "financing",
            f"Sources {'fall short of' if short[at] else 'exceed'} costs by "
            f"{_plain(abs(sources[at] + earned[at] * short[at] - uses[at]))} in {flows.first_year + at}: "
            f"{_sources_in_words(sources[at], earned[at])}, against "
            f"{_uses_in_words(capex[at], costs[at] - unfunded[at])}.",
        )
        for at in np.flatnonzero(short | over)
    ]


def tolerance(uses: FloatArray) -> FloatArray:
    """How far the sources of a year may be from its uses, (periods,)."""
    return TOLERANCE * np.maximum(1.0, np.abs(uses))


def _first_run(capex: FloatArray) -> NDArray[np.bool_]:
    """The first unbroken run of periods with capital cost, (periods,)."""
    spent = capex != 0
    begun = np.cumsum(spent) > 0
    run: NDArray[np.bool_] = spent & (np.cumsum(begun & ~spent) == 0)
    return run


def _sources_in_words(paid_in: float, earned: float) -> str:
    return f"{_plain(paid_in)} is paid in" + (f" and {_plain(earned)} left by operation" if earned > 0 else "")


def _uses_in_words(capex: float, costs: float) -> str:
    return f"capital cost of {_plain(capex)}" + (f" and fees and interest of {_plain(costs)}" if costs > 0 else "")


def _plain(amount: float) -> str:
    """To six decimals, as amounts are entered, without trailing zeros."""
    text = f"{amount:,.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
