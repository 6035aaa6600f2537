"""Return to equity, debt cover and capacity."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import returns
from scoring.errors import InputError
from scoring.project_file import CashFlowLine, ConstructionInterest, Financing, ProjectFile, Rates, Repayment
from scoring.result import EquityReturn, Missing
from scoring.returns.equity import debt_capacity, dscr
from tests.scoring.returns.factories import FRAMEWORK, financing, line, project, tranche


def of(plan: ProjectFile) -> EquityReturn:
    return returns.equity_return(returns.to_arrays(plan, FRAMEWORK), plan, FRAMEWORK)


def equity(*lines: CashFlowLine, **fields: object) -> EquityReturn:
    fields.setdefault("rates", Rates(financial=0.1))
    return of(project(*lines, **fields))


TOLL_BRIDGE = (line("capex", [200]), line("revenue", [0, 150, 150]), line("opex", [0, 50, 50]))
LOAN = tranche([100], 0.1, 2)
"""576.19 for 1000, so 57.619 a year."""


@pytest.mark.parametrize(("target", "debt"), [(1.30, 9833), (1.15, 11116)])
def test_debt_capacity_of_the_fhwa_primer(target: float, debt: float) -> None:
    # FHWA P3 primer, chapter 9: CFADS 1 000 a year for 25 years at 6%.
    assert debt_capacity(np.full(25, 1000.0), 0.06, target) == pytest.approx(debt, abs=0.5)


def test_every_figure_of_a_small_project() -> None:
    result = equity(*TOLL_BRIDGE, financing=financing(LOAN, equity=[60], grants=[40]))
    service = 100 * 0.1 / (1 - 1.1**-2)
    assert result.dscr == (None, pytest.approx(100 / service), pytest.approx(100 / service))
    assert (result.dscr_min, result.dscr_average) == pytest.approx((100 / service,) * 2)
    assert result.dscr_min_year == 2027
    assert (result.llcr, result.plcr) == pytest.approx((100 / service,) * 2)
    assert result.npv == pytest.approx(-60 + (100 - service) * (1 / 1.1 + 1 / 1.21))
    left = 100 - service
    assert result.irr == pytest.approx((left + (left**2 + 4 * 60 * left) ** 0.5) / 120 - 1)
    assert result.debt_capacity == pytest.approx(100 * (1 / 1.1 + 1 / 1.21) / 1.3)
    # Cost of equity 2% + 0.5 x 6% + 1% = 6%.
    assert result.wacc == pytest.approx((60 * 0.06 + 100 * 0.1) / 160)


def test_every_rate_of_a_return_to_equity_that_has_two_is_listed_with_the_mirr_beside() -> None:
    # A loan that outlives the flows is repaid in the last year, so that the equity flow turns twice.
    loan = tranche([600], 0.05, 40)
    lines = (line("capex", [1000]), line("revenue", [0] + [300] * 20), line("opex", [0] + [100] * 20))
    result = equity(*lines, financing=financing(loan, equity=[400]))
    assert result.irr_note == "multiple-roots"
    assert result.irr_all == pytest.approx([-0.379, 0.412], abs=5e-4)
    assert result.irr == result.irr_all[0]
    assert isinstance(result.mirr, float)


def test_a_single_rate_on_equity_is_its_own_list() -> None:
    result = equity(*TOLL_BRIDGE, financing=financing(LOAN, equity=[60], grants=[40]))
    assert (result.irr_all, result.irr_note) == ((result.irr,), None)
    # MIRR by hand: 60 paid in, (100 - service) a year for two years, reinvested at 3%.
    left = 100 - 100 * 0.1 / (1 - 1.1**-2)
    assert result.mirr == pytest.approx((left * 2.03 / 60) ** 0.5 - 1)


def test_the_year_of_the_least_cover_is_named() -> None:
    lines = (line("capex", [100]), line("revenue", [0, 150, 60, 90]))
    result = equity(*lines, financing=financing(tranche([100], 0.0, 2)))
    assert result.dscr == (None, pytest.approx(3.0), pytest.approx(1.2), None)
    assert (result.dscr_min, result.dscr_min_year) == (pytest.approx(1.2), 2028)
    assert result.dscr_average == pytest.approx(2.1)
    assert result.llcr == pytest.approx(2.1)
    assert result.plcr == pytest.approx(3.0)


def test_subsidy_is_cash_for_the_debt_and_residual_is_the_owners() -> None:
    lines = (line("capex", [100]), line("subsidy", [0, 60]), line("residual", [0, 10]))
    result = equity(*lines, financing=financing(tranche([50], 0.0, 1), equity=[50]))
    assert result.dscr_min == pytest.approx(1.2)
    assert result.irr == pytest.approx(20 / 50 - 1)


def test_debt_capacity_counts_no_year_of_negative_cash() -> None:
    lines = (line("capex", [100]), line("revenue", [0, 130, -500, 130]))
    result = equity(*lines, financing=financing(tranche([100], 0.0, 3)))
    assert result.debt_capacity == pytest.approx(200)


def test_debt_capacity_stops_at_the_gearing_cap() -> None:
    result = equity(*TOLL_BRIDGE, financing=financing(LOAN, equity=[100], gearing_cap=0.6))
    assert result.debt_capacity == pytest.approx(0.6 * 200)


def test_debt_capacity_takes_the_tranches_own_target() -> None:
    result = equity(*TOLL_BRIDGE, financing=financing(replace(LOAN, target_dscr=2.0), equity=[100]))
    assert result.debt_capacity == pytest.approx(100 * (1 / 1.1 + 1 / 1.21) / 2)


def test_a_sculpted_debt_that_is_repaid_early_leaves_the_capacity_of_its_tenor() -> None:
    lines = (line("capex", [100]), line("revenue", [0, 130, 130, 130]))
    loan = tranche([100], 0.0, 3, repayment=Repayment.SCULPTED, target_dscr=1.3)
    result = equity(*lines, financing=financing(loan))
    assert result.dscr == (None, pytest.approx(1.3), None, None), "130 / 1.3 repays it in its first year"
    assert result.debt_capacity == pytest.approx(3 * 130 / 1.3)


def test_without_debt_there_is_a_return_and_no_cover() -> None:
    result = equity(*TOLL_BRIDGE, financing=financing(equity=[150], grants=[50]))
    assert result.npv == pytest.approx(-150 + 100 / 1.1 + 100 / 1.21)
    assert {result.dscr_min, result.dscr_min_year, result.llcr, result.plcr, result.debt_capacity} == {
        Missing("no-debt")
    }
    assert result.dscr == (None, None, None)
    assert result.wacc == pytest.approx(0.06)


@pytest.mark.parametrize("plan", [None, Financing()])
def test_without_financing_every_figure_is_missing(plan: Financing | None) -> None:
    result = equity(*TOLL_BRIDGE, financing=plan)
    assert {result.npv, result.irr, result.dscr_min, result.llcr, result.wacc} == {Missing("no-financing")}
    assert result.dscr == (None, None, None)


def test_debt_drawn_in_the_last_year_is_never_served() -> None:
    lines = (line("capex", [0, 100]),)
    assert equity(*lines, financing=financing(tranche([0, 100], 0.1, 5))).dscr_min == Missing("no-debt-service")


def test_all_grants_have_no_cost_of_capital() -> None:
    assert equity(*TOLL_BRIDGE, financing=financing(grants=[200])).wacc == Missing("no-capital")


def test_grants_may_be_lines() -> None:
    as_lines = equity(*TOLL_BRIDGE, line("grant", [40]), financing=financing(LOAN, equity=[60]))
    assert as_lines.npv == equity(*TOLL_BRIDGE, financing=financing(LOAN, equity=[60], grants=[40])).npv


def test_grants_given_twice_are_an_error() -> None:
    with pytest.raises(InputError, match="both as cash-flow lines and under financing"):
        equity(*TOLL_BRIDGE, line("grant", [40]), financing=financing(LOAN, equity=[60], grants=[40]))


def test_an_imbalance_names_year_and_amount() -> None:
    lines = (line("capex", [120, 80]), line("revenue", [0, 0, 50]))
    with pytest.raises(InputError) as error:
        equity(*lines, financing=financing(tranche([60, 40], 0.05, 15), equity=[30, 20], grants=[30, 27]))
    assert [problem.message for problem in error.value.problems] == [
        "Sources exceed costs by 7 in 2027: 87 is paid in, against capital cost of 80."
    ]
    with pytest.raises(InputError, match=r"fall short of costs by 10.5 in 2026.*by 20 in 2027"):
        equity(*lines, financing=financing(tranche([60, 40], 0.05, 15), equity=[19.5], grants=[30, 20]))


def test_an_unpaid_first_investment_is_an_error_even_where_operation_begins_at_once() -> None:
    with pytest.raises(InputError, match="fall short of costs by 40 in 2026"):
        equity(line("capex", [100]), line("revenue", [10, 150]), financing=financing(equity=[60]))


def test_sources_may_cover_the_upfront_fee() -> None:
    lines = (line("capex", [200]), line("revenue", [0, 150, 150]))
    loan = replace(LOAN, upfront_fee=0.05)
    apart = equity(*lines, financing=financing(loan, equity=[100]))
    covered = equity(*lines, financing=financing(loan, equity=[105]))
    assert apart.npv == pytest.approx(covered.npv)  # the owners pay the fee of 5 either way


@pytest.mark.parametrize(
    ("own", "said"),
    [(103, "fall short of costs by 2 in"), (145, "exceed costs by 40 in"), (60, "short of costs by 45 in")],
)
def test_a_fee_is_a_use_in_the_amount_named(own: float, said: str) -> None:
    lines = (line("capex", [200]), line("revenue", [0, 150, 150]))
    with pytest.raises(InputError, match=f"{said} 2026: .* capital cost of 200 and fees and interest of 5"):
        equity(*lines, financing=financing(replace(LOAN, upfront_fee=0.05), equity=[own]))


def test_interest_paid_while_building_needs_a_source() -> None:
    lines = (line("capex", [500, 500]), line("revenue", [0, 0, *[200] * 12]))
    loan = tranche([300, 300], 0.05, 12, grace=1, interest_during_construction=ConstructionInterest.PAID)
    with pytest.raises(InputError, match="fall short of costs by 15 in 2027"):
        equity(*lines, financing=financing(loan, equity=[200, 200]))
    assert not isinstance(equity(*lines, financing=financing(loan, equity=[200, 215])).npv, Missing)


def test_building_goes_on_after_the_opening_until_the_capital_cost_ends() -> None:
    building = (line("capex", [100, 100, 100]), line("revenue", [10, 60, 60, 60, 60, 60, 60]))
    with pytest.raises(InputError, match=r"by 40 in 2027: 0 is paid in and 60 left by operation.* by 40 in 2028"):
        equity(*building, financing=financing(equity=[100]))
    paid_in = equity(*building, financing=financing(equity=[100, 40, 40]))
    assert paid_in.npv == pytest.approx(-90 - 40 / 1.1 - 40 / 1.21 + 60 * sum(1.1**-t for t in (3, 4, 5, 6)))


def test_money_beyond_its_uses_is_an_error_whatever_operation_leaves() -> None:
    with pytest.raises(InputError, match="exceed costs by 5 in 2028"):
        equity(*TOLL_BRIDGE, financing=financing(equity=[200, 0, 5]))


def test_a_renewal_without_sources_is_paid_from_operation() -> None:
    lines = (line("capex", [100, 0, 30]), line("revenue", [0, 80, 80]))
    assert equity(*lines, financing=financing(equity=[100])).npv == pytest.approx(-100 + 80 / 1.1 + 50 / 1.21)


def test_debt_left_at_the_end_is_repaid_by_the_owners() -> None:
    result = equity(line("capex", [100]), line("revenue", [0, 60]), financing=financing(tranche([100], 0.0, 4)))
    assert result.npv == pytest.approx((60 - 25 - 75) / 1.1)
    assert result.dscr_min == pytest.approx(60 / 100)  # a lender is owed all of it in the last year


def test_money_after_the_last_year_is_an_error() -> None:
    with pytest.raises(InputError, match="after 2028"):
        equity(*TOLL_BRIDGE, financing=financing(equity=[200, 0, 0, 5]))


def test_negative_financing_is_an_error() -> None:
    with pytest.raises(InputError, match="must not be negative"):
        equity(*TOLL_BRIDGE, financing=financing(equity=[250], grants=[-50]))


def test_sculpted_tranches_reach_their_cover_beside_others() -> None:
    senior = tranche([50], 0.1, 2)
    sculpted = tranche([50], 0.1, 2, repayment=Repayment.SCULPTED, target_dscr=1.25)
    result = equity(*TOLL_BRIDGE, financing=financing(sculpted, senior, equity=[100]))
    assert result.dscr[1] == pytest.approx(1.25)


def test_cover_of_draws_is_broadcast() -> None:
    cover = dscr(np.array([[5.0, 10.0], [5.0, 20.0]]), np.array([0.0, 10.0]))
    assert np.isnan(cover[:, 0]).all()
    assert cover[:, 1].tolist() == [1, 2]


@given(
    capex=st.lists(st.floats(1, 100).map(lambda amount: round(amount, 2)), min_size=1, max_size=3),
    gearing=st.floats(0.1, 0.9),
    yearly=st.lists(st.floats(0, 200), min_size=2, max_size=8),
)
def test_debt_at_the_discount_rate_is_worth_nothing_to_the_owners(
    capex: list[float], gearing: float, yearly: list[float]
) -> None:
    # Modigliani and Miller without tax: FNPV(K) with debt at the discount rate = FNPV(K) without debt.
    lines = (line("capex", capex), line("revenue", [0] * len(capex) + yearly))
    lent = [round(amount * gearing, 4) for amount in capex]
    own = [round(amount - part, 4) for amount, part in zip(capex, lent, strict=True)]
    geared = equity(*lines, financing=financing(tranche(lent, 0.1, len(capex) + 1), equity=own))
    assert geared.npv == pytest.approx(equity(*lines, financing=financing(equity=capex)).npv, abs=1e-6)
