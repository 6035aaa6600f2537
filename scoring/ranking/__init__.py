"""Ranks, ties as ties, and how sure each rank is (METHOD 10)."""

from scoring.ranking.acceptability import acceptability, rank_shares
from scoring.ranking.budget import budget_line
from scoring.ranking.dominance import dominance, dominators
from scoring.ranking.exact import ExactAcceptability, exact_acceptability
from scoring.ranking.intervals import RankDraws, RankInterval, rank_draws, rank_intervals
from scoring.ranking.smaa import central_weights, drawn_scores, funded_share, pairwise_wins
from scoring.ranking.swaps import Swap, neighbour_swaps, stable_range, swap_weights, swaps_between
from scoring.ranking.ties import competition_ranks
from scoring.ranking.weight_limits import WeightLimits
from scoring.ranking.weight_samples import sample_weights

__all__ = [
    "ExactAcceptability",
    "RankDraws",
    "RankInterval",
    "Swap",
    "WeightLimits",
    "acceptability",
    "budget_line",
    "central_weights",
    "competition_ranks",
    "dominance",
    "dominators",
    "drawn_scores",
    "exact_acceptability",
    "funded_share",
    "neighbour_swaps",
    "pairwise_wins",
    "rank_draws",
    "rank_intervals",
    "rank_shares",
    "sample_weights",
    "stable_range",
    "swap_weights",
    "swaps_between",
]
