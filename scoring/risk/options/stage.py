"""The option to build phase 2 only if phase 1 shows that it pays (METHOD 8)."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scoring.project_options import StageOption
from scoring.returns.arrays import frozen
from scoring.returns.flows import Flows
from scoring.risk.drivers import Role
from scoring.risk.normal import FloatArray
from scoring.risk.plan import EQUITY, compile_plan
from scoring.risk.simulation import Model
from scoring.risk.timeline import Timeline
from scoring.risk.worth import worth_of


def first_phase(option: StageOption, model: Model, flows: Flows, timeline: Timeline) -> Model:
    """The model without the lines of phase 2; dates, drivers and events as with them."""
    amounts = flows.amounts.copy()
    amounts[_in_phase_2(option, flows)] = 0.0
    factors = [driver for driver in model.drivers if driver.role is Role.FACTOR]
    with_financing = model.calendar.discount.shape[0] > EQUITY
    plan = compile_plan(replace(flows, amounts=frozen(amounts)), timeline, factors, 0.0, with_financing)
    plan = plan._replace(capex_profile=model.plan.capex_profile, overhead_per_year=model.plan.overhead_per_year)
    calendar = model.calendar
    worth = worth_of(plan, calendar.discount, calendar.fixed, calendar.latest_delay)
    return replace(model, plan=plan, worth=worth)


def shown_by_phase_1(option: StageOption, model: Model, flows: Flows, scores: FloatArray) -> FloatArray | None:
    """The factor of the driver that phase 1 shows, (n,), the mean where several act on its lines; None without any.

    scores: (n, K) of all drivers.
    """
    phase_1 = ~_in_phase_2(option, flows)
    acting = [
        at
        for at, driver in enumerate(model.drivers)
        if driver.name is option.driver and driver.role is Role.FACTOR and np.any(driver.lines & phase_1)
    ]
    if not acting:
        return None
    shown: FloatArray = np.mean([model.tables[at].at(scores[:, at]) for at in acting], axis=0)
    return shown


def staged(
    with_both: FloatArray, with_first: FloatArray, shown: FloatArray, threshold: float, fold_of: NDArray[np.intp]
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """NPV (n,) where phase 2 is built from the threshold on, and where it is left out, (n,).

    A right and no duty: in a fold the threshold is used only if it gains on the draws of the others; else both phases
    are built as planned.
    """
    below, value, left_out = shown < threshold, with_both.copy(), np.zeros(len(shown), dtype=np.bool_)
    for fold in np.unique(fold_of):
        inside = fold_of == fold
        if float((with_first - with_both)[below & ~inside].sum()) > 0.0:
            left_out |= below & inside
    value[left_out] = with_first[left_out]
    return value, left_out


def _in_phase_2(option: StageOption, flows: Flows) -> NDArray[np.bool_]:
    return np.array([name in option.phase_2 for name in flows.names], dtype=np.bool_)
