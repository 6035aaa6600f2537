"""Values of options against trees, closed forms and figures made by hand (METHOD 8)."""

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.errors import InputError
from scoring.project_file import CashFlowLine, DriverName, Obsolescence, PriceBasis, Prices, ProjectFile, Rates
from scoring.project_options import AbandonOption, DelayOption, Option, OptionView, StageOption
from scoring.result import Missing, OptionValue
from scoring.risk.options.abandon import recovery
from scoring.risk.timeline import planned
from tests.examples import examples
from tests.scoring.risk.factories import driver, flows_of, line, project, simulated

TWO_STATES = driver("demand", "discrete", values=(0.2, 1.5), probabilities=(0.5, 0.5))
CALM = driver("opex", "uniform", low=1, high=2)


def with_options(plan: ProjectFile, *options: Option) -> ProjectFile:
    assert plan.uncertainty is not None
    return replace(plan, uncertainty=replace(plan.uncertainty, options=options))


def values(plan: ProjectFile, *options: Option, draws: int = 4000, seed: int = 1) -> tuple[OptionValue, ...]:
    return simulated(with_options(plan, *options), draws=draws, seed=seed)[0].options


def number(value: object) -> float:
    assert isinstance(value, float)
    return value


def abandon(*amounts: float, **fields: object) -> AbandonOption:
    stated = line("residual", list(amounts)).amounts
    return AbandonOption(name="Sell", recovery=stated, **fields)  # type: ignore[arg-type]


SMALL = project(line("capex", [100]), line("revenue", [0, 60, 60, 60]), drivers=(TWO_STATES,))


def test_giving_up_is_worth_what_the_tree_says() -> None:
    # Where use is bad, 12 a year follow, worth 12/1.1 + 12/1.21 at the end of the first year: less than the 40 offered.
    found = values(SMALL, abandon(0, 40, view=OptionView.FINANCIAL))[0]
    assert number(found.value) == pytest.approx(
        0.5 * (40 - 12 / 1.1 - 12 / 1.21) / 1.1, abs=4 * number(found.se) + 0.02
    )
    annuity = 1 / 1.1 + 1 / 1.1**2 + 1 / 1.1**3
    assert number(found.value_without) == pytest.approx(-100 + 0.85 * 60 * annuity, abs=0.5)
    assert number(found.value_with) == pytest.approx(number(found.value_without) + number(found.value))
    assert found.exercised == pytest.approx(0.5, abs=0.01)
    assert found.expected_year == 2027.0


def test_an_exit_cost_and_a_first_year_are_kept_to() -> None:
    # A year later only one year of 12 is left, and 40 less 5 is received.
    later = abandon(0, 40, 40, exit_cost=5.0, from_year=2028, view=OptionView.FINANCIAL)
    found = values(SMALL, later)[0]
    assert number(found.value) == pytest.approx(0.5 * (35 - 12 / 1.1) / 1.1**2, abs=4 * number(found.se) + 0.02)
    assert found.expected_year == 2028.0


def test_nobody_sells_for_nothing_what_still_earns() -> None:
    found = values(SMALL, abandon(view=OptionView.FINANCIAL))[0]
    assert (found.value, found.exercised) == (0.0, 0.0)
    assert found.expected_year == Missing("never-used")


def test_what_is_stranded_cannot_be_sold_as_well() -> None:
    hazardous = project(
        line("capex", [100]),
        line("revenue", [0, *[60] * 9]),
        drivers=(CALM,),
        obsolescence=Obsolescence(hazard=0.5, salvage=0),
    )
    # In service 60 a year are worth more than 45 for all of them, but not after the last but one.
    found = values(hazardous, abandon(*[45] * 8, view=OptionView.FINANCIAL))[0]
    assert found.exercised == 0.0


def test_a_share_of_the_book_value_falls_in_a_straight_line() -> None:
    plan = project(line("capex", [80, 20, 0, 0, 12]), line("benefit", [0, 0, 30, 30, 30, 30]))
    flows = flows_of(plan)
    option = AbandonOption(name="Sell", recovery_share=0.5)
    # 100 over the four years from opening in 2028; the renewal of 12 over its own two.
    expected = [40, 50, 37.5, 25, 12.5 + 3, 0, 0]
    assert recovery(option, flows, planned(flows), 7) == pytest.approx(expected)


PERIODS = 20
ANNUITY = sum(1.1**-t for t in range(PERIODS))
WAIT = DelayOption(name="Wait", latest_year=2027)


def test_waiting_is_worth_what_the_two_states_say() -> None:
    # Dixit and Pindyck (1994), chapter 2, with 20 years: 300 or 100 a year for 1600, known after a year.
    states = driver("demand", "discrete", values=(0.5, 1.5), probabilities=(0.5, 0.5))
    plan = project(line("capex", [1600]), line("benefit", [200] * PERIODS), drivers=(states,))
    found = values(plan, WAIT)[0]
    now = -1600 + 200 * ANNUITY
    waited = 0.5 * (-1600 + 300 * ANNUITY) / 1.1
    assert number(found.value) == pytest.approx(waited - now, abs=4 * number(found.se) + 1)
    assert (found.exercised, found.expected_year) == (1.0, 2027.0)
    assert found.given_up == pytest.approx(0.5, abs=0.01)
    costly = values(plan, replace(WAIT, waiting_cost=1.1 * (waited - now) + 20))[0]
    assert number(costly.value) == pytest.approx(0.0, abs=1e-9)
    assert costly.exercised == 0.0


@pytest.mark.parametrize("known", [0.25, 0.6, 1.0])
@pytest.mark.parametrize("benefit", [100.0, 112.0, 124.0])
def test_waiting_is_worth_what_the_normal_closed_form_says(known: float, benefit: float) -> None:
    # NPV is normal; what is known of it after a year is normal with that share of its variance (Bachelier).
    plan = project(
        line("capex", [100]),
        line("benefit", [0, benefit]),
        drivers=(driver("demand", "normal", mean=1, sd=0.3),),
    )
    found = values(plan, replace(WAIT, known=known))[0]
    mean, spread = -100 + benefit / 1.1, 0.3 * benefit / 1.1 * known**0.5
    normal, at = NormalDist(), mean / spread
    waited = (mean * normal.cdf(at) + spread * normal.pdf(at)) / 1.1
    best = max(waited, mean, 0.0)
    assert number(found.value) == pytest.approx(best - max(mean, 0.0), abs=4 * number(found.se) + 0.1)


def test_the_more_is_learnt_the_more_waiting_is_worth() -> None:
    plan = project(
        line("capex", [100]),
        line("benefit", [0, 105]),
        drivers=(driver("demand", "lognormal", p50=1, p90=1.6),),
        rates=Rates(financial=0.02, social=0.02),
    )
    found = values(plan, *(replace(WAIT, known=known) for known in (0.0, 1e-309, 0.1, 0.4, 0.9)))
    worth = [number(each.value) for each in found]
    assert worth == sorted(worth)
    assert worth[0] == pytest.approx(0.0, abs=1e-9)


def test_nominal_amounts_grow_while_they_wait() -> None:
    states = driver("demand", "discrete", values=(0.5, 1.5), probabilities=(0.5, 0.5))
    real = project(line("capex", [1600]), line("benefit", [200] * PERIODS), drivers=(states,))
    nominal = replace(real, prices=Prices(basis=PriceBasis.NOMINAL, inflation=0.05))
    assert number(values(nominal, WAIT)[0].value_with) == pytest.approx(1.05 * number(values(real, WAIT)[0].value_with))


def test_waiting_tells_nothing_where_nothing_is_uncertain() -> None:
    found = values(project(line("capex", [100]), line("benefit", [0, 200]), drivers=(CALM,)), WAIT)[0]
    assert found.value == Missing("nothing-to-learn")
    assert found.se == Missing("nothing-to-learn")


def staged_plan(*more: CashFlowLine) -> ProjectFile:
    demand = driver("demand", "discrete", values=(0.5, 1.0, 1.5), probabilities=(0.3, 0.4, 0.3))
    return project(
        line("capex", [50]),
        line("benefit", [0, 30, 30, 30, 30, 30, 30]),
        line("capex", [0, 0, 0, 30], "Second corridor"),
        line("benefit", [0, 0, 0, 0, 14, 14, 14], "Time on it"),
        *more,
        drivers=(demand,),
    )


STAGE = StageOption(name="Second", phase_2=("Second corridor", "Time on it"), decision_year=2028, threshold=1.0)


def test_staging_saves_what_phase_2_would_lose() -> None:
    # Below the threshold, in 3 of 10 futures, phase 2 brings 7 a year for its 30.
    found = values(staged_plan(), STAGE)[0]
    saved = 30 / 1.1**3 - 7 * (1.1**-4 + 1.1**-5 + 1.1**-6)
    assert number(found.value) == pytest.approx(0.3 * saved, abs=4 * number(found.se) + 0.02)
    assert found.exercised == found.given_up == pytest.approx(0.3, abs=0.005)
    assert found.expected_year == 2028.0


def test_a_threshold_that_loses_is_not_used_and_that_is_said() -> None:
    plan = with_options(staged_plan(), replace(STAGE, threshold=1.5))
    result, _, notes = simulated(replace(plan, rates=Rates(financial=0.0, social=0.0)))
    assert (result.options[0].value, result.options[0].exercised) == (0.0, 0.0)
    assert "stage-threshold-loses" in {note.code for note in notes}


def test_phase_1_must_show_the_driver() -> None:
    found = values(staged_plan(), replace(STAGE, driver=DriverName.OPEX))[0]
    assert found.value == Missing("no-such-driver")


def test_what_cannot_be_is_refused_at_its_field() -> None:
    for option, path in (
        (replace(WAIT, latest_year=2026), "uncertainty.options[0].latest_year"),
        (replace(STAGE, phase_2=("Third",)), "uncertainty.options[0].phase_2"),
    ):
        with pytest.raises(InputError) as refused:
            values(staged_plan(), option)
        assert [problem.path for problem in refused.value.problems] == [path]


def test_the_same_seed_gives_the_same_bits_whatever_else_is_stated() -> None:
    plan = project(
        line("capex", [100, 30]),
        line("benefit", [0, 0, *[25] * 12]),
        drivers=(
            driver("demand", "pert", low=0.2, mode=1, high=1.4),
            driver("delay", "lognormal", p50=0.5, p90=2),
        ),
    )
    wait, sell = replace(WAIT, latest_year=2029, known=0.5), AbandonOption(name="Sell", recovery_share=0.4)
    both = values(plan, wait, sell)
    assert both == values(plan, wait, sell)
    assert both[::-1] == values(plan, sell, wait)
    assert both[0] == values(plan, wait)[0]
    assert both != values(plan, wait, sell, seed=2)


def test_options_move_no_other_figure() -> None:
    bare = simulated(staged_plan())[0]
    stated = simulated(with_options(staged_plan(), STAGE, WAIT, abandon(20)))[0]
    assert replace(stated, options=()) == bare


@st.composite
def uncertain(draw: st.DrawFn) -> ProjectFile:
    amounts = st.floats(-20, 40).map(lambda amount: round(amount, 2))
    return project(
        line("capex", [draw(st.floats(20, 120))]),
        line("benefit", [0, *draw(st.lists(amounts, min_size=2, max_size=8))]),
        line("opex", [0, *draw(st.lists(st.floats(0, 9), min_size=2, max_size=4))]),
        drivers=(
            driver("demand", "pert", low=0.1, mode=0.9, high=2.5),
            driver("capex", "lognormal", p50=1.1, p90=2),
            driver("delay", "uniform", low=0, high=2.0),
        ),
        rates=Rates(financial=0.04, social=draw(st.floats(0.0, 0.12))),
        reference=f"P-{draw(st.integers(0, 99))}",
    )


@settings(max_examples=examples(25), deadline=None)
@given(plan=uncertain(), share=st.floats(0, 1), known=st.floats(0, 1))
def test_an_option_never_costs_beyond_the_sampling_error(plan: ProjectFile, share: float, known: float) -> None:
    sell = AbandonOption(name="Sell", recovery_share=share)
    for found in values(plan, sell, replace(WAIT, latest_year=2028, known=known), draws=1000):
        assert number(found.value) >= -4 * number(found.se) - 1e-9 * (1 + abs(number(found.value_without)))
        assert 0.0 <= number(found.exercised) <= 1.0


@settings(max_examples=examples(20), deadline=None)
@given(plan=uncertain(), share=st.floats(0, 0.9))
def test_more_salvage_is_not_worth_less(plan: ProjectFile, share: float) -> None:
    less, more = values(
        plan,
        AbandonOption(name="Sell", recovery_share=share),
        AbandonOption(name="Sell", recovery_share=share + 0.1),
        draws=1000,
    )
    assert number(more.value) >= number(less.value) - 4 * (number(less.se) + number(more.se)) - 1e-9


@settings(max_examples=examples(20), deadline=None)
@given(cost=st.floats(1, 99), benefit=st.floats(0, 60), wait=st.integers(1, 5), fee=st.floats(0, 3))
def test_a_certain_project_gains_nothing_by_waiting(cost: float, benefit: float, wait: int, fee: float) -> None:
    certain = driver("demand", "discrete", values=(1.0,), probabilities=(1.0,))
    plan = project(line("capex", [cost]), line("benefit", [0, benefit, benefit]), drivers=(certain,))
    found = values(plan, replace(WAIT, latest_year=2026 + wait, waiting_cost=fee), draws=100)[0]
    assert found.value == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=examples(20), deadline=None)
@given(benefit=st.floats(1, 60), cost=st.floats(0, 30))
def test_a_certain_project_is_given_up_where_that_is_plainly_best(benefit: float, cost: float) -> None:
    plan = project(line("capex", [50]), line("benefit", [0, benefit, 1, 1]), line("opex", [0, cost, 2, 2]),
                   drivers=(driver("demand", "discrete", values=(1.0,), probabilities=(1.0,)),))  # fmt: skip
    found = values(plan, abandon(), draws=100)[0]
    net = np.array([-50, benefit - cost, -1, -1]) * 1.1 ** -np.arange(4)
    best = max(net[: stop + 1].sum() for stop in range(4))
    assert found.value == pytest.approx(best - net.sum(), abs=1e-9)
