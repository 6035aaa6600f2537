"""What the kernel takes and gives: the calendar, the drivers of each draw, and what came of it (METHOD 6, 8)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.risk.normal import FloatArray


class Calendar(NamedTuple):
    """What stays at its date whatever the draw; H is the longest horizon, M the measures."""

    discount: FloatArray
    """(M, H): present value of 1 in each period."""
    fixed: FloatArray
    """(M, H): flows no driver moves: mitigation, and for equity financing and debt service."""
    debt_service: FloatArray
    """(H,)"""
    debt_end: int
    """First period without any debt service left; 0 without debt."""
    salvage: float
    latest_delay: float
    """The horizon holds the longest life and this delay."""


class Sample(NamedTuple):
    """n draws: what each driver is in each."""

    factors: FloatArray
    """(n, F)"""
    delay: FloatArray
    """(n,): years."""
    life: FloatArray
    """(n,): years of operation."""
    stranding: FloatArray
    """(n,): years of operation until stranded, inf for never."""
    life_points: FloatArray
    """(n, E'): uniform numbers deciding the events per life."""
    key: np.uint64
    """Begins the numbers drawn by counter for the timing of events."""
    first_draw: int


class Outcome(NamedTuple):
    """Filled by `simulate_rows`."""

    npv: FloatArray
    """(n, M)"""
    capex: FloatArray
    """(n,): undiscounted, with overheads of delay and events of the build."""
    delay: FloatArray
    """(n,): years, events included."""
    short_of_debt: NDArray[np.uint8]
    """(n,): 1 where debt cover is below 1 in any year."""
    cover: FloatArray
    """(n,): least cover of debt service of any year, inf without debt."""
    stranded_in_debt: NDArray[np.uint8]
    """(n,): 1 where stranded before the debt is repaid."""
    net: FloatArray
    """(kept, 2, H): financial and economic net flow of the first draws; with financing (kept, 3, H), equity's too."""
