"""Sources and uses of the investment, and the debt that comes with them (METHOD 3)."""

from dataclasses import dataclass

import numpy as np

from scoring.errors import InputError, InputProblem
from scoring.project_file import Amounts, DebtTranche, Financing, FlowKind, ProjectFile, Repayment
from scoring.result import Missing
from scoring.returns.arrays import FloatArray, frozen, padded
from scoring.returns.debt import DebtSchedule, debt_schedule
from scoring.returns.flows import Flows
from scoring.returns.sources_and_uses import imbalances, tolerance

NO_FINANCING = "no-financing"
OPENING_KINDS = (FlowKind.REVENUE, FlowKind.SUBSIDY, FlowKind.BENEFIT)
"""A project is in operation from the first period in which one of these is not zero."""
SHARE_TOLERANCE = 1e-6
"""Excess of a loan over its capacity taken for rounding."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FinancingPlan:
    """The financing as planned, by period; every array is (periods,), in the project's currency and unit.

    Debt is served as planned whatever the operating cash flow turns out to be, so that a simulated equity flow is
    `equity_weights @ amounts + net`.
    """

    equity: FloatArray
    grants: FloatArray
    draws: FloatArray
    service: FloatArray
    """Principal and interest from the opening on: the denominator of the debt cover. What is still owed in the last
    period is repaid in it and is part of its service."""
    costs: FloatArray
    """Upfront fees and interest paid during construction."""
    unfunded_fee: FloatArray
    """Part of the costs: upfront fees that no source covers, which the owners pay beside their equity."""
    balance: FloatArray
    """Debt outstanding at the end of each period, interest capitalised."""
    opening: int
    """First period of operation."""
    interest_rate: float
    """Of all debt, weighted by what is drawn; NaN without debt."""
    balloon: float
    """Part of the last period's service that falls due only because the cash flows end."""
    maturity: int
    """Last period of the longest tenor, or of the cash flows; 0 without debt."""
    over_capacity: tuple[tuple[int, float, float], ...]
    """(tranche, debt owed at the start of repayment, debt its target cover carries) where the first is larger."""

    @property
    def net(self) -> FloatArray:
        """What financing adds to the equity flow: grants and debt drawn, less service and costs.

        What is drawn in the last period is repaid in it.
        """
        net = self.grants + self.draws - self.service - self.costs
        net[-1:] -= self.balance[-1:]
        return net

    @property
    def gearing(self) -> float:
        """Debt as a part of all that is paid in."""
        debt = float(self.draws.sum())
        return debt / (debt + float(self.equity.sum()) + float(self.grants.sum()))

    @property
    def has_debt(self) -> bool:
        return bool(self.draws.any())


def financing_plan(flows: Flows, project: ProjectFile) -> FinancingPlan | Missing:
    """Sources by period and the debt schedule; Missing('no-financing') where the project states none (METHOD 3).

    Raises InputError where sources and uses differ in a year of construction (its message names year and amount),
    where grants are given twice or money comes after the last period, or where a tranche cannot be repaid as stated.
    """
    financing = project.financing
    if financing is None or not any(map(any, (financing.equity, financing.grants, *_drawn(financing)))):
        return Missing(NO_FINANCING)
    _raise(_input_problems(flows, financing))
    grant_lines = flows.total(FlowKind.GRANT)
    grants = grant_lines if grant_lines.any() else padded(financing.grants, flows.periods)
    opening = opening_period(flows)
    schedules = _schedules(flows, financing, opening)
    draws, service, fee, interest_paid, balance = (
        sum((getattr(schedule, name) for _, schedule in schedules), start=np.zeros(flows.periods))
        for name in ("draws", "service", "fee", "interest_paid", "balance")
    )
    equity = padded(financing.equity, flows.periods)
    sources = equity + grants + draws
    unfunded = _unfunded(sources, flows.total(FlowKind.CAPEX) + interest_paid, fee)
    costs = fee + interest_paid
    _raise(imbalances(flows, sources, costs=costs, unfunded=unfunded, service=service, opening=opening))
    rates = [(float(sum(tranche.amounts)), tranche.rate) for tranche in financing.debt]
    drawn = sum(amount for amount, _ in rates)
    return FinancingPlan(
        equity=frozen(equity),
        grants=frozen(grants),
        draws=frozen(draws),
        service=frozen(service),
        costs=frozen(costs),
        unfunded_fee=frozen(unfunded),
        balance=frozen(balance),
        opening=opening,
        interest_rate=sum(amount * rate for amount, rate in rates) / drawn if drawn else float("nan"),
        balloon=sum(schedule.balloon for _, schedule in schedules),
        maturity=max((schedule.maturity for _, schedule in schedules), default=0),
        over_capacity=tuple(
            (at, schedule.lent, schedule.capacity)
            for at, schedule in sorted(schedules, key=_position)
            if schedule.capacity is not None and schedule.lent > schedule.capacity * (1 + SHARE_TOLERANCE)
        ),
    )


def opening_period(flows: Flows) -> int:
    """The first period of operation: of revenue, subsidy or benefit; without any, the one after the last investment."""
    operating = np.flatnonzero(flows.amounts[flows.mask(*OPENING_KINDS)].any(axis=0))
    if len(operating):
        return int(operating[0])
    invested = np.flatnonzero(flows.total(FlowKind.CAPEX))
    return int(invested[-1]) + 1 if len(invested) else 0


def _drawn(financing: Financing) -> list[Amounts]:
    return [tranche.amounts for tranche in financing.debt]


def _schedules(flows: Flows, financing: Financing, opening: int) -> list[tuple[int, DebtSchedule]]:
    """Of the tranches that draw anything, with its position; sculpted ones last: they pay from what others leave."""
    cfads, taken, schedules = flows.cfads, np.zeros(flows.periods), []
    tranches = [(at, tranche) for at, tranche in enumerate(financing.debt) if any(tranche.amounts)]
    for at, tranche in sorted(tranches, key=_sculpted):
        path = f"financing.debt[{at}]"
        schedule = debt_schedule(tranche, cfads=cfads, other_service=taken, opening=opening, path=path)
        taken = taken + schedule.service
        schedules.append((at, schedule))
    return schedules


def _position(numbered: tuple[int, DebtSchedule]) -> int:
    return numbered[0]


def _sculpted(numbered: tuple[int, DebtTranche]) -> bool:
    return numbered[1].repayment is Repayment.SCULPTED


def _input_problems(flows: Flows, financing: Financing) -> list[InputProblem]:
    problems = []
    if flows.total(FlowKind.GRANT).any() and any(financing.grants):
        message = "Grants are given both as cash-flow lines and under financing: keep one of them."
        problems.append(InputProblem("financing.grants", message))
    sources = {"financing.equity": financing.equity, "financing.grants": financing.grants}
    sources |= {f"financing.debt[{at}].amounts": tranche.amounts for at, tranche in enumerate(financing.debt)}
    last_year = flows.first_year + flows.periods - 1
    for path, amounts in sources.items():
        if any(amounts[flows.periods :]):
            problems.append(InputProblem(path, f"Money is paid in after {last_year}, the last year of the cash flows."))
        if any(amount < 0 for amount in amounts):
            problems.append(InputProblem(path, "An amount of financing must not be negative."))
    return problems


def _unfunded(sources: FloatArray, uses: FloatArray, fee: FloatArray) -> FloatArray:
    """Upfront fees of the years whose sources are just the other uses: the owners pay them beside, (periods,)."""
    return np.where((fee > 0) & (np.abs(sources - uses) <= tolerance(uses)), fee, 0.0)


def _raise(problems: list[InputProblem]) -> None:
    if problems:
        raise InputError(*problems)
