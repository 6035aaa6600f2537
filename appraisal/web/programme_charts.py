"""The pictures of the portfolio's pages: certainty, scenarios, programme."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from appraisal.services.certainty import Certainty, Mark
from appraisal.services.programme import Programme
from appraisal.services.ranking import Portfolio
from appraisal.web.charts import FULL, HALF, SCALE_WORDS, DrawnChart, drawn
from scoring.selection import FrontierPoint, Selection

if TYPE_CHECKING:
    from appraisal.reports.charts import Chart

Picture = Callable[[int], "Chart"]
"""A chart of the width that is asked for, in pixels."""
HALVES = ("ladder", "curve", "risk")
"""Pictures of a programme that stand two side by side; the years make the fourth of them where there is a third."""
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
    return drawn(heat_picture(certainty, budgeted=budgeted), WHOLE)


def heat_picture(certainty: Certainty, *, budgeted: bool) -> Picture:
    """How often each project takes each rank, at any width."""
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
    return lambda width: acceptability_map(rows, funded=funded, width=width)


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


def programme_charts(programme: Programme, value_name: str) -> dict[str, DrawnChart]:
    """The pictures of a programme that was found, as its page shows them."""
    pictures = programme_pictures(programme, value_name)
    halves = (*HALVES, "years") if "risk" in pictures else HALVES
    return {name: drawn(make, HALF if name in halves else FULL) for name, make in pictures.items()}


def programme_pictures(programme: Programme, value_name: str) -> dict[str, Picture]:
    """The frontiers against budget and risk, the ladder and the years of a programme that was found, at any width."""
    held = programme.material.held
    if programme.selection is None:
        return {}
    unit = f"{held.currency} {SCALE_WORDS[held.unit]}".strip()
    found = {
        "ladder": _ladder(programme, unit, value_name),
        "curve": _curve(programme, unit, value_name),
        "risk": _risk(programme, unit, value_name),
        "years": _years(programme, unit),
    }
    return {name: made for name, made in found.items() if made is not None}


def _ladder(programme: Programme, unit: str, value_name: str) -> Picture | None:
    """Each project once: as the programme has it, else in its first year."""
    from appraisal.reports.charts import Rung, value_ladder  # noqa: PLC0415

    problem, posed, taken = programme.problem, programme.posed, programme.mask
    shown: dict[int, int] = {}
    for at, each in enumerate(posed.alternatives):
        if taken[at] or (each.place not in shown and at not in problem.must_not and problem.values[at] > 0):
            shown[each.place] = at
    rungs = [
        Rung(
            reference=programme.material.rows[place].reference,
            title=programme.material.rows[place].title,
            cost=float(problem.spend[at]),
            value=float(problem.values[at]),
            chosen=bool(taken[at]),
        )
        for place, at in shown.items()
    ]
    if not rungs:
        return None
    budget = float(problem.budgets[0])
    return lambda width: value_ladder(rungs, budget=budget, unit=unit, value_name=value_name, width=width)


def entering_points(
    programme: Programme, points: Sequence[FrontierPoint]
) -> list[tuple[FrontierPoint, Selection, list[str]]]:
    """Points at which there is a programme, each with who enters there."""
    found: list[tuple[FrontierPoint, Selection, list[str]]] = []
    for point in points:
        if point.selection is None:
            continue
        moves = programme.moves(found[-1][1].chosen, point.selection.chosen) if found else None
        entering = [row.reference for row in moves.entering] if moves else []
        found.append((point, point.selection, entering))
    return found


def _curve(programme: Programme, unit: str, value_name: str) -> Picture | None:
    from appraisal.reports.charts import CurvePoint, budget_curve  # noqa: PLC0415

    selection, problem, outlook = programme.selection, programme.problem, programme.outlook
    if selection is None or outlook is None:
        return None
    budget = float(problem.budgets[0])
    points = [
        CurvePoint(budget=point.at * budget, value=found.value, entering=entering)
        for point, found, entering in entering_points(programme, outlook.frontier)
    ]
    if not points:
        return None
    cut = None if programme.cut.violations else (float(programme.cut.chosen @ problem.spend), programme.cut.value)
    present = (budget, selection.value)
    return lambda width: budget_curve(points, present=present, cut=cut, unit=unit, value_name=value_name, width=width)


def _risk(programme: Programme, unit: str, value_name: str) -> Picture | None:
    from appraisal.reports.charts import RiskPoint, risk_curve  # noqa: PLC0415

    curve, risk = programme.outlook.risk if programme.outlook else None, programme.problem.risk
    if curve is None or risk is None:
        return None
    points: list[RiskPoint] = []
    for _, found, entering in entering_points(programme, curve.points):
        point = RiskPoint(risk=float(risk[found.chosen].sum()), value=found.value, entering=entering)
        if not points or point.value > points[-1].value:
            points.append(point)
    if not points:
        return None
    return lambda width: risk_curve(
        points,
        present=curve.present,
        cut=curve.cut,
        tail=programme.posed.tail,
        capped=programme.capped_by == "cautious rule",
        unit=unit,
        value_name=value_name,
        value_unit=unit if programme.rules.objective == "value" else "points",
        width=width,
    )


def _years(programme: Programme, unit: str) -> Picture | None:
    """What falls due when, where each project starts as the programme has it."""
    from appraisal.reports.charts import YearlyCost, year_stack  # noqa: PLC0415

    material = programme.material
    costs = [
        YearlyCost(
            reference=pick.row.reference,
            title=pick.row.title,
            by_year={
                year + pick.alternative.shift: cost / material.held.unit
                for (year, source), cost in material.calls[pick.row.reference].items()
                if not source
            },
        )
        for pick in programme.picks()
    ]
    caps = {
        call[0]: float(budget)
        for call, budget in zip(programme.posed.calls, programme.problem.budgets, strict=True)
        if call is not None and not call[1]
    }
    if not any(cost.by_year for cost in costs):
        return None
    return lambda width: year_stack(costs, caps=caps, unit=unit, width=width)
