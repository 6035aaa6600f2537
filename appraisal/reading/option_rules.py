"""What the options of a project file must satisfy beyond the schema: years inside the project, lines that exist."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from appraisal.reading.problems import Path, shown
from appraisal.reading.schema_problems import did_you_mean
from scoring.limits import MAX_WAIT_YEARS

Part = Mapping[str, Any]
Found = Iterator[tuple[Path, str]]


def option_problems(option: Part, document: Part) -> Found:
    """Problems of one option that the schema found whole; of cash flows that are not whole nothing is said."""
    lines, first_year = _cash_flows(document)
    yield from _RULES[option["kind"]](option, lines, first_year)


def _cash_flows(document: Part) -> tuple[list[Part], int | None]:
    """The lines that can be read, and the first year where it is one."""
    cash_flows = document.get("cash_flows")
    if not isinstance(cash_flows, dict):
        return [], None
    lines, first_year = cash_flows.get("lines"), cash_flows.get("first_year")
    known: list[Part] = [line for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
    return known, int(first_year) if isinstance(first_year, int | Decimal) else None


def _abandon(option: Part, lines: list[Part], first_year: int | None) -> Found:
    if "recovery" in option and "recovery_share" in option:
        yield ("recovery_share",), "must not be given beside recovery: state what is received in one way"
    if "from_year" in option and first_year is not None:
        last = first_year + max(_periods(lines) - 1, 0)
        yield from _between("from_year", option["from_year"], first_year, last)


def _delay(option: Part, _: list[Part], first_year: int | None) -> Found:
    if first_year is not None:
        yield from _between("latest_year", option["latest_year"], first_year + 1, first_year + MAX_WAIT_YEARS)


def _stage(option: Part, lines: list[Part], first_year: int | None) -> Found:
    names = sorted({line["name"] for line in lines if isinstance(line.get("name"), str)})
    for index, name in enumerate(option["phase_2"]):
        if lines and name not in names:
            yield ("phase_2", index), f"{shown(name)} is not the name of a line{did_you_mean(name, names)}"
    if lines and set(names) <= set(option["phase_2"]):
        yield ("phase_2",), "names every line: nothing is left for phase 1"
    if first_year is None:
        return
    last = first_year + max(_periods(lines) - 2, 0)
    yield from _between("decision_year", option["decision_year"], first_year, last)
    decided = int(option["decision_year"]) - first_year + 1
    for line in lines:
        if line.get("name") in option["phase_2"] and decided > 0 and any(_figures(line)[:decided]):
            yield (
                ("decision_year",),
                f"must be before any amount of phase 2, and {shown(line['name'])} has one by {option['decision_year']}",
            )


def _between(key: str, year: int, least: int, most: int) -> Found:
    if not least <= year <= most:
        yield (key,), f"must be from {least} to {most}, not {year}"


def _periods(lines: list[Part]) -> int:
    return max((len(_figures(line)) for line in lines), default=0)


def _figures(line: Part) -> list[Any]:
    figures = line.get("amounts", line.get("tonnes"))
    return figures if isinstance(figures, list) else []


_RULES = {"abandon": _abandon, "delay": _delay, "stage": _stage}
