"""The four criteria: levels, evidence, gates and how they add up to a score (METHOD 9)."""

from scoring.criteria.aggregation import weighted_geometric_mean, weighted_sum
from scoring.criteria.assessment import assess

__all__ = ["assess", "weighted_geometric_mean", "weighted_sum"]
