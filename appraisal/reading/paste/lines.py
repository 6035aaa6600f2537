"""From rows and amounts to lines: their unit, the user's totals taken out and checked, blanks asked about."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from appraisal.reading.paste.amounts import Amounts, Place
from appraisal.reading.paste.calendar import YearColumns
from appraisal.reading.paste.findings import Choice, Findings, Issue, PasteChoices, PastedLine, PastedTotal, Question
from appraisal.reading.paste.kinds import guess_kind
from appraisal.reading.paste.orientation import Header
from appraisal.reading.paste.rows import RawLine, RawTable
from appraisal.reading.paste.totals import check_totals, total_kind
from appraisal.reading.paste.units import Unit, agreed, unit_of_label
from scoring.limits import MAX_LINES


def settle_unit(raw: RawTable, amounts: Amounts, choices: PasteChoices, findings: Findings) -> Unit:
    by_label = [unit_of_label(line.label) for line in raw.lines if not total_kind(line.label)]
    named = [unit for unit in by_label if unit.text]
    unit = agreed([*raw.units, *named])
    headed = agreed(raw.units)
    factors = {line_unit.factor if line_unit.text or headed is None else headed.factor for line_unit in by_label}
    if unit is None or len(factors) > 1:
        findings.issues.append(Issue("mixed_units", "The lines name different units; give all figures in one."))
        return Unit()
    if unit.factor == 1:
        return replace(unit, factor=choices.scale or 1)
    if amounts.scaled:
        message = f"Figures carry a scale of their own and “{unit.text}” gives another."
        findings.issues.append(Issue("scale_twice", message, text=unit.text))
    readings = (
        Choice(str(unit.factor), f"Figures are in “{unit.text}”: 1 stands for {unit.factor:,}."),
        Choice("1", "Figures are in single units of the currency: 1 stands for 1."),
    )
    question = Question("scale", f"Are the figures in “{unit.text}”?", readings, str(unit.factor))
    answer = None if choices.scale is None else str(choices.scale)
    return replace(unit, factor=int(findings.ask(question, answer)))


def settle_lines(
    header: Header, years: YearColumns, raw: RawTable, amounts: Amounts, findings: Findings
) -> tuple[list[PastedLine], list[PastedTotal]]:
    """The lines without the user's totals, and what came of checking these. Totals that disagree become remarks."""
    pasted = [_line(header, years, line, amounts) for line in raw.lines]
    filled = [tuple(amount or Decimal(0) for amount in line.amounts) for line in pasted]
    signs = [-1 if line.kind and line.kind.sign < 0 and line.signs == "positive" else 1 for line in pasted]
    checked = {total.index: total for total in check_totals([line.label for line in pasted], filled, signs)}
    totals = []
    for index, total in checked.items():
        totals.append(PastedTotal(pasted[index].label, total.agrees))
        word = "Column" if header.grid.transposed else "Row"
        named = (word, pasted[index].label)
        findings.issues += () if total.agrees else _differences(named, years, filled[index], total.expected)
    for index, line in enumerate(pasted):
        if index not in checked:
            for column in raw.total_columns:
                totals += _check_total_column(
                    header.grid.address(raw.lines[index].row, column), line, amounts, findings
                )
    lines = [line for index, line in enumerate(pasted) if index not in checked]
    _remark_on_labels(lines, findings)
    return lines, totals


def _line(header: Header, years: YearColumns, line: RawLine, amounts: Amounts) -> PastedLine:
    values = tuple(amounts.values.get(header.grid.address(line.row, column)) for column, _ in years)
    return PastedLine(line.label, values, guess_kind(line.label), header.grid.address(line.row, years[0][0]))


def _differences(
    named: tuple[str, str], years: YearColumns, given: Sequence[Decimal], expected: Sequence[Decimal]
) -> Iterator[Issue]:
    for (_, year), said, ours in zip(years, given, expected, strict=True):
        if said != ours:
            message = f"{named[0]} “{named[1]}” {year} says {said:,f}, the lines give {ours:,f}."
            yield Issue("total_mismatch", message, label=named[1], year=year, text=f"{said:f}", blocking=False)


def _check_total_column(place: Place, line: PastedLine, amounts: Amounts, findings: Findings) -> list[PastedTotal]:
    said = amounts.values.get(place)
    if said is None:
        return []
    ours = sum((amount for amount in line.amounts if amount is not None), Decimal(0))
    if said != ours:
        message = f"The total of “{line.label}” says {said:,f}, its years give {ours:,f}."
        findings.issues.append(Issue("total_mismatch", message, *place, line.label, text=f"{said:f}", blocking=False))
    return [PastedTotal(line.label, said == ours)]


def _remark_on_labels(lines: Sequence[PastedLine], findings: Findings) -> None:
    if len(lines) > MAX_LINES:
        message = f"The paste has {len(lines)} lines; at most {MAX_LINES} can be kept."
        findings.issues.append(Issue("too_large", message))
    seen: set[str] = set()
    for line in lines:
        if line.label in seen:
            message = f"“{line.label}” stands twice; rename one so that they can be told apart."
            findings.issues.append(Issue("duplicate_labels", message, *line.place, line.label, blocking=False))
        seen.add(line.label)


def fill_blanks(
    lines: Sequence[PastedLine], choices: PasteChoices, findings: Findings
) -> tuple[Sequence[PastedLine], int]:
    """Blank is not zero: counted and asked about once. Cells that could not be read are no blanks."""
    unreadable = any(issue.blocking for issue in findings.issues)
    blanks = sum(amount is None for line in lines for amount in line.amounts)
    if not blanks or unreadable:
        return lines, blanks
    question = Question(
        "blanks",
        f"{blanks} cells are blank. What do they stand for?" if blanks > 1 else "One cell is blank. What does it mean?",
        (Choice("zero", "Blank means zero."), Choice("unknown", "Blank means not known; I will fill them in.")),
        "unknown",
    )
    if findings.ask(question, choices.blanks) == "zero":
        lines = [replace(line, amounts=tuple(amount or Decimal(0) for amount in line.amounts)) for line in lines]
    return lines, blanks
