"""Every approved project after its decision: spent against plan, delay, and whose report is overdue; and its CSV."""

from flask import render_template
from flask.typing import ResponseReturnValue

from appraisal.reports.open_data import Cell, Column, portfolio_csv
from appraisal.services import following
from appraisal.services.following import Followed
from appraisal.web.downloads import attachment
from appraisal.web.identity import current_actor, sessions
from appraisal.web.project.delivery_figures import finding

COLUMNS = (
    Column("reference", "Reference"),
    Column("title", "Project"),
    Column("currency", "Currency"),
    Column("total", "Capital cost planned"),
    Column("until", "Reported until"),
    Column("planned", "Planned by then"),
    Column("spent", "Spent by then"),
    Column("planned_opening", "Opening planned", "year"),
    Column("opened_on", "Opened on"),
    Column("late", "Delay", "years"),
    Column("last", "Last report", "year"),
    Column("overdue", "Overdue reports", "years"),
    Column("finding", "In words"),
)


def delivered() -> ResponseReturnValue:
    with sessions()() as database:
        found = following.all_followed(database, current_actor())
    return render_template(
        "decide/delivered.html", lines=[(each, finding(each)) for each in found], title=_title(found)
    )


def delivered_csv() -> ResponseReturnValue:
    """The list as data: amounts in single units of the currency."""
    with sessions()() as database:
        found = following.all_followed(database, current_actor())
    text = portfolio_csv(COLUMNS, [_cells(each) for each in found])
    return attachment(text.encode("utf-8-sig"), "delivery.csv", "text/csv; charset=utf-8")


def _title(found: tuple[Followed, ...]) -> str:
    if not found:
        return "No project is approved yet"
    late = sum(bool(each.overdue) for each in found)
    of = "the one approved project" if len(found) == 1 else f"{len(found)} approved projects"
    if not late:
        return f"No report is overdue for {of}"
    return f"Reports are overdue for {of}" if len(found) == 1 else f"Reports are overdue for {late} of {of}"


def _cells(each: Followed) -> dict[str, Cell]:
    plan, standing = each.forecast, each.standing
    return {
        "reference": each.reference,
        "title": each.title,
        "currency": plan.file.currency if plan else "",
        "total": plan.total if plan else None,
        "until": standing.until if standing else None,
        "planned": standing.planned if standing else None,
        "spent": standing.spent if standing else None,
        "planned_opening": plan.opening if plan else None,
        "opened_on": each.dates.opened_on,
        "late": standing.late if standing else None,
        "last": each.reports[-1].year if each.reports else None,
        "overdue": ", ".join(str(year) for year in each.overdue),
        "finding": finding(each),
    }
