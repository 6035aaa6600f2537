"""What lifts a score, against the assessment itself with the answer changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.criteria.levers import levers, reach
from scoring.frameworks import ScaleKind, load_framework
from scoring.project_file import Answer, EvidenceGrade
from scoring.result import Missing
from tests.scoring.criteria.factories import assessed

ASKED = [item.id for item in load_framework().indicators if item.scale is ScaleKind.LEVEL and item.id != "BK3"]
"""BK3 apart: a computed indicator follows it."""
SURE = EvidenceGrade.VERIFIED
ANSWERS = st.dictionaries(st.sampled_from(ASKED), st.integers(0, 4), min_size=1)


@given(given=ANSWERS)
def test_a_lever_adds_what_the_assessment_gives_with_the_top_level(given: dict[str, int]) -> None:
    answers = {key: Answer(level=level, evidence=SURE) for key, level in given.items()}
    result, _ = assessed(answers)
    total = result.total
    assert not isinstance(total, Missing)
    found = levers(result)
    assert {lever.indicator for lever in found} == {key for key, level in given.items() if level < 4}
    for lever in found[:3]:
        lifted, _ = assessed({**answers, lever.indicator: Answer(level=4, evidence=SURE)})
        assert lifted.total == pytest.approx(total + lever.gain)


def test_the_fewest_that_reach_a_target() -> None:
    result, _ = assessed({key: Answer(level=2, evidence=SURE) for key in ASKED})
    total = result.total
    assert not isinstance(total, Missing)
    needed = reach(result, total + 4)
    assert needed is not None
    assert needed.reached
    assert needed.gap == pytest.approx(4)
    assert needed.total - needed.levers[-1].gain < needed.target
    there = reach(result, total)
    assert there is not None
    assert there.levers == ()
    everything = reach(result, 100)
    assert everything is not None
    assert not everything.reached, "what is computed stays as it is"


def test_nothing_answered_nothing_to_lift() -> None:
    result, _ = assessed({})
    assert levers(result) == ()
