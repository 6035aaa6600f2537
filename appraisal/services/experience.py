"""Experience with similar projects beside a planner's own ranges.

The engine lets reference classes speak for a project that states no driver (METHOD 6). Once a planner answers for one
figure, the others would be certain: here the class of each is written into the project file, so that nothing is.
"""

from collections.abc import Iterator
from dataclasses import replace

from scoring.parameters import load_parameters
from scoring.parameters.reference_classes import LineClass
from scoring.project_file import CashFlowLine, Driver, DriverName, FlowKind, ProjectFile, Uncertainty

_RENEWAL = "renewal"
_USE = {
    DriverName.REVENUE: (FlowKind.REVENUE,),
    DriverName.BENEFITS: (FlowKind.BENEFIT,),
}


def is_experience(driver: Driver, file: ProjectFile) -> bool:
    """Whether the driver says of the file's lines what `with_experience` would."""
    if driver.reference_class is None:
        return False
    if driver.driver is not DriverName.CAPEX:
        return driver in _all(file)
    classes = {line.name: _class_of(line, file).cost for line in _capital(file)}
    return bool(driver.applies_to) and all(classes.get(name) == driver.reference_class for name in driver.applies_to)


def own_drivers(file: ProjectFile) -> tuple[Driver, ...]:
    """What the planner states: every driver that is not experience written down."""
    stated = file.uncertainty or Uncertainty()
    return tuple(driver for driver in stated.drivers if not is_experience(driver, file))


def with_experience(file: ProjectFile) -> ProjectFile:
    """The file with experience for what its own drivers leave open.

    With no driver of its own the engine takes it by itself, and beside a stated optimism bias nothing is added to it.
    """
    own, stated = own_drivers(file), file.uncertainty or Uncertainty()
    beside = _beside(own, file) if own and stated.optimism_bias is None else ()
    found = replace(stated, drivers=(*own, *beside))
    return replace(file, uncertainty=None if found == Uncertainty() else found)


def _all(file: ProjectFile) -> tuple[Driver, ...]:
    """Every driver other than of capital cost that experience could have been written down as."""
    main = _main_class(file)
    use = (DriverName.DEMAND, *_USE)
    return (_delay(main), *(Driver(driver=name, reference_class=_demand(main)) for name in use))


def _beside(own: tuple[Driver, ...], file: ProjectFile) -> Iterator[Driver]:
    main, named = _main_class(file), {driver.driver for driver in own}
    yield from _capex(own, file)
    if DriverName.DELAY not in named and _capital(file):
        yield _delay(main)
    if DriverName.DEMAND in named:
        return
    kinds = {line.kind for line in file.cash_flows.lines}
    open_ones = [name for name, of in _USE.items() if name not in named and kinds & set(of)]
    both = len(open_ones) == len(_USE) or not named & set(_USE)
    for name in [DriverName.DEMAND] if both and open_ones else open_ones:
        yield Driver(driver=name, reference_class=_demand(main))


def _capex(own: tuple[Driver, ...], file: ProjectFile) -> Iterator[Driver]:
    """One driver for all lines of one class that no driver of the planner's moves."""
    stated = [driver for driver in own if driver.driver is DriverName.CAPEX]
    if any(not driver.applies_to for driver in stated):
        return
    moved = {name for driver in stated for name in driver.applies_to}
    names: dict[str, list[str]] = {}
    for line in _capital(file):
        if line.name not in moved:
            names.setdefault(_class_of(line, file).cost, []).append(line.name)
    for key, lines in names.items():
        yield Driver(driver=DriverName.CAPEX, applies_to=tuple(dict.fromkeys(lines)), reference_class=key)


def _delay(main: LineClass) -> Driver:
    """By the class most is spent on; by its row of delays where its row of costs leads to another one."""
    known = load_parameters()
    same = main.cost == main.bias or known.class_of(main.cost).bias == main.bias
    key = main.cost if same and (main.cost in known.line_classes or main.cost == main.bias) else main.bias
    return Driver(driver=DriverName.DELAY, reference_class=key)


def _demand(main: LineClass) -> str:
    return main.demand or load_parameters().unknown_class.demand or ""


def _capital(file: ProjectFile) -> list[CashFlowLine]:
    return [line for line in file.cash_flows.lines if line.kind is FlowKind.CAPEX]


def _class_of(line: CashFlowLine, file: ProjectFile) -> LineClass:
    """Renewals belong to the class on which most is spent."""
    return _main_class(file) if line.line_class == _RENEWAL else load_parameters().class_of(line.line_class)


def _main_class(file: ProjectFile) -> LineClass:
    first = [line for line in _capital(file) if line.line_class != _RENEWAL]
    main = max(first, key=lambda line: sum(line.amounts), default=None)
    return load_parameters().class_of(None if main is None else main.line_class)
