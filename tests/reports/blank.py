"""The report of a project just begun: no cash flow, no answer, no draw."""

from dataclasses import fields, replace
from typing import Any

from appraisal.reports.report import AppraisalReport
from scoring.project_file import (
    CashFlows,
)
from scoring.result import (
    CriteriaResult,
    Missing,
)
from tests.reports.factories import report


def empty_report() -> AppraisalReport:
    """A project just begun: no cash flow, no answer, no draw."""
    made = report()
    gone = Missing("no-cash-flows")
    return replace(
        made,
        rank=None,
        project=replace(made.project, summary="", cash_flows=CashFlows(first_year=2026), answers={}),
        result=replace(
            made.result,
            financial=replace(_without_figures(made.result.financial, gone), irr_all=(), by_hurdle=(), net_flow=()),
            economic=replace(_without_figures(made.result.economic, gone), irr_all=(), by_hurdle=(), net_flow=()),
            equity=_without_figures(made.result.equity, gone),
            risk=replace(
                _without_figures(made.result.risk, gone),
                financial_npv=_without_figures(made.result.risk.financial_npv, gone),
                economic_npv=_without_figures(made.result.risk.economic_npv, gone),
                economic_histogram=None, financial_histogram=None, economic_fan=None, financial_fan=None,
                drivers_used=(), largest_correlation_repair=0.0,
            ),
            sensitivity=(),
            problems=(),
            criteria=_unanswered(made.result.criteria),
        ),
    )  # fmt: skip


def _without_figures(made: Any, gone: Missing) -> Any:
    names = [field.name for field in fields(made) if isinstance(getattr(made, field.name), float | Missing)]
    return replace(made, **dict.fromkeys(names, gone))


def _unanswered(made: CriteriaResult) -> CriteriaResult:
    gone = Missing("unanswered")
    rows = tuple(
        replace(row, level=gone, stated_level=gone, capped=False, cap_reason="", evidence=None, explanation="",
                contribution=gone, low=0.0, high=100 * row.weight)
        for row in made.indicators
    )  # fmt: skip
    by_criterion = {
        key: replace(row, score=gone, low=0.0, high=100.0, completeness=0.0, contribution=gone)
        for key, row in made.by_criterion.items()
    }
    return replace(
        made, total=gone, interval=(0.0, 100.0), completeness=0.0, by_criterion=by_criterion, indicators=rows
    )
