"""The outside view for a project that states no driver: reference classes by type of line (METHOD 6, PARAMETERS)."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scoring.parameters.reference_classes import Bounds, LineClass, Parameters
from scoring.project_file import DriverName, FlowKind, Stage
from scoring.result import Note
from scoring.returns.flows import Flows
from scoring.risk.drivers import ResolvedDriver, Role, lines_of, with_unique_labels
from scoring.risk.marginals import Affine
from scoring.risk.normal import FloatArray
from scoring.risk.own_classes import own_notes, own_ratios
from scoring.risk.reference_classes import LIBRARY, own_reference, reference_factor
from scoring.risk.reference_fits import bias_factor
from scoring.risk.timeline import Timeline

RENEWAL = "renewal"


def default_drivers(
    flows: Flows, timeline: Timeline, parameters: Parameters, stage: Stage
) -> tuple[tuple[ResolvedDriver, ...], tuple[Note, ...]]:
    """Drivers for capital cost by class of line, delay, and use; with notes on what had to be assumed."""
    classes = _capex_classes(flows)
    drivers = [
        *_capex(flows, classes, parameters, stage),
        _delay(flows, classes, timeline, parameters, stage),
        *_demand(flows, classes, timeline, parameters, stage),
    ]
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


def _capex(flows: Flows, classes: dict[int, str | None], parameters: Parameters, stage: Stage) -> list[ResolvedDriver]:
    """One driver for all lines of one reference class."""
    keys: dict[str, list[int]] = {}
    for line, name in classes.items():
        keys.setdefault(parameters.class_of(name).cost, []).append(line)
    drivers = []
    for key, lines in keys.items():
        reference = reference_factor(DriverName.CAPEX, key, parameters, stage, "cash_flows.lines")
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
            )
        )
    return drivers


def _delay(
    flows: Flows, classes: dict[int, str | None], timeline: Timeline, parameters: Parameters, stage: Stage
) -> ResolvedDriver:
    """Overrun of the planned building time: the city's own record of the class most is spent on, else the library's."""
    library = _library_delay(flows, classes, timeline, parameters, stage)
    key = parameters.class_of(_main_class(classes, _construction_cost(flows, timeline))).cost
    own = own_reference(DriverName.DELAY, key, parameters)
    if own is None:
        count = len(own_ratios(DriverName.DELAY, key, parameters))
        return replace(library, notes=own_notes(DriverName.DELAY, key, parameters, count))
    build = float(timeline.build_periods)
    marginal = Affine(own.factor, build, -build)
    return replace(library, marginal=marginal, origin=own.origin, description=own.description, notes=own.notes)


def _library_delay(
    flows: Flows, classes: dict[int, str | None], timeline: Timeline, parameters: Parameters, stage: Stage
) -> ResolvedDriver:
    """Duration overrun on the planned build, the bounds weighted by what is spent on each class."""
    spent = _construction_cost(flows, timeline)
    bounds = [(_duration(parameters.class_of(name), parameters), float(spent[line])) for line, name in classes.items()]
    total = sum(weight for _, weight in bounds)
    if total <= 0:
        bounds, total = [(_duration(parameters.unknown_class, parameters), 1.0)], 1.0
    upper = sum(bound.upper * weight for bound, weight in bounds) / total
    lower = sum(bound.lower * weight for bound, weight in bounds) / total
    build, mitigation = float(timeline.build_periods), parameters.stage_mitigation[stage]
    factor, taken = bias_factor(Bounds(upper=upper, lower=lower), mitigation), upper - mitigation * (upper - lower)
    return ResolvedDriver(
        label=DriverName.DELAY.value,
        name=DriverName.DELAY,
        role=Role.DELAY,
        marginal=Affine(factor, build, -build),
        lines=np.zeros(len(flows.names), dtype=np.bool_),
        line_names=(),
        from_reference=True,
        origin=LIBRARY,
        description=f"Building takes {lower:.0%} to {upper:.0%} longer than the {build:g} years planned, the optimism "
        f"bias of its types of work; at the stage {stage.value}, {taken:.0%} on average (HM Treasury 2002).",
    )


def _duration(line_class: LineClass, parameters: Parameters) -> Bounds:
    bounds = parameters.optimism_bias[line_class.bias].duration
    assert bounds is not None
    return bounds


def _demand(
    flows: Flows, classes: dict[int, str | None], timeline: Timeline, parameters: Parameters, stage: Stage
) -> list[ResolvedDriver]:
    """Use against its forecast: the record of the class most is spent on, own or library's, else the unknown class's.

    The unknown class stands in as the library has it: what a city's roads were used says nothing of its sensors.
    """
    lines = lines_of(DriverName.DEMAND, (), flows, "cash_flows.lines")
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
        reference = replace(reference_factor(DriverName.DEMAND, key, library, stage, "cash_flows.lines"), notes=notes)
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
