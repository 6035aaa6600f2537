"""From rows and amounts to lines: their unit, the user's totals taken out and checked, blanks asked about."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from appraisal.reading.paste.amounts import Amounts
from appraisal.reading.paste.calendar import YearColumns
from appraisal.reading.paste.findings import Choice, Findings, Issue, PasteChoices, PastedLine, PastedTotal, Question
from appraisal.reading.paste.kinds import guess_kind
from appraisal.reading.paste.orientation import Header
from appraisal.reading.paste.parts import settle_parts
from appraisal.reading.paste.rows import RawLine, RawTable
from appraisal.reading.paste.totals import TotalKind, check_totals, total_kind
from appraisal.reading.paste.units import Unit, agreed, unit_of_label
from appraisal.reading.paste.words import patterns
from scoring.limits import MAX_LINES

_COUNTS, _MONEY_OUT = (patterns(section)["words"] for section in ("counts", "money_out"))


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
    header: Header, years: YearColumns, raw: RawTable, amounts: Amounts, choices: PasteChoices, findings: Findings
) -> tuple[list[PastedLine], list[PastedTotal]]:
    """The lines without the user's totals and without what is in others, and what came of checking the totals."""
    pasted = [_line(header, years, line, amounts) for line in raw.lines]
    filled = [tuple(amount or Decimal(0) for amount in line.amounts) for line in pasted]
    kinds = [total_kind(line.label) for line in pasted]
    labels = [line.label for line in pasted]
    parts = settle_parts(raw.outline, labels, filled, [kind is not None for kind in kinds], choices, findings)
    measures = {index for index, kind in enumerate(kinds) if kind is TotalKind.MEASURE}
    _say_left_out([labels[index] for index in sorted(measures)], findings)
    aside = parts.contained | set(parts.sums) | measures
    counted = [index for index in range(len(pasted)) if index not in aside]
    totals = [PastedTotal(labels[index], agrees=True) for index in parts.sums]
    signs = [-1 if _is_money_out(line) and line.signs == "positive" else 1 for line in pasted]
    checked = check_totals(
        [labels[index] for index in counted], [filled[index] for index in counted], [signs[index] for index in counted]
    )
    for total in checked:
        index = counted[total.index]
        totals.append(PastedTotal(labels[index], total.agrees))
        named = ("Column" if header.grid.transposed else "Row", labels[index])
        findings.issues += () if total.agrees else _differences(named, years, filled[index], total.expected)
    of_lines = [index for index in counted if index not in {counted[total.index] for total in checked}]
    for index in of_lines:
        totals += _check_total_columns(header, years, raw, index, pasted[index], amounts, findings)
    lines = [pasted[index] for index in of_lines]
    _remark_on_labels(lines, findings)
    return lines, totals


def _is_money_out(line: PastedLine) -> bool:
    return line.kind.sign < 0 if line.kind else bool(_MONEY_OUT.search(line.label.casefold()))


def _say_left_out(labels: Sequence[str], findings: Findings) -> None:
    for label in labels:
        findings.sentences.append(f"“{label}” is no flow of money of its own: it was left out.")


def _line(header: Header, years: YearColumns, line: RawLine, amounts: Amounts) -> PastedLine:
    values = tuple(amounts.values.get(header.grid.address(line.row, column)) for column, _ in years)
    kind = None if _COUNTS.search(line.label.casefold()) else guess_kind(line.label)
    return PastedLine(line.label, values, kind, header.grid.address(line.row, years[0][0]))


def _differences(
    named: tuple[str, str], years: YearColumns, given: Sequence[Decimal], expected: Sequence[Decimal]
) -> Iterator[Issue]:
    for (_, year), said, ours in zip(years, given, expected, strict=True):
        if said != ours:
            message = f"{named[0]} “{named[1]}” {year} says {said:,f}, the lines give {ours:,f}."
            yield Issue("total_mismatch", message, label=named[1], year=year, text=f"{said:f}", blocking=False)


def _check_total_columns(
    header: Header,
    years: YearColumns,
    raw: RawTable,
    index: int,
    line: PastedLine,
    amounts: Amounts,
    findings: Findings,
) -> Iterator[PastedTotal]:
    """Each total of a line against its years: all of them, those before it, or those since the total before."""
    since = -1
    for column in raw.total_columns:
        place = header.grid.address(raw.lines[index].row, column)
        said = amounts.values.get(place)
        if said is None:
            continue
        by_column = [(at, amount or Decimal(0)) for (at, _), amount in zip(years, line.amounts, strict=True)]
        expected = sum((amount for _, amount in by_column), Decimal(0))
        before = sum((amount for at, amount in by_column if at < column), Decimal(0))
        stretch = sum((amount for at, amount in by_column if since < at < column), Decimal(0))
        agrees = said == expected or (len(raw.total_columns) > 1 and said in (before, stretch))
        if not agrees:
            message = f"The total of “{line.label}” says {said:,f}, its years give {expected:,f}."
            issue = Issue("total_mismatch", message, *place, line.label, text=f"{said:f}", blocking=False)
            findings.issues.append(issue)
        since = column
        yield PastedTotal(line.label, agrees)


def _remark_on_labels(lines: Sequence[PastedLine], findings: Findings) -> None:
    if len(lines) > MAX_LINES:
        message = f"The paste has {len(lines)} lines; at most {MAX_LINES} can be kept."
        findings.issues.append(Issue("too_large", message))
    if not lines and findings.ok:
        findings.issues.append(Issue("no_lines", "There are totals and measures, but no lines that they are made of."))
    seen: set[str] = set()
    for line in lines:
        if _COUNTS.search(line.label.casefold()):
            message = f"“{line.label}” seems to count something other than money: leave it out unless it is money."
            findings.issues.append(Issue("not_money", message, *line.place, line.label, blocking=False))
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
