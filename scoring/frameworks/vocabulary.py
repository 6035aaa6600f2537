"""The words a framework may use for what the tool can decide or compute, each with its meaning for people."""

from collections.abc import Mapping
from dataclasses import dataclass

from scoring.frameworks.aggregation import Method

CONDITIONS: Mapping[str, str] = {
    "always": "Every project",
    "impact-triggers": "Projects with two or more triggers of an impact assessment",
    "public-space-analytics": "Projects that analyse people in public space",
    "essential-service": "Projects that provide an essential service",
}
"""Facts a gate can depend on; `scoring.criteria.gates` decides them."""

RULES: Mapping[str, str] = {
    "economic-return": "Share of simulated futures with an economic net present value above 0: bands from 30, 50, 70 "
    "and 85%; level 4 also needs the median economic rate of return at the social rate.",
    "debt-cover": "Least yearly cash flow available for debt service / debt service: bands from 1.00, 1.15, 1.30 and "
    "1.50; without debt, the level of BK3.",
    "cost-tail": "Capital cost exceeded in 2 of 10 futures / planned capital cost: at most 1.15, 1.35, 1.6 and 2.0; "
    "0 where over 60% of it is IT without a pilot or contract in evidence with BK6.",
    "whole-life": "One level for each part of the whole-life cost in the plan: running, renewal, reuse or exit value.",
    "benefit-distribution": "Share of the allocated net benefit that reaches the poorest 40% / 0.4: bands from 0.5, "
    "0.8 and 1.0, and above 1.3.",
}
"""Rules of computed indicators; `scoring.criteria.computed` has one function for each."""


@dataclass(frozen=True, slots=True)
class FigureWords:
    title: str
    unit: str
    formula: str


FIGURES: Mapping[str, FigureWords] = {
    "benefit-cost-ratio": FigureWords(
        "Benefit-cost ratio", "times", "Present value of benefits / present value of costs, at the social rate."
    ),
    "chance-of-gain": FigureWords(
        "Chance that society gains", "share of futures", "Simulated futures with an economic NPV above 0 / all futures."
    ),
    "return-on-public-money": FigureWords(
        "Risk-adjusted return",
        "per unit of public money",
        "Certainty equivalent of the economic NPV / present value of the public money asked.",
    ),
    "capital-cost-overrun": FigureWords(
        "Likely capital cost",
        "times the plan",
        "Capital cost exceeded in 2 of 10 simulated futures / planned capital cost.",
    ),
    "delay": FigureWords("Likely delay", "years", "Delay exceeded in 2 of 10 simulated futures."),
    "least-debt-cover": FigureWords(
        "Least cover of debt", "times", "Least yearly cash flow available for debt service / debt service."
    ),
    "benefit-of-the-poorest": FigureWords(
        "Benefit of the poorest 40%", "times their share", "Their share of the allocated net benefit / 0.4."
    ),
}
"""Figures of the returns that an indicator can be computed from by its own thresholds; `scoring.criteria.figures`."""


@dataclass(frozen=True, slots=True)
class MethodWords:
    title: str
    inside: str
    """The title inside a sentence."""
    help: str
    """What it does, for whoever chooses it."""
    made: str
    """A sentence: how the totals or ranks were made."""


METHODS: Mapping[Method, MethodWords] = {
    Method.WEIGHTED_SUM: MethodWords(
        "Weighted sum",
        "the weighted sum",
        "Points are added up: strength on one criterion makes up for weakness on another.",
        "The total is the weighted mean of the criteria, each the weighted mean of its answered indicators.",
    ),
    Method.WEIGHTED_GEOMETRIC_MEAN: MethodWords(
        "Weighted geometric mean",
        "the weighted geometric mean",
        "Scores are multiplied: an even project beats an uneven one with the same sum, and 0 on a criterion makes the "
        "total 0.",
        "The total is the weighted geometric mean of the criteria, each the weighted mean of its answered indicators.",
    ),
    Method.TOPSIS: MethodWords(
        "TOPSIS: nearness to the best",
        "TOPSIS",
        "Ranks by how near a project is to the best score reached on every criterion, and how far from the worst. A "
        "project's own score stays a weighted sum.",
        "Ranks are by nearness to the best found on every criterion (TOPSIS); each project's own total is a weighted "
        "mean.",
    ),
    Method.PROMETHEE_II: MethodWords(
        "PROMETHEE II: wins in pairs",
        "PROMETHEE II",
        "Compares every two projects on every criterion and ranks by wins less losses; small differences count little. "
        "A project's own score stays a weighted sum.",
        "Ranks are by wins less losses in pairs (PROMETHEE II); each project's own total is a weighted mean.",
    ),
    Method.ELECTRE_III: MethodWords(
        "ELECTRE III: pairs with a veto",
        "ELECTRE III",
        "Compares in pairs too, but being too far behind on one criterion cannot be bought off by the others: a veto. "
        "A project's own score stays a weighted sum.",
        "Ranks are by outranking in pairs with vetoes (ELECTRE III), distilled from above and from below: where both "
        "disagree, projects are incomparable and stand by the mean of both. A project's own total is a weighted mean.",
    ),
}
"""Ways to make one order of many criteria; `scoring.ranking.methods` has the sums."""
