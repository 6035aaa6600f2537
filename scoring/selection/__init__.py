"""Which projects to fund under budgets and rules, and what the answer hangs on (METHOD 11)."""

from scoring.selection.capped import PLAIN, CappedChooser, Chooser
from scoring.selection.check import violations
from scoring.selection.frontiers import FrontierPoint, frontier, risk_frontier
from scoring.selection.futures import Robustness, Standing, robustness
from scoring.selection.infeasibility import Clash, InfeasibleProgramme, clashes
from scoring.selection.margins import FirstOut, NextMoney, first_out, next_money, shadow_prices
from scoring.selection.naive import RankAndCut, rank_and_cut
from scoring.selection.problem import MinimumShare, Problem, problem_of
from scoring.selection.programme import NoProgrammeFound, Selection, choose, select
from scoring.selection.rules import Rule, RuleKind

__all__ = [
    "PLAIN",
    "CappedChooser",
    "Chooser",
    "Clash",
    "FirstOut",
    "FrontierPoint",
    "InfeasibleProgramme",
    "MinimumShare",
    "NextMoney",
    "NoProgrammeFound",
    "Problem",
    "RankAndCut",
    "Robustness",
    "Rule",
    "RuleKind",
    "Selection",
    "Standing",
    "choose",
    "clashes",
    "first_out",
    "frontier",
    "next_money",
    "problem_of",
    "rank_and_cut",
    "risk_frontier",
    "robustness",
    "select",
    "shadow_prices",
    "violations",
]
