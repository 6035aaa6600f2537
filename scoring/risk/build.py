"""A project's uncertainty made ready to simulate: drivers, dependence, events, plan (METHOD 6, 8)."""

from dataclasses import dataclass, replace

from scoring.errors import InputProblem, gathered, raise_all
from scoring.parameters.reference_classes import Parameters
from scoring.project_file import ProjectFile, Uncertainty
from scoring.result import DriverUsed, Note
from scoring.returns.financing import FinancingPlan
from scoring.returns.flows import Flows
from scoring.returns.rates import ResolvedRates
from scoring.risk.bias_drivers import beside, bias_notes
from scoring.risk.defaults import default_drivers
from scoring.risk.dependence import copula
from scoring.risk.drivers import ResolvedDriver, Role, check_correlations, rank_correlations, resolve
from scoring.risk.events import compile_events, described, hazard_of
from scoring.risk.optimism_bias import check
from scoring.risk.plan import compile_plan
from scoring.risk.quantile_tables import tabulate
from scoring.risk.ranges import delays_within
from scoring.risk.simulation import Model, calendar_of, directed, horizon_of
from scoring.risk.timeline import Timeline, planned
from scoring.risk.worth import worth_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Built:
    model: Model
    timeline: Timeline
    drivers_used: tuple[DriverUsed, ...]
    notes: tuple[Note, ...]


def build(
    project: ProjectFile,
    parameters: Parameters,
    flows: Flows,
    rates: ResolvedRates,
    financing: FinancingPlan | None,
) -> Built:
    """Resolve everything but the seed. Raises InputError naming every field of the uncertainty at fault."""
    uncertainty = project.uncertainty or Uncertainty()
    timeline = planned(flows)
    found: list[InputProblem] = []
    with gathered(found):
        drivers, notes = _drivers(project, uncertainty, flows, timeline, parameters)
    with gathered(found):
        check_correlations(uncertainty.correlations)
    with gathered(found):
        events, mitigation_cost, event_notes = compile_events(uncertainty.events)
    with gathered(found):
        hazard = hazard_of(uncertainty.obsolescence)
    raise_all(found)
    stated = [driver.marginal for driver in drivers if driver.role is Role.DELAY and not driver.from_reference]
    delays_within(stated, events.longest_delay)
    horizon, latest_delay, longest_life = horizon_of(drivers, events, timeline)
    factors = [driver for driver in drivers if driver.role is Role.FACTOR]
    calendar = calendar_of(
        horizon=horizon,
        financial_rate=rates.financial,
        social_rate=rates.social,
        timing=rates.timing,
        financing=financing,
        mitigation_cost=mitigation_cost,
        salvage=uncertainty.obsolescence.salvage if uncertainty.obsolescence else 0.0,
        latest_delay=latest_delay,
    )
    plan = compile_plan(flows, timeline, factors, parameters.delay_overhead.value, financing is not None)
    dependence = copula(rank_correlations(drivers, uncertainty.correlations, parameters))
    model = Model(
        plan=plan,
        worth=worth_of(plan, calendar.discount, calendar.fixed, latest_delay),
        events=events,
        calendar=calendar,
        drivers=drivers,
        tables=tuple(tabulate(driver.marginal) for driver in drivers),
        copula=dependence,
        directions=dependence.factor,
        hazard=hazard,
        longest_life=longest_life,
    )
    told = (*(driver.used for driver in drivers), *described(uncertainty.events, uncertainty.obsolescence))
    changed = dict.fromkeys(note for driver in drivers for note in driver.notes)
    told_of = (*notes, *changed, *event_notes, *_input_notes(model, uncertainty))
    return Built(model=directed(model), timeline=timeline, drivers_used=told, notes=told_of)


def at_second_cap(model: Model) -> Model | None:
    """The model with every very heavy tail cut off at the second cap; None where there is no such tail."""
    if not any(driver.second_cap for driver in model.drivers):
        return None
    return replace(model, tables=tuple(tabulate(driver.second_cap or driver.marginal) for driver in model.drivers))


def _drivers(
    project: ProjectFile, uncertainty: Uncertainty, flows: Flows, timeline: Timeline, parameters: Parameters
) -> tuple[tuple[ResolvedDriver, ...], tuple[Note, ...]]:
    bias = uncertainty.optimism_bias
    check(bias, parameters)
    notes: tuple[Note, ...] = ()
    if uncertainty.drivers:
        own = resolve(uncertainty.drivers, flows, timeline, parameters, bias)
        drivers = beside(own, flows, timeline, parameters, bias)
    else:
        drivers, notes = default_drivers(flows, timeline, parameters, bias)
    return drivers, (*notes, *bias_notes(bias, drivers, project.stage))


def _input_notes(model: Model, uncertainty: Uncertainty) -> tuple[Note, ...]:
    """What was stated and has no effect, what was held certain, and a repaired correlation."""
    notes = []
    for index, driver in enumerate(model.drivers):
        if uncertainty.drivers and driver.role is Role.FACTOR and not driver.lines.any():
            message = f"The driver {driver.label} finds no line to act on."
            notes.append(_note("driver-without-lines", message, f"uncertainty.drivers[{index}]"))
    present = {driver.name for driver in model.drivers}
    for index, correlation in enumerate(uncertainty.correlations):
        if not {correlation.first, correlation.second} <= present:
            message = f"There is no driver for the correlation of {correlation.first} with {correlation.second}."
            notes.append(_note("correlation-unused", message, f"uncertainty.correlations[{index}]"))
    if model.copula.largest_repair > 0:
        message = (
            "No joint distribution has the correlations stated; the nearest that exist were taken. "
            f"The largest change is {model.copula.largest_repair:.3f}."
        )
        notes.append(_note("correlations-repaired", message, "uncertainty.correlations"))
    if uncertainty.drivers and (certain := _held_certain(model)):
        message = f"Held as planned, for the project states no driver: {', '.join(certain)}."
        notes.append(_note("held-certain", message, "uncertainty.drivers"))
    return tuple(notes)


def _held_certain(model: Model) -> list[str]:
    """What no driver of the project moves, of the three things that most often go wrong."""
    roles = {driver.role for driver in model.drivers}
    names = {driver.name.value for driver in model.drivers}
    certain = [] if names & {"capex", "exchange-rate"} else ["capital cost"]
    certain += [] if Role.DELAY in roles else ["the opening date"]
    return certain + ([] if names & {"demand", "benefits", "revenue", "price"} else ["revenue and benefits"])


def _note(code: str, message: str, path: str) -> Note:
    return Note(code=code, message=message, path=path)
