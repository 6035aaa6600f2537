"""The best programme under budgets and rules, and what it hangs on."""

from math import inf
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal.services.arena import Clash
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.programme import Material, Programme, best_programme, material_of, with_outlook
from appraisal.web.identity import current_actor, sessions, signed_in
from appraisal.web.programme_charts import programme_charts
from appraisal.web.programme_finding import finding
from appraisal.web.programme_outlook import buys_said, differs, first_out_said, more_than_cut, price_said
from appraisal.web.programme_words import budget_name, clash_said, field_problems, remedies, too_dear
from appraisal.web.what_changed import contradiction_text
from appraisal.web.what_if import Asked, Pairs, asked, cap_years
from forms.portfolio import AREAS
from forms.programme import FIELDS, OBJECTIVES, ProgrammeRules, read_programme
from forms.what_if import BUDGET, SOURCES, cap_name
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
    groups = groups_of(material)
    references = [row.reference for row in material.rows]
    rules = read_programme(request.args, references, groups, material.years, material.committed)
    programme = best_programme(material, page.explored, rules, groups)
    programme = with_outlook(programme, page.explored, futures=request.args.get("futures") == "1")
    said = clash_said(programme, page.explored)
    return render_template(
        "portfolio/programme.html",
        page=page,
        round=material.held,
        programme=programme,
        finding=finding(programme, sees_all=page.sees_all),
        rules=rules,
        objectives=OBJECTIVES,
        clash=said,
        remedies=remedies(said),
        too_dear=too_dear(programme),
        problems=field_problems(programme, page.explored),
        # What must be done against what it may cost is told by the clash, which knows of other start years.
        contradictions=[
            contradiction_text(page.explored, found)
            for found in page.explored.contradictions
            if found.clash is not Clash.TOO_DEAR
        ],
        groups=list(groups),
        example=references[:3],
        cap_years=cap_years(page),
        sources=SOURCES,
        charts=programme_charts(programme, value_name_of(rules, material)),
        value_name=value_name_of(rules, material),
        budget_names=[budget_name(call) for call in programme.posed.calls],
        moved=[pick for pick in programme.picks() if pick.alternative.shift],
        standings=_standings(programme),
        entered=differs(programme, best=True),
        left=differs(programme, best=False),
        price_said=price_said,
        buys_said=buys_said,
        first_out=first_out_said(programme, programme.selection) if programme.selection else "",
        against_cut=more_than_cut(programme, programme.selection) if programme.selection else ("", ""),
        report_pdf=page.url("programme_reports.pdf"),
        report_xlsx=page.url("programme_reports.workbook"),
        futures_href=page.url("portfolio_programme.shown", [("futures", "1")]),
        as_pins=_pins(page, programme),
        kept=_kept(page),
    )


def _kept(page: Asked) -> Pairs:
    """What the form does not ask for itself."""
    own = {*FIELDS, BUDGET, *(cap_name(call) for call in cap_years(page))}
    return [pair for pair in page.state if pair[0] not in own]


def groups_of(material: Material) -> dict[str, frozenset[str]]:
    """Action areas and cities that have projects, by the name people know."""
    found: dict[str, set[str]] = {}
    for row in material.rows:
        for name in (*(AREAS[area] for area in row.areas), row.city):
            if name:
                found.setdefault(name, set()).add(row.reference)
    return {name: frozenset(found[name]) for name in sorted(found)}


def value_name_of(rules: ProgrammeRules, material: Material) -> str:
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


def _pins(page: Asked, programme: Programme) -> str:
    """The ranked list with this programme pinned in: to be saved as a scenario, or shared."""
    kept = [pair for pair in page.state if pair[0] != "must"]
    pins = [("must", row.reference) for row in programme.chosen()]
    return f"{url_for('portfolio.ranked')}?{urlencode(kept + pins)}"
