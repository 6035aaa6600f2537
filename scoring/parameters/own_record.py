"""A city's own completed projects, planned against actual, as data (PARAMETERS, METHOD 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

SCHEMA = "appraisal-own-record/1"
FEWEST = 10
"""So many completed projects replace the library's class; fewer do not."""
LEAST_RATIO = 0.01
"""A smaller ratio counts as this: zero use has no logarithm, and to leave it out would flatter the record."""
_NAME = "own-projects@"


class Measure(StrEnum):
    """What of a completed project is held against its plan."""

    COST = "cost"
    DURATION = "duration"
    USE = "use"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedProject:
    """One project that is open. Both costs are in the prices of `price_year`: their ratio is in real terms."""

    name: str
    asset_class: str
    """A cost row of the parameters; see `Parameters.asset_classes`."""
    currency: str
    price_year: int
    planned_cost: Decimal
    actual_cost: Decimal
    started_on: date | None = None
    planned_opening: date | None = None
    actual_opening: date | None = None
    use_unit: str = ""
    planned_use: Decimal | None = None
    actual_use: Decimal | None = None

    def ratio(self, measure: Measure) -> float | None:
        """Actual to planned, 1 = as planned, at least `LEAST_RATIO`; None where it was not recorded.

        Duration runs from the start of building to the opening.
        """
        planned, actual = self._pair(measure)
        if planned is None or actual is None:
            return None
        return max(float(actual / planned), LEAST_RATIO)

    def _pair(self, measure: Measure) -> tuple[Decimal | None, Decimal | None]:
        if measure is Measure.COST:
            return self.planned_cost, self.actual_cost
        if measure is Measure.USE:
            return self.planned_use, self.actual_use
        return self._days_to(self.planned_opening), self._days_to(self.actual_opening)

    def _days_to(self, opening: date | None) -> Decimal | None:
        return None if self.started_on is None or opening is None else Decimal((opening - self.started_on).days)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecord:
    """The completed projects of one city. `digest`: SHA-256 of its document, by which it is named."""

    city: str
    projects: tuple[CompletedProject, ...]
    digest: str

    @property
    def name(self) -> str:
        return f"{_NAME}{self.digest[:12]}"

    def ratios(self, measure: Measure, asset_class: str) -> tuple[float, ...]:
        """What the projects of a class give for a measure, ascending."""
        given = (project.ratio(measure) for project in self.projects if project.asset_class == asset_class)
        return tuple(sorted(ratio for ratio in given if ratio is not None))


def own_digest(parameters: str) -> str:
    """The digits that name the record in the name of parameters; empty where it names none."""
    return parameters.partition(f"+{_NAME}")[2]


def record_document(city: str, projects: Sequence[CompletedProject]) -> dict[str, Any]:
    """The record as a document whose order does not depend on that of the projects."""
    rows = [_row(project) for project in sorted(projects, key=lambda each: (each.asset_class, each.name))]
    return {"schema": SCHEMA, "city": city, "projects": rows}


def read_record(document: Mapping[str, Any], digest: str) -> OwnRecord:
    """The record that a document says; amounts must be Decimal. Raises KeyError or ValueError for another document."""
    if document["schema"] != SCHEMA:
        raise ValueError(f"{document['schema']} is not {SCHEMA}")
    return OwnRecord(
        city=document["city"], projects=tuple(_project(row) for row in document["projects"]), digest=digest
    )


_DATES = ("started_on", "planned_opening", "actual_opening")
_AMOUNTS = ("planned_cost", "actual_cost", "planned_use", "actual_use")


def _row(project: CompletedProject) -> dict[str, Any]:
    row = {name: getattr(project, name) for name in CompletedProject.__slots__}
    row |= {name: row[name].isoformat() for name in _DATES if row[name] is not None}
    return {name: value for name, value in row.items() if value not in (None, "")}


def _project(row: Mapping[str, Any]) -> CompletedProject:
    dates = {name: date.fromisoformat(row[name]) for name in _DATES if name in row}
    amounts = {name: Decimal(row[name]) for name in _AMOUNTS if name in row}
    return CompletedProject(**{**row, **dates, **amounts})
