"""When a project is planned to be built, to open and to end, read from its cash flows (METHOD 6)."""

from dataclasses import dataclass

import numpy as np

from scoring.project_file import FlowKind
from scoring.returns.financing import OPENING_KINDS, opening_period
from scoring.returns.flows import Flows

USE_KINDS = (FlowKind.REVENUE, FlowKind.BENEFIT, FlowKind.EXTERNALITY)
"""What comes from the service being used."""
SERVICE_KINDS = (*USE_KINDS, FlowKind.OPEX)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Periods counted from 0: `opening` is the first of operation, `end` the first after it."""

    opening: int
    end: int
    periods: int

    @property
    def build_periods(self) -> int:
        """Periods of construction; capital cost of period 0 is construction even where use begins at once."""
        return max(self.opening, 1)

    @property
    def operating_years(self) -> int:
        return self.end - self.opening

    @property
    def earliest_delay(self) -> float:
        """Opening early is limited to half of the planned build (a negative delay)."""
        return -self.opening / 2.0


def planned(flows: Flows) -> Timeline:
    """Opening as in `opening_period`; the end follows the last period with service.

    Without revenue, subsidy or benefit, a project opens with the first externality that is a gain, else after the
    first unbroken run of capital cost, so that renewals do not put its opening off.
    """
    if _filled(flows, OPENING_KINDS).size:
        opening = opening_period(flows)
    else:
        gains = np.flatnonzero(np.any(flows.amounts[flows.mask(FlowKind.EXTERNALITY)] > 0.0, axis=0))
        opening = int(gains[0]) if gains.size else _after_construction(flows)
    served = _filled(flows, SERVICE_KINDS)
    end = int(served[-1]) + 1 if served.size else flows.periods
    return Timeline(opening=opening, end=max(end, opening + 1), periods=flows.periods)


def _filled(flows: Flows, kinds: tuple[FlowKind, ...]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Periods in which any line of these kinds is not zero, ascending."""
    return np.flatnonzero(np.any(flows.amounts[flows.mask(*kinds)] != 0.0, axis=0))


def _after_construction(flows: Flows) -> int:
    spent = _filled(flows, (FlowKind.CAPEX,))
    if not spent.size:
        return 0
    breaks = np.flatnonzero(np.diff(spent) > 1)
    last = spent[breaks[0]] if breaks.size else spent[-1]
    return min(int(last) + 1, flows.periods - 1)
