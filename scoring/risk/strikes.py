"""Which events strike in one draw, and how hard, in compiled code (METHOD 6)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.compiled import compiled, inlined
from scoring.risk.events import Events
from scoring.risk.normal import FloatArray
from scoring.risk.sample import Sample

AT_ONCE = 128
"""Draws whose events are held at a time."""


class Struck(NamedTuple):
    """What events do to n draws, in Y years of operation; the length Y sets the counters apart."""

    use: FloatArray
    """(n, Y): factor on revenue, benefits and externalities."""
    cost: FloatArray
    """(n, Y)"""
    since: NDArray[np.int64]
    until: NDArray[np.int64]
    """(n,): the years from `since` to before `until` are those whose use or cost may be other than 1 and 0."""
    build_cost: FloatArray
    """(n,)"""
    build_delay: FloatArray
    """(n,): years."""


@compiled
def unstruck(draws: int, years: int) -> Struck:
    return Struck(
        np.ones((draws, years)),
        np.zeros((draws, years)),
        np.zeros(draws, np.int64),
        np.zeros(draws, np.int64),
        np.zeros(draws),
        np.zeros(draws),
    )


@inlined
def _uniform(key: np.uint64, counter: np.uint64) -> float:
    """A number in (0, 1) by counter: SplitMix64 (Steele, Lea and Flood 2014)."""
    z = key + (counter + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (np.float64(z >> np.uint64(11)) + 0.5) * 2.0**-53


@compiled
def strike(events: Events, sample: Sample, struck: Struck, first_row: int) -> None:
    """Let the events of consecutive draws happen, from `first_row` of the sample on, as many as `struck` holds."""
    # What the loops need is unpacked: reaching into tuples of arrays in them costs several times the arithmetic.
    probability, yearly, in_build = events.probability, events.yearly, events.in_build
    costs, delays, factor, years = events.cost, events.delay, events.use_factor, events.years
    column, points, key = events.life_column, sample.life_points, sample.key
    life, stranding = sample.life, sample.stranding
    use, cost, since, until = struck.use, struck.cost, struck.since, struck.until
    build_cost, build_delay = struck.build_cost, struck.build_delay
    count, levels = costs.shape
    spared = np.log1p(-probability)
    for i in range(min(len(build_cost), len(life) - first_row)):
        row = first_row + i
        operating = max(int(np.ceil(min(life[row], stranding[row]))), 1)
        for year in range(since[i], until[i]):
            use[i, year], cost[i, year] = 1.0, 0.0
        build_cost[i], build_delay[i], since[i], until[i] = 0.0, 0.0, use.shape[1], 0
        for event in range(count):
            chance = probability[event]
            at = np.uint64(((sample.first_draw + row) * count + event) * 2 * use.shape[1])
            if yearly[event] == 1:
                if chance > 0.0:
                    lasts = years[event]
                    begin, end = _every_year(
                        key, at, spared[event], costs, event, factor[event], lasts, use, cost, i, operating
                    )
                    since[i], until[i] = min(since[i], begin), max(until[i], end)
                continue
            point = points[row, column[event]]
            if point >= chance:
                continue
            # Below the probability the point is uniform again, and decides how hard the event strikes.
            level = min(int(point / chance * levels), levels - 1)
            first = 0
            if in_build[event] == 1:
                build_cost[i] += costs[event, level]
                build_delay[i] += delays[event, level]
            else:
                first = int(_uniform(key, at) * life[row])
                if first < operating:
                    cost[i, first] += costs[event, level]
            end = min(first + years[event], operating)
            since[i], until[i] = min(since[i], first), max(until[i], end)
            for year in range(first, end):
                use[i, year] *= factor[event]


@inlined
def _every_year(
    key: np.uint64,
    counter: np.uint64,
    spared: float,
    costs: FloatArray,
    event: int,
    factor: float,
    lasts: int,
    use: FloatArray,
    cost: FloatArray,
    row: int,
    operating: int,
) -> tuple[int, int]:
    """An event that may happen in every year of operation; while it lasts it does not count twice.

    The years without it are drawn at once: their number is geometric. spared: log of a year's survival. Returns from
    which year on, and before which, it is felt.
    """
    last, under = operating - 1, 0
    year, strikes = _gap(key, counter, spared, last), 0
    first = year
    while year <= last:
        cost[row, year] += costs[event, int(_uniform(key, counter + np.uint64(2 * strikes + 1)) * costs.shape[1])]
        for below in range(max(year, under), min(year + lasts, operating)):
            use[row, below] *= factor
        under = year + lasts
        strikes += 1
        year += 1 + _gap(key, counter + np.uint64(2 * strikes), spared, last)
    return first, min(under, operating)


@inlined
def _gap(key: np.uint64, counter: np.uint64, spared: float, most: int) -> int:
    """Years without the event before the next, at most one more than `most`; spared: log of a year's survival."""
    return int(min(np.log(_uniform(key, counter)) / spared, most + 1.0))
