"""The repayment of one debt tranche: annuity, straight-line or sculpted, after its grace (METHOD 3)."""

from dataclasses import dataclass

import numpy as np
import numpy_financial as npf

from scoring.errors import InputError
from scoring.project_file import ConstructionInterest, DebtTranche, Repayment
from scoring.returns.arrays import FloatArray, padded
from scoring.returns.discounting import discount_factors, present_value, representable

LEAST_RATE = 1e-6
"""Below it the closed form of an annuity loses digits."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DebtSchedule:
    """What a tranche draws, costs and pays in each period, all (periods,), at the end of the period."""

    draws: FloatArray
    service: FloatArray
    """Principal and interest, interest during construction left out."""
    fee: FloatArray
    """Upfront fee."""
    interest_paid: FloatArray
    """Interest paid during construction."""
    balance: FloatArray
    """Outstanding at the end of each period."""
    balloon: float
    """Part of the last period's service: what the flows end before, and a lender wants back then."""
    capacity: float | None
    """Of a tranche sculpted to a target cover: the debt, at the start of repayment, that its payments carry."""
    lent: float
    """Debt owed at the start of repayment."""
    maturity: int
    """The last period of the tenor, or of the flows: a sculpted debt may be repaid before it."""

    @property
    def costs(self) -> FloatArray:
        """Upfront fee and interest paid during construction."""
        return self.fee + self.interest_paid


def debt_schedule(
    tranche: DebtTranche, *, cfads: FloatArray, other_service: FloatArray, opening: int, path: str
) -> DebtSchedule:
    """Schedule of a tranche over the periods of `cfads` (METHOD 3).

    Grace and tenor count from the first drawing: principal falls due from the period after the grace and after the last
    drawing, and the rest at first drawing + tenor, or in the last period if that comes first. Interest before
    `opening`, the first period of operation, is interest during construction until principal falls due. A sculpted
    tranche pays CFADS / target DSCR less the service of other tranches, or, without a target, an even share of CFADS
    that repays it. cfads, other_service: (periods,).
    Raises InputError at `path` where the tenor leaves no repayment or there is nothing to sculpt.
    """
    draws = padded(tranche.amounts, len(cfads))
    drawn = np.flatnonzero(draws)
    first, maturity = int(drawn[0]), int(drawn[0]) + tranche.tenor
    repaid_from = max(first + tranche.grace, int(drawn[-1])) + 1
    if maturity < repaid_from:
        message = f"The tenor of “{tranche.name}” ends before its first repayment: lengthen it or shorten the grace."
        raise InputError.at(f"{path}.tenor", message)
    payments = np.zeros_like(draws)
    service, paid, balance = np.zeros_like(draws), np.zeros_like(draws), draws.copy()
    fee = np.zeros_like(draws)
    fee[first] = tranche.upfront_fee * draws.sum()
    last, due, lent = len(draws) - 1, 0.0, 0.0
    for period in range(first + 1, len(draws)):
        interest = tranche.rate * balance[period - 1]
        owed = balance[period - 1] + interest
        if period == repaid_from:
            lent = float(balance[period - 1])
            years = range(period, maturity + 1)
            payments = _payments(tranche, lent, years, cfads=cfads, other_service=other_service, path=path)
        if period >= repaid_from:
            service[period] = owed if period >= maturity else min(payments[period], owed)
        elif period >= opening:
            service[period] = interest
        elif tranche.interest_during_construction is ConstructionInterest.PAID:
            paid[period] = interest
        due = float(service[period])
        if period == last:
            service[period] = owed - paid[period]
        balance[period] += owed - service[period] - paid[period]
    return DebtSchedule(
        draws=draws,
        service=service,
        fee=fee,
        interest_paid=paid,
        balance=balance,
        balloon=float(service[last]) - due,
        capacity=_carried(payments, tranche, repaid_from) if lent else None,
        lent=lent,
        maturity=min(maturity, last),
    )


def _carried(payments: FloatArray, tranche: DebtTranche, start: int) -> float | None:
    if tranche.repayment is not Repayment.SCULPTED or tranche.target_dscr is None:
        return None
    due = payments[start:]
    return present_value(due, discount_factors(tranche.rate, len(due) + 1)[1:])


def _payments(
    tranche: DebtTranche, debt: float, years: range, *, cfads: FloatArray, other_service: FloatArray, path: str
) -> FloatArray:
    """What falls due in each period, (periods,), of a debt repaid over `years`, which may go past the last period."""
    within = slice(years.start, min(years.stop, len(cfads)))
    payments = np.zeros_like(cfads)
    if tranche.repayment is Repayment.ANNUITY:
        payments[within] = _level_payment(debt, tranche.rate, len(years))
    elif tranche.repayment is Repayment.STRAIGHT_LINE:
        repaid = debt / len(years)
        payments[within] = repaid + tranche.rate * (debt - repaid * np.arange(within.stop - within.start))
    elif tranche.target_dscr is not None:
        payments[within] = np.maximum(np.maximum(cfads, 0) / tranche.target_dscr - other_service, 0)[within]
    else:
        available = np.maximum(cfads - other_service, 0)[within]
        worth = present_value(available, discount_factors(tranche.rate, len(available) + 1)[1:])
        if worth <= 0:
            message = f"“{tranche.name}” cannot be sculpted: nothing is left to pay it from in its years of repayment."
            raise InputError.at(f"{path}.repayment", message)
        payments[within] = available * (debt / worth)
    return payments


def _level_payment(debt: float, rate: float, years: int) -> float:
    """The annuity of a debt: numpy-financial's, except where (1+rate)^years is too close to 1 or out of float64."""
    if (rate == 0 or abs(rate) > LEAST_RATE) and representable(rate, years):
        return float(-npf.pmt(rate, years, debt))
    return debt / float(discount_factors(rate, years + 1)[1:].sum())
