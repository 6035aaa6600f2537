"""The ranked portfolio, its CSV, and the reports of its runs."""

from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal.models import RunCriterion
from appraisal.reports.open_data import Column, portfolio_csv
from appraisal.services import ranking, reporting
from appraisal.services.ranking import Portfolio, PortfolioView
from appraisal.web.downloads import attachment
from appraisal.web.drawing import ScoreSegment
from appraisal.web.identity import current_actor, sessions, signed_in
from forms.portfolio import PortfolioFilter

pages = Blueprint("portfolio", __name__)
COLUMNS = (
    Column("rank", "Rank"),
    Column("rank_low", "Rank, 5% of draws"),
    Column("rank_high", "Rank, 95% of draws"),
    Column("reference", "Reference"),
    Column("title", "Project"),
    Column("score", "Score", "0-100"),
    Column("low", "Score at worst", "0-100"),
    Column("high", "Score at best", "0-100"),
    Column("risk_adjusted_return", "Risk-adjusted return", "per unit of public money"),
    Column("prob_negative", "Chance that society loses", "0-1"),
    Column("cost", "Capital cost", "single units of the currency"),
    Column("currency", "Currency"),
    Column("gates", "Gates that block"),
    Column("run", "Run"),
)


@pages.get("/portfolio")
@signed_in
def ranked() -> ResponseReturnValue:
    form, portfolio = _asked()
    return render_template(
        "portfolio/ranked.html",
        form=form,
        portfolio=portfolio,
        segments=segments,
        csv_url=f"{url_for('.as_csv')}?{urlencode(request.args.to_dict())}",
        filtered=any(field.data for field in (form.text, form.area, form.gate)),
    )


@pages.get("/portfolio.csv")
@signed_in
def as_csv() -> ResponseReturnValue:
    _, portfolio = _asked()
    rows = [
        {column.key: getattr(row, column.key, "") for column in COLUMNS} | {"gates": ", ".join(row.blocking)}
        for row in portfolio.rows
    ]
    return attachment(portfolio_csv(COLUMNS, rows).encode("utf-8-sig"), "portfolio.csv", "text/csv; charset=utf-8")


@pages.get("/runs/<int:number>/report.pdf")
@signed_in
def report_pdf(number: int) -> ResponseReturnValue:
    from appraisal.reports.document import appraisal_pdf  # noqa: PLC0415 -- only where a report is made

    with sessions()() as database:
        report = reporting.report_of(database, current_actor(), number)
    return attachment(appraisal_pdf(report), f"{report.project.reference}-run-{number}.pdf", "application/pdf")


@pages.get("/runs/<int:number>/report.xlsx")
@signed_in
def report_xlsx(number: int) -> ResponseReturnValue:
    from appraisal.reports.workbook import appraisal_workbook  # noqa: PLC0415 -- only where a report is made

    with sessions()() as database:
        report = reporting.report_of(database, current_actor(), number)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return attachment(appraisal_workbook(report), f"{report.project.reference}-run-{number}.xlsx", kind)


def _asked() -> tuple[PortfolioFilter, Portfolio]:
    """The view the address asks for; what is not on the lists is the default."""
    form = PortfolioFilter(request.args)
    if not form.validate():
        form = PortfolioFilter()
    view = PortfolioView(
        sort=form.sort.data if form.sort.data in ranking.SORTS else "rank",
        descending=form.order.data == "down",
        area=form.area.data or "",
        gate=form.gate.data or "",
        text=form.text.data or "",
    )
    with sessions()() as database:
        return form, ranking.ranked_portfolio(database, current_actor(), view)


def segments(criteria: tuple[RunCriterion, ...]) -> tuple[ScoreSegment, ...]:
    """The certain points of each criterion, end to end."""
    drawn: list[ScoreSegment] = []
    start = 0.0
    for item in criteria:
        points = item.weight * item.low
        drawn.append(ScoreSegment(criterion=item.criterion, title=item.title, start=start, points=points))
        start += points
    return tuple(drawn)
