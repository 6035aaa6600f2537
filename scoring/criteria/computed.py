"""Indicators the tool computes from the returns; nobody can type over them (CRITERIA, METHOD 9)."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.criteria.scales import TOP, Level
from scoring.project_file import EvidenceGrade, FlowKind, ProjectFile
from scoring.result import EconomicReturn, EquityReturn, Figure, FinancialReturn, Missing, RiskReturn

READINESS = "BK6"
"""The indicator whose evidence shows a pilot or a contract (BK4)."""
BOTTOM_POPULATION_SHARE = 0.4
FAVOURABLE_RATIO = 1.3
IT_SHARE_LIMIT = 0.6
IT_CLASSES = ("it", "software", "data-platform", "sensors", "network")
"""Classes of capital cost that count as IT: their overruns have the fat tail."""
COVER_STARTS, OVERRUN_STARTS = (1.0, 1.15, 1.30, 1.50), (1.15, 1.35, 1.6, 2.0)
"""Where the bands of BK2 start, and above what those of BK4 end."""
NO_DEBT = ("no-debt", "no-financing")
"""Reasons why there is no cover of debt because there is no debt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Everything a rule may look at."""

    project: ProjectFile
    social_rate: float
    financial: FinancialReturn
    equity: EquityReturn
    economic: EconomicReturn
    risk: RiskReturn
    funding: Level
    """The counted level of funding certainty (BK3), which stands in where there is no debt."""

    @property
    def stands_in(self) -> bool:
        """Whether funding certainty stands in for the cover of debt."""
        cover = self.equity.dscr_min
        return isinstance(cover, Missing) and cover.reason in NO_DEBT


def computed_level(rule: str, basis: Basis) -> Level:
    """The level a rule gives; raises KeyError for a rule that does not exist."""
    return RULES[rule](basis)


def _banded(figure: float, starts: tuple[float, ...]) -> float:
    """The band a figure falls in: the number of band starts at or below it."""
    return float(bisect_right(starts, figure))


def _level(counted: Figure, explanation: str) -> Level:
    return Level(counted, counted, explanation=explanation)


def economic_return(basis: Basis) -> Level:
    """BK1: P(ENPV > 0) in bands; level 4 also needs the median EIRR at the hurdle."""
    negative = basis.risk.economic_npv.prob_negative
    if isinstance(negative, Missing):
        return _level(negative, "The chance of a gain could not be computed.")
    gain = 1 - negative
    level = _banded(gain, (0.30, 0.50, 0.70, 0.85))
    eirr = basis.risk.eirr_p50
    reached = not isinstance(eirr, Missing) and eirr >= basis.social_rate
    if level == TOP and not reached:
        level = 3.0
    median = "has no single value" if isinstance(eirr, Missing) else f"is {eirr:.1%}"
    return _level(
        level,
        f"Society gains in {gain * 100:.0f} of 100 draws; the median economic rate of return {median} "
        f"against a hurdle of {basis.social_rate:.1%}.",
    )


def debt_cover(basis: Basis) -> Level:
    """BK2: least yearly debt service cover in bands; without debt, the level of funding certainty (BK3)."""
    cover = basis.equity.dscr_min
    if isinstance(cover, Missing):
        if not basis.stands_in:
            return _level(cover, "The cover of debt could not be computed.")
        taken = basis.funding.counted
        words = "which is not answered" if isinstance(taken, Missing) else f"which counts as {taken:.3g}"
        return _level(taken, f"There is no debt to cover: the level of BK3 is taken, {words}.")
    year = basis.equity.dscr_min_year
    when = "" if isinstance(year, Missing) else f" in {year:.0f}"
    return _level(_banded(cover, COVER_STARTS), f"The least cover of debt service is {cover:.2f}{when}.")


def cost_tail(basis: Basis) -> Level:
    """BK4: P80 of capital cost over the plan, and the share of IT cost; level 4 needs evidence E2 on readiness."""
    base, p80 = basis.risk.capex_base, basis.risk.capex_p80
    if isinstance(base, Missing) or isinstance(p80, Missing) or base <= 0:
        return _level(Missing("no-capex"), "There is no capital cost to look at.")
    return cost_level(p80 / base, basis.project)


def cost_level(ratio: float, project: ProjectFile) -> Level:
    """The level of BK4 for a capital cost of so many times the plan, after what the evidence of readiness carries."""
    it = it_share(project)
    level = 4.0 - sum(ratio > start for start in OVERRUN_STARTS)
    words = f"In 2 of 10 draws the capital cost exceeds {ratio:.2f} times the plan; {it:.0%} of it is IT."
    proven = _has_third_party_evidence(project, READINESS)
    if it > IT_SHARE_LIMIT and not proven:
        return _level(0.0, f"{words} No third-party evidence of a pilot or contract is given with {READINESS}.")
    if level == TOP and not proven:
        reason = f"Level 4 needs a contract or pilot as evidence E2 with {READINESS}; counted as 3."
        return Level(3.0, level, reason, words)
    return _level(level, words)


def _has_third_party_evidence(project: ProjectFile, indicator: str) -> bool:
    answer = project.answers.get(indicator)
    if answer is None or answer.unknown or answer.evidence is None:
        return False
    return answer.evidence in (EvidenceGrade.THIRD_PARTY, EvidenceGrade.VERIFIED)


def it_share(project: ProjectFile) -> float:
    """Part of the planned capital cost, undiscounted, that falls to classes of IT; 0 where there is none."""
    capex = [line for line in project.cash_flows.lines if line.kind is FlowKind.CAPEX]
    total = sum((sum(line.amounts, Decimal(0)) for line in capex), Decimal(0))
    it = sum((sum(line.amounts, Decimal(0)) for line in capex if line.line_class in IT_CLASSES), Decimal(0))
    return float(it / total) if total > 0 else 0.0


def whole_life(basis: Basis) -> Level:
    """BK10: which parts of the whole-life cost are in the plan. A staged design is not read from cash flows."""
    lines = basis.project.cash_flows.lines
    opening = _first_year_with(basis, (FlowKind.OPEX, FlowKind.REVENUE, FlowKind.BENEFIT))
    running = any(line.kind is FlowKind.OPEX and any(line.amounts) for line in lines)
    renewal = opening is not None and any(
        line.kind is FlowKind.CAPEX and (line.line_class == "renewal" or any(line.amounts[opening + 1 :]))
        for line in lines
    )
    uncertainty = basis.project.uncertainty
    salvage = uncertainty is not None and uncertainty.obsolescence is not None and uncertainty.obsolescence.salvage > 0
    leaving = salvage or any(line.kind is FlowKind.RESIDUAL and any(line.amounts) for line in lines)
    found = [running, running and renewal, running and renewal and leaving]
    named = [
        name
        for name, there in (("running costs", running), ("renewals", renewal), ("reuse or exit value", leaving))
        if there
    ]
    return _level(float(sum(found)), f"The plan contains: {', '.join(named) or 'no cost after construction'}.")


def _first_year_with(basis: Basis, kinds: tuple[FlowKind, ...]) -> int | None:
    starts = [
        next(period for period, amount in enumerate(line.amounts) if amount)
        for line in basis.project.cash_flows.lines
        if line.kind in kinds and any(line.amounts)
    ]
    return min(starts, default=None)


def benefit_distribution(basis: Basis) -> Level:
    """IN4: share of the allocated net benefit that reaches the poorest 40%, over their population share."""
    share = basis.economic.bottom_share
    if isinstance(share, Missing):
        return _level(share, "No benefit is split over income groups.")
    # 0.32 / 0.4 is a hair below 0.8 in floating point, and must still reach the band that starts there.
    ratio = round(share / BOTTOM_POPULATION_SHARE, 9)
    return _level(
        poorest_level(ratio),
        f"The poorest 40% get {share:.0%} of the net benefit: {ratio:.2f} times their population share.",
    )


def poorest_level(ratio: float) -> float:
    """The level of IN4 for a part of so many times the population share of the poorest."""
    # The top band is open below: 1.3 itself still belongs to the band before it.
    return _banded(ratio, (0.5, 0.8, 1.0)) + float(ratio > FAVOURABLE_RATIO)


RULES: Mapping[str, Callable[[Basis], Level]] = {
    "economic-return": economic_return,
    "debt-cover": debt_cover,
    "cost-tail": cost_tail,
    "whole-life": whole_life,
    "benefit-distribution": benefit_distribution,
}
