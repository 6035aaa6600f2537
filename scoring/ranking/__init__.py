"""Ranks, ties as ties, and how sure each rank is (METHOD 10)."""

from scoring.ranking.acceptability import acceptability
from scoring.ranking.intervals import RankInterval, competition_ranks, rank_intervals

__all__ = ["RankInterval", "acceptability", "competition_ranks", "rank_intervals"]
