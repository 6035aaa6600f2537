"""The pictures of the portfolio's pages: certainty, scenarios, programme."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from appraisal.services.certainty import Certainty, Mark
from appraisal.services.programme import Programme
from appraisal.services.ranking import Portfolio
from appraisal.services.yearly_calls import Calls
from appraisal.web.charts import HALF, SCALE_WORDS, DrawnChart, drawn

WHOLE = 1180
"""Pixels: a panel without anything beside it."""


def slope(left: Portfolio, right: Portfolio, left_name: str, right_name: str) -> DrawnChart | None:
    """Ranks on both sides; None where nothing is ranked."""
    from appraisal.reports.charts import Slope, slope_chart  # noqa: PLC0415 -- the renderer only where a chart is shown

    now = {row.reference: row for row in right.everyone}
    slopes = [
        Slope(
            reference=row.reference,
            title=row.title,
            left=row.rank,
            right=now[row.reference].rank,
            left_in=row.funded,
            right_in=now[row.reference].funded,
        )
        for row in left.everyone
    ]
    if not slopes:
        return None
    return drawn(lambda width: slope_chart(slopes, left=left_name, right=right_name, width=width))


def heat_map(certainty: Certainty, *, budgeted: bool) -> DrawnChart:
    from appraisal.reports.charts import HeatRow, acceptability_map  # noqa: PLC0415

    rows = [
        HeatRow(
            reference=item.row.reference,
            title=item.row.title,
            expected=item.expected,
            shares=item.shares,
            funded=item.funded,
        )
        for item in certainty.rows
    ]
    funded = certainty.funded if budgeted else None
    return drawn(lambda width: acceptability_map(rows, funded=funded, width=width), WHOLE)


def strips(certainty: Certainty) -> DrawnChart | None:
    """Where single weights change the funded set; None without a budget."""
    from appraisal.reports.charts import Strip, stability_chart  # noqa: PLC0415

    found = [
        Strip(
            title=item.title,
            now=item.now,
            low=item.low,
            high=item.high,
            turns=[(mark.weight, _turn(mark, rising=mark.weight > item.now)) for mark in item.marks],
        )
        for item in certainty.stability
    ]
    return drawn(lambda width: stability_chart(found, width=width), WHOLE) if found else None


def _turn(mark: Mark, *, rising: bool) -> str:
    """What happens where the weight moves away from the present one past the mark."""
    return f"{mark.reference} {'enters' if mark.enters == rising else 'leaves'} at {100 * mark.weight:.1f}%"


def programme_charts(
    programme: Programme, calls: Mapping[str, Calls], caps: Mapping[int, float], value_name: str
) -> dict[str, DrawnChart]:
    """The budget curve, the ladder and the years of a programme that was found."""
    from appraisal.reports.charts import Rung, value_ladder  # noqa: PLC0415

    selection, problem, held = programme.selection, programme.problem, programme.material.held
    if selection is None:
        return {}
    unit = f"{held.currency} {SCALE_WORDS[held.unit]}".strip()
    rungs = [
        Rung(
            reference=row.reference,
            title=row.title,
            cost=float(problem.spend[at]),
            value=float(problem.values[at]),
            chosen=bool(selection.chosen[at]),
        )
        for at, row in enumerate(programme.material.rows)
        if at not in problem.must_not and (problem.values[at] > 0 or selection.chosen[at])
    ]
    charts = {}
    if rungs:
        charts["ladder"] = drawn(
            lambda width: value_ladder(
                rungs, budget=float(problem.budgets[0]), unit=unit, value_name=value_name, width=width
            ),
            HALF,
        )
    if (curve := _curve(programme, unit, value_name)) is not None:
        charts["curve"] = curve
    if (years := _years(programme, calls, caps, unit)) is not None:
        charts["years"] = years
    return charts


def _curve(programme: Programme, unit: str, value_name: str) -> DrawnChart | None:
    from appraisal.reports.charts import CurvePoint, budget_curve  # noqa: PLC0415

    selection, problem, outlook = programme.selection, programme.problem, programme.outlook
    if selection is None or outlook is None:
        return None
    budget, points = float(problem.budgets[0]), []
    before: npt.NDArray[np.bool_] | None = None
    for point in outlook.frontier:
        if point.selection is None:
            continue
        new = programme.chosen(point.selection.chosen & ~before) if before is not None else ()
        entering = [row.reference for row in new]
        points.append(CurvePoint(budget=point.at * budget, value=point.selection.value, entering=entering))
        before = point.selection.chosen
    if not points:
        return None
    cut = None if programme.cut.violations else (float(programme.cut.chosen @ problem.spend), programme.cut.value)
    present = (budget, selection.value)
    return drawn(
        lambda width: budget_curve(points, present=present, cut=cut, unit=unit, value_name=value_name, width=width),
        HALF,
    )


def _years(programme: Programme, calls: Mapping[str, Calls], caps: Mapping[int, float], unit: str) -> DrawnChart | None:
    from appraisal.reports.charts import YearlyCost, year_stack  # noqa: PLC0415

    held, rows = programme.material.held, programme.chosen()
    costs = [
        YearlyCost(
            reference=row.reference,
            title=row.title,
            by_year={
                year: cost / held.unit for (year, source), cost in calls.get(row.reference, {}).items() if not source
            },
        )
        for row in rows
    ]
    if not any(cost.by_year for cost in costs):
        return None
    return drawn(lambda width: year_stack(costs, caps=caps, unit=unit, width=width))
