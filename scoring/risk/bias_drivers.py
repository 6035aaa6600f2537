"""The drivers that a project's optimism bias gives, and what has to be said of it (METHOD 6, PARAMETERS).

A line is moved by its reference class of cost overruns or by optimism bias, never by both: completed projects already
contain the optimism of their plans. Which of the two is decided in docs/adr/0010.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scoring.parameters.reference_classes import Parameters
from scoring.project_file import BiasTarget, DriverName, Stage, StatedBias
from scoring.result import BiasTaken, Note
from scoring.returns.flows import Flows
from scoring.risk.drivers import ResolvedDriver, Role, lines_of, with_unique_labels
from scoring.risk.marginals import Affine
from scoring.risk.optimism_bias import DRIVERS, PATH, evidenced, factor_of, in_words, stated_bounds, taken
from scoring.risk.timeline import Timeline

ORIGIN = "reference-class"
STATED = "by the project's own statement"
AWARDED = (Stage.CONSTRUCTION, Stage.OPERATION)
"""Stages after contract award."""
_ALSO_MOVED_BY = {DriverName.BENEFITS: (DriverName.DEMAND,)}
"""Other drivers under which a line is no longer as planned."""


def bias_driver(
    bias: BiasTaken, flows: Flows, timeline: Timeline, others: Sequence[ResolvedDriver], of: str
) -> tuple[ResolvedDriver, ...]:
    """The driver of a bias, on the lines that no other driver of its kind moves; empty where nothing is left.

    of: what the bounds are those of, for the description.
    """
    name = DRIVERS[BiasTarget(bias.applies_to)]
    moved = [driver for driver in others if driver.name in (name, *_ALSO_MOVED_BY.get(name, ()))]
    factor, build = factor_of(bias), float(timeline.build_periods)
    if name is DriverName.DELAY:
        lines = np.zeros(len(flows.names), dtype=np.bool_)
        if moved:
            return ()
    else:
        lines = _left(lines_of(name, (), flows, PATH), moved)
        if not lines.any():
            return ()
    driver = ResolvedDriver(
        label=name.value,
        name=name,
        role=Role.DELAY if name is DriverName.DELAY else Role.FACTOR,
        marginal=Affine(factor, build, -build) if name is DriverName.DELAY else factor,
        lines=lines,
        line_names=tuple(dict.fromkeys(flows.names[line] for line in np.flatnonzero(lines))),
        from_reference=True,
        origin=ORIGIN,
        description=in_words(bias, of),
        bias=bias,
    )
    return (driver,)


def beside(
    drivers: Sequence[ResolvedDriver],
    flows: Flows,
    timeline: Timeline,
    parameters: Parameters,
    stated: StatedBias | None,
) -> tuple[ResolvedDriver, ...]:
    """The planner's drivers, and the stated bias of what none of them moves."""
    found = list(drivers)
    for target in BiasTarget:
        bounds = stated_bounds(stated, target, parameters)
        if bounds is not None:
            bias = taken(target, bounds, stated)
            found += bias_driver(bias, flows, timeline, found, STATED)
    return with_unique_labels(found) if len(found) > len(drivers) else tuple(drivers)


def bias_notes(stated: StatedBias | None, drivers: Sequence[ResolvedDriver], stage: Stage) -> tuple[Note, ...]:
    """Mitigation that does not count, a lower bound reached before contract award, and what moves no line."""
    if stated is None:
        return ()
    notes = [
        Note(
            code="mitigation-without-evidence",
            message=f"“{each.factor}” mitigates nothing until it has evidence better than a claim.",
            path=f"{PATH}.mitigations[{at}].evidence",
        )
        for at, each in enumerate(stated.mitigations)
        if not evidenced(each)
    ]
    used = {driver.bias.applies_to: driver.bias for driver in drivers if driver.bias}
    for bias in used.values():
        if bias.mitigated and bias.resultant <= bias.lower and stage not in AWARDED:
            message = (
                f"The optimism bias of {bias.applies_to} is at its lower bound, {bias.lower:.1%}, which the guidance "
                f"keeps for contract award; the project's stage is {stage.value}."
            )
            notes.append(Note(code="lower-bound-before-award", message=message, path=f"{PATH}.mitigations"))
    mentioned = [each.applies_to for each in stated.mitigations] + [each.applies_to for each in stated.bounds]
    for target in dict.fromkeys(mentioned):
        if target.value not in used:
            message = (
                f"What is said of the optimism bias of {target.value} has no effect: no bounds are published or given "
                "for it, or another driver moves all its lines."
            )
            notes.append(Note(code="optimism-bias-unused", message=message, path=PATH))
    return tuple(notes)


def _left(lines: NDArray[np.bool_], moved: Sequence[ResolvedDriver]) -> NDArray[np.bool_]:
    for driver in moved:
        lines = lines & ~driver.lines
    return lines
