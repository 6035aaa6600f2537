"""The four criteria: levels, evidence, gates and how they add up to a score (METHOD 9)."""

from scoring.criteria.aggregation import topsis, weighted_geometric_mean, weighted_sum
from scoring.criteria.agreement import krippendorff_alpha
from scoring.criteria.assessment import assess
from scoring.criteria.consistency import Finding, Severity, inconsistencies
from scoring.criteria.contributions import contributions, explained
from scoring.criteria.distillation import Distillation, distilled
from scoring.criteria.objective_weights import critic_weights, entropy_weights
from scoring.criteria.outranking import credibility, electre_iii, net_credibility, promethee_ii
from scoring.criteria.pairwise import ahp_priorities
from scoring.criteria.panel import panel
from scoring.criteria.panel_answers import panel_answer
from scoring.criteria.value_of_information import value_of_answers
from scoring.criteria.weighting import compared_weights, direct_weights, effective_weights, swing_weights
from scoring.frameworks import Method

__all__ = [
    "Distillation",
    "Finding",
    "Method",
    "Severity",
    "ahp_priorities",
    "assess",
    "compared_weights",
    "contributions",
    "credibility",
    "critic_weights",
    "direct_weights",
    "distilled",
    "effective_weights",
    "electre_iii",
    "entropy_weights",
    "explained",
    "inconsistencies",
    "krippendorff_alpha",
    "net_credibility",
    "panel",
    "panel_answer",
    "promethee_ii",
    "swing_weights",
    "topsis",
    "value_of_answers",
    "weighted_geometric_mean",
    "weighted_sum",
]
