"""The pictures of one appraisal by name: each the same on a page, as a file and in the report.

A picture that the result has no figures for is None.
"""

from collections.abc import Callable, Mapping
from itertools import accumulate

from appraisal.reports.charts import (
    Chart,
    Curve,
    budget_chart,
    cover_chart,
    cumulative_fan,
    hundred_dots,
    npv_histogram,
    s_curve,
    score_waterfall,
    tornado,
)
from appraisal.reports.figures import MoneyUnit
from appraisal.reports.report import AppraisalReport
from scoring.result import Fan, Histogram, RiskMeasures

Picture = Callable[[AppraisalReport, int], Chart | None]


def _unit(report: AppraisalReport) -> str:
    return MoneyUnit.of(report.project).long


def _score(report: AppraisalReport, width: int) -> Chart:
    return score_waterfall(report.result.criteria, report.framework, width=width)


def _histogram(
    report: AppraisalReport, width: int, drawn: Histogram | None, measures: RiskMeasures, name: str
) -> Chart | None:
    if drawn is None:
        return None
    draws, seed = report.result.draws, report.result.seed
    return npv_histogram(drawn, measures, name=name, unit=_unit(report), draws=draws, seed=seed, width=width)


def _loss(report: AppraisalReport, width: int) -> Chart | None:
    risk = report.result.risk
    return _histogram(report, width, risk.economic_histogram, risk.economic_npv, "Economic NPV")


def _financial_loss(report: AppraisalReport, width: int) -> Chart | None:
    risk = report.result.risk
    return _histogram(report, width, risk.financial_histogram, risk.financial_npv, "Financial NPV")


def _futures(report: AppraisalReport, width: int) -> Chart | None:
    return hundred_dots(report.result.risk.economic_npv, name="the economic NPV", width=width)


def _probability(report: AppraisalReport, width: int) -> Chart | None:
    risk = report.result.risk
    curves = [
        Curve(name=name, histogram=histogram, measures=measures)
        for name, histogram, measures in (
            ("Economic NPV", risk.economic_histogram, risk.economic_npv),
            ("Financial NPV", risk.financial_histogram, risk.financial_npv),
        )
        if histogram is not None
    ]
    return s_curve(curves, unit=_unit(report), width=width) if curves else None


def _fan(report: AppraisalReport, width: int, fan: Fan | None, planned: tuple[float, ...], name: str) -> Chart | None:
    if fan is None or not fan.years:
        return None
    return cumulative_fan(fan, name=name, unit=_unit(report), planned=tuple(accumulate(planned)), width=width)


def _cash(report: AppraisalReport, width: int) -> Chart | None:
    result = report.result
    return _fan(report, width, result.risk.financial_fan, result.financial.net_flow, "cash")


def _worth(report: AppraisalReport, width: int) -> Chart | None:
    result = report.result
    return _fan(report, width, result.risk.economic_fan, result.economic.net_flow, "economic flow")


def _cover(report: AppraisalReport, width: int) -> Chart | None:
    cover = report.result.equity.dscr
    if all(ratio is None for ratio in cover):
        return None
    first, target = report.project.cash_flows.first_year, report.framework.economics.target_dscr
    return cover_chart(cover, first_year=first, target=target, width=width)


def _assumptions(report: AppraisalReport, width: int) -> Chart | None:
    result = report.result
    if not result.sensitivity:
        return None
    base = result.risk.economic_npv.p50
    return tornado(result.sensitivity, base=base, name="economic NPV", unit=_unit(report), width=width)


def _budget(report: AppraisalReport, width: int) -> Chart | None:
    call = report.result.risk.budget_call
    return None if call is None else budget_chart(call, unit=_unit(report), width=width)


PICTURES: Mapping[str, Picture] = {
    "score": _score,
    "cash": _cash,
    "economic-flow": _worth,
    "debt-cover": _cover,
    "loss": _loss,
    "financial-loss": _financial_loss,
    "futures": _futures,
    "probability": _probability,
    "assumptions": _assumptions,
    "budget": _budget,
}
"""By the name under which each is addressed."""
