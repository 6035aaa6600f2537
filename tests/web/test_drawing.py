import pytest

from appraisal.web.drawing import score_segments
from scoring.result import CriterionResult, Missing


def criterion(name: str, weight: float, low: float) -> CriterionResult:
    return CriterionResult(
        id=name,
        title=name.title(),
        weight=weight,
        score=Missing("unanswered"),
        low=low,
        high=100.0,
        completeness=0.5,
        contribution=Missing("unanswered"),
    )


def test_segments_lie_end_to_end_and_reach_the_interval_s_low_end() -> None:
    segments = score_segments([criterion("bankability", 0.4, 50.0), criterion("needs", 0.6, 30.0)])
    assert [(part.criterion, part.start, part.points) for part in segments] == [
        ("bankability", 0.0, pytest.approx(20.0)),
        ("needs", pytest.approx(20.0), pytest.approx(18.0)),
    ]
