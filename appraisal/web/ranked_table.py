"""The head of the ranked table and the filters in force: every change of view is an address."""

from urllib.parse import urlencode

from flask import request, url_for

from appraisal.models import Round
from appraisal.web.charts import SCALE_WORDS
from forms.portfolio import AREAS, FILTERS, GATES, PortfolioFilter


def headings(form: PortfolioFilter, held: Round | None) -> list[dict[str, object]]:
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


def chips(form: PortfolioFilter) -> list[dict[str, str]]:
    """The filters in force, each with the address without it."""
    found = []
    for field in (form.text, form.area, form.gate):
        if field.data:
            asked = {key: value for key, value in request.args.to_dict().items() if key != field.name}
            words = {"area": AREAS, "gate": GATES}.get(field.name, {})
            found.append({"text": words.get(field.data, field.data), "remove_href": _address(asked)})
    return found


def _address(asked: dict[str, str]) -> str:
    kept = {key: value for key, value in asked.items() if value and key in FILTERS}
    return f"{url_for('portfolio.ranked')}?{urlencode(kept)}" if kept else url_for("portfolio.ranked")
