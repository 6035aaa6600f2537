"""What a resolved driver or impact can be at all: a factor above zero, a delay that the model holds (METHOD 6)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.errors import InputError
from scoring.limits import MAX_DELAY_YEARS, MAX_FACTOR, MAX_PERIODS
from scoring.project_file import Distribution, DriverName
from scoring.result import Note
from scoring.risk.marginals import Discrete, Marginal, Truncated
from scoring.risk.timeline import Timeline

MATERIAL = 1e-3
"""A distribution with more than this outside what is possible is refused; with less it is cut off there, and told."""
NEGLIGIBLE = 1e-6
"""Less than this outside is cut off without a word: no simulation has as many draws."""
UNREACHED = 1e-15
"""Less than this outside is rounding, or beyond the tables of quantiles."""
USE_FACTORS = (DriverName.REVENUE, DriverName.DEMAND, DriverName.BENEFITS)
"""Factors that may be zero, where nobody comes; a cost, a price or an exchange rate of zero there is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Where a quantity can lie, and why, as a sentence that ends in the reason."""

    least: float
    most: float
    below: str
    """Why nothing lies below `least`, and what to give instead."""
    above: str
    allows_least: bool = True


def factor_bounds(name: DriverName) -> Bounds:
    """A factor multiplies amounts of which the kind carries the sign: it is positive, and at most MAX_FACTOR."""
    return Bounds(
        least=0.0,
        most=MAX_FACTOR,
        below="a factor multiplies planned amounts and is above zero; give a minimum above zero, or a family that "
        "stays there, such as lognormal",
        above=f"a factor is at most {MAX_FACTOR:g} times the plan; give a maximum, or less spread",
        allows_least=name in USE_FACTORS,
    )


def delay_bounds(timeline: Timeline) -> Bounds:
    """Years; a negative delay is an opening ahead of plan, by half of the build at most."""
    early = abs(timeline.earliest_delay)
    return Bounds(
        least=timeline.earliest_delay,
        most=MAX_DELAY_YEARS,
        below=f"the opening is at most {early:g} years ahead of its plan, half of the build; give a minimum of "
        f"{0 - early:g}, or less spread",
        above=f"a delay is at most {MAX_DELAY_YEARS:g} years; give a maximum, or less spread",
    )


LIFE = Bounds(
    least=0.0,
    most=float(MAX_PERIODS),
    below="a life is above zero years; give a minimum above zero",
    above=f"a life is at most {MAX_PERIODS} years; give a maximum, or less spread",
    allows_least=False,
)
EVENT_COST = Bounds(
    least=0.0,
    most=np.inf,
    below="what an event costs is a magnitude and not below zero; a gain is no risk event",
    above="",
)
EVENT_DELAY = Bounds(
    least=0.0,
    most=MAX_DELAY_YEARS,
    below="an event puts the opening off and never brings it forward; give a minimum of 0",
    above=f"a delay is at most {MAX_DELAY_YEARS:g} years; give a maximum, or less spread",
)


def held(
    whole: Marginal, stated: Distribution, bounds: Bounds, path: str, called: str
) -> tuple[Marginal, tuple[Note, ...]]:
    """The distribution `whole`, cut off at its bounds where next to nothing lies outside them, and a note if it was.

    called: the quantity, as the message names it. Raises InputError at the field of `stated` below `path` that leads
    out of the bounds, with the share outside, a value reached there and what is allowed, where that share is material.
    """
    least = np.nextafter(bounds.least, -np.inf) if bounds.allows_least else bounds.least
    at = whole.cdf(np.array([least, bounds.most]))
    under, over = float(at[0]), float(1.0 - at[1])
    if under > MATERIAL:
        raise _out_of_bounds(whole, under / 2, under, f"{path}.{_field(stated, _LOW)}", f"{called}: {bounds.below}")
    if over > MATERIAL:
        raise _out_of_bounds(whole, 1 - over / 2, over, f"{path}.{_field(stated, _HIGH)}", f"{called}: {bounds.above}")
    if max(under, over) <= UNREACHED:
        return whole, ()
    cut = _cut(whole, bounds)
    if max(under, over) <= NEGLIGIBLE:
        return cut, ()
    side = f"below {bounds.least:g}" if under > over else f"above {bounds.most:g}"
    message = f"{called}: a probability of {max(under, over):.2g} lies {side}; it was cut off there."
    return cut, (Note(code="cut-off", message=message, path=path),)


def delays_within(drivers: Sequence[Marginal], longest_event: float) -> None:
    """Raises InputError where the delays stated for drivers and events add up to more than the model holds."""
    far = sum(float(delay.quantile(np.array([1.0 - MATERIAL]))[0]) for delay in drivers) + longest_event
    if far > MAX_DELAY_YEARS * (1.0 + len(drivers) * MATERIAL):
        message = f"The delays of drivers and events together reach {far:.6g} years: {MAX_DELAY_YEARS:g} is the most."
        raise InputError.at("uncertainty.drivers", message)


_LOW = ("low", "p10", "mean", "p50", "values", "alpha")
_HIGH = ("high", "p90", "sd", "p50", "values", "beta")
"""Fields that decide how far down and up a distribution reaches, the first that is given."""


def _field(stated: Distribution, names: tuple[str, ...]) -> str:
    return next((name for name in names if getattr(stated, name) not in (None, ())), "family")


def _out_of_bounds(whole: Marginal, at: float, share: float, path: str, reason: str) -> InputError:
    value = float(whole.quantile(np.array([at]))[0])
    return InputError.at(path, f"{reason}. A probability of {share:.1%} lies outside, for instance {value:.6g}.")


def _cut(distribution: Marginal, bounds: Bounds) -> Marginal:
    if isinstance(distribution, Discrete):
        pairs = [
            (v, p)
            for v, p in zip(distribution.values, distribution.probabilities, strict=True)
            if bounds.least <= v <= bounds.most and (v > bounds.least or bounds.allows_least)
        ]
        return Discrete(tuple(v for v, _ in pairs), tuple(p for _, p in pairs))
    return Truncated(distribution, bounds.least, bounds.most)
