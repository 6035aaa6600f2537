"""Ranks, ties as ties, and how sure each rank is (METHOD 10)."""

from scoring.ranking.acceptability import acceptability
from scoring.ranking.budget import budget_line
from scoring.ranking.intervals import RankInterval, rank_intervals
from scoring.ranking.ties import competition_ranks

__all__ = ["RankInterval", "acceptability", "budget_line", "competition_ranks", "rank_intervals"]
