"""Which reference class a driver takes, as a distribution of a factor on the plan (METHOD 6, PARAMETERS)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from scoring.errors import InputError
from scoring.parameters.own_record import FEWEST
from scoring.parameters.reference_classes import Bounds, CostOverrun, DemandRecord, OptimismBias, Parameters, Shape
from scoring.project_file import DriverName, Stage
from scoring.result import Note
from scoring.risk.marginals import BodyAndTail, Marginal, Pareto
from scoring.risk.own_classes import ORIGIN as OWN
from scoring.risk.own_classes import own_description, own_factor, own_notes, own_ratios
from scoring.risk.reference_fits import bias_factor, cost_factor, demand_factor

LIBRARY = "reference-class"
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


def reference_factor(name: DriverName, key: str, parameters: Parameters, stage: Stage, path: str) -> Reference:
    """The factor a reference class gives for a driver; for a delay, the factor on the planned duration.

    key: a row of the parameters, or the class of a line, which stands for the row it is mapped to. Ten completed
    projects of the city's own or more take the row's place. Raises InputError where the driver has no such class,
    naming those it has.
    """
    own = own_reference(name, key, parameters)
    if own is not None:
        return own
    notes = own_notes(name, key, parameters, len(own_ratios(name, key, parameters)))
    return replace(_library_factor(name, key, parameters, stage, path), notes=notes)


def own_reference(name: DriverName, key: str, parameters: Parameters) -> Reference | None:
    """What the city's own record gives for a driver; None where it holds fewer than ten projects of the class."""
    ratios = own_ratios(name, key, parameters)
    if len(ratios) < FEWEST:
        return None
    description, notes = own_description(name, key, parameters, ratios), own_notes(name, key, parameters, len(ratios))
    return Reference(own_factor(ratios), description, origin=OWN, notes=notes)


def _library_factor(name: DriverName, key: str, parameters: Parameters, stage: Stage, path: str) -> Reference:
    references = _available(name, parameters)
    line_class = parameters.line_classes.get(key)
    mapped = (line_class.cost, line_class.bias, line_class.demand) if line_class else ()
    for candidate in (key, *mapped):
        if candidate in references:
            return _reference(references[candidate], name, parameters, stage)
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


def _reference(row: Row, name: DriverName, parameters: Parameters, stage: Stage) -> Reference:
    if isinstance(row, CostOverrun):
        return _overrun(row, name, parameters, stage)
    if isinstance(row, DemandRecord):
        factor = demand_factor(row)
    else:
        factor = bias_factor(_bounds(row, name), parameters.stage_mitigation[stage])
    return Reference(factor, _describe(row, name, parameters, stage))


def _overrun(row: CostOverrun, name: DriverName, parameters: Parameters, stage: Stage) -> Reference:
    factor = cost_factor(row, parameters.tail)
    heavy = isinstance(factor, BodyAndTail) and isinstance(factor.tail, Pareto) and factor.tail.alpha <= 1.0
    second = cost_factor(row, parameters.tail, parameters.tail.second_cap) if heavy else None
    return Reference(factor, _describe(row, name, parameters, stage), second)


def _bounds(row: OptimismBias, name: DriverName) -> Bounds:
    bounds = {DriverName.CAPEX: row.capex, DriverName.DELAY: row.duration}.get(name, row.opex)
    assert bounds is not None
    return bounds


def _describe(row: Row, name: DriverName, parameters: Parameters, stage: Stage) -> str:
    origin = f"({row.provenance.source}; {row.provenance.status.value})"
    if isinstance(row, CostOverrun):
        capped = "" if row.shape is Shape.LOGNORMAL else f" Overruns are cut off at {parameters.tail.cap:.0%}."
        return (
            f"Completed projects, {row.title}: cost {row.mean:.0%} over plan on average, {row.share:.0%} of them by "
            f"{parameters.tail.threshold:.0%} or more and those by {row.tail_mean:.0%} {origin}.{capped}"
        )
    if isinstance(row, DemandRecord):
        return f"Completed projects, {row.title}: {row.fit} {origin}."
    bounds = _bounds(row, name)
    return (
        f"Optimism bias, {row.title}: {bounds.upper:.0%} more than planned unless mitigated, {bounds.lower:.0%} at "
        f"contract award; the project's stage is {stage.value} {origin}."
    )
