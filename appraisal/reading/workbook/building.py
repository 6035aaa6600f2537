"""A project while its sheets are read: what each says of it, put together into an entry at the end."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from appraisal.reading.problems import Path
from appraisal.reading.workbook.findings import CellProblem, Document, Entry, Heading, Place, quoted
from forms.registration.cash_flow_lines import LINE_KINDS
from forms.texts import refused_character
from scoring.limits import MAX_PERIODS

At = Place | tuple[int, Heading]
"""A cell, or its row and heading on the sheet of the series: of hundreds of thousands, few are ever named."""
NO_YEAR = "First year of spending is missing, and no figure says it"


@dataclass(slots=True)
class Series:
    """Figures by year, each with its cell."""

    place: Place
    figures: dict[int, tuple[Decimal, At]] = field(default_factory=dict)

    def add(self, year: int, amount: Decimal, at: At, problems: list[CellProblem]) -> None:
        if year in self.figures:
            problems.append(CellProblem(self._place(at), f"{amount:f}", f"gives {year} a second time"))
        self.figures[year] = amount, at

    def place_of(self, year: int) -> Place:
        return self._place(self.figures[year][1])

    def _place(self, at: At) -> Place:
        return at if isinstance(at, Place) else Place(self.place.sheet, at[0], at[1].column, at[1].text)

    def amounts(self, first_year: int, problems: list[CellProblem]) -> list[Decimal]:
        """By period from the first year. Empty before the first figure is zero, empty between two is not."""
        if not self.figures:
            return []
        first, last = min(self.figures), max(self.figures)
        if first < first_year:
            rule = f"lies in {first}, before the project's first year of spending, {first_year}"
            problems.append(CellProblem(self.place_of(first), f"{self.figures[first][0]:f}", rule))
            return []
        if last - first_year >= MAX_PERIODS:
            rule = f"lies more than {MAX_PERIODS} years after {first_year}"
            problems.append(CellProblem(self.place_of(last), str(last), rule))
            return []
        missing = [year for year in range(first, last) if year not in self.figures]
        if missing:
            rule = f"has no figure for {missing[0]} between {first} and {last}: write 0 where there is none"
            problems.append(CellProblem(self.place, "", rule))
            return []
        return [Decimal(0)] * (first - first_year) + [self.figures[year][0] for year in range(first, last + 1)]


@dataclass(slots=True)
class LineBuilder:
    head: Document
    key: str
    """Of LINE_KINDS."""
    series: Series

    def document(self, first_year: int, problems: list[CellProblem]) -> Document:
        item = LINE_KINDS[self.key]
        amounts = self.series.amounts(first_year, problems)
        figures: Document = (
            {"tonnes": [amount * item.tonnes if amount else amount for amount in amounts]}
            if item.tonnes
            else {"amounts": amounts}
        )
        described: Document = {"name": self.head["name"], "kind": item.kind.value, **figures}
        line_class = self.head.get("class") or item.line_class
        if line_class:
            described["class"] = line_class
        if item.economic is not None:
            described["economic"] = item.economic.value
        for key in ("conversion_factor", "shares"):
            if self.head.get(key) is not None:
                described[key] = self.head[key]
        return described


@dataclass(slots=True)
class SourceBuilder:
    source: str
    terms: Document
    series: Series


@dataclass(slots=True)
class Building:
    """What is known of one project so far."""

    entry: Entry
    lines: list[LineBuilder] = field(default_factory=list)
    sources: list[SourceBuilder] = field(default_factory=list)
    no_sources: bool = False
    """Whether the file says that there are none."""
    output: tuple[str, Series] | None = None
    """What is counted, and how many a year."""
    cost: tuple[Decimal, Place] | None = None
    yearly_cost: Series | None = None
    kept_notes: list[str] = field(default_factory=list)
    cost_may_wait: bool = False
    """Whether a cost without any year is kept as a note, rather than a problem."""

    def keep_note(self, heading: str, said: str, place: Place) -> None:
        """Keep the cell in “What it does”, unless it holds what may not be stored: then that is a problem there."""
        if (character := refused_character(f"{heading}{said}", prose=True)) is not None:
            rule = f"{heading} holds the character {character}, which cannot be stored"
            self.entry.problems.append(CellProblem(place, quoted(said), rule))
            return
        self.kept_notes.append(f"{heading}: {said}")

    def state(self, path: Path, value: Any, place: Place) -> None:
        """Put a value (None: nothing, where something may be stored) at its path."""
        part = self.entry.stated
        for key in path[:-1]:
            part = part.setdefault(str(key), {})
        part[str(path[-1])] = value
        self.entry.places[path] = place

    def finished(self, default_year: int | None, longest_summary: int) -> Entry:
        """The entry, whose figures are placed once it is completed."""
        self.entry.completing = partial(self._finish, default_year, longest_summary)
        return self.entry

    def _finish(self, default_year: int | None, longest_summary: int) -> None:
        """Place the figures by the first year that is stated, or else by the first that has one."""
        entry = self.entry
        flows = entry.stated.setdefault("cash_flows", {})
        first_year = flows.pop("first_year", None) or self._first_figure() or default_year
        if first_year is None and self.cost_may_wait and self.cost is not None:
            amount, place = self.cost
            self.keep_note(place.heading, f"{amount:f}", place)
            self.cost = None
        self._keep_notes(longest_summary)
        if first_year is not None:
            flows["first_year"] = first_year
        lines = self._lines(first_year)
        if lines:
            flows["lines"] = lines
        if self.sources or self.no_sources:
            entry.stated["financing"] = {**entry.stated.get("financing", {}), **self._financing(first_year)}
        if self.output is not None and first_year is not None:
            unit, series = self.output
            entry.places["output",] = series.place
            entry.stated["output"] = {"unit": unit, "amounts": series.amounts(first_year, entry.problems)}

    def _keep_notes(self, longest: int) -> None:
        if not self.kept_notes:
            return
        summary = str(self.entry.stated.get("summary") or "")
        added = "\n".join(self.kept_notes)
        self.entry.stated["summary"] = (f"{summary}\n{added}" if summary else added)[:longest].rstrip()

    def _first_figure(self) -> int | None:
        every = [line.series for line in self.lines] + [source.series for source in self.sources]
        every += [self.yearly_cost] if self.yearly_cost else []
        every += [self.output[1]] if self.output else []
        return min((min(series.figures) for series in every if series.figures), default=None)

    def _lines(self, first_year: int | None) -> list[Document]:
        entry = self.entry
        lines = list(self.lines)
        if self.yearly_cost is not None and self.yearly_cost.figures:
            lines.append(LineBuilder({"name": "Capital cost"}, "capex", self.yearly_cost))
        elif self.cost is not None and first_year is not None:
            amount, place = self.cost
            lines.append(LineBuilder({"name": "Capital cost"}, "capex", Series(place, {first_year: (amount, place)})))
        if (lines or self.cost is not None) and first_year is None:
            entry.problems.append(CellProblem(entry.place, "", NO_YEAR))
            return []
        documents = []
        for number, line in enumerate(lines):
            entry.places["cash_flows", "lines", number] = line.series.place
            for year in line.series.figures:
                place = line.series.place_of(year)
                for name in ("amounts", "tonnes"):
                    entry.places["cash_flows", "lines", number, name, year - (first_year or 0)] = place
            documents.append(line.document(first_year or 0, entry.problems))
        return documents

    def _financing(self, first_year: int | None) -> Document:
        entry = self.entry
        if first_year is None:
            entry.problems.append(CellProblem(entry.place, "", NO_YEAR))
            return {}
        found: Document = {"equity": None, "grants": None, "debt": []}
        for source in self.sources:
            amounts = source.series.amounts(first_year, entry.problems)
            if source.source == "loan":
                entry.places["financing", "debt", len(found["debt"])] = source.series.place
                found["debt"].append({**source.terms, "amounts": amounts})
            elif found[source.source] is not None:
                entry.problems.append(
                    CellProblem(source.series.place, source.source, "stands twice: put all years of it into one row")
                )
            else:
                entry.places["financing", source.source] = source.series.place
                found[source.source] = amounts
        return found
