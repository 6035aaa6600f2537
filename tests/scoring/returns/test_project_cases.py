"""Published appraisals, entered as projects and compared with their published results."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scoring import returns
from scoring.project_file import Rates, Repayment
from scoring.result import EconomicReturn
from scoring.returns.equity import dscr
from tests.scoring.returns.factories import FRAMEWORK, financing, line, project, tranche

CASES = {case["id"]: case for case in json.loads(Path("tests/cases/project_cases.json").read_text())}
SAM = CASES["sam-pv-so-default"]
ZURICH = CASES["zurich-bulach-tunnel"]
ARENA = CASES["sports-arena-ppp-equity-9y"]
OPAL = CASES["nsw-opal-lakes"]


def test_sam_net_present_value() -> None:
    cash_flows = SAM["series"]["cf_project_return_aftertax"]
    rate = 1.064 * 1.025 - 1
    assert returns.npv(cash_flows, rate) == pytest.approx(SAM["expected"]["project_return_aftertax_npv"], rel=1e-6)


def test_sam_internal_rate_of_return() -> None:
    rate = returns.irr(SAM["series"]["cf_project_return_aftertax"])
    assert 100 * rate == pytest.approx(SAM["expected"]["project_return_aftertax_irr"], abs=1e-4)


SAM_FLOWS = np.array(SAM["series"]["cf_project_return_aftertax"])


@pytest.mark.parametrize("year", range(1, len(SAM_FLOWS)))
def test_sam_returns_of_the_flows_up_to_each_year(year: int) -> None:
    series, flows = SAM["series"], SAM_FLOWS[: year + 1]
    assert returns.npv(flows, 1.064 * 1.025 - 1) == pytest.approx(series["cf_project_return_aftertax_npv"][year])
    assert 100 * returns.irr(flows) == pytest.approx(series["cf_project_return_aftertax_irr"][year], abs=1e-4)


def test_sam_sculpted_debt() -> None:
    series, expected = SAM["series"], SAM["expected"]
    loan = tranche([expected["size_of_debt"]], 0.07, 18, repayment=Repayment.SCULPTED, target_dscr=1.3)
    plan = project(
        line("capex", [expected["size_of_debt"]]),
        line("revenue", series["cf_cash_for_ds"]),
        financing=financing(loan),
        rates=Rates(financial=0.09),
    )
    flows = returns.to_arrays(plan, FRAMEWORK)
    result = returns.equity_return(flows, plan, FRAMEWORK)
    assert result.dscr_min == pytest.approx(expected["min_dscr"], abs=1e-6)
    assert result.debt_capacity == pytest.approx(expected["size_of_debt"], rel=1e-6)
    debt = returns.financing_plan(flows, plan)
    assert debt.balance == pytest.approx(series["cf_debt_balance"], abs=1)
    assert debt.service == pytest.approx(series["cf_debt_payment_total"], abs=1)


def tunnel(rate: float, cost_factor: float = 1.0) -> EconomicReturn:
    inputs = ZURICH["inputs"]
    benefits = inputs["first_year_benefit"] * (1 + inputs["benefit_growth_rate"]) ** np.arange(61)
    costs = np.zeros(61)
    costs[0] = inputs["capex_before_fees"]
    for renewal in (inputs["track_renewal"], inputs["catenary_renewal"]):
        costs[renewal["years"]] += renewal["cost"]
    costs *= (1 + inputs["project_management_rate"]) * (1 + inputs["vat_rate"]) * cost_factor
    plan = project(
        line("capex", costs.tolist()), line("benefit", benefits.tolist()), currency="CHF", rates=Rates(social=rate)
    )
    return returns.economic_return(returns.to_arrays(plan, FRAMEWORK), plan, FRAMEWORK)


def test_tunnel_benefits_and_ratio() -> None:
    result = tunnel(0.025)
    assert result.pv_benefits == pytest.approx(ZURICH["published"]["PV_benefits"], rel=1e-9)
    assert result.pv_costs == pytest.approx(ZURICH["published"]["PV_costs"], rel=1e-9)
    assert result.bcr == pytest.approx(ZURICH["published"]["BCR"], abs=5e-5)
    assert result.npv == pytest.approx(ZURICH["plain_numpy"]["NPV"], rel=1e-9)


@pytest.mark.parametrize(("factor", "ratio"), ZURICH["sensitivity_published"]["cost_multiplier"].items())
def test_tunnel_at_other_costs(factor: str, ratio: float) -> None:
    assert tunnel(0.025, float(factor)).bcr == pytest.approx(ratio, abs=5e-5)


@pytest.mark.parametrize(("rate", "ratio"), ZURICH["sensitivity_published"]["discount_rate"].items())
def test_tunnel_at_other_rates(rate: str, ratio: float) -> None:
    assert tunnel(float(rate)).bcr == pytest.approx(ratio, abs=5e-5)


@pytest.mark.parametrize("case", OPAL["cases"], ids=lambda case: case["case"])
def test_opal_lakes(case: dict[str, Any]) -> None:
    benefits = [line("benefit", amounts, name=name) for name, amounts in OPAL["benefits"].items()]
    costs = [line("capex", amounts, name=name) for name, amounts in OPAL["costs"].items()]
    plan = project(*costs, *benefits, currency="AUD", rates=Rates(social=case["inputs"]["discount_rate"]))
    result = returns.economic_return(returns.to_arrays(plan, FRAMEWORK), plan, FRAMEWORK)
    assert result.npv == pytest.approx(case["published"]["NPV"], abs=1e-3)
    assert result.bcr == pytest.approx(case["published"]["BCR"], abs=5e-5)


def test_arena_equity_flows() -> None:
    # The source discounts the first period once; a period 0 of nothing gives the same.
    flow = [0, *ARENA["published"]["cash_flow"]]
    factors = returns.discount_factors(ARENA["rate"], len(flow))
    assert factors[1:] == pytest.approx(ARENA["published"]["discount_factor"], abs=ARENA["tolerance"]["factor"])
    assert factors * flow == pytest.approx([0, *ARENA["published"]["discounted"]], abs=1)


def test_arena_debt_cover() -> None:
    # The source's cover is before tax.
    cash = np.add(ARENA["revenue_arena"], ARENA["revenue_mall"])
    cover = dscr(cash.astype(np.float64), -np.array(ARENA["debt_service"], dtype=np.float64))
    assert cover[1:] == pytest.approx(ARENA["plain_numpy"]["dscr_from_printed"])
