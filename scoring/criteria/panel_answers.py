"""One answer from several appraisers': the median level with the median evidence (METHOD 9)."""

from collections.abc import Sequence
from statistics import median, median_low

from scoring.frameworks import Indicator, ScaleKind
from scoring.project_file import Answer, EvidenceGrade

_GRADES = list(EvidenceGrade)


def panel_answer(indicator: Indicator, answers: Sequence[Answer]) -> Answer:
    """The panel's answer to an indicator, from what each appraiser said of it (METHOD 9).

    The median of those who gave a level (a number, on a numeric scale): between two levels it lies halfway, and stands
    in `value`. Evidence is the median grade of the same appraisers, the lower one of two, so that it carries no more
    than half of them saw. Unknown where nobody gave a level.
    """
    numeric = indicator.scale is ScaleKind.NUMERIC
    rated = [answer for answer in answers if figure_of(answer, numeric=numeric) is not None]
    if not rated:
        return Answer(unknown=True, reason=f"None of {len(answers)} appraisers could tell.")
    figures = sorted(figure for answer in rated if (figure := figure_of(answer, numeric=numeric)) is not None)
    middle = float(median(figures))
    grade = _GRADES[median_low([_GRADES.index(answer.evidence or EvidenceGrade.CLAIM) for answer in rated])]
    sources = dict.fromkeys(answer.source for answer in rated if answer.source)
    whole = not numeric and middle == int(middle)
    return Answer(
        level=int(middle) if whole else None,
        value=None if whole else middle,
        evidence=grade,
        reason=_reason(figures, len(answers) - len(rated), "number" if numeric else "level"),
        source="; ".join(sources),
    )


def _reason(figures: Sequence[float], silent: int, word: str) -> str:
    said = ", ".join(f"{figure:g}" for figure in figures)
    several = len(figures) > 1
    whose = f"Median of {len(figures)} appraisers" if several else "One appraiser"
    return f"{whose} ({word}{'s' if several else ''} {said}){f'; {silent} could not tell' if silent else ''}."


def figure_of(answer: Answer, *, numeric: bool) -> float | None:
    """What counts of an answer on the indicator's scale: its number or its level; None where it gives none."""
    if answer.unknown:
        return None
    if numeric:
        return answer.value
    return None if answer.level is None else float(answer.level)
