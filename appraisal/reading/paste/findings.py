"""What reading a pasted table gives: lines, questions where two readings fit, and problems with their cells."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from scoring.project_file import FlowKind

Orientation = Literal["years_across", "years_down"]
FillIn = Literal["zero", "unknown"]
"""What empty cells or years stand for: nothing, or figures still to be filled in."""
PartsCount = Literal["once", "all"]
"""Whether a line and the parts of it under it are counted once, or are lines of their own, all of them."""
CONVERT = "convert"
"""The answer that figures are in several currencies."""


@dataclass(frozen=True, slots=True)
class Issue:
    """Something wrong in the paste, at its place in the user's own sheet (rows and columns from 1)."""

    code: str
    message: str
    row: int | None = None
    column: int | None = None
    label: str = ""
    year: int | None = None
    text: str = ""
    blocking: bool = True
    """A remark that does not block: a total that disagrees, a cell outside the years."""


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Question:
    """Two readings fit. `taken` is the one the figures show for now; nothing is stored before it is answered."""

    code: str
    sentence: str
    choices: tuple[Choice, ...]
    taken: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasteChoices:
    """The answers to the questions of an earlier reading of the same paste."""

    decimal_mark: Literal[".", ","] | None = None
    scale: int | None = None
    orientation: Orientation | None = None
    blanks: FillIn | None = None
    missing_years: FillIn | None = None
    first_year: int | None = None
    """Calendar year of the first relative year ("Year 0", "Year 1")."""
    currency: str | None = None
    """The code of the one currency of all figures, or CONVERT."""
    parts: PartsCount | None = None

    def __post_init__(self) -> None:
        if self.scale is not None and self.scale < 1:
            raise ValueError("a scale is a whole number from 1")


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One line with its amounts by year, signs and scale as pasted; None where a cell was left blank."""

    label: str
    amounts: tuple[Decimal | None, ...]
    kind: FlowKind | None = None
    """A guess from the label; None where the person must choose."""
    place: tuple[int, int] = (0, 0)
    """Row and column of its first figure in the sheet as pasted."""

    @property
    def signs(self) -> Literal["none", "positive", "negative", "mixed"]:
        negative = any(amount < 0 for amount in self.amounts if amount is not None)
        positive = any(amount > 0 for amount in self.amounts if amount is not None)
        if negative and positive:
            return "mixed"
        return "negative" if negative else "positive" if positive else "none"


@dataclass(frozen=True, slots=True)
class PastedTotal:
    """A total of the user's own: recognised, left out of the lines, and compared with what the lines give."""

    label: str
    agrees: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedTable:
    """What was understood of a paste. Nothing is stored unless `settled`: no blocking issue, no open question."""

    ok: bool
    issues: tuple[Issue, ...] = ()
    questions: tuple[Question, ...] = ()
    answered: tuple[Question, ...] = ()
    """Questions that the choices given have answered, so that a page can offer to change the answer."""
    sentences: tuple[str, ...] = ()
    """How the paste was read, for people."""
    orientation: Orientation | None = None
    years: tuple[int, ...] = ()
    lines: tuple[PastedLine, ...] = ()
    decimal_mark: Literal[".", ","] | None = None
    """None where no figure needs one."""
    factor: int = 1
    """What one unit of the figures is worth ("USD million" has 1 000 000); the amounts are not multiplied."""
    currency: str | None = None
    totals: tuple[PastedTotal, ...] = ()
    blanks: int = 0
    coarse: bool = False
    """No figure has more than one decimal: a paste carries the digits shown, the sheet may hold more."""
    choices: PasteChoices = field(default_factory=PasteChoices)

    @property
    def settled(self) -> bool:
        return self.ok and not self.questions


@dataclass(slots=True)
class Findings:
    """Collects what the steps of one reading find."""

    issues: list[Issue] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    answered: list[Question] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)

    def ask(self, question: Question, answer: str | None) -> str:
        """Put a question, or note its answer; returns the reading to go on with."""
        if answer is None:
            self.questions.append(question)
            return question.taken
        self.answered.append(replace(question, taken=answer))
        return answer

    @property
    def ok(self) -> bool:
        return not any(issue.blocking for issue in self.issues)
