"""Ranks, ties as ties, and how sure each rank is (METHOD 10)."""

from scoring.ranking.acceptability import acceptability
from scoring.ranking.budget import budget_line
from scoring.ranking.dominance import dominance, dominators
from scoring.ranking.intervals import RankInterval, rank_intervals
from scoring.ranking.swaps import Swap, neighbour_swaps, stable_range, swap_weights, swaps_between
from scoring.ranking.ties import competition_ranks

__all__ = [
    "RankInterval",
    "Swap",
    "acceptability",
    "budget_line",
    "competition_ranks",
    "dominance",
    "dominators",
    "neighbour_swaps",
    "rank_intervals",
    "stable_range",
    "swap_weights",
    "swaps_between",
]
