"""Figures of the returns as indicators: which one and with which thresholds, the framework says (METHOD 9)."""

from collections.abc import Callable, Mapping

from scoring.criteria.computed import BOTTOM_POPULATION_SHARE, Basis
from scoring.criteria.scales import Level, interpolated
from scoring.frameworks import Indicator
from scoring.frameworks.vocabulary import FIGURES as WORDS
from scoring.result import EconomicReturn, EquityReturn, Figure, Missing, RiskReturn


def figure_level(indicator: Indicator, basis: Basis) -> Level:
    """The level that the indicator's thresholds give its figure, piecewise-linear (METHOD 9).

    Missing with the figure's own reason where it does not exist; raises KeyError for a figure the tool does not know.
    """
    figure = figure_of(indicator.figure, basis.economic, basis.equity, basis.risk)
    words = WORDS[indicator.figure]
    if isinstance(figure, Missing):
        return Level(figure, figure, explanation=f"{words.title} could not be computed.")
    level = interpolated(indicator.points, figure)
    return Level(level, level, explanation=f"{words.title}: {figure:.3g} {words.unit}. {words.formula}")


def figure_of(name: str, economic: EconomicReturn, equity: EquityReturn, risk: RiskReturn) -> Figure:
    """A figure of the returns by its name in a framework, in the unit that `vocabulary.FIGURES` states."""
    return FIGURES[name](economic, equity, risk)


def _chance_of_gain(_economic: EconomicReturn, _equity: EquityReturn, risk: RiskReturn) -> Figure:
    negative = risk.economic_npv.prob_negative
    return negative if isinstance(negative, Missing) else 1 - negative


def _overrun(_economic: EconomicReturn, _equity: EquityReturn, risk: RiskReturn) -> Figure:
    base, p80 = risk.capex_base, risk.capex_p80
    if isinstance(base, Missing) or isinstance(p80, Missing) or base <= 0:
        return Missing("no-capex")
    return p80 / base


def _poorest(economic: EconomicReturn, _equity: EquityReturn, _risk: RiskReturn) -> Figure:
    share = economic.bottom_share
    return share if isinstance(share, Missing) else round(share / BOTTOM_POPULATION_SHARE, 9)


FIGURES: Mapping[str, Callable[[EconomicReturn, EquityReturn, RiskReturn], Figure]] = {
    "benefit-cost-ratio": lambda economic, _equity, _risk: economic.bcr,
    "chance-of-gain": _chance_of_gain,
    "return-on-public-money": lambda _economic, _equity, risk: risk.risk_adjusted_return,
    "capital-cost-overrun": _overrun,
    "delay": lambda _economic, _equity, risk: risk.delay_p80,
    "least-debt-cover": lambda _economic, equity, _risk: equity.dscr_min,
    "benefit-of-the-poorest": _poorest,
}
