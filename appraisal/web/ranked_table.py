"""The head of the ranked table and the filters in force: every change of view is an address."""

from appraisal.web.charts import SCALE_WORDS
from appraisal.web.what_if import Asked, address
from forms.portfolio import AREAS, COLUMNS, GATES


def headings(page: Asked) -> list[dict[str, object]]:
    """The table's columns; those that can be sorted by lead to it, and back again."""
    held = page.base.round
    money = f"{held.currency} {SCALE_WORDS[held.unit]}".strip() if held else ""
    named: list[tuple[str, str, str, str, bool]] = [
        ("", "Rank", "", "rank", True),
        ("", "Change", "", "", False),
        ("", "Project", "", "title", False),
        ("range", "90% rank range", "", "", False),
        ("bar", "Score by criterion", "", "", False),
        ("score", "Score", "of 100", "score", True),
        ("return", "Return", "per public unit", "return", True),
        ("loss", "Loss", "in 100, for society", "loss", True),
        ("cost", "Cost", money, "cost", True),
        ("inside", "In budget", "in 100 draws", "", True),
        ("spread", "Panel spread", "levels", "", True),
    ]
    shown = shown_columns(page)
    found = [
        _heading(page, text, unit, sort, numeric)
        for column, text, unit, sort, numeric in named
        if not column or column in shown
    ]
    return [{"hidden": True, "text": "Compare"}, *found, _hidden("More")]


def shown_columns(page: Asked) -> tuple[str, ...]:
    """Keys of the columns besides rank, change and name; all but the panel's where the address names none."""
    return page.columns or tuple(key for key in COLUMNS if key != "spread")


def _hidden(text: str) -> dict[str, object]:
    return {"hidden": True, "text": text, "classes": "card-more"}


def _heading(page: Asked, text: str, unit: str, sort: str, numeric: bool) -> dict[str, object]:
    heading: dict[str, object] = {"text": text, "unit": unit, "numeric": numeric, "key": sort}
    heading["hidden"] = text == "Change"
    if text == "Score by criterion":
        heading["classes"] = "bar-cell"
    if sort:
        current, down = page.view.sort == sort, page.view.descending
        kept = [pair for pair in page.filters if pair[0] not in ("sort", "order")]
        turned = [("sort", sort), *([("order", "down")] if current and not down else [])]
        heading["sort_href"] = address("portfolio.ranked", [*page.state, *kept, *turned])
        if current:
            heading["sort"] = "descending" if down else "ascending"
    return heading


def chips(page: Asked) -> list[dict[str, str]]:
    """The filters in force, each with the address without it."""
    found = []
    for field in (page.form.text, page.form.area, page.form.gate):
        if field.data:
            words = {"area": AREAS, "gate": GATES}.get(field.name, {})
            found.append(
                {"text": words.get(field.data, field.data), "remove_href": page.without(field.name, field.data)}
            )
    return found
