"""Which reference class a driver takes, as a distribution of a factor on the plan (METHOD 6, PARAMETERS)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from scoring.errors import InputError
from scoring.parameters.own_record import FEWEST
from scoring.parameters.reference_classes import CostOverrun, DemandRecord, OptimismBias, Parameters, Shape
from scoring.project_file import DriverName, StatedBias
from scoring.result import BiasTaken, Note
from scoring.risk.marginals import BodyAndTail, Marginal, Pareto
from scoring.risk.optimism_bias import DRIVERS, factor_of, in_words, published_bounds, taken
from scoring.risk.own_classes import ORIGIN as OWN
from scoring.risk.own_classes import own_description, own_factor, own_notes, own_ratios
from scoring.risk.reference_fits import cost_factor, demand_factor

LIBRARY = "reference-class"
_TARGETS = {driver: target for target, driver in DRIVERS.items()}
_DEMAND_DRIVERS = (DriverName.DEMAND, DriverName.BENEFITS, DriverName.REVENUE)


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference class as it is simulated, with a sentence that says what it rests on."""

    factor: Marginal
    description: str
    second_cap: Marginal | None = None
    """The factor with the tail cut off at the second cap, for a tail so heavy that the cut decides (exponent <= 1)."""
    origin: str = LIBRARY
    notes: tuple[Note, ...] = ()
    """That the city's own projects took the library's place, or how many there are yet."""
    bias: BiasTaken | None = None
    """The optimism bias it stands for."""


def reference_factor(
    name: DriverName, key: str, parameters: Parameters, bias: StatedBias | None, path: str
) -> Reference:
    """The factor a reference class gives for a driver; for a delay, the factor on the planned duration.

    key: a row of the parameters, or the class of a line, which stands for the row it is mapped to. Ten completed
    projects of the city's own or more take the row's place. bias: what the project says of mitigation, which lowers an
    optimism bias and no record of completed projects. Raises InputError where the driver has no such class, naming
    those it has.
    """
    own = own_reference(name, key, parameters)
    if own is not None:
        return own
    notes = own_notes(name, key, parameters, len(own_ratios(name, key, parameters)))
    return replace(_library_factor(name, key, parameters, bias, path), notes=notes)


def own_reference(name: DriverName, key: str, parameters: Parameters) -> Reference | None:
    """What the city's own record gives for a driver; None where it holds fewer than ten projects of the class."""
    ratios = own_ratios(name, key, parameters)
    if len(ratios) < FEWEST:
        return None
    description, notes = own_description(name, key, parameters, ratios), own_notes(name, key, parameters, len(ratios))
    return Reference(own_factor(ratios), description, origin=OWN, notes=notes)


def _library_factor(
    name: DriverName, key: str, parameters: Parameters, bias: StatedBias | None, path: str
) -> Reference:
    references = _available(name, parameters)
    line_class = parameters.line_classes.get(key)
    mapped = (line_class.cost, line_class.bias, line_class.demand) if line_class else ()
    for candidate in (key, *mapped):
        if candidate in references:
            return _reference(references[candidate], name, parameters, bias)
    known = ", ".join(references) or "none"
    raise InputError.at(
        f"{path}.reference_class", f"There is no reference class “{key}” for {name.value}; there are: {known}."
    )


Row = CostOverrun | DemandRecord | OptimismBias


def _available(name: DriverName, parameters: Parameters) -> Mapping[str, Row]:
    bias = parameters.optimism_bias
    if name is DriverName.CAPEX:
        return {**parameters.cost_overruns, **{key: row for key, row in bias.items() if row.capex}}
    if name is DriverName.DELAY:
        return {key: row for key, row in bias.items() if row.duration}
    if name is DriverName.OPEX:
        return {key: row for key, row in bias.items() if row.opex}
    return dict(parameters.demand) if name in _DEMAND_DRIVERS else {}


def _reference(row: Row, name: DriverName, parameters: Parameters, bias: StatedBias | None) -> Reference:
    if isinstance(row, CostOverrun):
        return _overrun(row, parameters)
    if isinstance(row, DemandRecord):
        return Reference(demand_factor(row), f"Completed projects, {row.title}: {row.fit} {_origin(row)}.")
    target = _TARGETS[name]
    bounds = published_bounds(row, target)
    assert bounds is not None
    left = taken(target, bounds, bias)
    return Reference(factor_of(left), f"{in_words(left, row.title)} {_origin(row)}", bias=left)


def _overrun(row: CostOverrun, parameters: Parameters) -> Reference:
    factor = cost_factor(row, parameters.tail)
    heavy = isinstance(factor, BodyAndTail) and isinstance(factor.tail, Pareto) and factor.tail.alpha <= 1.0
    second = cost_factor(row, parameters.tail, parameters.tail.second_cap) if heavy else None
    capped = "" if row.shape is Shape.LOGNORMAL else f" Overruns are cut off at {parameters.tail.cap:.0%}."
    description = (
        f"Completed projects, {row.title}: cost {row.mean:.0%} over plan on average, {row.share:.0%} of them by "
        f"{parameters.tail.threshold:.0%} or more and those by {row.tail_mean:.0%} {_origin(row)}.{capped}"
    )
    return Reference(factor, description, second)


def _origin(row: Row) -> str:
    return f"({row.provenance.source}; {row.provenance.status.value})"
