"""A city's own completed projects as a reference class: kernel-smoothed empirical quantiles (METHOD 6, PARAMETERS)."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from scoring.parameters.own_record import FEWEST, Measure
from scoring.parameters.reference_classes import Parameters
from scoring.project_file import DriverName
from scoring.result import Note
from scoring.risk.marginals import KernelSmoothed, Marginal, Point
from scoring.risk.normal import FloatArray

ORIGIN = "own-projects"
MEASURES = {
    DriverName.CAPEX: Measure.COST,
    DriverName.DELAY: Measure.DURATION,
    DriverName.DEMAND: Measure.USE,
    DriverName.BENEFITS: Measure.USE,
    DriverName.REVENUE: Measure.USE,
}
"""What of a completed project speaks for a driver; the others keep the library's class."""
_WORDS = {Measure.COST: "cost", Measure.DURATION: "building time", Measure.USE: "use"}
_NORMAL_QUARTILES = 1.34
"""Interquartile range of the standard normal distribution."""


def silverman_bandwidth(sample: FloatArray) -> float:
    """Rule-of-thumb bandwidth of a Gaussian kernel, 0.9 min(s, IQR / 1.34) n^(-1/5), in the unit of the sample.

    sample: (n,), n >= 2. Zero where all values are equal; a spread of zero is otherwise left out of the minimum.
    Source: Silverman, Density Estimation for Statistics and Data Analysis (1986), equation 3.31.
    """
    first, third = np.quantile(sample, (0.25, 0.75))
    spreads = (float(np.std(sample, ddof=1)), float(third - first) / _NORMAL_QUARTILES)
    return 0.9 * min((each for each in spreads if each > 0), default=0.0) / float(sample.size**0.2)


@lru_cache(maxsize=256)
def own_factor(ratios: tuple[float, ...]) -> Marginal:
    """Factor on the plan, smoothed over the ratios of actual to planned; all above zero, two or more.

    The kernel is Gaussian on the logarithm of the ratio, so that the factor stays above zero and half and double
    the plan are equally far from it. Equal ratios have nothing to smooth and give a certain value.
    """
    logs = np.log(np.sort(np.asarray(ratios)))
    if logs[0] == logs[-1]:
        return Point(float(np.exp(logs[0])))
    return KernelSmoothed(tuple(logs.tolist()), silverman_bandwidth(logs))


def asset_class_of(key: str, parameters: Parameters) -> str:
    """The asset class under which completed projects are recorded, for a row or a line's class that a driver names."""
    if key in parameters.line_classes:
        return parameters.line_classes[key].cost
    if key in parameters.demand:
        return next((row.cost for row in parameters.line_classes.values() if row.demand == key), key)
    return key


def own_ratios(name: DriverName, key: str, parameters: Parameters) -> tuple[float, ...]:
    """What the city's own record holds for a driver, however little; empty where it holds nothing."""
    if parameters.own is None or name not in MEASURES:
        return ()
    return parameters.own.ratios(MEASURES[name], asset_class_of(key, parameters))


def own_description(name: DriverName, key: str, parameters: Parameters, ratios: Sequence[float]) -> str:
    """What the factor rests on and what it replaced, in a sentence or two."""
    low, median, high = own_factor(tuple(ratios)).quantile(np.array([0.1, 0.5, 0.9]))
    return (
        f"{_whose(len(ratios), parameters)}: {_WORDS[MEASURES[name]]} {_against_plan(median)} at the median, "
        f"from {_against_plan(low)} (P10) to {_against_plan(high)} (P90). They replaced "
        f"{_replaced(name, key, parameters)}."
    )


def own_notes(name: DriverName, key: str, parameters: Parameters, count: int) -> tuple[Note, ...]:
    """The switch in words, or how far the record is from it; none where nothing is recorded."""
    if not count:
        return ()
    what, title = _WORDS[MEASURES[name]], _title(key, parameters)
    if count >= FEWEST:
        message = f"{_whose(count, parameters)} replaced {_replaced(name, key, parameters)}: {what}."
        return (Note(code="own-projects", message=message, path="uncertainty.drivers"),)
    assert parameters.own is not None
    message = (
        f"{parameters.own.city} has recorded {count} of the {FEWEST} completed projects needed for {title}, {what}: "
        "the library's class stays."
    )
    return (Note(code="own-projects-too-few", message=message, path="uncertainty.drivers"),)


def _whose(count: int, parameters: Parameters) -> str:
    assert parameters.own is not None
    return f"{count} completed projects of {parameters.own.city}"


def _replaced(name: DriverName, key: str, parameters: Parameters) -> str:
    """What of the library gave way: its class, or for use what stands in where it ships none of the class."""
    asset_class, title = asset_class_of(key, parameters), _title(key, parameters)
    rows = (*parameters.line_classes.values(), parameters.unknown_class)
    if MEASURES[name] is Measure.USE and not any(row.cost == asset_class and row.demand for row in rows):
        return f"what stands in for {title} in the library, which ships no record of its use"
    return f"the library's class for {title}"


def _title(key: str, parameters: Parameters) -> str:
    asset_class = asset_class_of(key, parameters)
    return parameters.asset_classes.get(asset_class, asset_class)


def _against_plan(ratio: float) -> str:
    share = round(100 * abs(ratio - 1.0))
    return "as planned" if share == 0 else f"{share}% {'above' if ratio > 1 else 'below'} plan"
