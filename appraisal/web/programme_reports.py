"""The report of the best programme as files: PDF and workbook, of what an address asks for or of a kept what-if."""

from math import inf
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from appraisal.services import programme_reports, scenarios
from appraisal.services.programme import best_programme, material_of, with_outlook
from appraisal.services.scenarios import Kept
from appraisal.web.downloads import attachment
from appraisal.web.identity import current_actor, sessions, signed_in
from appraisal.web.programme import groups_of
from appraisal.web.programme_report import programme_report
from appraisal.web.what_if import address, asked
from forms.programme import read_programme

if TYPE_CHECKING:
    from appraisal.reports.sealed import ReportKind
    from forms.what_if import Arguments

pages = Blueprint("programme_reports", __name__)


@pages.get("/portfolio/programme.pdf")
@signed_in
def pdf() -> ResponseReturnValue:
    from appraisal.reports.sealed import PDF  # noqa: PLC0415 -- only where a report is made

    return _sent(PDF, request.args)


@pages.get("/portfolio/programme.xlsx")
@signed_in
def workbook() -> ResponseReturnValue:
    from appraisal.reports.sealed import WORKBOOK  # noqa: PLC0415

    return _sent(WORKBOOK, request.args)


@pages.get("/portfolio/scenarios/<uuid:scenario_id>/programme.pdf")
@signed_in
def scenario_pdf(scenario_id: UUID) -> ResponseReturnValue:
    from appraisal.reports.sealed import PDF  # noqa: PLC0415

    return _of_kept(PDF, scenario_id)


@pages.get("/portfolio/scenarios/<uuid:scenario_id>/programme.xlsx")
@signed_in
def scenario_workbook(scenario_id: UUID) -> ResponseReturnValue:
    from appraisal.reports.sealed import WORKBOOK  # noqa: PLC0415

    return _of_kept(WORKBOOK, scenario_id)


def _of_kept(kind: "ReportKind", scenario_id: UUID) -> ResponseReturnValue:
    with sessions()() as database:
        kept = scenarios.scenario(database, current_actor(), scenario_id)
    return _sent(kind, MultiDict(kept.parameters), kept)


def _sent(kind: "ReportKind", arguments: "Arguments", kept: Kept | None = None) -> ResponseReturnValue:
    """The file; where there is no programme, the page that says why."""
    page = asked(calls_up_to=inf, arguments=arguments)
    with sessions()() as database:
        material = material_of(database, current_actor(), page.explored)
    groups = groups_of(material) if material else {}
    if material is None or not material.rows:
        return redirect(address("portfolio_programme.shown", page.state))
    references = [row.reference for row in material.rows]
    rules = read_programme(arguments, references, groups, material.years, material.committed)
    programme = best_programme(material, page.explored, rules, groups)
    selection = programme.selection
    if selection is None:
        return redirect(address("portfolio_programme.shown", page.state))
    programme = with_outlook(programme, page.explored, futures=True)
    with sessions()() as database:
        footing = programme_reports.footing_of(database, current_actor(), material.held, material.rows)
    report = programme_report(page, programme, selection, groups, footing, kept)
    with sessions()() as database:
        content = programme_reports.sealed_programme(database, current_actor(), report, kind)
    return attachment(content, f"programme-{material.held.name}{kind.ending}", kind.mimetype)
