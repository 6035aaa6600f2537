"""The fields in which cells with a problem are corrected: one a cell, at its first problem."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from appraisal.reading.workbook.corrections import Correction
from appraisal.reading.workbook.findings import MOST_TEXT, CellProblem, Place
from appraisal.services.import_look import SHOWN
from forms.texts import kept, refused_character

LONGEST = 2_000
_LONGEST_NUMBER = 7


@dataclass(frozen=True, slots=True)
class TypedCells:
    """What was posted: as corrections, or with what is wrong by the name of the field."""

    corrections: tuple[Correction, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """The problems that are shown together."""

    number: int
    pages: int
    first: int
    """Of them, counted from one."""
    problems: tuple[CellProblem, ...]

    @property
    def last(self) -> int:
        return self.first + len(self.problems) - 1


def problem_page(problems: Sequence[CellProblem], asked: str) -> ProblemPage:
    """The page that was asked for, or the nearest that there is."""
    pages = max(1, -(-len(problems) // SHOWN))
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < _LONGEST_NUMBER else 1
    number = min(max(1, number), pages)
    start = (number - 1) * SHOWN
    return ProblemPage(number, pages, start + 1, tuple(problems[start : start + SHOWN]))


@dataclass(frozen=True, slots=True)
class CellLine:
    """One problem of the table; `field` is empty where its cell cannot be corrected on the page."""

    problem: CellProblem
    field: str
    id: str
    typed: str
    error: str


def typed_cells(problems: Sequence[CellProblem], form: Mapping[str, str]) -> TypedCells:
    """The cells among those with a problem whose value is another one now."""
    corrections: list[Correction] = []
    typed: dict[str, str] = {}
    refused: dict[str, str] = {}
    for name, problem in _fields(problems).items():
        text = kept(form.get(name, problem.value).replace("\r\n", "\n").strip())
        typed[name] = text
        if text == problem.value or problem.place is None:
            continue
        character = refused_character(text, prose=True)
        if len(text) > LONGEST:
            refused[name] = f"Enter at most {LONGEST:,} characters."
        elif character is not None:
            refused[name] = f"The character {character} cannot be stored: take it out."
        else:
            corrections.append(Correction(problem.place, problem.value, text))
    return TypedCells(tuple(corrections), typed, refused)


def cell_lines(problems: Sequence[CellProblem], cells: TypedCells | None) -> list[CellLine]:
    """The table of problems with its fields; what was typed and refused stands in them."""
    found = cells or TypedCells()
    names = {id(problem): name for name, problem in _fields(problems).items()}
    return [
        CellLine(
            problem,
            name := names.get(id(problem), ""),
            f"cell-{number}",
            found.typed.get(name, problem.value),
            found.refused.get(name, ""),
        )
        for number, problem in enumerate(problems, start=1)
    ]


def _fields(problems: Sequence[CellProblem]) -> dict[str, CellProblem]:
    """By name of the field. A text that is shown cut short would be cut short in the file as well: it has none."""
    found: dict[str, CellProblem] = {}
    for problem in problems:
        if problem.place is not None and problem.place.column is not None and len(problem.value) < MOST_TEXT:
            found.setdefault(_name(problem.place), problem)
    return found


def _name(place: Place) -> str:
    return f"cell {place.sheet} {place.cell}"
