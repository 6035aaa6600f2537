"""Possible duplicates of an import beside each other: what the file says, and what projects of the same name say."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from appraisal.services.appraising import capital_cost
from appraisal.services.import_plan import ImportPlan, Known, PlannedRow
from scoring.project_file import FlowKind, ProjectFile

_LONGEST = 300
"""Of what a project does, as much as tells two of them apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One project: of the file where `project_id` is None, and there without figures where it cannot be read."""

    project_id: UUID | None
    at: str
    """Sheet and row; empty for a stored project."""
    reference: str
    stated: bool = True
    """Whether the reference is its own, and not one that is made from what its row says."""
    title: str
    city: str
    stage: str = ""
    first_year: int | None = None
    currency: str = ""
    cost: Decimal | None = None
    """Capital cost in single units of the currency; None where no line states one."""
    summary: str = ""


Group = tuple[Side, ...]
"""Projects of the same name and city, the one that the file would create first."""


def groups_of(made: ImportPlan) -> tuple[Group, ...]:
    """Each group once, where the file first has it; at most as many as the plan read the stored projects of."""
    rows = {id(row.entry): row for row in made.rows}
    return tuple(
        (
            _of_row(row),
            *(
                _of_stored(other, made.beside[other.id]) if isinstance(other, Known) else _of_row(rows[id(other)])
                for other in row.duplicates
            ),
        )
        for row in made.alike
    )


def _of_row(row: PlannedRow) -> Side:
    entry = row.entry
    return Side(
        project_id=None,
        at=f"{entry.place.sheet}, {entry.place.cell}",
        reference=row.reference if row.file or entry.reference else "",
        stated=bool(entry.reference),
        title=entry.title,
        city=entry.city,
        **(_facts(row.file) if row.file else {}),
    )


def _of_stored(known: Known, file: ProjectFile) -> Side:
    return Side(
        project_id=known.id, at="", reference=known.reference, title=known.title, city=known.city, **_facts(file)
    )


def _facts(file: ProjectFile) -> dict[str, Any]:
    stated = any(line.kind is FlowKind.CAPEX for line in file.cash_flows.lines)
    return {
        "stage": file.stage.value,
        "first_year": file.cash_flows.first_year,
        "currency": file.currency,
        "cost": capital_cost(file) if stated else None,
        "summary": file.summary if len(file.summary) <= _LONGEST else f"{file.summary[: _LONGEST - 1]}…",
    }


def to_document(side: Side) -> dict[str, Any]:
    """As JSON has it."""
    return {
        **asdict(side),
        "project_id": str(side.project_id) if side.project_id else None,
        "cost": None if side.cost is None else str(side.cost),
    }


def from_document(kept: Mapping[str, Any]) -> Side:
    """What `to_document` wrote."""
    project, cost = kept["project_id"], kept["cost"]
    exact = {"project_id": UUID(project) if project else None, "cost": Decimal(cost) if cost is not None else None}
    return Side(**{**kept, **exact})
