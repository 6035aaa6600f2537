"""The scores on the criteria, part of `appraisal-result/1` (METHOD 9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from scoring.figure import Figure, Missing
from scoring.frameworks.aggregation import Method


class GateStatus(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    OPEN = "open"
    """The gate applies and its answer is unknown: it blocks until answered."""
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    id: str
    """Indicator id, or `minimum:<criterion id>` for a minimum criterion score."""
    title: str
    """What it asks for."""
    status: GateStatus
    """`passed`, `failed`, `open` (unanswered, so it blocks) or `not-applicable`."""
    lifts_when: str
    """What would lift it."""

    @property
    def blocks(self) -> bool:
        return self.status in (GateStatus.FAILED, GateStatus.OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorResult:
    id: str
    """Indicator id of the framework."""
    criterion: str
    """Criterion id it belongs to."""
    level: Figure
    """The level counted, 0-4 (fractional for numeric answers), after the evidence cap."""
    stated_level: Figure
    """The level as answered or computed, 0-4, before the cap."""
    capped: bool
    """Whether evidence capped it."""
    cap_reason: str
    """Why it was capped; empty where not."""
    evidence: str | None
    """Evidence grade of the answer, E0 to E3."""
    computed: bool
    """Whether the tool computed it."""
    explanation: str
    """For a computed indicator: the figures it was computed from, as a sentence."""
    weight: float
    """Effective weight in the total: criterion weight x weight inside the criterion."""
    contribution: Figure
    """Points of the total; those of all answered indicators and the criteria's `adjustment` add up to the score."""
    low: float
    """Least points it can give, before any `adjustment` of its criterion."""
    high: float
    """Most points it can give, before any `adjustment` of its criterion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionResult:
    id: str
    """Criterion id of the framework."""
    title: str
    """Its title."""
    weight: float
    """Its weight in the total; the weights add up to 1."""
    score: Figure
    """0-100 from the answered indicators; Missing('unanswered') where none is."""
    low: float
    """Its score with everything unknown at worst, 0-100."""
    high: float
    """Its score with everything unknown at best, 0-100."""
    completeness: float
    """Share of its weight answered, 0-1."""
    contribution: Figure
    """Points of the total: those of its answered indicators, and `adjustment`."""
    adjustment: float = 0.0
    """Points that the unevenness of the criteria takes away under a geometric mean, 0 or less; 0 under a sum."""
    evidence: tuple[float, ...] = ()
    """By how many points the evidence leaves its score open: quantiles at the standard normal scores -3 to 3 in halves;
    empty where it leaves nothing open."""
    futures: tuple[float, ...] = ()
    """By how many points each future of `risk.futures` moves its score through its computed indicators; empty where
    none does."""

    @property
    def given(self) -> Figure:
        """What its answered indicators give, before the adjustment."""
        return self.contribution if isinstance(self.contribution, Missing) else self.contribution - self.adjustment


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaResult:
    """Scores on the criteria (METHOD 9)."""

    total: Figure
    """0-100 from the answered indicators."""
    interval: tuple[float, float]
    """The total with everything unknown at worst and at best."""
    completeness: float
    """Share of weight answered, 0-1."""
    by_criterion: Mapping[str, CriterionResult]
    """By criterion id."""
    indicators: tuple[IndicatorResult, ...]
    """Every indicator of the framework."""
    gates: tuple[GateResult, ...]
    """Every gate of the framework."""
    likely: tuple[float, float] | None = None
    """The total in 90 of 100 draws of what is unknown, of what the evidence leaves open and of the simulated returns;
    null where there is no total."""
    evidence_widths: str = ""
    """`key@version` of the widths of the evidence grades."""
    aggregation: Method = Method.WEIGHTED_SUM
    """How the criteria made the total: `weighted-sum`, also where it is left out, or `weighted-geometric-mean`."""

    @property
    def unevenness(self) -> float:
        """What the criteria's adjustments take from the total together, 0 or less."""
        return sum(row.adjustment for row in self.by_criterion.values())

    @property
    def blocked(self) -> bool:
        return any(gate.blocks for gate in self.gates)
