"""How sure the figures of a project file are: drivers, events, optimism bias (METHOD 6)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scoring.vocabulary import BiasTarget, DriverName, EvidenceGrade, Family, RiskCategory

if TYPE_CHECKING:
    from scoring.project_options import Option

BUILD_CATEGORIES = (
    RiskCategory.CONSTRUCTION,
    RiskCategory.MULTI_PARTY_COORDINATION,
    RiskCategory.COMMUNITY_OPPOSITION,
    RiskCategory.NETWORK_NOT_READY,
)
"""Risks that strike while the project is built: what they cost is spread over the build."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """A probability distribution as people state it; which fields a family needs: `scoring.risk.distributions`."""

    family: Family
    """The family of the distribution."""
    low: float | None = None
    """Least value."""
    mode: float | None = None
    """Likeliest value."""
    high: float | None = None
    """Greatest value."""
    p10: float | None = None
    """Tenth percentile."""
    p50: float | None = None
    """Median."""
    p90: float | None = None
    """Ninetieth percentile."""
    mean: float | None = None
    """Mean."""
    sd: float | None = None
    """Standard deviation."""
    alpha: float | None = None
    """First shape of a beta distribution."""
    beta: float | None = None
    """Second shape of a beta distribution."""
    values: tuple[float, ...] = ()
    """Values of a discrete, sample or quantiles of an empirical distribution."""
    probabilities: tuple[float, ...] = ()
    """Probability of each value; of a discrete distribution they add up to 1."""
    minimum: float | None = None
    """Cut off below this."""
    maximum: float | None = None
    """Cut off above this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """One uncertain quantity: exactly one of `distribution` and `reference_class` is given."""

    driver: DriverName
    """What is uncertain."""
    applies_to: tuple[str, ...] = ()
    """Names of the lines it multiplies; empty means every line of its kind."""
    distribution: Distribution | None = None
    """As the planner states it: the keys of a distribution stand beside the driver's own."""
    reference_class: str | None = None
    """A class of completed projects that speaks for it instead."""
    unit: str | None = None
    """`years` for a delay; a factor (1 = as planned) otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    first: DriverName
    """One driver."""
    second: DriverName
    """The other."""
    value: float
    """Rank correlation, -1 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mitigation:
    measure: str = ""
    """What is done about it, and by whom; the figures below say what it costs and helps."""
    cost: float = 0.0
    """What it costs in period 0, in the project's currency and unit."""
    probability_factor: float = 1.0
    """What it leaves of the probability, 0 to 1."""
    impact_factor: float = 1.0
    """What it leaves of the impact, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskEvent:
    name: str
    """What may happen."""
    category: RiskCategory
    """Its category."""
    probability: float
    """Probability, 0 to 1, for each `per`."""
    per: str = "life"
    """"year": the probability in each year of operation; "life": once over the project's life."""
    cost: Distribution | None = None
    """Extra cost where it strikes, in the project's currency and unit."""
    delay: Distribution | None = None
    """Extra years of delay where it strikes."""
    revenue_factor: float = 1.0
    """What it leaves of revenue and benefits while it lasts, 1 = all."""
    years: int = 1
    """How many years it lasts."""
    mitigation: Mitigation | None = None
    """What lowers it."""

    @property
    def in_build(self) -> bool:
        """Whether it strikes while the project is built; else once it is in use."""
        return self.per == "life" and (self.category in BUILD_CATEGORIES or self.delay is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Obsolescence:
    hazard: float
    """Probability in each year of operation that the technology is stranded, 0 to 1."""
    salvage: float = 0.0
    """What is received then, in the project's currency and unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeShare:
    """A part of the project that is of one type of work."""

    type: str
    """A row of the optimism bias table, e.g. `non-standard-building`."""
    share: float
    """Part of capital cost; for `outsourcing` part of operating cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasMitigation:
    """A cause of optimism bias that is dealt with; it counts once evidence better than a claim is given."""

    factor: str
    """The cause, e.g. an incomplete design."""
    applies_to: BiasTarget
    """What it makes planners too optimistic about."""
    contribution: float
    """Part of the upper bound that this cause makes up; those of one target add up to 1 at most."""
    mitigated: float
    """Part of the contribution that is dealt with, 0 to 1."""
    evidence: EvidenceGrade | None = None
    """Evidence grade; none or E0 counts nothing."""
    reason: str = ""
    """What was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasBounds:
    """Bounds the planner or a city's own record gives, in place of the published ones; fractions of what is planned."""

    applies_to: BiasTarget
    """What the bounds are of."""
    upper: float
    """Uplift without mitigation; of benefits, how far they fall short."""
    lower: float = 0.0
    """The least that is left."""
    source: str = ""
    """Where the bounds are from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedBias:
    """Optimism bias as the project states it: its types of work and what mitigates (PARAMETERS)."""

    mix: tuple[TypeShare, ...] = ()
    """Types of work by share; those of capital cost add up to 1."""
    mitigations: tuple[BiasMitigation, ...] = ()
    """What is dealt with."""
    bounds: tuple[BiasBounds, ...] = ()
    """Bounds in place of the published ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    drivers: tuple[Driver, ...] = ()
    """Uncertain quantities; without any, classes of completed projects speak."""
    correlations: tuple[Correlation, ...] = ()
    """[driver, driver, rank correlation] each."""
    events: tuple[RiskEvent, ...] = ()
    """Risk events."""
    obsolescence: Obsolescence | None = None
    """The risk of stranded technology."""
    options: tuple["Option", ...] = ()
    """Rights to act on what is learned: to abandon, to delay, to stage."""
    optimism_bias: StatedBias | None = None
    """Types of work and what mitigates their optimism bias."""
