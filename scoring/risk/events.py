"""Risk events and obsolescence as the kernel takes them (METHOD 6, 8)."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.errors import InputError, InputProblem, gathered, raise_all
from scoring.project_file import Distribution, Obsolescence, RiskEvent
from scoring.result import DriverUsed, Note
from scoring.risk.distributions import marginal
from scoring.risk.normal import FloatArray
from scoring.risk.ranges import EVENT_COST, EVENT_DELAY, Bounds, held

LEVELS = 4096
"""An impact is drawn from this many equally likely values of its distribution."""
PER_LIFE, PER_YEAR = "life", "year"


class Events(NamedTuple):
    """E events after mitigation."""

    probability: FloatArray
    """(E,), over the life or in each year of operation."""
    yearly: NDArray[np.uint8]
    """(E,)"""
    in_build: NDArray[np.uint8]
    """(E,): an event of the build; its fall in use begins at opening."""
    life_column: NDArray[np.int64]
    """(E,): column of the sampled points that decides an event per life; -1 for a yearly one."""
    cost: FloatArray
    """(E, LEVELS), ascending."""
    delay: FloatArray
    """(E, LEVELS): years, ascending with the cost, for the worse case is both dearer and longer."""
    use_factor: FloatArray
    """(E,): multiplies revenue, benefits and externalities while the event lasts."""
    years: NDArray[np.int64]
    """(E,): how long it lasts."""

    @property
    def life_events(self) -> int:
        return int((self.yearly == 0).sum())

    @property
    def longest_delay(self) -> float:
        return float(self.delay[:, -1].sum()) if len(self.delay) else 0.0


def compile_events(events: Sequence[RiskEvent]) -> tuple[Events, float, tuple[Note, ...]]:
    """The events as arrays, the cost of mitigating them, and notes. Raises InputError naming every field at fault."""
    notes: list[Note] = []
    rows: list[_Row] = []
    problems: list[InputProblem] = []
    for index, event in enumerate(events):
        with gathered(problems):
            rows.append(_row(event, f"uncertainty.events[{index}]", notes))
    raise_all(problems)
    yearly = np.array([event.per == PER_YEAR for event in events], dtype=np.uint8)
    order = np.cumsum(1 - yearly.astype(np.int64)) - 1
    compiled = Events(
        probability=np.array([row.probability for row in rows], dtype=np.float64),
        yearly=yearly,
        in_build=np.array([row.in_build for row in rows], dtype=np.uint8),
        life_column=np.where(yearly == 1, -1, order),
        cost=np.array([row.cost for row in rows], dtype=np.float64).reshape(len(rows), LEVELS),
        delay=np.array([row.delay for row in rows], dtype=np.float64).reshape(len(rows), LEVELS),
        use_factor=np.array([row.use_factor for row in rows], dtype=np.float64),
        years=np.array([event.years for event in events], dtype=np.int64),
    )
    return compiled, sum(event.mitigation.cost for event in events if event.mitigation), tuple(notes)


def no_events() -> Events:
    return compile_events(())[0]


def hazard_of(obsolescence: Obsolescence | None) -> float:
    """Yearly probability of being stranded; 0 where none is stated. Raises InputError outside [0, 1)."""
    if obsolescence is None:
        return 0.0
    if not 0.0 <= obsolescence.hazard < 1.0:
        message = f"A yearly probability lies from 0 to below 1, not at {obsolescence.hazard:g}."
        raise InputError.at("uncertainty.obsolescence.hazard", message)
    return obsolescence.hazard


def stranding_years(points: FloatArray, hazard: float) -> FloatArray:
    """Years of operation until the technology is stranded, (n,), so that P(T <= t) = 1 - (1 - hazard)^t (METHOD 8)."""
    if hazard <= 0.0:
        return np.full(points.shape, np.inf)
    return np.asarray(np.log1p(-points) / np.log1p(-hazard))


def described(events: Sequence[RiskEvent], obsolescence: Obsolescence | None) -> tuple[DriverUsed, ...]:
    """Events and obsolescence as the reader is told of them."""
    told = [
        _told(event.name, f"Happens with a probability of {event.probability:.1%} per {event.per}.") for event in events
    ]
    if obsolescence is not None and obsolescence.hazard > 0:
        sentence = (
            f"In each year of operation the technology is stranded with a probability of {obsolescence.hazard:.1%}: "
            f"use, running costs and residual value end, {obsolescence.salvage:g} is received, debt stays."
        )
        told.append(_told("obsolescence", sentence))
    return tuple(told)


class _Row(NamedTuple):
    probability: float
    in_build: bool
    cost: FloatArray
    delay: FloatArray
    use_factor: float


def _row(event: RiskEvent, path: str, notes: list[Note]) -> _Row:
    problems = _field_problems(event, path)
    with gathered(problems):
        cost = _impact(event.cost, EVENT_COST, f"{path}.cost", f"cost of “{event.name}”", notes)
    with gathered(problems):
        delay = _impact(event.delay, EVENT_DELAY, f"{path}.delay", f"delay of “{event.name}”", notes)
    raise_all(problems)
    if event.delay is not None and event.per == PER_YEAR:
        notes.append(
            Note(
                code="event-delay-unused",
                message=f"“{event.name}” happens in operation, year by year, and so cannot delay the opening: "
                "give it a probability per life if it can.",
                path=f"{path}.delay",
            )
        )
        delay = np.zeros(LEVELS)
    impact = event.mitigation.impact_factor if event.mitigation else 1.0
    likelihood = event.mitigation.probability_factor if event.mitigation else 1.0
    return _Row(
        probability=min(event.probability * likelihood, 1.0),
        in_build=event.in_build,
        cost=cost * impact,
        delay=delay * impact,
        use_factor=1.0 - (1.0 - event.revenue_factor) * impact,
    )


def _field_problems(event: RiskEvent, path: str) -> list[InputProblem]:
    checks = (
        (event.per in (PER_LIFE, PER_YEAR), "per", f"An event happens per life or per year, not per {event.per}."),
        (
            0.0 <= event.probability <= 1.0,
            "probability",
            f"A probability lies between 0 and 1, not at {event.probability:g}.",
        ),
        (event.revenue_factor >= 0.0, "revenue_factor", f"Must not be negative, but is {event.revenue_factor:g}."),
        (event.years >= 1, "years", f"An event lasts at least one year, not {event.years}."),
    )
    return [InputProblem(f"{path}.{field}", message) for sound, field, message in checks if not sound]


def _impact(stated: Distribution | None, bounds: Bounds, path: str, called: str, notes: list[Note]) -> FloatArray:
    """Equally likely values of an impact, (LEVELS,), ascending; zeros where none is stated."""
    if stated is None:
        return np.zeros(LEVELS)
    impact, told = held(marginal(stated, path), stated, bounds, path, called)
    notes += told
    return impact.quantile((np.arange(LEVELS) + 0.5) / LEVELS)


def _told(name: str, sentence: str) -> DriverUsed:
    return DriverUsed(driver=name, applies_to=(), origin="planner", description=sentence)
