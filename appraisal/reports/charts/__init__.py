"""Charts as Vega-Lite data with their findings and tables; `render_svg` makes the picture for page and PDF."""

from appraisal.reports.charts.acceptability_map import HeatRow, acceptability_map
from appraisal.reports.charts.budget import budget_chart
from appraisal.reports.charts.budget_curve import CurvePoint, budget_curve
from appraisal.reports.charts.chart import Chart
from appraisal.reports.charts.cover import cover_chart
from appraisal.reports.charts.dots import hundred_dots
from appraisal.reports.charts.fan import cumulative_fan
from appraisal.reports.charts.histogram import npv_histogram
from appraisal.reports.charts.ladder import Rung, value_ladder
from appraisal.reports.charts.portfolio_map import MapPoint, portfolio_map
from appraisal.reports.charts.render import render_svg
from appraisal.reports.charts.risk_curve import RiskPoint, risk_curve
from appraisal.reports.charts.s_curve import Curve, s_curve
from appraisal.reports.charts.slope import Slope, slope_chart
from appraisal.reports.charts.spending import CostEstimate, SpendingYear, spending_curve
from appraisal.reports.charts.stability import Strip, stability_chart
from appraisal.reports.charts.tornado import tornado
from appraisal.reports.charts.waterfall import score_waterfall
from appraisal.reports.charts.year_stack import YearlyCost, year_stack

__all__ = [
    "Chart",
    "CostEstimate",
    "Curve",
    "CurvePoint",
    "HeatRow",
    "MapPoint",
    "RiskPoint",
    "Rung",
    "Slope",
    "SpendingYear",
    "Strip",
    "YearlyCost",
    "acceptability_map",
    "budget_chart",
    "budget_curve",
    "cover_chart",
    "cumulative_fan",
    "hundred_dots",
    "npv_histogram",
    "portfolio_map",
    "render_svg",
    "risk_curve",
    "s_curve",
    "score_waterfall",
    "slope_chart",
    "spending_curve",
    "stability_chart",
    "tornado",
    "value_ladder",
    "year_stack",
]
