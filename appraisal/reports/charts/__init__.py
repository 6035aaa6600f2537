"""Charts as Vega-Lite data with their findings and tables; `render_svg` makes the picture for page and PDF."""

from appraisal.reports.charts.budget import budget_chart
from appraisal.reports.charts.chart import Chart
from appraisal.reports.charts.cover import cover_chart
from appraisal.reports.charts.dots import hundred_dots
from appraisal.reports.charts.fan import cumulative_fan
from appraisal.reports.charts.histogram import npv_histogram
from appraisal.reports.charts.portfolio_map import MapPoint, portfolio_map
from appraisal.reports.charts.render import render_svg
from appraisal.reports.charts.s_curve import Curve, s_curve
from appraisal.reports.charts.tornado import tornado
from appraisal.reports.charts.waterfall import score_waterfall

__all__ = [
    "Chart",
    "Curve",
    "MapPoint",
    "budget_chart",
    "cover_chart",
    "cumulative_fan",
    "hundred_dots",
    "npv_histogram",
    "portfolio_map",
    "render_svg",
    "s_curve",
    "score_waterfall",
    "tornado",
]
