"""Which projects to fund under budgets and rules, and what the answer hangs on (METHOD 11)."""

from scoring.selection.check import violations
from scoring.selection.clashes import Clash, InfeasibleProgramme, clashes
from scoring.selection.naive import RankAndCut, rank_and_cut
from scoring.selection.problem import MinimumShare, Problem, problem_of
from scoring.selection.programme import NoProgrammeFound, Selection, choose, select
from scoring.selection.rules import Rule, RuleKind

__all__ = [
    "Clash",
    "InfeasibleProgramme",
    "MinimumShare",
    "NoProgrammeFound",
    "Problem",
    "RankAndCut",
    "Rule",
    "RuleKind",
    "Selection",
    "choose",
    "clashes",
    "problem_of",
    "rank_and_cut",
    "select",
    "violations",
]
