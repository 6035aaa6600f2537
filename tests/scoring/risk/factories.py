"""Small projects with uncertainty, for the tests of risk."""

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from scoring.frameworks.framework import Economics, Framework
from scoring.parameters import load_parameters
from scoring.project_file import (
    CashFlowLine,
    CashFlows,
    Distribution,
    Driver,
    DriverName,
    Family,
    FlowKind,
    ProjectFile,
    Rates,
    RiskCategory,
    RiskEvent,
    Uncertainty,
)
from scoring.result import Note, RiskReturn, SensitivityRow
from scoring.returns.flows import Flows, to_arrays
from scoring.risk.risk_return import simulate

ECONOMICS = Economics(
    financial_rate=0.04,
    social_rate=0.09,
    social_rate_concessional=0.06,
    finance_rate=0.08,
    reinvestment_rate=0.05,
    hurdles=(0.09,),
    standard_conversion_factor=1.0,
    shadow_exchange_rate=1.0,
    shadow_wage_factor=1.0,
    welfare_epsilon=1.3,
    income_groups={"q1": 0.4, "q2": 0.7, "q3": 1.0, "q4": 1.4, "q5": 2.5},
    aversion=2.0,
    programme_budget=None,
    risk_free_rate=0.02,
    beta=0.8,
    equity_premium=0.05,
    target_dscr=1.3,
)
FRAMEWORK = Framework(key="test", version=1, title="Test", summary="", currency="USD", criteria=(), economics=ECONOMICS)
PARAMETERS = load_parameters()
UNCERTAIN = ("correlations", "events", "obsolescence", "options")


def line(kind: str, amounts: list[float], name: str = "", **fields: Any) -> CashFlowLine:
    exact = tuple(Decimal(str(amount)) for amount in amounts)
    return CashFlowLine(name=name or kind, kind=FlowKind(kind), amounts=exact, **fields)


def driver(name: str, family: str = "", *, reference_class: str | None = None, **fields: Any) -> Driver:
    chosen = {key: fields.pop(key) for key in ("applies_to", "unit") if key in fields}
    stated = Distribution(family=Family(family), **fields) if family else None
    return Driver(driver=DriverName(name), distribution=stated, reference_class=reference_class, **chosen)


def event(probability: float, category: str = "cyber-incident", **fields: Any) -> RiskEvent:
    return RiskEvent(name="Event", category=RiskCategory(category), probability=probability, **fields)


def project(*lines: CashFlowLine, drivers: tuple[Driver, ...] = (), **fields: Any) -> ProjectFile:
    uncertain = {key: fields.pop(key) for key in UNCERTAIN if key in fields}
    fields.setdefault("uncertainty", Uncertainty(drivers=drivers, **uncertain))
    fields.setdefault("rates", Rates(financial=0.1, social=0.1))
    fields.setdefault("reference", "TEST-1")
    return ProjectFile(title="Test", currency="USD", cash_flows=CashFlows(first_year=2026, lines=lines), **fields)


def flows_of(plan: ProjectFile, framework: Framework = FRAMEWORK) -> Flows:
    return to_arrays(plan, framework)


def simulated(
    plan: ProjectFile, *, seed: int = 1, draws: int = 2000, framework: Framework = FRAMEWORK, **fields: Any
) -> tuple[RiskReturn, tuple[SensitivityRow, ...], tuple[Note, ...]]:
    return simulate(plan, framework, PARAMETERS, flows_of(plan, framework), seed=seed, draws=draws, **fields)


@cache
def vectors() -> dict[str, dict[str, Any]]:
    """The published and closed-form cases by id."""
    file = Path(__file__).parents[2] / "cases" / "distribution_vectors.json"
    return {case["id"]: case for case in json.loads(file.read_text(encoding="utf-8"))}
