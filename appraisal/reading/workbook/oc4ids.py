"""OC4IDS project packages (Open Contracting for Infrastructure Data Standard 0.9): what a project file can carry.

Taken over: id, title, description and purpose, type, status, sector, the first location, the budget (by year where a
breakdown has years), the start year. Everything else is named in a note, not silently lost.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

from appraisal.reading.workbook.building import Building, Series
from appraisal.reading.workbook.cells import CellRefused, cell_year, read_amount
from appraisal.reading.workbook.findings import CellProblem, Entry, Notes, Place, ReadFile, quoted
from appraisal.reading.workbook.tables import Value
from forms.texts import one_line
from scoring.limits import MAX_NAME, MAX_REFERENCE, MAX_SUMMARY

SHEET = "OC4IDS package"
STAGES = {
    "identification": "idea", "preparation": "feasibility", "implementation": "construction",
    "completion": "operation", "maintenance": "operation",
}  # fmt: skip
"""Stage by projectStatus; decommissioning, decommissioned and cancelled have no counterpart."""
AREAS = {
    "transport": "mobility", "energy": "energy", "waterAndWaste": "water", "health": "health", "education": "education",
    "economy": "economy-jobs", "governance": "smart-government", "cultureSportsAndRecreation": "society-culture",
    "socialHousing": "land-use", "naturalResources": "environment", "communications": "ict-infrastructure",
}  # fmt: skip
"""Action area by projectSector, by what stands before its first point."""
_TAKEN = frozenset(
    {"id", "title", "description", "purpose", "type", "status", "sector", "locations", "budget", "period"}
)
_DIGEST, _POLE = 8, 90
_SIX = Decimal(1).scaleb(-6)


def read_package(package: Mapping[str, Any]) -> ReadFile:
    """Every project of the package; what it has and a project file has no place for is said in the notes."""
    notes = Notes()
    entries: list[Entry] = []
    problems: list[CellProblem] = []
    left: dict[str, None] = {}
    for number, project in enumerate(package["projects"]):
        place = Place(SHEET, number)
        if not isinstance(project, dict):
            problems.append(CellProblem(place, "", "is not an object"))
            continue
        entries.append(_entry(project, place, notes))
        left |= dict.fromkeys(key for key in project if key not in _TAKEN)
    if left:
        notes.say(f"A project file has no place for these keys of the package: {', '.join(sorted(left))}.")
    if not entries and not problems:
        problems.append(CellProblem(None, "", "The package holds no project"))
    return ReadFile(tuple(entries), tuple(problems), notes.all())


def _entry(project: Mapping[str, Any], place: Place, notes: Notes) -> Entry:
    building = Building(Entry(place, {"schema": "appraisal-project/1"}))
    entry = building.entry
    entry.reference = _reference(_text(project, "id"), notes)
    for key, text in (
        ("reference", entry.reference),
        ("title", _text(project, "title")[:MAX_NAME]),
        ("summary", _summary(project)),
        ("stage", STAGES.get(_text(project, "status"), "")),
    ):
        if text:
            entry.stated[key] = text
    if not entry.title:
        entry.problems.append(CellProblem(place, "", "title is missing"))
    if _text(project, "status") and "stage" not in entry.stated:
        notes.say(
            f"The status {quoted(_text(project, 'status'))} has no stage in a project file: it is taken as an idea."
        )
    areas = dict.fromkeys(AREAS.get(str(code).partition(".")[0], "") for code in _list(project, "sector"))
    if found := [area for area in areas if area]:
        entry.stated["action_areas"] = found
    _location(project, entry, notes)
    _budget(project, building, notes)
    return building.finished(_year(project.get("period")), MAX_SUMMARY)


def _reference(identifier: str, notes: Notes) -> str:
    """The id, or its beginning and a digest of the whole: the same id always gives the same reference."""
    if len(identifier) <= MAX_REFERENCE:
        return identifier
    digest = sha256(identifier.encode("utf-8")).hexdigest()[:_DIGEST]
    notes.count(f"{{}} ids are longer than the {MAX_REFERENCE} characters of a reference and were shortened.")
    return f"{identifier[: MAX_REFERENCE - _DIGEST - 1]}~{digest}"


def _summary(project: Mapping[str, Any]) -> str:
    texts = [_text(project, "description"), _text(project, "purpose")]
    kind = _text(project, "type")
    return "\n".join([text for text in texts if text] + ([f"Type: {kind}"] if kind else []))[:MAX_SUMMARY]


def _location(project: Mapping[str, Any], entry: Entry, notes: Notes) -> None:
    places = [place for place in _list(project, "locations") if isinstance(place, dict)]
    if not places:
        return
    if len(places) > 1:
        notes.count("{} projects have several locations; the first was taken.")
    address = places[0].get("address")
    if isinstance(address, dict):
        city = _text(address, "locality") or _text(address, "region")
        if city:
            entry.stated["city"] = city[:MAX_NAME]
    geometry = places[0].get("geometry")
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        longitude, latitude, *_ = [*_list(geometry, "coordinates"), None, None]
        if _degrees(latitude, _POLE) and _degrees(longitude, 2 * _POLE):
            entry.stated["location"] = {"latitude": latitude, "longitude": longitude}
        else:
            notes.say("Some coordinates are none of a place on earth and were left out.")


def _degrees(value: Any, most: int) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool) and -most <= value <= most


def _budget(project: Mapping[str, Any], building: Building, notes: Notes) -> None:
    """The budget by year where a breakdown has one year an item and adds up to it; else the whole in the first year."""
    budget = project.get("budget")
    if not isinstance(budget, dict):
        return
    entry = building.entry
    total = budget.get("amount")
    currency = total.get("currency") if isinstance(total, dict) else None
    if not isinstance(total, dict) or not isinstance(currency, str) or "amount" not in total:
        notes.say("Budgets without an amount and a currency were left out.")
        return
    entry.stated |= {"currency": currency.upper(), "unit": 1}
    amount = _amount(total["amount"], entry, notes)
    if amount is None:
        return
    yearly = _by_year(budget, currency, entry.place)
    if yearly is not None and sum(figure for figure, _ in yearly.figures.values()) == amount:
        building.yearly_cost = yearly
    else:
        building.cost = amount, entry.place
        notes.count("{} budgets have no breakdown by year that adds up to them: they were put into the first year.")
    if approved := _year({"startDate": budget.get("approvalDate") or budget.get("requestDate")}):
        entry.stated["prices"] = {"base_year": approved}


def _by_year(budget: Mapping[str, Any], currency: str, place: Place) -> Series | None:
    for breakdown in _list(budget, "budgetBreakdowns"):
        series = Series(place)
        items = list(_items(breakdown))
        for item in items:
            years = item.get("period")
            start, end = _year(years), _year({"startDate": years.get("endDate")}) if isinstance(years, dict) else None
            value = item.get("amount")
            if start is None or start != end or start in series.figures or not isinstance(value, dict):
                break
            figure = value.get("amount")
            if value.get("currency") != currency or isinstance(figure, bool) or not isinstance(figure, int | Decimal):
                break
            series.figures[start] = Decimal(figure).quantize(_SIX), place
        else:
            if items and sorted(series.figures) == list(range(min(series.figures), max(series.figures) + 1)):
                return series
    return None


def _items(breakdown: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(breakdown, dict):
        yield from (item for item in _list(breakdown, "budgetBreakdown") if isinstance(item, dict))


def _amount(value: Any, entry: Entry, notes: Notes) -> Decimal | None:
    cell: Value = float(value) if isinstance(value, Decimal) else value
    try:
        return read_amount(cell, None, notes)
    except (CellRefused, TypeError, OverflowError):
        entry.problems.append(CellProblem(entry.place, quoted(value), "budget.amount is not an amount"))
        return None


def _year(period: Any) -> int | None:
    start = period.get("startDate") if isinstance(period, dict) else None
    if not isinstance(start, str):
        return None
    try:
        return cell_year(int(start[:4])) if start[:4].isdecimal() and start[:4].isascii() else None
    except CellRefused:
        return None


def _text(part: Mapping[str, Any], key: str) -> str:
    value = part.get(key)
    return one_line(value) if isinstance(value, str) else ""


def _list(part: Mapping[str, Any], key: str) -> list[Any]:
    value = part.get(key)
    return value if isinstance(value, list) else []
