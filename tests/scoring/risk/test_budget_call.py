"""The call on the public purse by year: by hand without uncertainty, and never below zero with it."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.project_file import Amounts, DebtTranche, Financing, Partner, Repayment, Uncertainty
from scoring.result import BudgetCall
from tests.examples import examples
from tests.scoring.risk.factories import driver, line, project, simulated

LINES = (line("capex", [100, 50]), line("opex", [0, 0, 10, 10, 10]), line("revenue", [0, 0, 4, 30, 40]))
CERTAIN = Uncertainty(
    drivers=(
        *(driver(name, "uniform", low=1 - 1e-9, high=1 + 1e-9) for name in ("capex", "opex", "revenue")),
        driver("delay", "uniform", low=0, high=1e-9, unit="years"),
    )
)
"""As good as certain: a driver that does not vary at all is refused."""


def called(*lines: object, **fields: object) -> BudgetCall:
    found = simulated(project(*lines, **fields))[0].budget_call  # type: ignore[arg-type]
    assert found is not None
    return found


def amounts(*figures: float) -> Amounts:
    return tuple(Decimal(str(figure)) for figure in figures)


def test_without_financing_the_owner_pays_every_deficit() -> None:
    call = called(*LINES, uncertainty=CERTAIN)
    assert call.years[:5] == (2026, 2027, 2028, 2029, 2030)
    assert call.planned[:5] == pytest.approx((100, 50, 6, 0, 0))
    assert call.expected[:5] == pytest.approx(call.planned[:5], abs=1e-5)
    assert call.p95[:5] == pytest.approx(call.planned[:5], abs=1e-5)
    assert call.covers_shortfalls


def test_with_financing_debt_is_not_called_but_its_service_is() -> None:
    loan = DebtTranche(
        name="Loan", amounts=amounts(60, 30), rate=0.0, grace=0, tenor=3, repayment=Repayment.STRAIGHT_LINE
    )
    financing = Financing(equity=amounts(30, 15), grants=amounts(10, 5), debt=(loan,))
    call = called(*LINES, uncertainty=CERTAIN, financing=financing)
    # 90 is repaid in the two years left of the tenor: 4 - 10 - 45, 30 - 10 - 45, then 40 - 10.
    assert call.planned[:5] == pytest.approx((40, 20, 51, 25, 0))
    assert call.expected[:5] == pytest.approx(call.planned[:5], abs=1e-5)


def test_a_private_partner_leaves_grants_and_subsidies_to_the_public() -> None:
    lines = (*LINES, line("subsidy", [0, 0, 5, 5, 5]))
    partner = Partner(name="Operator", sector="private")
    call = called(*lines, uncertainty=CERTAIN, partners=(partner,))
    assert call.planned[:5] == pytest.approx((0, 0, 5, 5, 5))
    assert not call.covers_shortfalls
    assert simulated(project(*LINES, uncertainty=CERTAIN, partners=(partner,)))[0].budget_call is None


@settings(max_examples=examples(25), deadline=None)
@given(st.floats(1, 3), st.floats(0, 3))
def test_an_overrun_is_called_and_nothing_is_below_zero(high: float, wait: float) -> None:
    drivers = (
        driver("capex", "triangular", low=1, mode=1, high=high + 0.01),
        driver("delay", "triangular", low=0, mode=0, high=wait + 0.01, unit="years"),
    )
    call = called(*LINES, uncertainty=Uncertainty(drivers=drivers))
    assert len(call.years) == len(call.planned) == len(call.expected) == len(call.p95) >= 5
    assert min(call.expected) >= 0
    assert all(worst >= -1e-9 for worst in call.p95)
    assert sum(call.expected) >= sum(call.planned) - 1e-6
