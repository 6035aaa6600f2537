"""What a framework consists of: criteria, indicators with described levels, gates, weights, economic settings.

What is optional here is a general ability that any framework may use: a least total, weights by place, questions that
apply only after a certain answer, figures of the returns as indicators (docs/adr/0009).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from scoring.frameworks.aggregation import Aggregation


class ScaleKind(StrEnum):
    LEVEL = "level"
    """One of five described levels."""
    NUMERIC = "numeric"
    """A number, mapped to 0-4 by a piecewise-linear function."""
    COMPUTED = "computed"
    """Computed by the tool from the returns; cannot be typed over."""


class Standing(StrEnum):
    """Where the figures of a scale or a weight come from (PARAMETERS)."""

    PUBLISHED = "published"
    SECONDARY = "secondary"
    DEFAULT = "default"
    """This project's own choice, to be calibrated by a panel."""


class WeighingMethod(StrEnum):
    DIRECT = "direct"
    SWING = "swing"
    AHP = "ahp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """In pairwise comparison: how many times `first` matters as much as `second`, 1/9 to 9."""

    first: str
    second: str
    times: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighting:
    """How the weights of one group were found, kept beside the weights that came of it (METHOD 9)."""

    method: WeighingMethod
    swings: Mapping[str, float] = field(default_factory=dict)
    """Id -> points its swing from worst to best was given."""
    comparisons: tuple[Comparison, ...] = ()
    """One for every pair; none where the weights were not compared yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """An indicator applies only where another one's counted level lies in these bounds; unknown, it applies."""

    indicator: str
    least: int = 0
    most: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A non-compensatory condition: it fails when the counted level is below `passes_at` (METHOD 9)."""

    passes_at: int
    applies_when: str = "always"
    """Which fact makes it apply: `always`, `impact-triggers`, `public-space-analytics`, `essential-service`."""
    lifts_when: str
    """A sentence: what would lift the gate."""
    conditional: bool = False
    """Whether an approval may rest on its being passed later, as a condition with an owner and a date (ADR 21)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    id: str
    criterion: str
    title: str
    question: str
    scale: ScaleKind
    levels: tuple[str, str, str, str, str]
    """A plain sentence for every level, 0 first."""
    evidence: str
    """The evidence asked for."""
    passages: tuple[str, ...]
    """Letters of the brief's passages."""
    standard: str
    weight: float
    """Inside the criterion; the weights of one criterion sum to 1."""
    unit: str = ""
    points: tuple[tuple[float, float], ...] = ()
    """For a numeric scale: (number, level) knots, ascending, piecewise-linear, flat outside."""
    least: float | None = None
    most: float | None = None
    """For a numeric scale: the least and the greatest number that can be true; None where there is no such limit."""
    rule: str = ""
    """For a computed scale: the name of the rule in scoring.criteria.computed."""
    figure: str = ""
    """For a computed scale without a rule: a figure of the returns (scoring.criteria.figures), mapped by `points`."""
    gate: Gate | None = None
    applies_when: Condition | None = None
    status: Standing = Standing.DEFAULT
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    id: str
    title: str
    question: str
    weight: float
    indicators: tuple[Indicator, ...]
    minimum: float | None = None
    """Least score (0-100) without which a project is not recommended."""
    weight_range: tuple[float, float] | None = None
    """Bounds of the weight that the source states."""
    weighting: Weighting | None = None
    """How the weights of its indicators were found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Other weights of the criteria for projects in certain cities."""

    key: str
    title: str
    cities: tuple[str, ...]
    """Names as project files write them; case does not matter."""
    weights: Mapping[str, float]
    """Criterion -> weight; they sum to 1."""
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRate:
    currency: str
    per_unit: float
    """Units of the framework's currency for one unit of `currency`."""
    date: str
    source: str
    status: str = ""
    """How it is known: `published`, `secondary` or `default`, as every number of PARAMETERS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Economics:
    """Defaults for what a project file leaves open, each with its source in the framework's file."""

    financial_rate: float
    social_rate: float
    social_rate_concessional: float
    finance_rate: float
    reinvestment_rate: float
    hurdles: tuple[float, ...]
    standard_conversion_factor: float
    shadow_exchange_rate: float
    shadow_wage_factor: float
    welfare_epsilon: float
    income_groups: Mapping[str, float]
    """Income of each group relative to the median; q1..q5."""
    carbon_prices: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    """Path (`low`, `central`, `high`) -> year -> price a tonne in `carbon_currency` of `carbon_price_year`."""
    carbon_path: str = "central"
    carbon_currency: str = "USD"
    carbon_price_year: int | None = None
    aversion: float
    """Relative aversion; the absolute aversion used is aversion / programme budget (METHOD 7)."""
    programme_budget: float | None = None
    """In units (1) of `currency`; None scales aversion to the project's own public money."""
    risk_free_rate: float
    beta: float
    equity_premium: float
    country_premium: float = 0.0
    target_dscr: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    key: str
    version: int
    title: str
    summary: str
    currency: str
    criteria: tuple[Criterion, ...]
    economics: Economics
    exchange_rates: tuple[ExchangeRate, ...] = ()
    passages: Mapping[str, str] = field(default_factory=dict)
    """Letter -> the brief's words."""
    minimum: float | None = None
    """Least total (0-100) without which a project is not recommended."""
    places: tuple[Place, ...] = ()
    """A project in none of these has the criteria's own weights."""
    weighting: Weighting | None = None
    """How the weights of the criteria were found."""
    source: str = ""
    """Where the weights and the rule of decision come from."""
    aggregation: Aggregation = field(default_factory=Aggregation)
    """How the criteria make one order."""

    @property
    def name(self) -> str:
        return f"{self.key}@{self.version}"

    def on_carbon_path(self, path: str | None) -> "Framework":
        """The same with another of its carbon price paths; itself where None."""
        return self if path is None else replace(self, economics=replace(self.economics, carbon_path=path))

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(indicator for criterion in self.criteria for indicator in criterion.indicators)

    @property
    def conditional_gates(self) -> frozenset[str]:
        """Ids of the gates that a condition may stand in for; never a least score, which nobody can promise."""
        return frozenset(item.id for item in self.indicators if item.gate is not None and item.gate.conditional)
