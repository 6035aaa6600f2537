"""Debt schedules, by hand and against published figures."""

from typing import Any

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import InputError
from scoring.project_file import ConstructionInterest, DebtTranche, Repayment
from scoring.returns.debt import DebtSchedule, debt_schedule
from tests.scoring.returns.factories import tranche


def schedule(
    loan: DebtTranche, periods: int, *, cfads: list[float] | None = None, opening: int = 1, **others: Any
) -> DebtSchedule:
    flow = np.array(cfads or [0.0] * periods)
    taken = np.array(others.get("other_service", [0.0] * periods))
    return debt_schedule(loan, cfads=flow, other_service=taken, opening=opening, path="financing.debt[0]")


def test_annuity_is_a_level_payment() -> None:
    # 1000 at 10% over 2 years: 576.19 a year (1000 x 0.1 / (1 - 1.1^-2)).
    plan = schedule(tranche([1000], 0.1, 2), 4)
    assert plan.service == pytest.approx([0, 576.190476, 576.190476, 0], abs=1e-6)
    assert plan.balance == pytest.approx([1000, 523.809524, 0, 0], abs=1e-6)


def test_straight_line_repays_the_same_principal_each_year() -> None:
    plan = schedule(tranche([300], 0.1, 3, repayment=Repayment.STRAIGHT_LINE), 5)
    assert plan.service == pytest.approx([0, 130, 120, 110, 0])


def test_grace_pays_interest_only_and_shortens_the_repayment() -> None:
    plan = schedule(tranche([300], 0.1, 5, grace=2, repayment=Repayment.STRAIGHT_LINE), 7)
    assert plan.service == pytest.approx([0, 30, 30, 130, 120, 110, 0])


def test_interest_during_construction_is_added_to_the_debt() -> None:
    plan = schedule(tranche([100, 100], 0.1, 4, grace=2), 6, opening=3)
    # 100, then 110 + 100 = 210, then 231 before the two repayments.
    assert plan.balance[:3] == pytest.approx([100, 210, 231])
    assert plan.service == pytest.approx([0, 0, 0, *[231 * 0.1 / (1 - 1.1**-2)] * 2, 0])
    assert not plan.costs.any()


def test_interest_during_construction_may_be_paid() -> None:
    paid = ConstructionInterest.PAID
    plan = schedule(tranche([100, 100], 0.1, 4, grace=2, interest_during_construction=paid), 6, opening=3)
    assert plan.costs == pytest.approx([0, 10, 20, 0, 0, 0])
    assert plan.balance[:3] == pytest.approx([100, 200, 200])


def test_upfront_fee_is_on_all_that_will_be_drawn_and_paid_at_first() -> None:
    assert schedule(tranche([60, 40], 0.1, 5, upfront_fee=0.02), 8).costs == pytest.approx([2, 0, 0, 0, 0, 0, 0, 0])


def test_nothing_is_repaid_before_the_last_drawing() -> None:
    plan = schedule(tranche([50, 0, 50], 0.0, 4), 6, opening=0)
    assert plan.service == pytest.approx([0, 0, 0, 50, 50, 0])


def test_debt_of_no_interest_is_repaid_evenly() -> None:
    assert schedule(tranche([90], 0.0, 3), 4).service == pytest.approx([0, 30, 30, 30])


def test_sculpted_to_a_target_keeps_the_cover_and_repays_the_rest_at_maturity() -> None:
    loan = tranche([100], 0.1, 3, repayment=Repayment.SCULPTED, target_dscr=2.0)
    plan = schedule(loan, 4, cfads=[0, 80, 60, 500])
    # 40 and 30 are half of CFADS; 100 -> 70 -> 47 -> 51.7 with interest.
    assert plan.service == pytest.approx([0, 40, 30, 51.7])


def test_sculpted_without_target_takes_the_same_part_of_each_years_cash() -> None:
    plan = schedule(tranche([100], 0.1, 2, repayment=Repayment.SCULPTED), 3, cfads=[0, 110, 121])
    assert plan.service == pytest.approx([0, 55, 60.5])  # worth 200, debt 100: half
    assert plan.balance == pytest.approx([100, 55, 0], abs=1e-9)


def test_sculpted_debt_comes_after_the_other_tranches() -> None:
    loan = tranche([100], 0.1, 2, repayment=Repayment.SCULPTED, target_dscr=2.0)
    plan = schedule(loan, 3, cfads=[0, 200, 400], other_service=[0, 30, 30])
    assert plan.service == pytest.approx([0, 70, 44])


def test_nothing_to_sculpt_is_an_error() -> None:
    with pytest.raises(InputError, match="cannot be sculpted"):
        schedule(tranche([100], 0.1, 2, repayment=Repayment.SCULPTED), 3, cfads=[0, -5, 0])


def test_a_tenor_inside_the_grace_is_an_error() -> None:
    with pytest.raises(InputError, match=r"debt\[0\]\.tenor"):
        schedule(tranche([100], 0.1, 3, grace=3), 6)


def test_debt_that_outlives_the_flows_is_repaid_in_the_last_year() -> None:
    plan = schedule(tranche([100], 0.0, 10), 6)
    # Ten a year for five years; the other fifty fall due with the last of them.
    assert plan.service == pytest.approx([0, 10, 10, 10, 10, 60])
    assert (plan.balloon, plan.balance[-1]) == pytest.approx((50, 0))


def test_debt_in_its_grace_when_the_flows_end_is_repaid_with_its_interest() -> None:
    plan = schedule(tranche([100], 0.1, 10, grace=5), 3)
    assert plan.service == pytest.approx([0, 10, 110])
    assert plan.balloon == pytest.approx(100)


def test_what_a_sculpted_tranche_carries_is_the_worth_of_its_payments() -> None:
    loan = tranche([100], 0.1, 2, repayment=Repayment.SCULPTED, target_dscr=2.0)
    plan = schedule(loan, 3, cfads=[0.0, 110.0, 121.0])
    assert (plan.lent, plan.capacity) == pytest.approx((100, 100))  # 55/1.1 + 60.5/1.21
    assert schedule(tranche([100], 0.1, 2), 3).capacity is None


@st.composite
def loans(draw: st.DrawFn) -> DebtTranche:
    drawn = draw(st.lists(st.floats(1, 100).map(lambda amount: round(amount, 2)), min_size=1, max_size=4))
    grace = draw(st.integers(0, 5))
    return tranche(
        drawn,
        draw(st.floats(0, 0.3)),
        max(grace, len(drawn) - 1) + draw(st.integers(1, 10)),
        grace=grace,
        repayment=draw(st.sampled_from(Repayment)),
        interest_during_construction=draw(st.sampled_from(ConstructionInterest)),
    )


@given(loan=loans(), opening=st.integers(0, 6))
def test_payments_are_worth_what_was_lent(loan: DebtTranche, opening: int) -> None:
    plan = schedule(loan, 20, cfads=[50.0 + 10 * (at % 3) for at in range(20)], opening=opening)
    lent, repaid = npf.npv(loan.rate, plan.draws), npf.npv(loan.rate, plan.service + plan.costs)
    assert repaid == pytest.approx(lent, rel=1e-9)
    assert plan.balance[-1] == pytest.approx(0, abs=1e-9)
    assert (plan.service >= 0).all()
