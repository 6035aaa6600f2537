"""A city's own classes beside the library's, by their quantiles (METHOD 6)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from scoring.errors import InputError
from scoring.parameters.own_record import FEWEST, Measure
from scoring.parameters.reference_classes import Parameters
from scoring.project_file import DriverName
from scoring.risk.marginals import Marginal
from scoring.risk.own_classes import own_factor
from scoring.risk.reference_classes import reference_factor

Quantiles = tuple[float, float, float]
_DRIVERS = {Measure.COST: DriverName.CAPEX, Measure.DURATION: DriverName.DELAY, Measure.USE: DriverName.DEMAND}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassComparison:
    """One measure of one asset class; quantiles are P10, P50 and P90 of the factor on the plan, 1 = as planned."""

    asset_class: str
    title: str
    measure: Measure
    recorded: int
    own: Quantiles | None
    """None with fewer projects than replace the library's class."""
    library: Quantiles | None
    """None where the library ships no class for the measure."""

    @property
    def needed(self) -> int:
        """How many more would replace the library's class; 0 where they do."""
        return max(FEWEST - self.recorded, 0)


def compare_classes(parameters: Parameters) -> tuple[ClassComparison, ...]:
    """Every measure of which the city recorded something, by title of its class.

    stage: of the project the library's optimism bias is taken for; at the first nothing is mitigated.
    """
    return tuple(sorted(_compared(parameters), key=lambda each: each.title))


def _compared(parameters: Parameters) -> Iterator[ClassComparison]:
    own = parameters.own
    for asset_class, title in parameters.asset_classes.items() if own else ():
        for measure in Measure:
            ratios = own.ratios(measure, asset_class) if own else ()
            if ratios:
                yield ClassComparison(
                    asset_class=asset_class,
                    title=title,
                    measure=measure,
                    recorded=len(ratios),
                    own=_quantiles(own_factor(ratios)) if len(ratios) >= FEWEST else None,
                    library=_of_library(measure, asset_class, parameters),
                )


def _of_library(measure: Measure, asset_class: str, parameters: Parameters) -> Quantiles | None:
    library = replace(parameters, own=None)
    try:
        return _quantiles(reference_factor(_DRIVERS[measure], asset_class, library, None, "").factor)
    except InputError:
        return None


def _quantiles(factor: Marginal) -> Quantiles:
    low, median, high = factor.quantile(np.array([0.1, 0.5, 0.9])).tolist()
    return low, median, high
