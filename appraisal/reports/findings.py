"""The sentences that open a report and a page: what was found, in words a decision can start from."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from appraisal.reports import figures
from appraisal.reports.report import AppraisalReport
from scoring.frameworks.drawn_words import OVER
from scoring.result import EconomicReturn, EquityReturn, FinancialReturn, Missing

if TYPE_CHECKING:
    from scoring.criteria.value_of_information import ValueOfAnswer

REVENUE_WORDS: Mapping[str, str] = {
    "benefit": "Revenue is taken as a measure of the users' benefit.",
    "transfer": "Revenue is taken as a transfer from users, so that it is not counted beside the benefits.",
    "mixed": "Revenue lines are taken as their own entries say, some as benefit and some as transfer.",
}
"""How revenue was taken in the return to society (METHOD 4)."""


def headline(report: AppraisalReport) -> str:
    """Score, worth and what stops it, in one sentence."""
    parts = [_score(report), _worth(report)]
    stops = [gate for gate in report.result.criteria.gates if gate.blocks]
    sentence = ", ".join(part for part in parts if part)
    if not stops:
        return f"{sentence}. No gate blocks it."
    if len(stops) == 1:
        return f"{sentence}; one gate blocks it: {stops[0].title.lower()}."
    return f"{sentence}; {len(stops)} gates block it: {', '.join(gate.title.lower() for gate in stops)}."


def page_headline(report: AppraisalReport) -> str:
    """The same without the gates' names, for a page that lists them right below."""
    stops = sum(gate.blocks for gate in report.result.criteria.gates)
    sentence = f"{_score(report)}, {_worth(report)}"
    return f"{sentence}; {stops} {'gate blocks' if stops == 1 else 'gates block'} it" if stops else sentence


def money_headline(report: AppraisalReport) -> str:
    """Whether it pays for itself, and what society has of it."""
    financial, economic = report.result.financial, report.result.economic
    if isinstance(financial.npv, Missing):
        own = f"No financial return: {figures.reason(financial.npv)}"
    else:
        own = "It pays for itself" if financial.npv >= 0 else "It does not pay for itself"
    if isinstance(economic.bcr, Missing):
        return f"{own}; the return to society is not known"
    return f"{own}; society has {figures.ratio(economic.bcr)} of benefit for each 1 of cost"


def risk_headline(report: AppraisalReport) -> str:
    """How likely society loses, and how bad the worst twentieth is."""
    measures = report.result.risk.economic_npv
    if isinstance(measures.prob_negative, Missing):
        return f"The risk is not known: {figures.reason(measures.prob_negative)}"
    loss = figures.of_draws(figures.chance(measures.prob_negative, measures.prob_negative_se))
    if isinstance(measures.cvar95, Missing):
        return f"Society loses in {loss}"
    worst = figures.MoneyUnit.of(report.project).written(figures.money(measures.cvar95, measures.p50_se))
    return f"Society loses in {loss}; the worst 5 of 100 average {worst}"


def to_society(made: EconomicReturn) -> str:
    if isinstance(made.bcr, Missing):
        return "To society"
    return f"To society: {figures.ratio(made.bcr)} of benefit for each 1 of cost"


def on_investment(made: FinancialReturn) -> str:
    words = "On the investment, before financing"
    if isinstance(made.npv, Missing):
        return words
    return f"{words}: it {'pays for itself' if made.npv >= 0 else 'does not pay for itself'}"


def to_owners(made: EquityReturn) -> str:
    words = "To the owners, after financing"
    if isinstance(made.npv, Missing):
        return words
    return f"{words}: they {'gain' if made.npv >= 0 else 'lose'}"


def _score(report: AppraisalReport) -> str:
    criteria = report.result.criteria
    if isinstance(criteria.total, Missing):
        return "No indicator is answered yet"
    return f"Scores {figures.score(criteria.total)} of 100"


def _worth(report: AppraisalReport) -> str:
    measures = report.result.risk.economic_npv
    if isinstance(measures.prob_negative, Missing):
        return f"economic value is not known ({figures.reason(measures.prob_negative)})"
    loss, se = measures.prob_negative, measures.prob_negative_se
    if loss <= 0.5:  # noqa: PLR2004 -- the likelier half is named
        return f"worth its cost in {figures.of_draws(figures.chance(1 - loss, se))}"
    return f"worth less than it costs in {figures.of_draws(figures.chance(loss, se))}"


def score_note(report: AppraisalReport) -> str:
    """How much of the score is known."""
    criteria = report.result.criteria
    low, high = criteria.interval
    unknown = 1 - criteria.completeness
    if round(low) == round(high):
        return "everything is answered"
    return f"{figures.score_range(low, high)} with the {figures.share(unknown)} unknown at worst and at best"


def likely_note(report: AppraisalReport) -> str:
    """The score's 90% range, to the whole points that its draws carry; empty where it was not drawn."""
    likely = report.result.criteria.likely
    return "" if likely is None else f"{figures.score_range(*likely)} in 90 of 100 draws"


def answer_note(value: "ValueOfAnswer") -> str:
    """What answering one unknown does to the worst-to-best range of the score, and from which end."""
    rises, falls = figures.points(value.low_rises), figures.points(value.high_falls)
    also = f"; it settles {', '.join(value.settles)} too" if value.settles else ""
    if rises == falls:
        by = f"by {rises} points, from below if the answer is good, from above if it is not"
    else:
        by = f"by up to {rises} points from below if the answer is good, by up to {falls} from above if it is not"
    return f"it narrows the score’s range from worst to best {by}{also}."


def rank_note(report: AppraisalReport) -> str:
    rank = report.rank
    if rank is None:
        return ""
    if rank.low == rank.high:
        return f"of {rank.of}, in 90 of 100 draws of {OVER}"
    return f"of {rank.of}; between {rank.low} and {rank.high} in 90 of 100 draws of {OVER}"
