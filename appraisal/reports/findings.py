"""The sentences that open a report: what was found, in words a decision can start from."""

from appraisal.reports import figures
from appraisal.reports.report import AppraisalReport
from scoring.result import Missing


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


def rank_note(report: AppraisalReport) -> str:
    rank = report.rank
    if rank is None:
        return ""
    if rank.low == rank.high:
        return f"of {rank.of}, in 90 of 100 draws"
    return f"of {rank.of}; between {rank.low} and {rank.high} in 90 of 100 draws"
