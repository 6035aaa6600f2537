"""The ranked portfolio, its CSV, and the reports of its runs."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.models import ProjectState, Scope
from appraisal.policy import Action
from appraisal.services import ranking, reporting
from appraisal.services.batches import appraise_all
from appraisal.services.portfolio_rows import CriterionScore
from appraisal.services.ranking import Portfolio
from appraisal.services.scenarios import Kept
from appraisal.services.spreads import panel_spreads
from appraisal.web.baselines import LAST, baselines
from appraisal.web.browser_data import browser_data
from appraisal.web.charts import DrawnChart, portfolio_chart
from appraisal.web.downloads import attachment
from appraisal.web.drawing import ScoreSegment
from appraisal.web.identity import current_actor, open_to_tokens, sessions, signed_in
from appraisal.web.kept import kept_page, live_part
from appraisal.web.list_csv import list_csv
from appraisal.web.paging import Listed, listed
from appraisal.web.ranked_table import chips, headings, shown_columns
from appraisal.web.what_changed import broken_cap, contradiction_text, headline, said
from appraisal.web.what_if import COLUMN, LIVE_MOST, Asked, asked, cap_years, preset_links
from forms.administration import ClosingForm
from forms.portfolio import AREAS
from forms.portfolio import COLUMNS as COLUMN_NAMES
from forms.what_if import SOURCES
from scoring.frameworks import Method
from scoring.frameworks.vocabulary import METHODS
from scoring.limits import DEFAULT_DRAWS

if TYPE_CHECKING:
    from appraisal.reports.sealed import ReportKind

pages = Blueprint("portfolio", __name__)
SEED = 1
LONGEST_ADDRESS = 2_000
"""Characters after the question mark up to which a page is kept."""
MOST_SAID = 50
"""Sentences on who enters and who leaves; the others are counted."""
ROUNDING = 1e-6
"""Points below which a total is the sum of its parts."""


@pages.get("/portfolio")
@signed_in
def ranked() -> ResponseReturnValue:
    with sessions()() as database:
        base = ranking.ranked_portfolio(database, current_actor())
    saved = baselines()
    due = len(base.due) if _may_appraise() else 0
    return kept_page(
        "portfolio/ranked.html",
        _key(base, saved),
        lambda: _values(asked(base, calls_up_to=LIVE_MOST), saved),
        due=lambda: live_part("portfolio/due.html", due=due),
        waiting=lambda: live_part("portfolio/waiting.html", waiting=base.waiting),
    )


def _key(base: Portfolio, saved: Sequence[Kept]) -> Hashable | None:
    """What the page depends on: the ranking, which is of whoever sees the same, what the role may do, the scenarios to
    compare with, and the address. None where it shows what a panel said, which changes while the ranking stays."""
    if "spread" in request.args.getlist(COLUMN) or len(request.query_string) > LONGEST_ADDRESS:
        return None
    offered = tuple((each.id, each.name) for each in saved)
    return base.serial, current_actor().role, offered, tuple(request.args.items(multi=True))


def _values(page: Asked, saved: Sequence[Kept]) -> dict[str, object]:
    found = listed(page)
    return _shown(page, found) | {
        "form": page.form,
        "presets": preset_links(page),
        "cap_years": cap_years(page),
        "sources": SOURCES,
        "data": browser_data(page, found),
        "chart": _map(page.explored.portfolio) if page.live else None,
        "live_most": LIVE_MOST,
        "baselines": saved,
        "last": LAST,
        "column_names": COLUMN_NAMES,
    }


@pages.get("/portfolio/live")
@signed_in
def live() -> ResponseReturnValue:
    """The parts of the ranked list that a what-if changes: what the browser asks for when a slider is let go."""
    page = asked()
    return render_template("portfolio/live.html", **_shown(page, listed(page)))


def _shown(page: Asked, found: Listed) -> dict[str, object]:
    held, everyone = page.base.round, page.explored.portfolio.everyone
    cells = shown_columns(page)
    entering, leaving = page.explored.entering, page.explored.leaving
    return {
        "page": page,
        "listed": found,
        "explored": page.explored,
        "portfolio": page.explored.portfolio,
        "round": held,
        "unit": held.unit if held else 1,
        "entering": [said(page.explored, change) for change in entering[:MOST_SAID]],
        "leaving": [said(page.explored, change) for change in leaving[:MOST_SAID]],
        "unsaid": {"In": max(0, len(entering) - MOST_SAID), "Out": max(0, len(leaving) - MOST_SAID)},
        "against": headline(page.explored),
        "contradictions": [contradiction_text(page.explored, each) for each in page.explored.contradictions],
        "broken_cap": broken_cap(page.explored),
        "problems": dict(page.explored.what_if.problems),
        "segments": segments,
        "by_sum": page.base.aggregation.method is Method.WEIGHTED_SUM,
        "method": METHODS[page.base.aggregation.method],
        "relative": page.base.aggregation.method.relative,
        "columns": headings(page),
        "cells": cells,
        "spreads": _spreads(found) if "spread" in cells else {},
        "chips": chips(page),
        "legend": [{"id": item.criterion, "title": item.title} for item in everyone[0].criteria] if everyone else [],
        "areas": AREAS,
        "by_rank": page.view.sort == "rank" and not page.view.descending,
        "may_register": policy.allows(current_actor(), Action.CREATE_PROJECT),
        "filtered": any(field.data for field in (page.form.text, page.form.area, page.form.gate)),
    }


def _spreads(found: Listed) -> Mapping[str, float]:
    with sessions()() as database:
        return panel_spreads(database, current_actor(), found.rows)


def _may_appraise() -> bool:
    return policy.allows(current_actor(), Action.APPRAISE_PROJECT, project_state=ProjectState.SUBMITTED)


def _map(portfolio: Portfolio) -> DrawnChart | None:
    """Both indices of everything that is ranked, whatever the filters show; None without a budget to draw."""
    held, x_line, y_line = portfolio.round, portfolio.return_line, portfolio.score_line
    if held is None or x_line is None or y_line is None:
        return None
    return portfolio_chart(portfolio.everyone, held.currency, held.unit, x_line=x_line, y_line=y_line)


@pages.post("/portfolio/appraise")
@signed_in
def appraise_waiting() -> ResponseReturnValue:
    """Appraise what waits, and what was submitted again since its last run; each failure is said by name."""
    actor = current_actor()
    policy.require_in_state(actor, Action.APPRAISE_PROJECT, ProjectState.SUBMITTED)
    if ClosingForm().validate_on_submit():
        with sessions()() as database:
            due = ranking.ranked_portfolio(database, actor).due
        outcomes = appraise_all(sessions(), actor, list(due), seed=SEED, draws=DEFAULT_DRAWS)
        done = sum(outcome.run is not None for outcome in outcomes)
        flash(f"{done} project{'' if done == 1 else 's'} appraised.", "good")
        for outcome in outcomes:
            if outcome.run is None:
                flash(f"{due[outcome.project_id]} cannot be appraised: {outcome.problem}", "error")
    return redirect(url_for(".ranked"))


@pages.get("/portfolio.csv")
@open_to_tokens(Scope.READ_PORTFOLIO)
def as_csv() -> ResponseReturnValue:
    name, content = list_csv(asked())
    return attachment(content.encode("utf-8-sig"), name, "text/csv; charset=utf-8")


@pages.get("/runs/<int(max=2147483647):number>/report.pdf")
@open_to_tokens(Scope.READ_PROJECTS)
def report_pdf(number: int) -> ResponseReturnValue:
    from appraisal.reports.sealed import PDF  # noqa: PLC0415 -- only where a report is made

    return _report(number, PDF)


@pages.get("/runs/<int(max=2147483647):number>/report.xlsx")
@open_to_tokens(Scope.READ_PROJECTS)
def report_xlsx(number: int) -> ResponseReturnValue:
    from appraisal.reports.sealed import WORKBOOK  # noqa: PLC0415 -- only where a report is made

    return _report(number, WORKBOOK)


def _report(number: int, kind: "ReportKind") -> ResponseReturnValue:
    with sessions()() as database:
        reference = reporting.reference_of(database, current_actor(), number)
        content = reporting.sealed_report(database, current_actor(), number, kind)
    return attachment(content, f"{reference}-run-{number}{kind.ending}", kind.mimetype)


def segments(
    criteria: tuple[CriterionScore, ...], weights: Mapping[str, float], total: float | None = None
) -> tuple[ScoreSegment, ...]:
    """The certain points of each criterion under these weights, end to end.

    Where the framework's total is less than their sum, each is drawn smaller in proportion, so that they end there.
    """
    drawn: list[ScoreSegment] = []
    summed = sum(weights[item.criterion] * item.low for item in criteria)
    scale = 1.0 if total is None or summed - total <= ROUNDING else total / summed
    start = 0.0
    for item in criteria:
        points = scale * weights[item.criterion] * item.low
        drawn.append(ScoreSegment(criterion=item.criterion, title=item.title, start=start, points=points))
        start += points
    return tuple(drawn)
