"""The ranked portfolio, its CSV, and the reports of its runs."""

from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.models import Round, RunCriterion
from appraisal.policy import Action
from appraisal.reports.open_data import Column, portfolio_csv
from appraisal.services import ranking, reporting
from appraisal.services.ranking import Portfolio, PortfolioView
from appraisal.web.charts import SCALE_WORDS, DrawnChart, portfolio_chart
from appraisal.web.downloads import attachment
from appraisal.web.drawing import ScoreSegment
from appraisal.web.identity import current_actor, sessions, signed_in
from forms.portfolio import AREAS, FILTERS, GATES, PortfolioFilter

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
    Column("inside", "Inside the budget", "share of draws, 0-1"),
    Column("failed", "Gates failed"),
    Column("open", "Gates open"),
    Column("run", "Run"),
)


@pages.get("/portfolio")
@signed_in
def ranked() -> ResponseReturnValue:
    form, portfolio = _asked()
    held = portfolio.round
    return render_template(
        "portfolio/ranked.html",
        form=form,
        portfolio=portfolio,
        segments=segments,
        columns=_headings(form, held),
        chips=_chips(form),
        legend=[{"id": item.criterion, "title": item.title} for item in portfolio.everyone[0].criteria]
        if portfolio.everyone
        else [],
        areas=AREAS,
        unit=held.unit if held else 1,
        may_register=policy.allows(current_actor(), Action.CREATE_PROJECT),
        csv_url=f"{url_for('.as_csv')}?{urlencode(request.args.to_dict())}",
        filtered=any(field.data for field in (form.text, form.area, form.gate)),
        chart=_map(portfolio),
    )


def _headings(form: PortfolioFilter, held: Round | None) -> list[dict[str, object]]:
    """The table's columns; those that can be sorted by lead to it, and back again."""
    money = f"{held.currency} {SCALE_WORDS[held.unit]}".strip() if held else ""
    named: list[tuple[str, str, str, bool]] = [
        ("Rank", "", "rank", True),
        ("Project", "", "title", False),
        ("90% rank range", "", "", False),
        ("Score by criterion", "", "", False),
        ("Score", "of 100", "score", True),
        ("Return", "per public unit", "return", True),
        ("NPV P50", money, "npv", True),
        ("Loss", "for society", "loss", True),
        ("Cost", money, "cost", True),
        ("In budget", "of the draws", "", True),
        ("Report", "", "", False),
    ]
    return [*(_heading(form, *each) for each in named), {"hidden": True, "text": "More"}]


def _heading(form: PortfolioFilter, text: str, unit: str, sort: str, numeric: bool) -> dict[str, object]:
    heading: dict[str, object] = {"text": text, "unit": unit, "numeric": numeric}
    if sort:
        current, down = (form.sort.data or "rank") == sort, form.order.data == "down"
        asked = request.args.to_dict() | {"sort": sort, "order": "down" if current and not down else ""}
        heading["sort_href"] = _address(asked)
        if current:
            heading["sort"] = "descending" if down else "ascending"
    return heading


def _chips(form: PortfolioFilter) -> list[dict[str, str]]:
    """The filters in force, each with the address without it."""
    chips = []
    for field in (form.text, form.area, form.gate):
        if field.data:
            asked = {key: value for key, value in request.args.to_dict().items() if key != field.name}
            words = {"area": AREAS, "gate": GATES}.get(field.name, {})
            chips.append({"text": words.get(field.data, field.data), "remove_href": _address(asked)})
    return chips


def _address(asked: dict[str, str]) -> str:
    kept = {key: value for key, value in asked.items() if value and key in FILTERS}
    return f"{url_for('.ranked')}?{urlencode(kept)}" if kept else url_for(".ranked")


def _map(portfolio: Portfolio) -> DrawnChart | None:
    """Both indices of everything that is ranked, whatever the filters show; None without a budget to draw."""
    held, x_line, y_line = portfolio.round, portfolio.return_line, portfolio.score_line
    if held is None or x_line is None or y_line is None:
        return None
    return portfolio_chart(portfolio.everyone, held.currency, held.unit, x_line=x_line, y_line=y_line)


@pages.get("/portfolio.csv")
@signed_in
def as_csv() -> ResponseReturnValue:
    _, portfolio = _asked()
    rows = [
        {column.key: getattr(row, column.key, "") for column in COLUMNS}
        | {"failed": ", ".join(row.failed), "open": ", ".join(row.open)}
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
