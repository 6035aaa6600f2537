"""The second built-in framework is data alone: it is whole, and projects are scored by it (PARAMETERS)."""

from dataclasses import replace

import pytest

from scoring.criteria.applicability import in_place, place_of
from scoring.criteria.assessment import assess
from scoring.frameworks import Indicator, ScaleKind, WeighingMethod, load_framework
from scoring.frameworks.loading import BUILT_INS
from scoring.project_file import Answer, EvidenceGrade
from scoring.result import GateStatus
from tests.scoring.criteria.factories import returns

KOREAN = load_framework("korea-preliminary-feasibility-2019")
OTHER = {indicator.id: indicator for indicator in load_framework().indicators}


@pytest.mark.parametrize("indicator", KOREAN.indicators, ids=lambda indicator: indicator.id)
def test_every_indicator_is_whole(indicator: Indicator) -> None:
    assert len(set(indicator.levels)) == 5
    assert all(level.endswith(".") and len(level.split()) >= 4 for level in indicator.levels)
    assert indicator.question.endswith("?")
    assert indicator.help.endswith(".")
    assert indicator.evidence
    assert indicator.standard


@pytest.mark.parametrize("indicator", KOREAN.indicators, ids=lambda indicator: indicator.id)
def test_an_answer_given_under_the_other_framework_means_the_same(indicator: Indicator) -> None:
    other = OTHER.get(indicator.id)
    if other is None:
        assert indicator.scale is ScaleKind.COMPUTED
        assert indicator.figure
    else:
        same = ("question", "levels", "scale", "unit", "points", "least", "most", "rule")
        assert [getattr(indicator, name) for name in same] == [getattr(other, name) for name in same]


def test_weights_lie_in_the_published_ranges() -> None:
    elsewhere = {item.id: (item.weight, item.weight_range) for item in KOREAN.criteria}
    assert elsewhere == {
        "economic": (0.40, (0.30, 0.45)),
        "policy": (0.30, (0.25, 0.40)),
        "regional-balance": (0.30, (0.30, 0.40)),
    }
    (capital,) = KOREAN.places
    assert capital.ranges == {"economic": (0.60, 0.70), "policy": (0.30, 0.40), "regional-balance": (0.0, 0.0)}
    assert sum(capital.weights.values()) == pytest.approx(1)
    assert KOREAN.weighting is not None
    assert KOREAN.weighting.method is WeighingMethod.AHP
    assert KOREAN.weighting.comparisons == ()  # none is made up


@pytest.mark.parametrize(
    ("city", "economic"), [("Seoul", 0.65), ("seoul, Gangnam-gu", 0.65), ("서울", 0.65), ("Busan", 0.40), ("", 0.40)]
)
def test_the_city_decides_the_weights(city: str, economic: float) -> None:
    project = replace(returns()[0], city=city)
    assert (place_of(project, KOREAN) is not None) is (economic == 0.65)
    assert in_place(project, KOREAN).criteria[0].weight == economic


def test_a_project_goes_ahead_at_half_of_the_points() -> None:
    """By hand: level 2 on all that is answered, in a place without weight on what is computed, gives 50 of 100."""
    project, figures = returns()
    framework = replace(
        KOREAN,
        places=(replace(KOREAN.places[0], cities=("Here",), weights=dict.fromkeys(WEIGHTS, 0.0) | HALVES, ranges={}),),
        criteria=tuple(_without_computed(item) for item in KOREAN.criteria),
    )
    names = ("NE5", "IN6", "BK6", "NE6", "NE1")
    for level, status in ((2, GateStatus.PASSED), (1, GateStatus.FAILED)):
        answers = {name: Answer(level=level, evidence=EvidenceGrade.VERIFIED) for name in names}
        result, notes = assess(replace(project, city="Here", answers=answers), framework, *figures)
        assert result.total == pytest.approx(25 * level)
        assert {gate.id: gate.status for gate in result.gates} == {"minimum:total": status}
        assert result.blocked is (status is GateStatus.FAILED)
        assert "place-weights" in [note.code for note in notes]
    unknown, _ = assess(replace(project, city="Here", answers={}), framework, *figures)
    assert {gate.status for gate in unknown.gates} == {GateStatus.OPEN}


WEIGHTS = ("economic", "policy", "regional-balance")
HALVES = {"policy": 0.5, "regional-balance": 0.5}


def _without_computed(criterion):  # type: ignore[no-untyped-def]
    answered = [item for item in criterion.indicators if item.scale is not ScaleKind.COMPUTED]
    weighed = (
        replace(item, weight=(1 / len(answered) if item in answered else 0.0) if answered else item.weight)
        for item in criterion.indicators
    )
    return replace(criterion, indicators=tuple(weighed))


def test_the_built_in_frameworks_are_listed() -> None:
    assert [load_framework(key).key for key in BUILT_INS] == list(BUILT_INS)
