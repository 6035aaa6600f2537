"""The compiled draws: equal to a plain NumPy path, and right in cases worked by hand."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.project_file import CashFlowLine, DebtTranche, Financing, FlowKind, Mitigation, Obsolescence, ProjectFile
from scoring.result import Missing
from scoring.returns.financing import financing_plan
from scoring.returns.rates import resolve_rates
from scoring.risk.build import build
from scoring.risk.kernel import simulate_rows
from scoring.risk.normal import FloatArray
from scoring.risk.sample import Outcome, Sample
from scoring.risk.simulation import Model
from tests.examples import examples
from tests.scoring.risk.factories import FRAMEWORK, PARAMETERS, driver, event, flows_of, line, project
from tests.scoring.risk.numpy_reference import simulate_draw

WITHOUT_OVERHEAD = replace(PARAMETERS, delay_overhead=replace(PARAMETERS.delay_overhead, value=0.0))


def model_of(plan: ProjectFile, *, overhead: bool = False) -> Model:
    flows, rates = flows_of(plan), resolve_rates(plan, FRAMEWORK)
    financing = financing_plan(flows, plan)
    return build(
        plan,
        PARAMETERS if overhead else WITHOUT_OVERHEAD,
        flows,
        rates,
        None if isinstance(financing, Missing) else financing,
    ).model


def run_rows(model: Model, values: FloatArray, **fields: Any) -> Outcome:
    """Simulate stated driver values (n, K), keeping the flows of every draw."""
    n = len(values)
    stranding = np.full(n, fields.pop("stranding", np.inf))
    points = np.full((n, model.events.life_events), fields.pop("life_points", 1.0))
    sample = model.sample(values, stranding, points)._replace(**fields)
    return run_sample(model, sample)


def run_sample(model: Model, sample: Sample, kept: int | None = None) -> Outcome:
    n, (measures, horizon) = len(sample.delay), model.calendar.discount.shape
    outcome = Outcome(
        npv=np.empty((n, measures)),
        capex=np.empty(n),
        delay=np.empty(n),
        short_of_debt=np.empty(n, dtype=np.uint8),
        cover=np.empty(n),
        stranded_in_debt=np.empty(n, dtype=np.uint8),
        net=np.empty((n if kept is None else kept, 2, horizon)),
    )
    simulate_rows(model.plan, model.worth, model.events, model.calendar, sample, outcome)
    return outcome


DELAY = driver("delay", "uniform", low=0, high=6)
SIMPLE = (line("capex", [100, 60]), line("revenue", [0, 0, 50, 50, 50]), line("residual", [0, 0, 0, 0, 20]))


def simple(*drivers: Any, **fields: Any) -> ProjectFile:
    return project(*SIMPLE, drivers=drivers or (DELAY,), **fields)


def financial_rows(model: Model, *values: float, **fields: Any) -> list[float]:
    return run_rows(model, np.array([values]), **fields).net[0, 0].tolist()


def test_as_planned_the_flows_are_the_plan() -> None:
    assert financial_rows(model_of(simple()), 0.0)[:6] == pytest.approx([-100, -60, 50, 50, 70, 0])


def test_a_delay_of_a_year_and_a_half_by_hand() -> None:
    # Two years of building take 3.5: each is spread over 1.75; 100 -> 57.14, 42.86; 60 -> 8.57, 34.29, 17.14.
    rows = financial_rows(model_of(simple()), 1.5)
    assert rows[:8] == pytest.approx([-57.142857, -51.428571, -34.285714, 7.857143, 50, 60, 35, 0], abs=1e-5)


def test_an_early_opening_goes_to_half_of_the_build_at_most() -> None:
    model = model_of(simple(driver("delay", "uniform", low=-1, high=1)))
    outcome = run_rows(model, np.array([[-5.0], [-1.0]]))
    assert outcome.delay.tolist() == [-1.0, -1.0]
    assert outcome.net[0, 0, :4] == pytest.approx([-160, 50, 50, 70])


def test_a_year_of_delay_costs_the_overhead_of_a_tenth_of_a_years_building() -> None:
    outcome = run_rows(model_of(simple(), overhead=True), np.array([[2.0]]))
    # 160 over two years is 80 a year; a tenth of it for each of two years of delay.
    assert outcome.capex[0] == pytest.approx(160 + 2 * 8)
    assert outcome.net[0, 0].sum() == pytest.approx(10 - 16)


def test_drivers_multiply_the_lines_they_name() -> None:
    plan = project(
        line("capex", [100], "Cable"),
        line("capex", [50], "Posts"),
        line("benefit", [0, 80], "Time"),
        drivers=(
            driver("capex", "uniform", low=0, high=3, applies_to=("Cable",)),
            driver("benefits", "uniform", low=0, high=3),
        ),
    )
    outcome = run_rows(model_of(plan), np.array([[2.0, 0.5]]))
    assert outcome.capex[0] == pytest.approx(250)
    assert outcome.net[0, :, :2].tolist() == [[-250, 0], [-250, 40]]


def test_drivers_on_the_same_line_multiply() -> None:
    plan = project(
        line("capex", [10]),
        line("revenue", [0, 10]),
        drivers=(driver("demand", "uniform", low=0, high=3), driver("price", "uniform", low=0, high=3)),
    )
    assert financial_rows(model_of(plan), 2.0, 3.0)[:2] == pytest.approx([-10, 60])


def test_a_shorter_life_ends_the_service_within_a_year_and_brings_the_residual_forward() -> None:
    model = model_of(simple(driver("life", "uniform", low=0, high=2)))
    # Half of three years: 50 and 25; the residual of the last year comes a year and a half sooner.
    assert financial_rows(model, 1.5)[:6] == pytest.approx([-100, -60, 50 + 10, 25 + 10, 0, 0])


def test_a_longer_life_repeats_the_last_year_and_puts_the_residual_off() -> None:
    model = model_of(simple(driver("life", "uniform", low=0, high=8, unit="years")))
    assert financial_rows(model, 4.5)[:8] == pytest.approx([-100, -60, 50, 50, 50, 50 + 10, 25 + 10, 0])


def test_a_longer_life_does_not_repeat_a_renewal() -> None:
    plan = project(
        line("capex", [100, 0, 0, 30]),
        line("revenue", [0, 50, 50, 50]),
        drivers=(driver("life", "uniform", low=0, high=8, unit="years"),),
    )
    assert financial_rows(model_of(plan), 4.0)[:5] == pytest.approx([-100, 50, 50, 20, 50])


def test_stranding_ends_use_and_residual_and_gives_salvage() -> None:
    model = model_of(simple(obsolescence=Obsolescence(hazard=0.1, salvage=8)))
    # Stranded after a year and a half of operation, at period 3.5.
    assert financial_rows(model, 0.0, stranding=1.5)[:6] == pytest.approx([-100, -60, 50, 25 + 4, 4, 0])


def test_stranding_before_the_debt_is_repaid_is_counted() -> None:
    loan = DebtTranche(name="Loan", amounts=SIMPLE[0].amounts, rate=0.05, tenor=4)
    model = model_of(simple(obsolescence=Obsolescence(hazard=0.1), financing=Financing(debt=(loan,))))
    values = np.zeros((2, 1))
    sample = model.sample(values, np.array([1.0, 2.9]), np.ones((2, 0)))
    # Debt is served to period 4, so until the end of the fourth year; operation begins at period 2.
    assert run_sample(model, sample).stranded_in_debt.tolist() == [1, 1]
    sample = model.sample(values, np.array([np.inf, 3.5]), np.ones((2, 0)))
    assert run_sample(model, sample).stranded_in_debt.tolist() == [0, 0]


def test_equity_bears_an_overrun_and_debt_does_not_wait() -> None:
    loan = DebtTranche(name="Loan", amounts=SIMPLE[0].amounts, rate=0.0, tenor=4)
    plan = simple(driver("capex", "uniform", low=1, high=3), financing=Financing(debt=(loan,)))
    model = model_of(plan)
    outcome = run_rows(model, np.array([[1.0], [2.0]]))
    discounted = 100 + 60 / 1.1
    assert outcome.npv[0, 2] - outcome.npv[1, 2] == pytest.approx(discounted)
    assert outcome.short_of_debt.tolist() == [1, 1]


def test_debt_cover_falls_short_when_the_opening_is_late() -> None:
    loan = DebtTranche(name="Loan", amounts=line("capex", [80]).amounts, rate=0.0, tenor=2)
    plan = project(
        line("capex", [80]),
        line("revenue", [0, 50, 50, 50]),
        drivers=(DELAY,),
        financing=Financing(debt=(loan,)),
    )
    outcome = run_rows(model_of(plan), np.array([[0.0], [0.5]]))
    assert outcome.short_of_debt.tolist() == [0, 1]
    # 40 fall due in each of two years; half of the first year's 50 comes in the second
    assert outcome.cover == pytest.approx([50 / 40, 25 / 40])
    assert run_rows(model_of(simple()), np.array([[0.0]])).cover.tolist() == [np.inf]


COST = driver("capex", "uniform", low=10, high=10.001).distribution


def test_an_event_of_the_build_costs_and_delays_in_proportion_to_the_works() -> None:
    late = driver("delay", "uniform", low=1.0, high=1.0001).distribution
    plan = simple(events=(event(0.5, "construction", cost=COST, delay=late),))
    model = model_of(plan)
    assert run_rows(model, np.zeros((1, 1)), life_points=0.6).capex[0] == 160
    outcome = run_rows(model, np.zeros((1, 1)), life_points=0.4)
    assert outcome.capex[0] == pytest.approx(170, rel=1e-4)
    assert outcome.delay[0] == pytest.approx(1.0, rel=1e-4)
    assert outcome.net[0, 0].sum() == pytest.approx(0, abs=1e-2)


def test_an_event_every_year_costs_every_year_and_takes_its_part_of_use() -> None:
    plan = simple(events=(event(1.0, per="year", cost=COST, revenue_factor=0.8),))
    rows = financial_rows(model_of(plan), 0.0)
    assert rows[:5] == pytest.approx([-100, -60, 30, 30, 50], abs=1e-2)


def test_an_event_of_a_life_strikes_one_year_and_lasts() -> None:
    plan = simple(events=(event(1.0, revenue_factor=0.5, years=1),))
    rows = np.array(financial_rows(model_of(plan), 0.0, life_points=0.3))
    assert np.sort(rows[2:5] - [0, 0, 20]) == pytest.approx([25, 50, 50])


def test_mitigation_costs_once_and_lowers_probability_and_impact() -> None:
    mitigation = Mitigation(cost=3.0, probability_factor=0.5, impact_factor=0.4)
    plan = simple(events=(event(0.8, "construction", cost=COST, revenue_factor=0.5, years=9, mitigation=mitigation),))
    model = model_of(plan)
    assert financial_rows(model, 0.0, life_points=0.41)[:2] == pytest.approx([-103, -60])
    struck = financial_rows(model, 0.0, life_points=0.39)
    assert struck[0] == pytest.approx(-103 - 4 * 100 / 160, abs=1e-3)
    assert struck[2] == pytest.approx(50 * 0.8)


def test_events_are_as_frequent_as_stated() -> None:
    plan = simple(events=(event(0.1, per="year", revenue_factor=0.0),))
    model = model_of(plan)
    net = run_rows(model, np.zeros((20_000, 1)), key=np.uint64(99)).net[:, 0, 2]
    assert np.mean(net == 0) == pytest.approx(0.1, abs=4 * np.sqrt(0.09 / 20_000))


@st.composite
def projects(draw: st.DrawFn) -> ProjectFile:
    """A project of any shape with all that can happen to it."""
    amount = st.floats(-50, 200).map(lambda value: round(value, 2))

    def some(kind: str, name: str, earliest: int) -> CashFlowLine:
        values = draw(st.lists(amount, min_size=1, max_size=7))
        return line(kind, [0.0] * earliest + values, name)

    build_years = draw(st.integers(0, 3))
    lines = [line("capex", [100.0] * max(build_years, 1), "Works")]
    kinds = st.sampled_from(["capex", "opex", "tax", "revenue", "benefit", "externality", "residual", "subsidy"])
    for index, kind in enumerate(draw(st.lists(kinds, min_size=1, max_size=6))):
        lines.append(some(kind, f"{kind} {index}", build_years))
    events = (
        event(draw(st.floats(0, 1)), per="year", cost=COST, revenue_factor=0.7, years=2),
        event(draw(st.floats(0, 1)), "construction", cost=COST, delay=DELAY.distribution),
        event(draw(st.floats(0, 1)), "demand", cost=COST, revenue_factor=0.4, years=3),
    )
    loan = DebtTranche(name="Loan", amounts=lines[0].amounts, rate=0.05, tenor=9)
    financed = draw(st.booleans()) and all(other.kind is not FlowKind.CAPEX for other in lines[1:])
    return project(
        *lines,
        drivers=(
            driver("capex", "uniform", low=0.5, high=3),
            driver("demand", "uniform", low=0.1, high=2),
            driver("opex", "uniform", low=0.1, high=2),
            driver("delay", "uniform", low=0, high=4),
            driver("life", "uniform", low=0, high=3),
        ),
        events=draw(st.sampled_from([(), events])),
        obsolescence=Obsolescence(hazard=0.2, salvage=7),
        financing=Financing(debt=(loan,)) if financed else None,
    )


def random_sample(model: Model, draws: int, seed: int) -> Sample:
    random = np.random.default_rng(seed)
    values = random.uniform([0.5, 0.1, 0.1, -1, 0], [3, 2, 2, 4, 3], (draws, 5))
    values[:, 4] *= model.plan.operating_years
    stranding = np.where(random.random(draws) < 0.5, np.inf, random.uniform(0, 6, draws))
    sample = model.sample(values, stranding, random.random((draws, model.events.life_events)))
    return sample._replace(key=np.uint64(random.integers(0, 2**63)), first_draw=seed % 1000)


def test_an_event_of_the_least_probability_there_is_never_happens() -> None:
    calm = run_rows(model_of(simple(events=(event(5e-324, per="year"),))), np.zeros((200, 1)))
    assert (calm.npv == run_rows(model_of(simple()), np.zeros((200, 1))).npv).all()


@settings(max_examples=examples(60), deadline=None)
@given(plan=projects(), seed=st.integers(0, 2**32))
def test_the_kernel_agrees_with_plain_numpy(plan: ProjectFile, seed: int) -> None:
    model = model_of(plan, overhead=True)
    sample = random_sample(model, 5, seed)
    outcome, in_short = run_sample(model, sample), run_sample(model, sample, kept=1)
    for i in range(5):
        expected = simulate_draw(model.plan, model.events, model.calendar, sample, i)
        close = 1e-12 * (1 + np.abs(expected.rows).sum())
        assert outcome.net[i] == pytest.approx(expected.rows[:2], abs=close)
        assert outcome.npv[i] == pytest.approx(expected.npv, abs=close)
        assert in_short.npv[i] == pytest.approx(expected.npv, abs=close), "without laying the flows out"
        assert in_short.short_of_debt[i] == outcome.short_of_debt[i]
        assert outcome.capex[i] == pytest.approx(expected.capex, rel=1e-12)
        assert outcome.delay[i] == pytest.approx(expected.delay, rel=1e-12)


@settings(max_examples=examples(60), deadline=None)
@given(delay=st.floats(0, 6), more=st.floats(0, 6))
def test_a_delay_keeps_totals_and_lowers_the_worth_of_a_good_project(delay: float, more: float) -> None:
    model = model_of(project(*SIMPLE[1:], line("capex", [10]), drivers=(DELAY,)))
    outcome = run_rows(model, np.array([[delay], [min(delay + more, 6.0)]]))
    assert outcome.net[:, 0].sum(axis=1) == pytest.approx([160, 160])
    assert outcome.npv[1, 0] <= outcome.npv[0, 0] + 1e-9
