"""The words a project file chooses from: kinds, stages, families, grades."""

from enum import StrEnum


class FlowKind(StrEnum):
    """What a cash-flow line is; the kind carries the sign of its amounts (METHOD 1)."""

    CAPEX = "capex"
    OPEX = "opex"
    TAX = "tax"
    REVENUE = "revenue"
    GRANT = "grant"
    SUBSIDY = "subsidy"
    RESIDUAL = "residual"
    BENEFIT = "benefit"
    EXTERNALITY = "externality"

    @property
    def sign(self) -> int:
        return -1 if self in (FlowKind.CAPEX, FlowKind.OPEX, FlowKind.TAX) else 1


class EconomicRole(StrEnum):
    """Whether a revenue line measures the users' benefit or is a transfer from them (METHOD 4)."""

    BENEFIT = "benefit"
    TRANSFER = "transfer"


class PriceBasis(StrEnum):
    REAL = "real"
    NOMINAL = "nominal"


class Timing(StrEnum):
    END = "end"
    MID = "mid"


class Stage(StrEnum):
    """How far a project has come. It lowers no optimism bias by itself: evidence of mitigation does (PARAMETERS)."""

    IDEA = "idea"
    PRE_FEASIBILITY = "pre-feasibility"
    FEASIBILITY = "feasibility"
    DESIGN = "design"
    PROCUREMENT = "procurement"
    CONSTRUCTION = "construction"
    OPERATION = "operation"


class ActionArea(StrEnum):
    """The action areas printed in the brief's figure 2."""

    ICT_INFRASTRUCTURE = "ict-infrastructure"
    SMART_GOVERNMENT = "smart-government"
    EDUCATION = "education"
    MOBILITY = "mobility"
    ECONOMY_JOBS = "economy-jobs"
    ENERGY = "energy"
    ENVIRONMENT = "environment"
    HEALTH = "health"
    WATER = "water"
    LAND_USE = "land-use"
    SAFETY = "safety"
    SOCIETY_CULTURE = "society-culture"
    CLIMATE_DISASTER = "climate-disaster"
    FOOD_AGRICULTURE = "food-agriculture"


class Objective(StrEnum):
    """The objectives printed in the brief's figure 1."""

    INCLUSIVENESS = "inclusiveness"
    ECONOMIC_GROWTH = "economic-growth"
    QUALITY_OF_LIFE = "quality-of-life"
    RESILIENCE = "resilience"
    INNOVATION = "innovation"
    SUSTAINABILITY = "sustainability"
    EFFICIENCY = "efficiency"
    COMPETITIVENESS = "competitiveness"


class EvidenceGrade(StrEnum):
    """How well an answer is supported (METHOD 9)."""

    CLAIM = "E0"
    OWN_DOCUMENT = "E1"
    THIRD_PARTY = "E2"
    VERIFIED = "E3"


GRADE_WORDS = {
    EvidenceGrade.CLAIM: "a claim",
    EvidenceGrade.OWN_DOCUMENT: "an own document",
    EvidenceGrade.THIRD_PARTY: "an official or third-party document",
    EvidenceGrade.VERIFIED: "independent verification",
}
"""Each grade inside a sentence."""


class Repayment(StrEnum):
    ANNUITY = "annuity"
    STRAIGHT_LINE = "straight-line"
    SCULPTED = "sculpted"


class ConstructionInterest(StrEnum):
    CAPITALISED = "capitalised"
    PAID = "paid"


class DriverName(StrEnum):
    """What an uncertainty multiplies, or shifts in time (METHOD 6)."""

    CAPEX = "capex"
    OPEX = "opex"
    REVENUE = "revenue"
    DEMAND = "demand"
    BENEFITS = "benefits"
    PRICE = "price"
    EXCHANGE_RATE = "exchange-rate"
    DELAY = "delay"
    LIFE = "life"


class BiasTarget(StrEnum):
    """What planners are too optimistic about (PARAMETERS, optimism bias)."""

    CAPEX = "capex"
    DURATION = "duration"
    OPEX = "opex"
    BENEFITS = "benefits"


class Family(StrEnum):
    TRIANGULAR = "triangular"
    PERT = "pert"
    UNIFORM = "uniform"
    NORMAL = "normal"
    LOGNORMAL = "lognormal"
    BETA = "beta"
    DISCRETE = "discrete"
    EMPIRICAL = "empirical"


class RiskCategory(StrEnum):
    """The brief's risks, then those that fiscal-risk reviews ask about besides (PARAMETERS)."""

    DEMAND = "demand"
    TECHNOLOGY_OBSOLESCENCE = "technology-obsolescence"
    CYBER_INCIDENT = "cyber-incident"
    DATA_PROTECTION_CHANGE = "data-protection-change"
    MULTI_PARTY_COORDINATION = "multi-party-coordination"
    COMMUNITY_OPPOSITION = "community-opposition"
    NETWORK_NOT_READY = "network-not-ready"
    EXCHANGE_RATE = "exchange-rate"
    CONSTRUCTION = "construction"
    GOVERNANCE = "governance"
    OPERATION = "operation"
    FINANCE = "finance"
    FORCE_MAJEURE = "force-majeure"
    ADVERSE_GOVERNMENT_ACTION = "adverse-government-action"
    CHANGE_IN_LAW = "change-in-law"
    REBALANCING = "rebalancing"
    RENEGOTIATION = "renegotiation"
    TERMINATION = "termination"


class ImpactTrigger(StrEnum):
    """What makes an impact assessment on personal data necessary; two or more do (PARAMETERS)."""

    PROFILING = "profiling"
    AUTOMATED_DECISIONS = "automated-decisions"
    SYSTEMATIC_MONITORING = "systematic-monitoring"
    SENSITIVE_DATA = "sensitive-data"
    LARGE_SCALE = "large-scale"
    MATCHED_DATA = "matched-data"
    VULNERABLE_PEOPLE = "vulnerable-people"
    INNOVATIVE_TECHNOLOGY = "innovative-technology"
    BLOCKS_RIGHT = "blocks-right"
