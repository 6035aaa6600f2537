"""The whole way from a project file to its risk measures."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from math import exp
from typing import Any

import numpy as np
import pytest

from scoring.frameworks.framework import ExchangeRate
from scoring.project_file import (
    CashFlowLine,
    Correlation,
    DebtTranche,
    DriverName,
    Financing,
    Obsolescence,
    Partner,
    ProjectFile,
    Rates,
)
from scoring.result import Missing, RiskMeasures
from scoring.risk.dependence import spearman_from_normal
from scoring.risk.normal import Z90
from scoring.risk.sampling import Sampler
from tests.scoring.risk.factories import ECONOMICS, FRAMEWORK, driver, event, line, project, simulated, vectors
from tests.scoring.risk.plans import BENEFITS, CAPEX, codes, plain, risk, stated


def test_a_product_of_correlated_lognormals_is_the_closed_form() -> None:
    case = vectors()["product-lognormals"]
    first, second = case["inputs"]["factors"]
    drivers = tuple(
        driver(name, "lognormal", p50=exp(factor["mu_log"]), p90=exp(factor["mu_log"] + Z90 * factor["sigma_log"]))
        for name, factor in (("demand", first), ("price", second))
    )
    rank = float(spearman_from_normal(np.array(case["inputs"]["corr_normal"])))
    related = (Correlation(first=DriverName.DEMAND, second=DriverName.PRICE, value=rank),)
    plan = project(line("revenue", [1.0]), drivers=drivers, correlations=related)
    result = risk(plan, draws=40_000).financial_npv
    assert result.mean == pytest.approx(case["expected"]["mean"], rel=1e-4)
    assert result.sd == pytest.approx(case["expected"]["sd"], rel=2e-3)
    assert result.p50 == pytest.approx(exp(case["expected"]["mu_log"]), rel=1e-3)


def test_normal_flows_correlated_between_years_are_hilliers_closed_form() -> None:
    case = vectors()["npv-normal-flows-rho0.5"]
    (cost, *revenues), (cost_sd, *sds) = case["inputs"]["mean_flows"], case["inputs"]["sd_flows"]
    lines = [line("capex", [-cost])]
    drivers = [driver("capex", "normal", mean=1.0, sd=cost_sd / -cost)]
    for year, (flow, sd) in enumerate(zip(revenues, sds, strict=True), start=1):
        lines.append(line("revenue", [0.0] * year + [flow], f"Year {year}"))
        drivers.append(driver("revenue", "normal", mean=1.0, sd=sd / flow, applies_to=(f"Year {year}",)))
    rank = float(spearman_from_normal(np.array(case["inputs"]["corr_between_years"])))
    related = (
        Correlation(first=DriverName.REVENUE, second=DriverName.REVENUE, value=rank),
        # A flow that rises is a cost that falls.
        Correlation(first=DriverName.CAPEX, second=DriverName.REVENUE, value=-rank),
    )
    result = risk(project(*lines, drivers=tuple(drivers), correlations=related), draws=40_000).financial_npv
    assert_within(result, case["expected"])


def test_a_profit_of_three_uniforms_is_the_exact_one() -> None:
    plan = project(
        line("revenue", [100_000.0]),
        line("opex", [100_000.0], "Fixed"),
        line("opex", [100_000.0], "Variable"),
        drivers=(
            driver("revenue", "uniform", low=1.55, high=1.825),
            driver("opex", "uniform", low=0.52, high=0.57, applies_to=("Fixed",)),
            driver("opex", "uniform", low=1.0, high=1.05, applies_to=("Variable",)),
        ),
    )
    assert_within(risk(plan, draws=40_000).financial_npv, vectors()["profit-three-uniforms"]["expected"])


def assert_within(result: RiskMeasures, expected: dict[str, float]) -> None:
    """Within four standard errors, and a thousandth of the spread for the rounding of the tables."""
    sd = expected["sd"]
    assert isinstance(result.se, float)
    assert isinstance(result.prob_negative_se, float)
    assert result.mean == pytest.approx(expected["mean"], abs=4 * result.se + 1e-3 * sd)
    assert result.sd == pytest.approx(sd, rel=3e-3)
    assert result.prob_negative == pytest.approx(expected["P_negative"], abs=4 * result.prob_negative_se)
    for name in ("p05", "p95"):
        if name in expected:
            assert getattr(result, name.replace("p0", "p")) == pytest.approx(expected[name], abs=0.02 * sd)


def test_the_same_seed_gives_the_same_bits_and_another_seed_others() -> None:
    plan = stated(events=(event(0.1, per="year", revenue_factor=0.5),), obsolescence=Obsolescence(hazard=0.03))
    first = simulated(plan)
    assert asdict(first[0]) == asdict(simulated(plan)[0])
    assert first[1:] == simulated(plan)[1:]
    assert first[0].economic_npv != risk(plan, seed=2).economic_npv
    assert first[0].economic_npv != risk(replace(plan, reference="OTHER")).economic_npv


def test_any_number_of_workers_gives_the_same_bits() -> None:
    plans = [stated(reference=f"P-{index}") for index in range(6)]
    alone = [asdict(risk(plan, draws=1000)) for plan in plans]
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda plan: asdict(risk(plan, draws=1000)), plans))
    assert alone == together


def test_the_standard_errors_cover_the_truth() -> None:
    # No delay, so ENPV is linear in the drivers: E = -(100 + 60/1.1) * mean + annuity * mean.
    drivers = (
        driver("capex", "uniform", low=0.8, high=1.6),
        driver("benefits", "triangular", low=0.4, mode=1.0, high=1.2),
    )
    truth = -(100 + 60 / 1.1) * 1.2 + 45 * sum(1.1**-t for t in range(2, 10)) * 2.6 / 3
    scores = []
    for seed in range(20):
        result = risk(plain(drivers=drivers), seed=seed, draws=1000).economic_npv
        assert isinstance(result.mean, float)
        assert isinstance(result.se, float)
        scores.append((result.mean - truth) / result.se)
    # Student's t with 9 degrees of freedom: of 20, at least 17 lie within 2.26 with a probability of 98%.
    assert sum(abs(z) < 2.26 for z in scores) >= 17


def test_pseudo_random_draws_agree_within_their_error() -> None:
    sobol, random = (risk(stated(), sampler=sampler).economic_npv for sampler in Sampler)
    assert isinstance(random.se, float)
    assert random.mean == pytest.approx(sobol.mean, abs=5 * random.se)


def test_a_planner_who_states_nothing_gets_completed_projects() -> None:
    plan = plain(uncertainty=None)
    result, rows, notes = simulated(plan)
    assert {used.origin for used in result.drivers_used} == {"reference-class"}
    assert {used.driver for used in result.drivers_used} == {"capex", "delay", "demand"}
    assert all(used.description for used in result.drivers_used)
    assert {row.driver for row in rows} == {"capex", "delay", "demand"}
    assert {"reference-class-defaults", "unknown-line-class", "public-money-assumed"} <= {note.code for note in notes}
    assert isinstance(result.economic_npv.sd, float)
    assert result.economic_npv.sd > 0


def test_default_drivers_make_bad_news_come_together() -> None:
    plan = project(line("capex", CAPEX, line_class="rail"), line("benefit", BENEFITS), uncertainty=None)
    together = risk(plan).economic_npv
    apart = tuple(
        Correlation(first=first, second=second, value=0.0)
        for first, second in (
            (DriverName.CAPEX, DriverName.DELAY),
            (DriverName.CAPEX, DriverName.DEMAND),
            (DriverName.DELAY, DriverName.DEMAND),
        )
    )
    independent = risk(project(*plan.cash_flows.lines, correlations=apart)).economic_npv
    assert isinstance(together.sd, float)
    assert isinstance(independent.sd, float)
    assert together.sd > 1.05 * independent.sd


def test_it_costs_are_shown_at_two_caps() -> None:
    plan = project(line("capex", CAPEX, line_class="it"), line("benefit", BENEFITS), uncertainty=None)
    [note] = [note for note in simulated(plan)[2] if note.code == "tail-cap"]
    assert "2000%" in note.message
    assert "5000%" in note.message
    assert len(re.findall(r"-?\d+\.\d{2,}", note.message)) == 0, "no more digits than such a tail carries"
    assert "tail-cap" not in codes(stated())


def test_a_risk_free_project_without_uncertainty_in_its_lines_keeps_its_npv() -> None:
    plan = plain(drivers=(driver("opex", "uniform", low=1, high=2),))
    result = risk(plan, draws=100).economic_npv
    base = -(100 + 60 / 1.1) + 45 * sum(1.1**-t for t in range(2, 10))
    assert (result.mean, result.sd) == pytest.approx((base, 0.0), abs=1e-9)
    assert result.certainty_equivalent == pytest.approx(base)


def test_yearly_obsolescence_takes_the_expected_loss_of_its_closed_form() -> None:
    # One year of use, lost from a time T on with P(T <= t) = 1 - 0.8^t: the mean kept is the integral of 0.8^t.
    plan = project(
        line("capex", [50.0]),
        line("benefit", [0.0, 100.0]),
        drivers=(driver("opex", "uniform", low=1, high=2),),
        obsolescence=Obsolescence(hazard=0.2),
        rates=Rates(financial=0.0, social=0.0),
    )
    kept = 100 * (0.8 - 1) / np.log(0.8)
    assert risk(plan, draws=20_000).economic_npv.mean == pytest.approx(kept - 50, abs=0.02)


def test_equity_and_debt_are_missing_without_financing() -> None:
    result = risk(stated())
    assert result.equity_npv.mean == Missing("no-financing")
    assert result.dscr_below_1 == Missing("no-debt")
    assert result.stranded_before_debt_repaid == Missing("no-obsolescence")


def financed(*lines: CashFlowLine, **fields: Any) -> ProjectFile:
    loan = DebtTranche(name="Loan", amounts=line("capex", [50.0, 30.0]).amounts, rate=0.05, grace=1, tenor=6)
    half = line("capex", [50.0, 30.0]).amounts
    drivers = (driver("capex", "uniform", low=0.99, high=1.01), driver("revenue", "uniform", low=0.3, high=1.2))
    return project(
        line("capex", CAPEX),
        line("revenue", BENEFITS),
        *lines,
        drivers=drivers,
        financing=Financing(debt=(loan,), equity=half),
        **fields,
    )


def test_equity_is_simulated_with_its_debt() -> None:
    result = risk(financed(obsolescence=Obsolescence(hazard=0.1)))
    assert isinstance(result.equity_npv.mean, float)
    assert isinstance(result.dscr_below_1, float)
    assert isinstance(result.stranded_before_debt_repaid, float)
    assert 0 < result.dscr_below_1 < 1
    # Five and a half years of a hazard of a tenth, with the year of the opening: below 1 - 0.9^6.
    assert 0.3 < result.stranded_before_debt_repaid < 1 - 0.9**6


def test_public_money_is_equity_and_grants_unless_the_partner_is_private() -> None:
    assert risk(financed()).public_money == pytest.approx(50 + 30 / 1.1)
    private = financed(line("subsidy", [0, 0, 11.0]), partners=(Partner(name="Operator", sector="private"),))
    assert risk(private).public_money == pytest.approx(11 / 1.1**2)


def test_the_headline_is_certainty_equivalent_per_unit_of_public_money() -> None:
    result = risk(stated())
    assert result.public_money == pytest.approx(100 + 60 / 1.1)
    assert isinstance(result.economic_npv.certainty_equivalent, float)
    assert isinstance(result.public_money, float)
    headline = result.economic_npv.certainty_equivalent / result.public_money
    assert result.risk_adjusted_return == pytest.approx(headline)


def test_aversion_is_scaled_by_the_programmes_budget_in_the_projects_money() -> None:
    rate = ExchangeRate(currency="USD", per_unit=80.0, date="2026-01-01", source="test")
    economics = replace(ECONOMICS, programme_budget=80_000_000.0)
    framework = replace(FRAMEWORK, currency="INR", economics=economics, exchange_rates=(rate,))
    direct = replace(FRAMEWORK, economics=replace(ECONOMICS, programme_budget=1_000_000.0))
    plan = stated(unit=1000)
    converted = risk(plan, framework=framework).economic_npv.certainty_equivalent
    assert converted == pytest.approx(risk(plan, framework=direct).economic_npv.certainty_equivalent)
    assert converted != risk(plan).economic_npv.certainty_equivalent
    unknown, _, notes = simulated(plan, framework=replace(framework, exchange_rates=()))
    assert unknown.risk_adjusted_return == Missing("no-exchange-rate")
    (said,) = (note for note in notes if note.code == "no-exchange-rate")
    assert "USD" in said.message
    assert said.path == "currency"


def test_the_risk_adjusted_rate_discounts_the_plan_and_not_the_draws() -> None:
    # 2% + 0.8 x 5% = 6%.
    plan = project(line("capex", [100.0]), line("revenue", [0.0, 120.0]), drivers=stated().uncertainty.drivers)  # type: ignore[union-attr]
    assert risk(plan).risk_adjusted_rate_npv == pytest.approx(-100 + 120 / 1.06)


def test_cost_at_p50_and_p80_and_delay_at_p80_are_the_drivers_own() -> None:
    drivers = (driver("capex", "uniform", low=1.0, high=2.0), driver("benefits", "uniform", low=1.0, high=2.0))
    result = risk(plain(drivers=drivers), draws=10_000)
    assert result.capex_base == 160
    assert result.capex_p50 == pytest.approx(160 * 1.5, rel=1e-3)
    assert result.capex_p80 == pytest.approx(160 * 1.8, rel=1e-3)
    assert result.delay_p80 == 0
    late = risk(plain(drivers=(driver("delay", "uniform", low=0.0, high=5.0),)), draws=10_000)
    assert late.delay_p80 == pytest.approx(4.0, abs=0.01)


def test_the_fan_reaches_past_the_plan_where_projects_are_late() -> None:
    result = risk(plain(drivers=(driver("delay", "uniform", low=0.0, high=4.9),)))
    assert result.economic_fan is not None
    assert result.economic_fan.years == tuple(range(2026, 2026 + 10 + 4))
    assert result.economic_fan.p5[-1] <= result.economic_fan.p50[-1] <= result.economic_fan.p95[-1]
    assert result.economic_histogram is not None
    assert sum(result.economic_histogram.counts) == 2000


def test_the_irr_is_below_the_hurdle_where_the_npv_is_below_zero() -> None:
    result = risk(stated())
    assert result.eirr_below_hurdle == result.economic_npv.prob_negative
    assert result.irr_below_hurdle == Missing("no-sign-change")
    assert isinstance(result.eirr_p50, float)
    again = risk(stated(rates=Rates(financial=0.1, social=result.eirr_p50)))
    # At the median EIRR half of the draws pay.
    assert again.economic_npv.prob_negative == pytest.approx(0.5, abs=0.01)


def test_every_simulated_figure_has_its_standard_error() -> None:
    plan = financed(obsolescence=Obsolescence(hazard=0.1))
    result, rows, notes = simulated(plan)
    for made in (result, result.financial_npv, result.economic_npv, result.equity_npv):
        for name in type(made).__dataclass_fields__:
            if f"{name}_se" in type(made).__dataclass_fields__ and isinstance(getattr(made, name), float):
                error = getattr(made, f"{name}_se")
                assert isinstance(error, float), (name, error)
                assert error >= 0
    assert result.budget_call is not None
    assert len(result.budget_call.expected_se) == len(result.budget_call.p95_se) == len(result.budget_call.years)
    assert all(isinstance(row.variance_share_se, float) for row in rows)
    assert [note.code for note in notes].count("alternatives") == 1


def test_the_errors_of_the_cost_estimates_are_their_spread_over_seeds() -> None:
    results = [risk(stated(), seed=seed, draws=500, sampler=Sampler.PSEUDO_RANDOM) for seed in range(40)]
    said = np.sqrt(np.mean([made.capex_p80_se**2 for made in results]))  # type: ignore[operator]
    assert said == pytest.approx(np.std([made.capex_p80 for made in results], ddof=1), rel=0.4)
    said = np.sqrt(np.mean([made.capex_p50_se**2 for made in results]))  # type: ignore[operator]
    assert said == pytest.approx(np.std([made.capex_p50 for made in results], ddof=1), rel=0.4)
    said = np.sqrt(np.mean([made.eirr_p50_se**2 for made in results]))  # type: ignore[operator]
    assert said == pytest.approx(np.std([made.eirr_p50 for made in results], ddof=1), rel=0.4)
