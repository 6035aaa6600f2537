"""What a dry run found, as its page shows it and as it is kept for a file that is looked at in the background."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from appraisal.models.tables import now
from appraisal.reading.workbook.findings import CellProblem, Place
from appraisal.services import import_likeness
from appraisal.services.import_likeness import Group, groups_of
from appraisal.services.import_plan import MOST_ALIKE, ImportPlan, Known, Outcome, PlannedRow
from appraisal.services.importing import digest_of

SHOWN = 100
"""Rows and problems on the page."""
MOST_KEPT = 10_000
"""Problems that the file with the red column tells."""
_MOST_REPEATED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedRow:
    """What becomes of one project of the file."""

    title: str
    reference: str
    """Empty where the project cannot be taken and states none."""
    at: str
    outcome: Outcome
    found_by: str
    """"reference", "name and city", "what the row says", or "new"."""
    rule: str
    """The first of its problems, and how many there are."""
    problems: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """One rule that several cells of a column break."""

    heading: str
    """Empty where the rule is about rows."""
    rule: str
    count: int
    first: str
    """Sheet and cell of the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A row that would create a project, and the stored one whose name differs from its in one word."""

    at: str
    title: str
    reference: str
    """Of the stored project."""
    stored_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A dry run: its counts, and the first of what there is to see."""

    counts: Mapping[str, int]
    digest: str
    notes: tuple[str, ...]
    problems: tuple[CellProblem, ...]
    problem_count: int
    repeated: tuple[Repeated, ...] = ()
    """The rules that are broken more than once, the most often broken first."""
    rows: tuple[LookedRow, ...]
    row_count: int
    """Of those that are not unchanged."""
    alike: tuple[Group, ...]
    alike_count: int
    near: tuple[Near, ...] = ()
    near_count: int = 0
    at: datetime

    @property
    def taken(self) -> int:
        return self.counts[Outcome.CREATE.value] + self.counts[Outcome.UPDATE.value]


def look_of(made: ImportPlan) -> Look:
    """What there is to see of a plan."""
    telling = [row for row in made.rows if row.outcome is not Outcome.UNCHANGED]
    problems = made.all_problems
    near = [_near(row, row.near) for row in made.rows if row.near is not None]
    return Look(
        counts=made.counts,
        digest=digest_of(made),
        notes=made.notes,
        problems=problems[:MOST_KEPT],
        problem_count=len(problems),
        repeated=_repeated(problems),
        rows=tuple(_looked(row) for row in telling[:SHOWN]),
        row_count=len(telling),
        alike=groups_of(made),
        alike_count=made.alike_count,
        near=tuple(near[:MOST_ALIKE]),
        near_count=len(near),
        at=now(),
    )


def _repeated(problems: Sequence[CellProblem]) -> tuple[Repeated, ...]:
    by_rule: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], str] = {}
    for each in problems:
        key = (each.place.heading if each.place else "", each.rule)
        by_rule[key] += 1
        first.setdefault(key, each.at)
    return tuple(
        Repeated(heading=key[0], rule=key[1], count=count, first=first[key])
        for key, count in by_rule.most_common(_MOST_REPEATED)
        if count > 1
    )


def _near(row: PlannedRow, stored: Known) -> Near:
    return Near(at=_at(row.entry.place), title=row.entry.title, reference=stored.reference, stored_title=stored.title)


def _looked(row: PlannedRow) -> LookedRow:
    stated = row.outcome is not Outcome.CANNOT or row.entry.reference
    return LookedRow(
        title=row.entry.title,
        reference=row.reference if stated else "",
        at=_at(row.entry.place),
        outcome=row.outcome,
        found_by=row.key if row.project else "new",
        rule=row.problems[0].rule if row.problems else "",
        problems=len(row.problems),
    )


def _at(place: Place) -> str:
    return f"{place.sheet}, {place.cell}"


def to_document(look: Look) -> dict[str, Any]:
    """As JSON has it."""
    return {
        "counts": dict(look.counts),
        "digest": look.digest,
        "notes": list(look.notes),
        "problems": [[_place_document(each.place), each.value, each.rule] for each in look.problems],
        "problem_count": look.problem_count,
        "repeated": [asdict(each) for each in look.repeated],
        "rows": [asdict(row) for row in look.rows],
        "row_count": look.row_count,
        "alike": [[import_likeness.to_document(side) for side in group] for group in look.alike],
        "alike_count": look.alike_count,
        "near": [asdict(each) for each in look.near],
        "near_count": look.near_count,
        "at": look.at.isoformat(),
    }


def from_document(kept: Mapping[str, Any]) -> Look:
    """What `to_document` wrote."""
    return Look(
        counts=kept["counts"],
        digest=kept["digest"],
        notes=tuple(kept["notes"]),
        problems=tuple(
            CellProblem(Place(*place) if place else None, value, rule) for place, value, rule in kept["problems"]
        ),
        problem_count=kept["problem_count"],
        repeated=tuple(Repeated(**each) for each in kept.get("repeated", ())),
        rows=tuple(LookedRow(**{**row, "outcome": Outcome(row["outcome"])}) for row in kept["rows"]),
        row_count=kept["row_count"],
        alike=tuple(tuple(map(import_likeness.from_document, group)) for group in kept["alike"]),
        alike_count=kept["alike_count"],
        near=tuple(Near(**each) for each in kept.get("near", ())),
        near_count=kept.get("near_count", 0),
        at=datetime.fromisoformat(kept["at"]),
    )


def _place_document(place: Place | None) -> list[Any] | None:
    return None if place is None else [place.sheet, place.row, place.column, place.heading]
