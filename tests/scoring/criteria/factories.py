"""One published project with its returns, and small changes to it, for tests of the criteria."""

from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from appraisal.reading.project_file import read_project
from scoring.criteria.assessment import assess
from scoring.criteria.computed import Basis
from scoring.criteria.scales import UNANSWERED, Level
from scoring.frameworks import Framework, Indicator, load_framework
from scoring.parameters import load_parameters
from scoring.project_file import Answer, CashFlowLine, EvidenceGrade, FlowKind, ProjectFile, Safeguards
from scoring.result import CriteriaResult, EconomicReturn, EquityReturn, FinancialReturn, Note, RiskReturn
from scoring.returns import economic_return, equity_return, financial_return, to_arrays
from scoring.risk.risk_return import simulate

CASE = Path(__file__).parents[2] / "cases" / "projects" / "opal-lakes.json"


@cache
def returns() -> tuple[ProjectFile, tuple[FinancialReturn, EquityReturn, EconomicReturn, RiskReturn]]:
    project, framework = read_project(CASE.read_bytes()), load_framework()
    flows = to_arrays(project, framework)
    risk, _, _ = simulate(project, framework, load_parameters(), flows, seed=1, draws=200)
    return project, (
        financial_return(flows, project, framework),
        equity_return(flows, project, framework),
        economic_return(flows, project, framework),
        risk,
    )


def assessed(
    answers: dict[str, Answer], facts: Safeguards | None = None, framework: Framework | None = None
) -> tuple[CriteriaResult, tuple[Note, ...]]:
    project, figures = returns()
    changed = replace(project, answers=answers, safeguards=facts or Safeguards())
    return assess(changed, framework or load_framework(), *figures)


def basis(**changes: Any) -> Basis:
    """The case as rules see it, without debt and with BK3 unanswered, changed where said."""
    project, (financial, equity, economic, risk) = returns()
    given: dict[str, Any] = {
        "project": project,
        "social_rate": 0.07,
        "financial": financial,
        "equity": equity,
        "economic": economic,
        "risk": risk,
        "funding": Level(UNANSWERED, UNANSWERED),
    }
    return Basis(**{**given, **changes})


def with_lines(*lines: CashFlowLine, **changes: Any) -> ProjectFile:
    project, _ = returns()
    return replace(project, cash_flows=replace(project.cash_flows, lines=lines), **changes)


def line(kind: str, *amounts: float, line_class: str | None = None) -> CashFlowLine:
    return CashFlowLine(
        name=kind, kind=FlowKind(kind), amounts=tuple(Decimal(amount) for amount in amounts), line_class=line_class
    )


def best(level: int = 4) -> Answer:
    return Answer(level=level, evidence=EvidenceGrade.VERIFIED)


def indicator(name: str) -> Indicator:
    return next(item for item in load_framework().indicators if item.id == name)
