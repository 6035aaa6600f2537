"""Lines that others contain: “of which land”, 1.1 under 1, a line that is the sum of those beside it.

What a line contains is never added to it. Where only the figures suggest it, or the figures contradict the outline, it
is asked.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate

from appraisal.reading.paste.findings import Choice, Findings, PasteChoices, Question
from appraisal.reading.paste.rows import Entry
from appraisal.reading.paste.totals import Row, combined
from appraisal.reading.paste.words import patterns

_BULLET = re.compile(r"[-–—•·*+‣◦] ?(?=\S)")
_FEWEST_PARTS = 2
_FEWEST_YEARS = 2


@dataclass(slots=True)
class Parts:
    """What is not to be added: lines by their index."""

    contained: set[int] = field(default_factory=set)
    """Parts of a line that is counted."""
    sums: list[int] = field(default_factory=list)
    """Lines whose parts are counted, and with which they agree."""


@dataclass(frozen=True, slots=True)
class _Group:
    whole: int
    parts: tuple[int, ...]
    told: bool
    """The label itself says that it is a part: “of which”."""


def settle_parts(
    outline: Sequence[Entry],
    labels: Sequence[str],
    rows: Sequence[Row],
    is_total: Sequence[bool],
    choices: PasteChoices,
    findings: Findings,
) -> Parts:
    """Which lines are parts of others, or the sum of others; what is not sure is asked about, once for all."""
    settled, doubtful = Parts(), []
    in_groups: set[int] = set()
    for group in _outlined(outline, is_total):
        in_groups |= {group.whole, *group.parts}
        if group.told:
            settled.contained |= set(group.parts)
            first = labels[group.parts[0]]
            findings.sentences.append(f"“{first}” is a part of “{labels[group.whole]}”: it is not added again.")
        elif _sum(rows, group.parts) == rows[group.whole]:
            settled.sums.append(group.whole)
        else:
            doubtful.append(group)
    doubtful += [group for group in _sums(rows, is_total) if not in_groups & {group.whole, *group.parts}]
    if doubtful and findings.ask(_question(doubtful, labels, rows), choices.parts) == "once":
        for group in doubtful:
            if _sum(rows, group.parts) == rows[group.whole]:
                settled.sums.append(group.whole)
            else:
                settled.contained |= set(group.parts)
    return settled


def _question(groups: Sequence[_Group], labels: Sequence[str], rows: Sequence[Row]) -> Question:
    group = groups[0]
    whole, first, last = (labels[line] for line in (group.whole, group.parts[0], group.parts[-1]))
    more = f" (and {len(groups) - 1} more like it)" if len(groups) > 1 else ""
    if _sum(rows, group.parts) == rows[group.whole]:
        sentence = f"“{whole}” equals the sum of “{first}” to “{last}”{more}. Is it their total?"
        once = "It is their total: it is checked, not added."
    else:
        sentence = f"“{first}” stands under “{whole}”{more}. Is it a part of it?"
        once = f"It is a part: “{whole}” is counted, its parts are not counted again."
    return Question("parts", sentence, (Choice("once", once), Choice("all", "Each is a line of its own.")), "once")


def _outlined(outline: Sequence[Entry], is_total: Sequence[bool]) -> Iterator[_Group]:
    """Wholes with their parts, as labels, numbers, bullets and spaces before a label say."""
    groups: dict[tuple[int, bool], list[int]] = {}
    for position, entry in enumerate(outline):
        if entry.line is None or is_total[entry.line]:
            continue
        found = _whole_of(outline, position)
        if found is not None and (found[1] or not is_total[found[0]]):
            groups.setdefault(found, []).append(entry.line)
    for (whole, told), parts in groups.items():
        yield _Group(whole, tuple(parts), told)


def _whole_of(outline: Sequence[Entry], position: int) -> tuple[int, bool] | None:
    """The line that an entry is a part of, and whether words say so."""
    entry, before = outline[position], outline[:position][::-1]
    if _says_part(entry.label):
        whole = next((other.line for other in before if other.line is not None and not _says_part(other.label)), None)
        return None if whole is None else (whole, True)
    above = _above(entry, before)
    if above is None:
        return None
    if above.line is None and _says_part(above.label):
        whole = next((other.line for other in before[before.index(above) :] if other.line is not None), None)
        return None if whole is None else (whole, True)
    return None if above.line is None else (above.line, False)


def _above(entry: Entry, before: Sequence[Entry]) -> Entry | None:
    """The entry that the number, the spaces or the bullet of this one puts it under."""
    if "." in entry.number:
        return next((other for other in before if other.number and entry.number.startswith(f"{other.number}.")), None)
    if entry.indent:
        return next((other for other in before if other.indent < entry.indent), None)
    if _BULLET.match(entry.label):
        return next((other for other in before if not _BULLET.match(other.label)), None)
    return None


def _says_part(label: str) -> bool:
    text = _BULLET.sub("", label.casefold(), count=1).lstrip("( ")
    return any(pattern.match(text) for pattern in patterns("parts").values())


def _sums(rows: Sequence[Row], is_total: Sequence[bool]) -> Iterator[_Group]:
    """Lines that are the sum of two or more right below or right above them, in every year; no total between."""
    zero: Row = (Decimal(0),) * (len(rows[0]) if rows else 0)
    running = list(accumulate(rows, combined, initial=zero))
    for whole, row in enumerate(rows):
        told = [year for year, amount in enumerate(row) if amount]
        if is_total[whole] or len(told) < _FEWEST_YEARS:
            continue
        probe = told[0]
        for start, end in _stretches(whole, is_total):
            if running[end][probe] - running[start][probe] == row[probe]:
                parts = tuple(line for line in range(start, end) if any(rows[line]))
                if len(parts) >= _FEWEST_PARTS and _sum(rows, parts) == row and _one_sign([rows[p] for p in parts]):
                    yield _Group(whole, parts, told=False)
                    break


def _stretches(whole: int, is_total: Sequence[bool]) -> Iterator[tuple[int, int]]:
    for end in range(whole + 2, len(is_total) + 1):
        if is_total[end - 1]:
            break
        yield whole + 1, end
    for start in range(whole - 1, -1, -1):
        if is_total[start]:
            break
        yield start, whole


def _one_sign(rows: Sequence[Row]) -> bool:
    amounts = [amount for row in rows for amount in row if amount]
    return all(amount > 0 for amount in amounts) or all(amount < 0 for amount in amounts)


def _sum(rows: Sequence[Row], lines: Sequence[int]) -> Row:
    first, *others = lines
    total = rows[first]
    for line in others:
        total = combined(total, rows[line])
    return total
