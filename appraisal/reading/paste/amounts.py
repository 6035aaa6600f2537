"""From cells to exact amounts, under one decimal mark for the whole paste."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from appraisal.reading.paste.findings import Choice, Findings, Issue, PasteChoices, Question
from forms.money_words import SHARED_SIGNS
from forms.numbers import NumberProblem, NumberText, read_number

Place = tuple[int, int]
"""Row and column in the sheet as pasted."""
Mark = Literal[".", ","]
_MOST_ISSUES = 100
_NOT_AVAILABLE = frozenset({
    "n/a", "n.a.", "na", "n.a", "n/av", "notavailable", "notapplicable", "k.a.", "s/d", "..", "...", "…", "none",
    "null", "없음", "ไม่มี", "kosong",
})  # fmt: skip
_ZERO = frozenset({"nil", "zero", "nihil", "nol", "शून्य", "निरंक", "ศูนย์"})
_FOOTNOTE = re.compile(
    r"(?<=[0-9)]) ?(?:[*†‡§]{1,3}|(?<!10)[¹²³⁴⁵⁶⁷⁸⁹]{1,2}|\[[a-z0-9]\]|\((?![mk]\))[a-z]\))\Z", re.IGNORECASE
)
"""The mark of a footnote behind a figure. (1) is none: it may be a figure of its own. Nor are (m), and 10³."""
_DEBIT = re.compile(r"[0-9)] ?dr\.?\Z|\Adr\.? ?[0-9(]", re.IGNORECASE)
_RATE = re.compile(r"(?:\A|(?<![0-9])[\s(\[])%|\bper ?cent\b(?! points)")
"""“Growth %”, “Share (%)”; not “Contingency (10%)”."""


@dataclass(frozen=True, slots=True)
class Cell:
    place: Place
    text: str
    label: str
    year: int | None
    counts: bool = True
    """False for a total, which is only compared: what is wrong with it blocks nothing."""


@dataclass(frozen=True, slots=True)
class Amounts:
    values: Mapping[Place, Decimal]
    decimal_mark: Mark | None
    currencies: Mapping[str, frozenset[str]]
    """By label of a line, the codes and the shared signs ($, ¥) beside its figures."""
    scaled: bool
    """Some cells carry a scale word of their own ("12 lakh"), already multiplied."""
    coarse: bool
    """No figure shows more than one decimal."""


def read_amounts(cells: Iterable[Cell], choices: PasteChoices, findings: Findings) -> Amounts:
    """Read every cell that is not blank; each one that is no number becomes an issue with its place."""
    numbers = [(cell, read_cell(cell.text)) for cell in cells if not is_blank(cell.text)]
    if (debit := next((cell for cell, _ in numbers if _DEBIT.search(cell.text)), None)) is not None:
        message = f"“{_short(debit.text)}” is a debit: write money out with a minus sign and money in without a mark."
        findings.issues.append(_at(debit, "debit_credit", message))
        return Amounts({}, None, {}, scaled=False, coarse=False)
    _say_what_was_passed_over([cell for cell, _ in numbers], findings)
    _refuse_rates([cell for cell, _ in numbers], findings)
    _report_unreadable(numbers, findings)
    readable = [(cell, number) for cell, number in numbers if number.readings and not number.percent]
    mark = _decimal_mark(readable, choices, findings)
    values = {cell.place: value for cell, number in readable if (value := _under(number, mark)) is not None}
    _refuse_mixed_scales(readable, findings)
    places = {-int(value.as_tuple().exponent) for value in values.values()}
    return Amounts(
        values,
        mark,
        _currencies(readable),
        scaled=any(number.scale != 1 for _, number in readable),
        coarse=bool(places) and max(places) <= 1,
    )


def read_cell(text: str, mark: Mark | None = None) -> NumberText:
    """A cell as a number, without the mark of a footnote; a word for zero is zero."""
    return read_number("0" if text.casefold() in _ZERO else _FOOTNOTE.sub("", text), decimal_mark=mark)


def _currencies(numbers: Iterable[tuple[Cell, NumberText]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for cell, number in numbers:
        signs = {number.currency} if number.currency else {sign for sign in SHARED_SIGNS if sign in cell.text}
        if signs and cell.counts:
            found.setdefault(cell.label, set()).update(signs)
    return {label: frozenset(signs) for label, signs in found.items()}


def _say_what_was_passed_over(cells: Iterable[Cell], findings: Findings) -> None:
    texts = dict.fromkeys(cell.text for cell in cells)
    word = next((text for text in texts if text.casefold() in _ZERO), None)
    marked = next((text for text in texts if _FOOTNOTE.search(text)), None)
    if word is not None:
        findings.sentences.append(f"“{word}” is read as zero.")
    if marked is not None:
        findings.sentences.append(f"The mark beside “{_short(marked)}” is read as that of a footnote.")


def is_blank(text: str) -> bool:
    """Whether the cell holds no figure: nothing, or words that say that there is none."""
    return not text or text.casefold().replace(" ", "") in _NOT_AVAILABLE


def _refuse_rates(cells: Iterable[Cell], findings: Findings) -> None:
    """A line of percentages whose cells show plain numbers: its label says what they are."""
    for label, cell in {cell.label: cell for cell in reversed(list(cells))}.items():
        if _RATE.search(label):
            message = f"“{_short(label)}” holds percentages; amounts of money are needed. Leave the line out."
            findings.issues.append(_at(cell, "percent", message))


def _report_unreadable(numbers: list[tuple[Cell, NumberText]], findings: Findings) -> None:
    reported = 0
    percent_rows: set[str] = set()
    for cell, number in numbers:
        if number.readings and not number.percent:
            continue
        if number.percent and cell.label in percent_rows:
            continue
        if number.percent:
            percent_rows.add(cell.label)
        code = "percent" if number.percent else str(number.problem)
        said = "is a percentage; amounts of money are needed" if number.percent else number.message
        reported += 1
        if reported <= _MOST_ISSUES:
            findings.issues.append(_at(cell, code, f"“{_short(cell.text)}” {said}."))


def _at(cell: Cell, code: str, message: str) -> Issue:
    return Issue(code, message, *cell.place, cell.label, cell.year, _short(cell.text), blocking=cell.counts)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"  # noqa: PLR2004


def _decimal_mark(readable: list[tuple[Cell, NumberText]], choices: PasteChoices, findings: Findings) -> Mark | None:
    """The mark the unambiguous cells show, or the one chosen; asked where every cell can be read both ways."""
    shown: dict[str, Cell] = {}
    doubtful: Cell | None = None
    for cell, number in readable:
        if number.problem is NumberProblem.AMBIGUOUS:
            doubtful = doubtful or cell
        elif mark := number.readings[0].decimal_mark:
            shown.setdefault(mark, cell)
    if len(shown) > 1 or (choices.decimal_mark and shown and choices.decimal_mark not in shown):
        _refuse_mixed(shown, choices.decimal_mark, findings)
    if choices.decimal_mark or shown:
        taken: Mark = choices.decimal_mark or ("." if "." in shown else ",")
        if doubtful and choices.decimal_mark:
            findings.ask(_question(doubtful), taken)
        return taken
    if doubtful is None:
        return None
    return "," if findings.ask(_question(doubtful), None) == "," else "."


def _refuse_mixed(shown: Mapping[str, Cell], chosen: str | None, findings: Findings) -> None:
    point, comma = shown.get("."), shown.get(",")
    if point and comma:
        message = f"“{_short(point.text)}” has a decimal point and “{_short(comma.text)}” a decimal comma."
        cell = max(point, comma, key=lambda cell: cell.place)
    else:
        cell = next(iter(shown.values()))
        message = f"“{_short(cell.text)}” does not fit the decimal mark chosen, “{chosen}”."
    findings.issues.append(_at(cell, "mixed_number_formats", message))


def _question(cell: Cell) -> Question:
    with_point = read_cell(cell.text, ".").value
    with_comma = read_cell(cell.text, ",").value
    return Question(
        "decimal_mark",
        f"How is “{_short(cell.text)}” to be read?",
        (
            Choice(".", f"“{_short(cell.text)}” means {with_point:,f}: the decimal mark is a point."),
            Choice(",", f"“{_short(cell.text)}” means {with_comma:,f}: the decimal mark is a comma."),
        ),
        ".",
    )


def _under(number: NumberText, mark: Mark | None) -> Decimal | None:
    return next((r.value for r in number.readings if mark is None or r.decimal_mark in (None, mark)), None)


def _refuse_mixed_scales(readable: list[tuple[Cell, NumberText]], findings: Findings) -> None:
    counted = [(cell, number) for cell, number in readable if number.readings[0].value and cell.counts]
    scaled = [cell for cell, number in counted if number.scale != 1]
    plain = [cell for cell, number in counted if number.scale == 1]
    if scaled and plain:
        message = f"“{_short(scaled[0].text)}” carries its own scale and “{_short(plain[0].text)}” does not."
        findings.issues.append(_at(plain[0], "mixed_scales", message))
