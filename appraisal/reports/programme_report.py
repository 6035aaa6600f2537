"""What the report of a programme is made from: what was chosen from what, under which rules, and what it hangs on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from appraisal.canonical import sha256_of
from appraisal.reports.charts.chart import Chart
from appraisal.reports.figures import UNIT_WORDS
from scoring.result import Figure

Call = tuple[int, str]
"""A year and a source of funds; "" is all sources together."""
SCHEMA = "appraisal-programme/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A ranked project that the programme was chosen from. Money in the round's unit."""

    reference: str
    title: str
    city: str
    areas: tuple[str, ...]
    rank: int
    rank_low: int
    rank_high: int
    score: Figure
    value: Figure
    """What it adds: started as the programme has it, else as planned."""
    cost: float
    calls: Mapping[Call, float]
    """What it takes by year and source, started in that year."""
    start: int | None
    planned: int | None
    chosen: bool
    in_cut: bool
    """Whether the naive programme has it: by rank until the money ends."""
    barred: str
    """Why it cannot be chosen; empty where it can."""
    approved: bool
    risk_return: Figure
    """Risk-adjusted return per unit of public money."""
    tail: Figure
    """Mean loss in its worst futures."""
    share: float | None = None
    """Of the simulated futures, those whose best programme has it."""
    standing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    name: str
    call: Call | None
    """None: the whole."""
    size: float
    used: float
    price: str
    """Worth of one more million, in words."""
    buys: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Projects of an action area or a city, which a minimum share may be for."""

    name: str
    references: frozenset[str]
    least: float | None = None
    """The share of the money that they must have, 0-1; None where no rule says."""


RuleOf = Literal["one", "needs", "phase", "start", "must", "out", "barred", "risk", "said"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """A rule beside the budgets and the shares: its words, and what a workbook needs to check it again."""

    text: str
    kind: RuleOf
    of: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    years: tuple[int, int] = (0, 0)
    """Of a start the first and the last; of a phase the fewest years between, and 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierLine:
    at: float
    """The budget, or the loss in the worst futures."""
    value: float
    entering: str


@dataclass(frozen=True, slots=True)
class Picture:
    chart: Chart
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    number: int
    input_sha256: str
    result_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Footing:
    """The round and the runs that a programme rests on."""

    round_id: UUID
    runs: tuple[Run, ...]
    """By number."""
    engines: tuple[str, ...] = ()
    """With which the runs were computed."""

    @property
    def digest(self) -> str:
        """SHA-256 of the round and of the digests of each run's input and result."""
        rows = [[run.number, run.input_sha256, run.result_sha256] for run in self.runs]
        return sha256_of({"schema": SCHEMA, "round": self.round_id.hex, "runs": rows})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeReport:
    """All that the PDF and the workbook say; both are pure functions of it. Money in the round's unit."""

    title: str
    """The finding: how many projects make the best programme."""
    certificate: str
    proven: bool
    gap: float
    round_name: str
    place: str
    scenario: str
    """The name of a kept what-if; empty where it is none."""
    explores: bool
    """Whether it was asked for under anything but the record's own weights, budgets and rules."""
    asked: tuple[tuple[str, str], ...]
    """What was asked for, as (what, words)."""
    currency: str
    unit: int
    price_year: int
    value_name: str
    value: float
    spent: float
    facts: tuple[tuple[str, str, str], ...]
    """(value, label, note) each."""
    candidates: tuple[Candidate, ...]
    """By reference."""
    budgets: tuple[Budget, ...]
    """The whole first."""
    groups: tuple[Group, ...]
    rules: tuple[RuleLine, ...]
    first_out: str
    cut_said: str
    """The naive programme against this one."""
    futures: str
    """What the simulated futures were; empty where they were not told in time."""
    futures_drawn: int
    """How many of them; 0 where there are none."""
    budget_frontier: tuple[FrontierLine, ...]
    risk_frontier: tuple[FrontierLine, ...]
    pictures: Mapping[str, Picture]
    notes: tuple[str, ...]
    made_by: str
    generated_at: datetime
    versions: tuple[tuple[str, str], ...]
    footing: Footing
    audit_anchor: str = ""
    tail: float = field(default=5.0)
    """Per cent of the futures that are called the worst."""

    @property
    def money(self) -> str:
        return f"{self.currency}{UNIT_WORDS[self.unit]}"

    @property
    def money_long(self) -> str:
        return f"{self.money}, prices of {self.price_year}"

    @property
    def standing(self) -> str:
        """Whether this is the record or a what-if, as every page says."""
        if self.scenario:
            return f"what-if {self.scenario}"
        return "what-if, not the record" if self.explores else "the record"

    @property
    def chosen(self) -> tuple[Candidate, ...]:
        return tuple(sorted((each for each in self.candidates if each.chosen), key=lambda each: each.rank))

    @property
    def digest(self) -> str:
        return self.footing.digest

    def __post_init__(self) -> None:
        if self.generated_at.utcoffset() is None:
            raise ValueError("generated_at must carry its time zone")
