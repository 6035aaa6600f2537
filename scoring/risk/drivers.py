"""The uncertain quantities of a project, resolved: which lines each multiplies and how it is distributed (METHOD 6)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from scoring.errors import InputError, InputProblem, gathered, raise_all
from scoring.parameters.reference_classes import Parameters
from scoring.project_file import Correlation, Distribution, Driver, DriverName, FlowKind, StatedBias
from scoring.result import BiasTaken, DriverUsed, Note
from scoring.returns.flows import Flows
from scoring.risk.distributions import marginal
from scoring.risk.families import FIELDS
from scoring.risk.marginals import Affine, Marginal
from scoring.risk.normal import FloatArray
from scoring.risk.own_classes import ORIGIN as OWN
from scoring.risk.ranges import LIFE, delay_bounds, factor_bounds, held
from scoring.risk.reference_classes import Reference, reference_factor
from scoring.risk.timeline import Timeline

IMPORTED = "imported"
_KINDS: dict[DriverName, tuple[FlowKind, ...]] = {
    DriverName.CAPEX: (FlowKind.CAPEX,),
    DriverName.OPEX: (FlowKind.OPEX,),
    DriverName.REVENUE: (FlowKind.REVENUE,),
    DriverName.DEMAND: (FlowKind.REVENUE, FlowKind.BENEFIT, FlowKind.EXTERNALITY),
    DriverName.BENEFITS: (FlowKind.BENEFIT, FlowKind.EXTERNALITY),
    DriverName.PRICE: (FlowKind.REVENUE,),
    DriverName.EXCHANGE_RATE: (FlowKind.CAPEX,),
}
_TIME_UNITS = {None: 1.0, "": 1.0, "year": 1.0, "years": 1.0, "month": 1.0 / 12.0, "months": 1.0 / 12.0}
_NAMES_SHOWN = 5
_ADVERSE_HIGH = (DriverName.CAPEX, DriverName.DELAY)
_ADVERSE_LOW = (DriverName.BENEFITS, DriverName.DEMAND, DriverName.REVENUE)


class Role(StrEnum):
    FACTOR = "factor"
    """Multiplies lines; 1 = as planned."""
    DELAY = "delay"
    """Years added to the opening."""
    LIFE = "life"
    """Years of operation."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResolvedDriver:
    label: str
    """Unique in the project."""
    name: DriverName
    role: Role
    marginal: Marginal
    lines: NDArray[np.bool_]
    """(lines,): what a factor multiplies; all False for a delay or a life."""
    line_names: tuple[str, ...]
    from_reference: bool
    origin: str
    description: str
    second_cap: Marginal | None = None
    """The same with the tail cut off farther out, where the result hangs on the cut (PARAMETERS)."""
    notes: tuple[Note, ...] = ()
    """What was changed about the distribution stated, and what the city's own completed projects had to do with it."""
    bias: BiasTaken | None = None
    """The optimism bias it stands for."""

    @property
    def used(self) -> DriverUsed:
        return DriverUsed(
            driver=self.label, applies_to=self.line_names, origin=self.origin, description=self.description
        )


def resolve(
    drivers: Sequence[Driver], flows: Flows, timeline: Timeline, parameters: Parameters, bias: StatedBias | None
) -> tuple[ResolvedDriver, ...]:
    """The planner's drivers with their lines and distributions. Raises InputError naming every field at fault.

    Several drivers of one name may stand side by side, each on lines of its own; delays add up.
    """
    resolved: list[ResolvedDriver] = []
    problems: list[InputProblem] = []
    with gathered(problems):
        _one_life(drivers)
    for index, driver in enumerate(drivers):
        with gathered(problems):
            path = f"uncertainty.drivers[{index}]"
            made = _resolved(driver, path, flows=flows, timeline=timeline, parameters=parameters, bias=bias)
            _moved_once(made, resolved, flows, path)
            resolved.append(made)
    raise_all(problems)
    return with_unique_labels(resolved)


def with_unique_labels(drivers: Sequence[ResolvedDriver]) -> tuple[ResolvedDriver, ...]:
    """Drivers of the same name get the lines they act on, then a number, into their label."""
    names = [driver.label for driver in drivers]
    labels = [
        f"{driver.label} ({', '.join(driver.line_names)})"
        if names.count(driver.label) > 1 and driver.line_names
        else driver.label
        for driver in drivers
    ]
    unique: list[ResolvedDriver] = []
    for label, driver in zip(labels, drivers, strict=True):
        taken = sum(other.label == label or other.label.startswith(f"{label} #") for other in unique)
        unique.append(replace(driver, label=f"{label} #{taken + 1}" if taken else label))
    return tuple(unique)


def role_of(name: DriverName) -> Role:
    return {DriverName.DELAY: Role.DELAY, DriverName.LIFE: Role.LIFE}.get(name, Role.FACTOR)


def lines_of(name: DriverName, applies_to: Sequence[str], flows: Flows, path: str) -> NDArray[np.bool_]:
    """Which lines a driver multiplies, (lines,): those it names, else every line of its kind.

    Demand moves revenue, benefits and externalities of either sign. Benefits moves benefits and the externalities
    that are a gain. The exchange rate moves the lines of class "imported", or capital cost where there is none.
    """
    if role_of(name) is not Role.FACTOR:
        return np.zeros(len(flows.names), dtype=np.bool_)
    for index, wanted in enumerate(applies_to):
        if wanted not in flows.names:
            raise InputError.at(
                f"{path}.applies_to[{index}]",
                f"No cash-flow line is called “{wanted}”: there are {_listed(flows.names)}.",
            )
        require_one_line(wanted, flows, f"{path}.applies_to[{index}]")
    if applies_to:
        return np.array([line in applies_to for line in flows.names], dtype=np.bool_)
    imported = np.array([line_class == IMPORTED for line_class in flows.classes], dtype=np.bool_)
    if name is DriverName.EXCHANGE_RATE and imported.any():
        return imported
    lines = flows.mask(*_KINDS[name])
    if name is DriverName.BENEFITS:
        lines &= flows.amounts.sum(axis=1) >= 0
    return lines


def require_one_line(name: str, flows: Flows, path: str) -> None:
    """Raises InputError where several lines bear a name by which one is meant; unnamed, they may be alike."""
    places = [str(at + 1) for at, line in enumerate(flows.names) if line == name]
    if len(places) > 1:
        raise InputError.at(
            path,
            f"“{name}” is the name of {len(places)} lines ({', '.join(places)}): give each a name of its own, so that "
            "it is clear which is meant.",
        )


def rank_correlations(
    drivers: Sequence[ResolvedDriver], stated: Sequence[Correlation], parameters: Parameters
) -> FloatArray:
    """Spearman correlations (k, k): those stated, and PARAMETERS' default among reference classes.

    The default makes bad news come together: dear, late and little used.
    """
    matrix = np.eye(len(drivers))
    values = {frozenset((correlation.first, correlation.second)): correlation.value for correlation in stated}
    for i, first in enumerate(drivers):
        for j, second in enumerate(drivers[:i]):
            value = values.get(frozenset((first.name, second.name)))
            if value is None:
                value = parameters.correlation.value * _together(first) * _together(second)
            matrix[i, j] = matrix[j, i] = value
    return matrix


def check_correlations(stated: Sequence[Correlation]) -> None:
    """Raises InputError naming every correlation outside [-1, 1]."""
    raise_all(
        InputProblem(
            f"uncertainty.correlations[{index}]", f"A correlation lies between -1 and 1, not at {correlation.value:g}."
        )
        for index, correlation in enumerate(stated)
        if not -1.0 <= correlation.value <= 1.0
    )


def _together(driver: ResolvedDriver) -> float:
    """+1 where a high value is bad news, -1 where a low one is, 0 where no default correlation applies."""
    if not driver.from_reference:
        return 0.0
    return 1.0 if driver.name in _ADVERSE_HIGH else -1.0 if driver.name in _ADVERSE_LOW else 0.0


def _resolved(
    driver: Driver, path: str, *, flows: Flows, timeline: Timeline, parameters: Parameters, bias: StatedBias | None
) -> ResolvedDriver:
    lines = lines_of(driver.driver, driver.applies_to, flows, path)
    reference = _reference(driver, parameters, bias, path)
    role = role_of(driver.driver)
    distribution, notes = (
        (_from_reference(reference, role, timeline), ()) if reference else _held(driver, role, timeline, path)
    )
    return ResolvedDriver(
        label=driver.driver.value,
        name=driver.driver,
        role=role,
        marginal=distribution,
        lines=lines,
        line_names=_names(lines, flows),
        from_reference=reference is not None,
        origin=OWN if reference and reference.origin == OWN else "planner",
        description=reference.description if reference else _as_stated(driver),
        second_cap=reference.second_cap if reference else None,
        notes=(*notes, *(reference.notes if reference else ())),
        bias=reference.bias if reference else None,
    )


def _listed(names: Sequence[str]) -> str:
    """The first of the names, as a message may quote them."""
    quoted = [f"“{name}”" for name in dict.fromkeys(names)]
    more = len(quoted) - _NAMES_SHOWN
    return ", ".join(quoted[:_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _moved_once(made: ResolvedDriver, before: Sequence[ResolvedDriver], flows: Flows, path: str) -> None:
    """Raises InputError where an earlier driver of the same name multiplies a line of this one: the risk would count
    twice, and which of the two is meant is not known."""
    for other in before:
        twice = made.lines & other.lines
        if other.name is made.name and twice.any():
            raise InputError.at(
                f"{path}.applies_to",
                f"Another {made.name.value} driver moves {_listed(_names(twice, flows))} already: name other lines, or "
                "leave one of the two out.",
            )


def _one_life(drivers: Sequence[Driver]) -> None:
    lives = [index for index, driver in enumerate(drivers) if driver.driver is DriverName.LIFE]
    if len(lives) > 1:
        raise InputError.at(f"uncertainty.drivers[{lives[1]}].driver", "A project has one life: leave one out.")


def _reference(driver: Driver, parameters: Parameters, bias: StatedBias | None, path: str) -> Reference | None:
    if (driver.distribution is None) == (driver.reference_class is None):
        raise InputError.at(f"{path}.family", "Give either a distribution or a reference class, and not both.")
    if driver.reference_class is None:
        return None
    return reference_factor(driver.driver, driver.reference_class, parameters, bias, path)


def _from_reference(reference: Reference, role: Role, timeline: Timeline) -> Marginal:
    """A reference class as a factor, or for a delay as years: its factor is one on the planned duration."""
    build = float(timeline.build_periods)
    return Affine(reference.factor, build, -build) if role is Role.DELAY else reference.factor


def _held(driver: Driver, role: Role, timeline: Timeline, path: str) -> tuple[Marginal, tuple[Note, ...]]:
    """The distribution as stated, within what its role can be; raises InputError where it is not."""
    assert driver.distribution is not None
    bounds = {Role.DELAY: delay_bounds(timeline), Role.LIFE: LIFE}.get(role) or factor_bounds(driver.driver)
    return held(_in_years(driver, role, timeline, path), driver.distribution, bounds, path, driver.driver.value)


def _in_years(driver: Driver, role: Role, timeline: Timeline, path: str) -> Marginal:
    """The distribution as stated, in the unit of its role: a factor, or years."""
    assert driver.distribution is not None
    stated = marginal(driver.distribution, path)
    if role is Role.FACTOR:
        return stated
    if role is Role.LIFE and driver.unit in (None, "", "factor"):
        return Affine(stated, float(timeline.operating_years))
    if driver.unit not in _TIME_UNITS:
        raise InputError.at(f"{path}.unit", f"A {driver.driver.value} is in years or months, not {driver.unit}.")
    scale = _TIME_UNITS[driver.unit]
    return stated if scale == 1.0 else Affine(stated, scale)


def _names(lines: NDArray[np.bool_], flows: Flows) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name, chosen in zip(flows.names, lines, strict=True) if chosen))


def _as_stated(driver: Driver) -> str:
    distribution = driver.distribution
    assert distribution is not None
    unit = " years" if driver.driver is DriverName.DELAY and driver.unit is None else ""
    unit = f" {driver.unit}" if driver.unit else unit
    return f"As the planner states it: {distribution.family.value}, {_fields_in_words(distribution)}{unit}."


def _fields_in_words(distribution: Distribution) -> str:
    words = []
    for name in (*FIELDS, "minimum", "maximum"):
        value = getattr(distribution, name)
        if isinstance(value, tuple) and value:
            words.append(f"{len(value)} {name}")
        elif isinstance(value, int | float):
            words.append(f"{name} {value:g}")
    return ", ".join(words)
