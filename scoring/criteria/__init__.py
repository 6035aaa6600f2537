"""The four criteria: levels, evidence, gates and how they add up to a score (METHOD 9)."""

from scoring.criteria.aggregation import topsis, weighted_geometric_mean, weighted_sum
from scoring.criteria.agreement import krippendorff_alpha
from scoring.criteria.assessment import assess
from scoring.criteria.outranking import credibility, electre_iii, promethee_ii
from scoring.criteria.pairwise import ahp_priorities

__all__ = [
    "ahp_priorities",
    "assess",
    "credibility",
    "electre_iii",
    "krippendorff_alpha",
    "promethee_ii",
    "topsis",
    "weighted_geometric_mean",
    "weighted_sum",
]
