"""What an import would do to each project: one function for the dry run and for the run."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, islice
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from appraisal import policy
from appraisal.canonical import sha256_of
from appraisal.evidence import Evidence
from appraisal.models import CashFlowLine, Project, ProjectState
from appraisal.policy import Actor
from appraisal.reading.workbook.checking import DocumentChecker
from appraisal.reading.workbook.findings import CellProblem, Entry, ReadFile
from appraisal.reading.workbook.merging import merged
from appraisal.services.import_namesakes import Name, Namesakes
from appraisal.services.named_evidence import files_of_projects, without_names
from appraisal.services.own_records import city_key
from appraisal.services.project_mapping import to_file
from scoring.project_file import ProjectFile

_AT_ONCE = 200
"""Stored projects that are read together: their lines are many."""
MOST_ALIKE = 20
"""Groups of possible duplicates that are laid side by side."""
_MOST_OTHERS = 4
"""Projects beside one of the file."""
_MADE_DIGITS = 10
"""Of a reference that is made from what a row says: two of a hundred thousand rows meet once in two hundred lists."""


class Outcome(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    CANNOT = "cannot"


class Known(NamedTuple):
    """A stored project, as far as matching needs it."""

    id: UUID
    reference: str
    title: str
    city: str
    state: ProjectState
    version: int


@dataclass(frozen=True, slots=True)
class Basis:
    """What a plan was made against: the organisation's projects, and every reference that is taken."""

    known: tuple[Known, ...]
    taken: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """What becomes of one entry, with the key by which its project was found."""

    entry: Entry
    outcome: Outcome
    key: str
    """ "reference", "name and city" or "what the row says"."""
    reference: str
    project: Known | None = None
    file: ProjectFile | None = None
    problems: tuple[CellProblem, ...] = ()
    duplicates: tuple[Known | Entry, ...] = ()
    """Other projects, stored or in the file, of the same name and city."""
    first_alike: bool = False
    """Whether it is the first in the file of those."""
    near: Known | None = None
    """The stored project of nearly its name, where it would be created beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    rows: tuple[PlannedRow, ...]
    problems: tuple[CellProblem, ...]
    """Of no single project."""
    notes: tuple[str, ...]
    basis: Basis
    alike: tuple[PlannedRow, ...] = ()
    """The first rows that would be created beside others of the same name and city; of several, the first."""
    alike_count: int = 0
    beside: Mapping[UUID, ProjectFile] = field(default_factory=dict)
    """The stored projects among the others of those rows."""
    stated: str = ""
    """Digest of what the person said of the file and corrected in it."""

    @property
    def counts(self) -> dict[str, int]:
        return {outcome.value: sum(row.outcome is outcome for row in self.rows) for outcome in Outcome}

    @property
    def all_problems(self) -> tuple[CellProblem, ...]:
        return (*self.problems, *(problem for row in self.rows for problem in row.problems))

    @property
    def complete(self) -> bool:
        """Whether everything in the file can be taken."""
        return not self.all_problems

    def changing(self) -> Iterator[PlannedRow]:
        return (row for row in self.rows if row.outcome in (Outcome.CREATE, Outcome.UPDATE))


def plan(
    session: Session, actor: Actor, read: ReadFile, *, stated: str = "", seen: Callable[[float], None] | None = None
) -> ImportPlan:
    """Compare every entry with what is stored; inside the caller's transaction, changing nothing stored. What was read
    is let go of.

    seen: is told again and again which part of the entries is compared, 0 to 1.
    """
    basis = basis_of(session, actor)
    matching = _Matching(basis, str(actor.organisation_id), read.entries)
    checker = DocumentChecker()
    rows = []
    for start in range(0, len(read.entries), _AT_ONCE):
        some = read.entries[start : start + _AT_ONCE]
        for entry in some:
            entry.complete()
        matched = [matching.match(entry) for entry in some]
        there = [match.project.id for match in matched if match.project is not None]
        stored, files = dict(_stored(session, there)), files_of_projects(session, there)
        rows += [_planned(match, stored, files, checker) for match in matched]
        for entry in some:
            entry.let_go()  # of ten thousand, what was read weighs as much as what is planned
        if seen is not None:
            seen(len(rows) / len(read.entries))
    alike = [row for row in rows if row.first_alike]
    return ImportPlan(
        rows=tuple(rows),
        problems=read.problems,
        notes=(*read.notes, *matching.notes()),
        basis=basis,
        alike=tuple(alike[:MOST_ALIKE]),
        alike_count=len(alike),
        beside=_beside(session, alike[:MOST_ALIKE]),
        stated=stated,
    )


def _beside(session: Session, rows: Iterable[PlannedRow]) -> dict[UUID, ProjectFile]:
    ids = {other.id for row in rows for other in row.duplicates if isinstance(other, Known)}
    return dict(_stored(session, sorted(ids)))


def basis_of(session: Session, actor: Actor) -> Basis:
    """Inside the caller's transaction. Two that are equal give equal plans of one file."""
    return Basis(tuple(_known(session, actor)), frozenset(session.scalars(select(Project.reference))))


@dataclass(frozen=True, slots=True)
class _Match:
    entry: Entry
    key: str
    reference: str
    project: Known | None
    problems: tuple[CellProblem, ...]
    duplicates: tuple[Known | Entry, ...]
    first_alike: bool
    near: Known | None


class _Matching:
    """Finds the stored project that an entry means, by its reference, or else by name and city.

    Rows of a list made for something else that share both and have no reference are projects of their own: each is
    known again by what it says (ADR 36).
    """

    def __init__(self, basis: Basis, organisation: str, entries: Iterable[Entry]) -> None:
        known, taken = basis.known, basis.taken
        self._by_reference = {project.reference: project for project in known}
        self._by_name: dict[tuple[str, str], list[Known]] = {}
        for project in known:
            self._by_name.setdefault(_name_key(project.title, project.city), []).append(project)
        self._taken = taken
        self._in_file: dict[tuple[str, str], list[Entry]] = {}
        self._without_reference: dict[tuple[str, str], list[Entry]] = {}
        for entry in entries:
            name = _name_key(entry.title, entry.city)
            self._in_file.setdefault(name, []).append(entry)
            if not entry.reference:
                self._without_reference.setdefault(name, []).append(entry)
        self._free = (f"P-{number:04}" for number in range(len(taken) + 1, 10**9))
        self._used: dict[str, Entry] = {}
        self._alike: set[tuple[str, str]] = set()
        self._stated = {entry.reference for entry in entries}
        self._organisation = organisation
        self._said: Counter[str] = Counter()
        self._apart = 0
        self._namesakes = Namesakes(self._not_in_file(known)) if self._without_reference else None

    def _not_in_file(self, known: Sequence[Known]) -> Iterator[tuple[Name, Known]]:
        """The stored projects that no row means by its reference or its name."""
        for project in known:
            name = _name_key(project.title, project.city)
            if name not in self._in_file and project.reference not in self._stated:
                yield name, project

    def match(self, entry: Entry) -> _Match:
        name = _name_key(entry.title, entry.city)
        if entry.reference:
            project = self._by_reference.get(entry.reference)
            problems = list(self._clash(entry, entry.reference, project))
            reference, key = entry.reference, "reference"
        elif made := self._made(entry, name):
            project = self._by_reference.get(made)
            problems = list(self._clash(entry, made, project))
            reference, key = made, "what the row says"
        else:
            key = "name and city"
            found = self._by_name.get(name, [])
            project = found[0] if len(found) == 1 else None
            problems = list(self._ambiguous(entry, found))
            reference = project.reference if project else self._next_free()
            problems += self._clash(entry, reference, project)
        self._used.setdefault(reference, entry)
        duplicates = self._duplicates(entry, name, project)
        first = bool(duplicates) and name not in self._alike
        if first:
            self._alike.add(name)
        alone = project is None and not entry.reference and not duplicates
        near = self._namesakes.of(name) if self._namesakes is not None and alone else None
        return _Match(entry, key, reference, project, tuple(problems), duplicates, first, near)

    def _made(self, entry: Entry, name: tuple[str, str]) -> str:
        """A reference from what the row says, of rows that say the same from which of them it is; empty where the
        name and city tell the project."""
        if not entry.row_said:
            return ""
        self._said[entry.row_said] += 1
        digest = sha256_of([self._organisation, entry.row_said, self._said[entry.row_said]])
        made = f"ROW-{digest[:_MADE_DIGITS].upper()}"
        several = len(self._without_reference[name]) > 1
        self._apart += several
        return made if several or made in self._by_reference else ""

    def notes(self) -> Iterator[str]:
        """What is to be said of how projects were told apart."""
        if self._apart:
            yield (
                f"{self._apart:,} rows share name and city with another row and have no reference: each is a project "
                "of its own, with a reference made from what the row says. The same row finds it again."
            )

    def _clash(self, entry: Entry, reference: str, project: Known | None) -> Iterator[CellProblem]:
        place = entry.place_of(("reference",))
        other = self._used.get(reference)
        if other is not None:
            yield CellProblem(place, reference, f"The reference stands twice: {other.place.cell} has it as well")
        elif project is None and reference in self._taken:
            yield CellProblem(place, reference, "Another organisation's project has this reference: use another one")

    def _ambiguous(self, entry: Entry, found: Sequence[Known]) -> Iterator[CellProblem]:
        place = entry.place_of(("title",))
        if len(found) > 1:
            names = ", ".join(project.reference for project in found[:5])
            yield CellProblem(
                place, entry.title, f"Several projects have this name and city: say which by reference, {names}"
            )
        same = self._without_reference[_name_key(entry.title, entry.city)]
        if len(same) > 1 and same[0] is not entry:
            yield CellProblem(
                place, entry.title, f"{same[0].place.cell} has the same name and city: give each a reference"
            )

    def _next_free(self) -> str:
        return next(name for name in self._free if name not in self._taken and name not in self._stated)

    def _duplicates(self, entry: Entry, name: tuple[str, str], project: Known | None) -> tuple[Known | Entry, ...]:
        if project is not None or not entry.title:
            return ()
        in_file = (other for other in self._in_file[name] if other is not entry)
        return tuple(islice(chain(self._by_name.get(name, ()), in_file), _MOST_OTHERS))


def _planned(
    match: _Match,
    stored: Mapping[UUID, ProjectFile],
    files: Mapping[UUID, Sequence[Evidence]],
    checker: DocumentChecker,
) -> PlannedRow:
    entry, project = match.entry, match.project
    before = stored.get(project.id) if project else None
    problems = [*entry.problems, *match.problems]
    file, broken = merged(entry, before, match.reference, checker) if not problems else (None, [])
    problems += broken
    if project is not None and file is not None and before is not None:
        file = without_names(file, before, files.get(project.id, ()))
    if project is not None and file is not None and file != before and project.state is not ProjectState.DRAFT:
        rule = f"{project.reference} was sent already and differs: take it back first"
        problems.append(CellProblem(entry.place, project.reference, rule))
    if problems:
        outcome, file = Outcome.CANNOT, None
    elif project is None:
        outcome = Outcome.CREATE
    else:
        outcome = Outcome.UNCHANGED if file == before else Outcome.UPDATE
    return PlannedRow(
        entry=entry,
        outcome=outcome,
        key=match.key,
        reference=match.reference,
        project=project,
        file=file if outcome in (Outcome.CREATE, Outcome.UPDATE) else None,
        problems=tuple(problems),
        duplicates=match.duplicates,
        first_alike=match.first_alike,
        near=match.near if outcome is Outcome.CREATE else None,
    )


def _known(session: Session, actor: Actor) -> list[Known]:
    query = select(Project.id, Project.reference, Project.title, Project.city, Project.state, Project.version).where(
        policy.visible_projects(actor), Project.organisation_id == actor.organisation_id
    )
    query = query.order_by(Project.id)
    return [Known(*row) for row in session.execute(query)]


def _stored(session: Session, ids: Sequence[UUID]) -> Iterator[tuple[UUID, ProjectFile]]:
    """The stored projects as project files, leaving nothing of them in the session."""
    if not ids:
        return
    query = (
        select(Project)
        .where(Project.id.in_(ids))
        .options(selectinload(Project.lines).selectinload(CashFlowLine.amounts), selectinload(Project.answers))
    )
    for project in session.scalars(query).all():
        yield project.id, to_file(project)
        session.expunge(project)


def _name_key(title: str, city: str) -> tuple[str, str]:
    return city_key(title), city_key(city)
