"""What is recorded of a city's completed projects, and what it changes, for the list and its export."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import CompletedProject, Project
from appraisal.policy import Action, Actor
from appraisal.services.own_records import as_completed, city_key, parameters_with, record_of, speaks_since
from appraisal.services.rounds import round_named
from appraisal.transactions import reading
from scoring.parameters import CompletedProject as Completed
from scoring.parameters import Measure

if TYPE_CHECKING:
    from scoring.risk.class_comparison import ClassComparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One completed project as lists show it; `reference` where the actor may know of the registered project."""

    row: CompletedProject
    facts: Completed
    reference: str

    @property
    def cost(self) -> float | None:
        return self.facts.ratio(Measure.COST)

    @property
    def duration(self) -> float | None:
        return self.facts.ratio(Measure.DURATION)

    @property
    def use(self) -> float | None:
        return self.facts.ratio(Measure.USE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CityRecord:
    """One city's record; `cities` are all that have one."""

    city: str
    cities: tuple[str, ...]
    rows: tuple[Listed, ...]
    classes: "tuple[ClassComparison, ...]"

    @property
    def counting(self) -> int:
        return sum(listed.row.withdrawn_at is None for listed in self.rows)

    def since(self, found: "ClassComparison") -> datetime | None:
        """Since when the city's own class is used; None where the library's is."""
        return speaks_since([listed.row for listed in self.rows], found.asset_class, found.measure)


def city_record(session: Session, actor: Actor, city: str = "") -> CityRecord:
    """The record of the city asked for, else of the open round's place, else of the first that has one.

    Raises NotAllowed.
    """
    with reading(session):
        policy.require(actor, Action.READ_COMPLETED)
        cities = _cities(session)
        held = round_named(session)
        wanted = [city_key(name) for name in (city, held.place if held else "")]
        key = next((name for name in wanted if name in cities), next(iter(cities), ""))
        rows = session.scalars(
            select(CompletedProject)
            .where(CompletedProject.city_key == key)
            .order_by(CompletedProject.asset_class, CompletedProject.name)
        ).all()
        references = _references(session, actor, rows)
        document = record_of(session, key)
    listed = tuple(
        Listed(
            row=row,
            facts=as_completed(row),
            reference=references.get(row.project_id, "") if row.project_id else "",
        )
        for row in rows
    )
    return CityRecord(city=cities.get(key, ""), cities=tuple(cities.values()), rows=listed, classes=_classes(document))


def reference_of(session: Session, actor: Actor, row: CompletedProject) -> str:
    """The reference of the registered project it was, where the actor may know of it."""
    with reading(session):
        return _references(session, actor, [row]).get(row.project_id, "") if row.project_id else ""


def _cities(session: Session) -> dict[str, str]:
    """A spelling of each city by its key, in order."""
    spelled = func.min(CompletedProject.city).label("spelled")
    query = select(CompletedProject.city_key, spelled).group_by(CompletedProject.city_key)
    return {row.city_key: row.spelled for row in sorted(session.execute(query), key=lambda row: row.city_key)}


def _references(session: Session, actor: Actor, rows: Sequence[CompletedProject]) -> dict[UUID, str]:
    keys = {row.project_id for row in rows if row.project_id is not None}
    if not keys:
        return {}
    query = select(Project.id, Project.reference).where(Project.id.in_(keys), policy.visible_projects(actor))
    return {row.id: row.reference for row in session.execute(query)}


def _classes(document: str | None) -> "tuple[ClassComparison, ...]":
    if document is None:
        return ()
    from scoring.risk.class_comparison import compare_classes  # noqa: PLC0415 -- with the numerical libraries

    return compare_classes(parameters_with(document))
