"""The outside view for a project that states no driver: reference classes by type of line (METHOD 6, PARAMETERS)."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scoring.parameters.reference_classes import Parameters
from scoring.project_file import BiasTarget, DriverName, FlowKind, StatedBias
from scoring.result import Note
from scoring.returns.flows import Flows
from scoring.risk.bias_drivers import STATED, bias_driver
from scoring.risk.drivers import ResolvedDriver, Role, lines_of, with_unique_labels
from scoring.risk.marginals import Affine
from scoring.risk.normal import FloatArray
from scoring.risk.optimism_bias import class_bounds, stated_bounds, taken
from scoring.risk.own_classes import own_notes, own_ratios
from scoring.risk.reference_classes import own_reference, reference_factor
from scoring.risk.timeline import Timeline

RENEWAL = "renewal"
OF_CLASSES = "by the classes of its lines"


def default_drivers(
    flows: Flows, timeline: Timeline, parameters: Parameters, bias: StatedBias | None
) -> tuple[tuple[ResolvedDriver, ...], tuple[Note, ...]]:
    """Drivers for capital cost, delay, and use; with notes on what had to be assumed.

    Capital cost takes the overruns of completed projects by class of line, or the optimism bias the project states;
    delay is an optimism bias in any case (docs/adr/0010).
    """
    classes = _capex_classes(flows)
    stated = _stated(flows, classes, timeline, parameters, bias)
    names = {driver.name for driver in stated}
    drivers = [*stated]
    if DriverName.CAPEX not in names:
        drivers += _capex(flows, classes, parameters, bias)
    if DriverName.DELAY not in names:
        drivers.append(_delay(flows, classes, timeline, parameters, bias))
    drivers += _demand(flows, classes, timeline, parameters, stated)
    notes = [
        Note(
            code="reference-class-defaults",
            message="The project states no uncertainty of its own, so completed projects of its type speak for it.",
            path="uncertainty.drivers",
        )
    ]
    unknown = tuple(flows.names[line] for line, name in classes.items() if (name or "") not in parameters.line_classes)
    if unknown:
        row = parameters.optimism_bias[parameters.unknown_class.bias]
        notes.append(
            Note(
                code="unknown-line-class",
                message=f"No known class is given for {', '.join(dict.fromkeys(unknown))}: "
                f"taken as {row.title}. Give the class to be compared with the right projects.",
                path="cash_flows.lines",
            )
        )
    return with_unique_labels(drivers), tuple(notes)


def _capex_classes(flows: Flows) -> dict[int, str | None]:
    """Class of each capital cost line; renewals belong to the class on which most is spent."""
    own = {
        line: flows.classes[line]
        for line, kind in enumerate(flows.kinds)
        if kind is FlowKind.CAPEX and flows.classes[line] != RENEWAL
    }
    main = max(own, key=lambda line: float(flows.amounts[line].sum()), default=None)
    return {
        line: own.get(line, None if main is None else own[main])
        for line, kind in enumerate(flows.kinds)
        if kind is FlowKind.CAPEX
    }


def _capex(
    flows: Flows, classes: dict[int, str | None], parameters: Parameters, bias: StatedBias | None
) -> list[ResolvedDriver]:
    """One driver for all lines of one reference class."""
    keys: dict[str, list[int]] = {}
    for line, name in classes.items():
        keys.setdefault(parameters.class_of(name).cost, []).append(line)
    drivers = []
    for key, lines in keys.items():
        reference = reference_factor(DriverName.CAPEX, key, parameters, bias, "cash_flows.lines")
        drivers.append(
            ResolvedDriver(
                label=DriverName.CAPEX.value,
                name=DriverName.CAPEX,
                role=Role.FACTOR,
                marginal=reference.factor,
                lines=_mask(lines, flows),
                line_names=tuple(dict.fromkeys(flows.names[line] for line in lines)),
                from_reference=True,
                origin=reference.origin,
                description=reference.description,
                second_cap=reference.second_cap,
                notes=reference.notes,
                bias=reference.bias,
            )
        )
    return drivers


def _stated(
    flows: Flows, classes: dict[int, str | None], timeline: Timeline, parameters: Parameters, bias: StatedBias | None
) -> list[ResolvedDriver]:
    """A driver for each optimism bias the project gives bounds or types of work for, or mitigates in capital cost."""
    drivers: list[ResolvedDriver] = []
    for target in BiasTarget:
        bounds, of = stated_bounds(bias, target, parameters), STATED
        if bounds is None and target is BiasTarget.CAPEX and _mitigates(bias, target):
            bounds, of = class_bounds(_spent(flows, classes, timeline), target, parameters), OF_CLASSES
        if bounds is not None:
            drivers += bias_driver(taken(target, bounds, bias), flows, timeline, drivers, of)
    return drivers


def _mitigates(bias: StatedBias | None, target: BiasTarget) -> bool:
    return any(each.applies_to is target for each in (bias.mitigations if bias else ()))


def _delay(
    flows: Flows, classes: dict[int, str | None], timeline: Timeline, parameters: Parameters, bias: StatedBias | None
) -> ResolvedDriver:
    """Overrun of the planned building time: the city's own record of the class most is spent on, else the library's."""
    library = _library_delay(flows, classes, timeline, parameters, bias)
    key = parameters.class_of(_main_class(classes, _construction_cost(flows, timeline))).cost
    own = own_reference(DriverName.DELAY, key, parameters)
    if own is None:
        count = len(own_ratios(DriverName.DELAY, key, parameters))
        return replace(library, notes=own_notes(DriverName.DELAY, key, parameters, count))
    build = float(timeline.build_periods)
    marginal = Affine(own.factor, build, -build)
    return replace(
        library, marginal=marginal, origin=own.origin, description=own.description, notes=own.notes, bias=None
    )


def _library_delay(
    flows: Flows, classes: dict[int, str | None], timeline: Timeline, parameters: Parameters, bias: StatedBias | None
) -> ResolvedDriver:
    """Duration overrun on the planned build, the bounds weighted by what is spent on each class."""
    bounds = class_bounds(_spent(flows, classes, timeline), BiasTarget.DURATION, parameters)
    (driver,) = bias_driver(taken(BiasTarget.DURATION, bounds, bias), flows, timeline, (), OF_CLASSES)
    return driver


def _spent(flows: Flows, classes: dict[int, str | None], timeline: Timeline) -> list[tuple[str | None, float]]:
    spent = _construction_cost(flows, timeline)
    return [(name, float(spent[line])) for line, name in classes.items()]


def _demand(
    flows: Flows,
    classes: dict[int, str | None],
    timeline: Timeline,
    parameters: Parameters,
    stated: Sequence[ResolvedDriver],
) -> list[ResolvedDriver]:
    """Use against its forecast: the record of the class most is spent on, own or library's, else the unknown class's.

    The unknown class stands in as the library has it: what a city's roads were used says nothing of its sensors.
    Lines that a stated optimism bias of benefits moves are left to it.
    """
    lines = lines_of(DriverName.DEMAND, (), flows, "cash_flows.lines")
    for driver in stated:
        lines &= ~driver.lines
    if not lines.any():
        return []
    line_class = parameters.class_of(_main_class(classes, _construction_cost(flows, timeline)))
    reference = own_reference(DriverName.DEMAND, line_class.cost, parameters)
    borrowed = ""
    if reference is None:
        library, key = replace(parameters, own=None), line_class.demand or parameters.unknown_class.demand
        assert key is not None
        count = len(own_ratios(DriverName.DEMAND, line_class.cost, parameters))
        notes = own_notes(DriverName.DEMAND, line_class.cost, parameters, count)
        reference = replace(reference_factor(DriverName.DEMAND, key, library, None, "cash_flows.lines"), notes=notes)
        if not classes or line_class.demand is None:
            borrowed = " No record for projects of this type is shipped, so this one stands in."
    names = tuple(dict.fromkeys(flows.names[line] for line in np.flatnonzero(lines)))
    return [
        ResolvedDriver(
            label=DriverName.DEMAND.value,
            name=DriverName.DEMAND,
            role=Role.FACTOR,
            marginal=reference.factor,
            lines=lines,
            line_names=names,
            from_reference=True,
            origin=reference.origin,
            description=reference.description + borrowed,
            notes=reference.notes,
        )
    ]


def _main_class(classes: dict[int, str | None], spent: FloatArray) -> str | None:
    """The class on which most is spent before opening."""
    main = max(classes, key=lambda line: float(spent[line]), default=None)
    return None if main is None else classes[main]


def _construction_cost(flows: Flows, timeline: Timeline) -> FloatArray:
    """What each line spends before opening, (lines,)."""
    return np.asarray(flows.amounts[:, : timeline.build_periods].sum(axis=1))


def _mask(lines: Sequence[int], flows: Flows) -> NDArray[np.bool_]:
    mask = np.zeros(len(flows.names), dtype=np.bool_)
    mask[list(lines)] = True
    return mask
