"""A total as a geometric mean: by hand, against the weighted sum, and down to what each criterion bears."""

from dataclasses import replace
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.criteria.unevenness import geometric_mean, uneven
from scoring.criteria_result import CriterionResult
from scoring.figure import Figure, Missing
from scoring.frameworks import Aggregation, Framework, Method, ScaleKind, load_framework
from scoring.project_file import Answer, EvidenceGrade
from scoring.result import CriteriaResult
from tests.scoring.criteria.factories import assessed

GEOMETRIC = replace(load_framework(), aggregation=Aggregation(method=Method.WEIGHTED_GEOMETRIC_MEAN))
ASKED = [item.id for item in GEOMETRIC.indicators if item.scale is ScaleKind.LEVEL and item.id != "BK3"]
"""BK3 apart: a computed indicator follows it."""
ANSWERS = st.dictionaries(st.sampled_from(ASKED), st.integers(0, 4))
SCORES = st.lists(st.floats(0, 100), min_size=1, max_size=5)


def row(name: str, weight: float, score: Figure, carried: float = 1.0) -> CriterionResult:
    known = 0.0 if isinstance(score, Missing) else score
    return CriterionResult(
        id=name,
        title=name,
        weight=weight,
        score=score,
        low=known,
        high=known,
        completeness=1.0,
        contribution=score if isinstance(score, Missing) else score * weight / carried,
    )


def result(answers: dict[str, int], framework: Framework = GEOMETRIC) -> CriteriaResult:
    sure = {key: Answer(level=level, evidence=EvidenceGrade.VERIFIED) for key, level in answers.items()}
    return assessed(sure, framework=framework)[0]


def test_two_criteria_by_hand() -> None:
    """sqrt(64 x 36) = 48, of a sum of 50; each bears 0.5 (s - 48 - 48 ln(s / 48))."""
    found = uneven({"a": row("a", 0.5, 64.0), "b": row("b", 0.5, 36.0)})
    assert geometric_mean([64.0, 36.0], [0.5, 0.5]) == pytest.approx(48)
    assert found["a"].adjustment == pytest.approx(-0.5 * (16 - 48 * log(4 / 3)))
    assert found["b"].adjustment == pytest.approx(-0.5 * (-12 + 48 * log(4 / 3)))
    assert found["a"].adjustment + found["b"].adjustment == pytest.approx(-2)
    assert (found["a"].given, found["b"].given) == (pytest.approx(32), pytest.approx(18))


def test_a_zero_takes_everything_and_an_unanswered_criterion_nothing() -> None:
    nothing = uneven({"a": row("a", 0.5, 80.0), "b": row("b", 0.5, 0.0)})
    assert [item.contribution for item in nothing.values()] == [0, 0]
    assert nothing["a"].adjustment == -40
    open_one = {"a": row("a", 0.5, 80.0, 0.5), "b": row("b", 0.5, Missing("unanswered"))}
    found = uneven(open_one)
    assert found["b"] == open_one["b"]
    assert found["a"].contribution == pytest.approx(80)


@given(SCORES, st.data())
def test_it_never_passes_the_sum_and_its_parts_add_up(scores: list[float], data: st.DataObject) -> None:
    given_weights = data.draw(st.lists(st.floats(0.01, 1), min_size=len(scores), max_size=len(scores)))
    shares = [weight / sum(given_weights) for weight in given_weights]
    rows = {str(at): row(str(at), share, score) for at, (share, score) in enumerate(zip(shares, scores, strict=True))}
    mean, found = geometric_mean(scores, shares), uneven(rows)
    summed = sum(share * score for share, score in zip(shares, scores, strict=True))
    parts = [item.contribution for item in found.values() if not isinstance(item.contribution, Missing)]
    assert mean <= summed + 1e-9
    assert sum(parts) == pytest.approx(mean, abs=1e-9)
    assert all(item.adjustment <= 0 for item in found.values())
    higher = [min(100.0, score + 5) for score in scores]
    assert geometric_mean(higher, shares) >= mean - 1e-9


@given(ANSWERS)
def test_an_assessment_adds_up_from_the_answers_to_the_total(answers: dict[str, int]) -> None:
    found = result(answers)
    if isinstance(found.total, Missing):
        return
    given_points = [item.contribution for item in found.indicators if not isinstance(item.contribution, Missing)]
    assert sum(given_points) + found.unevenness == pytest.approx(found.total, abs=1e-9)
    scores = {name: item.score for name, item in found.by_criterion.items() if not isinstance(item.score, Missing)}
    weights = [found.by_criterion[name].weight for name in scores]
    known = [score for score in scores.values() if not isinstance(score, Missing)]
    assert found.total == pytest.approx(geometric_mean(known, weights), abs=1e-9)
    low, high = found.interval
    assert low - 1e-9 <= found.total <= high + 1e-9


@given(ANSWERS)
def test_gates_criteria_and_answers_are_what_they_are_under_a_sum(answers: dict[str, int]) -> None:
    found, summed = result(answers), result(answers, load_framework())
    assert found.gates == summed.gates
    assert found.completeness == summed.completeness
    assert found.indicators == summed.indicators
    for name, item in found.by_criterion.items():
        other = summed.by_criterion[name]
        assert (item.score, item.low, item.high) == (other.score, other.low, other.high)


@given(ANSWERS, st.sampled_from(ASKED))
def test_a_better_answer_never_lowers_the_total(answers: dict[str, int], name: str) -> None:
    before = result({**answers, name: 1})
    after = result({**answers, name: 3})
    assert not isinstance(before.total, Missing)
    assert not isinstance(after.total, Missing)
    assert after.total >= before.total - 1e-9
    assert after.interval[0] >= before.interval[0] - 1e-9
    assert after.interval[1] >= before.interval[1] - 1e-9
