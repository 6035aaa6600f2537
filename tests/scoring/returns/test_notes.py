"""What the reader of the returns is told."""

from dataclasses import replace
from decimal import Decimal

import pytest

from scoring.project_file import DebtTranche, Financing, PriceBasis, Prices, Rate, Rates, Repayment
from scoring.returns.notes import return_notes
from tests.scoring.risk.factories import FRAMEWORK, flows_of, line, project

PLAN = project(line("capex", [100]), line("benefit", [0, 60, 60]))
"""The framework's social rate is 9%."""


def codes(social: Rate | None, prices: Prices | None = None) -> list[str]:
    plan = replace(PLAN, rates=Rates(financial=0.04, social=social), prices=prices or Prices())
    return [note.code for note in return_notes(flows_of(plan), plan, FRAMEWORK)]


@pytest.mark.parametrize(
    ("social", "told"),
    [(0.03, True), (((0, 0.035), (31, 0.03)), True), (0.09, False), (0.12, False), (None, False)],
)
def test_a_rate_below_the_frameworks_is_told(social: Rate | None, told: bool) -> None:
    assert ("low-social-rate" in codes(social)) is told


def test_rates_are_compared_on_the_basis_of_the_flows() -> None:
    nominal = Prices(basis=PriceBasis.NOMINAL, inflation=0.05)
    # 9% real with 5% inflation is 14.45% nominal.
    assert "low-social-rate" in codes(0.14, nominal)
    assert "low-social-rate" not in codes(0.145, nominal)


BRIDGE = (line("capex", [2000]), line("revenue", [0] + [200] * 20))


def told(**plan: object) -> dict[str, str]:
    made = project(*BRIDGE, financing=Financing(**plan), rates=Rates(financial=0.04, social=0.09))  # type: ignore[arg-type]
    return {note.code: note.message for note in return_notes(flows_of(made), made, FRAMEWORK)}


def loan(amount: int, **terms: object) -> DebtTranche:
    return DebtTranche(name="D", amounts=(Decimal(amount),), rate=0.05, **terms)  # type: ignore[arg-type]


def test_a_sculpted_loan_above_its_capacity_is_told_with_both_amounts() -> None:
    shaped = {"tenor": 10, "repayment": Repayment.SCULPTED, "target_dscr": 1.3}
    # 200 / 1.3 a year for ten years at 5% is worth 1 187.96.
    message = told(equity=(Decimal(400),), debt=(loan(1600, **shaped),))["debt-above-capacity"]
    assert "owes 1,600" in message
    assert "carries 1,187.96" in message
    assert "debt-above-capacity" not in told(equity=(Decimal(900),), debt=(loan(1100, **shaped),))


def test_gearing_above_its_cap_is_told_with_both_figures() -> None:
    assert (
        "0.6 of all that is paid in, above the cap of 0.5"
        in told(equity=(Decimal(800),), debt=(loan(1200, tenor=10),), gearing_cap=0.5)["gearing-above-cap"]
    )
    assert "gearing-above-cap" not in told(equity=(Decimal(800),), debt=(loan(1200, tenor=10),), gearing_cap=0.6)


def test_debt_that_outlives_the_flows_is_told() -> None:
    # Of 1 200 at 5% over 40 years, 20 payments of 69.93 leave 871.53.
    assert (
        "Debt of 871.53 is still owed in 2046"
        in told(equity=(Decimal(800),), debt=(loan(1200, tenor=40),))["debt-outlives-flows"]
    )


def test_a_fee_beside_the_sources_is_told() -> None:
    assert (
        "leave out the upfront fee of 24"
        in told(equity=(Decimal(800),), debt=(loan(1200, tenor=10, upfront_fee=0.02),))["fee-beside-sources"]
    )
