"""Small projects and a framework with round figures, for tests of the returns."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from scoring.frameworks.framework import Economics, ExchangeRate, Framework
from scoring.project_file import CashFlowLine, CashFlows, DebtTranche, Financing, FlowKind, ProjectFile

ECONOMICS = Economics(
    financial_rate=0.04,
    social_rate=0.09,
    social_rate_concessional=0.06,
    finance_rate=0.05,
    reinvestment_rate=0.03,
    hurdles=(0.035, 0.09),
    standard_conversion_factor=1.0,
    shadow_exchange_rate=1.1,
    shadow_wage_factor=0.75,
    welfare_epsilon=1.3,
    income_groups={"q5": 2.0, "q1": 0.4, "q2": 0.7, "q3": 1.0, "q4": 1.4},
    carbon_prices={"low": {2025: 20.0}, "central": {2025: 40.0, 2035: 60.0}},
    aversion=2.0,
    risk_free_rate=0.02,
    beta=0.5,
    equity_premium=0.06,
    country_premium=0.01,
    target_dscr=1.3,
)
FRAMEWORK = Framework(
    key="test",
    version=1,
    title="Test",
    summary="",
    currency="KRW",
    criteria=(),
    economics=ECONOMICS,
    exchange_rates=(
        ExchangeRate(currency="USD", per_unit=1300.0, date="2026-01-01", source="test"),
        ExchangeRate(currency="INR", per_unit=16.0, date="2026-01-01", source="test"),
    ),
)


def framework(**economics: Any) -> Framework:
    return replace(FRAMEWORK, economics=replace(ECONOMICS, **economics))


def decimals(amounts: Sequence[float]) -> tuple[Decimal, ...]:
    return tuple(Decimal(str(amount)) for amount in amounts)


def line(kind: str, amounts: Sequence[float] = (), **fields: Any) -> CashFlowLine:
    fields.setdefault("name", kind)
    if "tonnes" in fields:
        fields["tonnes"] = decimals(fields["tonnes"])
    return CashFlowLine(kind=FlowKind(kind), amounts=decimals(amounts), **fields)


def tranche(amounts: Sequence[float], rate: float, tenor: int, **fields: Any) -> DebtTranche:
    fields.setdefault("name", "loan")
    return DebtTranche(amounts=decimals(amounts), rate=rate, tenor=tenor, **fields)


def financing(
    *debt: DebtTranche, equity: Sequence[float] = (), grants: Sequence[float] = (), gearing_cap: float | None = None
) -> Financing:
    return Financing(equity=decimals(equity), grants=decimals(grants), gearing_cap=gearing_cap, debt=debt)


def project(*lines: CashFlowLine, **fields: Any) -> ProjectFile:
    fields.setdefault("currency", "KRW")
    return ProjectFile(reference="TEST-1", title="Test", cash_flows=CashFlows(first_year=2026, lines=lines), **fields)
