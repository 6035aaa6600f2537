"""The best programme under budgets and rules, and what it hangs on."""

from math import inf
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.programme import Material, Programme, best_programme, material_of, with_outlook
from appraisal.web.identity import current_actor, sessions, signed_in
from appraisal.web.programme_charts import programme_charts
from appraisal.web.what_changed import contradiction_text
from appraisal.web.what_if import Asked, asked
from forms.portfolio import AREAS
from forms.programme import FIELDS, OBJECTIVES, ProgrammeRules, read_programme
from scoring.selection import Standing

pages = Blueprint("portfolio_programme", __name__)
VALUE_NAMES = {"value": "certainty equivalent", "score": "points", "mix": "points of the mix"}


@pages.get("/portfolio/programme")
@signed_in
def shown() -> ResponseReturnValue:
    page = asked(calls_up_to=inf)
    with sessions()() as database:
        material = material_of(database, current_actor(), page.explored)
    if material is None or not material.rows:
        return render_template("portfolio/no_programme.html", page=page, round=page.base.round)
    groups = _groups(material)
    rules = read_programme(request.args, [row.reference for row in material.rows], list(groups))
    programme = best_programme(material, page.explored, rules, groups)
    futures = request.args.get("futures") == "1"
    programme = with_outlook(programme, page.explored, futures=futures)
    caps = {year: float(cap) for (year, source), cap in page.explored.what_if.caps.items() if not source}
    return render_template(
        "portfolio/programme.html",
        page=page,
        round=material.held,
        programme=programme,
        rules=rules,
        objectives=OBJECTIVES,
        problems=_said(rules),
        contradictions=[contradiction_text(page.explored, found) for found in page.explored.contradictions],
        groups=list(groups),
        charts=programme_charts(programme, page.calls, caps, _value_name(rules, material)),
        value_name=_value_name(rules, material),
        standings=_standings(programme),
        entered=_differs(programme, best=True),
        left=_differs(programme, best=False),
        futures_href=page.url("portfolio_programme.shown", [*rules.parameters(), ("futures", "1")]),
        as_pins=_pins(page, programme),
        kept=[pair for pair in page.state if pair[0] not in FIELDS],
    )


def _groups(material: Material) -> dict[str, frozenset[str]]:
    """Action areas and cities that have projects, by the name people know."""
    found: dict[str, set[str]] = {}
    for row in material.rows:
        for name in (*(AREAS[area] for area in row.areas), row.city):
            if name:
                found.setdefault(name, set()).add(row.reference)
    return {name: frozenset(found[name]) for name in sorted(found)}


def _said(rules: ProgrammeRules) -> dict[str, str]:
    said: dict[str, str] = {}
    for name, text in rules.problems:
        said[name] = f"{said[name]} {text}" if name in said else text
    return said


def _value_name(rules: ProgrammeRules, material: Material) -> str:
    scale = {1: "", 1_000: " thousand", 1_000_000: " million"}[material.held.unit]
    name = VALUE_NAMES[rules.objective]
    return f"{name}, {material.held.currency}{scale}" if rules.objective == "value" else name


def _standings(programme: Programme) -> dict[str, list[tuple[PortfolioRow, float]]]:
    """Who belongs to the robust core, who is borderline, who never; each with the share of the futures."""
    robust = programme.outlook.robust if programme.outlook else None
    if robust is None:
        return {}
    found: dict[str, list[tuple[PortfolioRow, float]]] = {standing.value: [] for standing in Standing}
    for row, standing, share in zip(programme.material.rows, robust.standings, robust.project_shares, strict=True):
        found[standing.value].append((row, float(share)))
    for rows in found.values():
        rows.sort(key=lambda pair: (-pair[1], pair[0].reference))
    return found


def _differs(programme: Programme, *, best: bool) -> tuple[PortfolioRow, ...]:
    """Who is in the best programme and not in rank and cut, or the other way round."""
    if programme.selection is None:
        return ()
    chosen, cut = programme.selection.chosen, programme.cut.chosen
    return programme.chosen(chosen & ~cut if best else cut & ~chosen)


def _pins(page: Asked, programme: Programme) -> str:
    """The ranked list with this programme pinned in: to be saved as a scenario, or shared."""
    kept = [pair for pair in page.state if pair[0] != "must"]
    pins = [("must", row.reference) for row in programme.chosen()]
    return f"{url_for('portfolio.ranked')}?{urlencode(kept + pins)}"
