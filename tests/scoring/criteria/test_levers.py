"""What lifts a score, against the assessment itself with the answer changed."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.criteria.levers import Lever, levers, reach
from scoring.frameworks import Aggregation, Method, ScaleKind, load_framework
from scoring.project_file import Answer, EvidenceGrade
from scoring.result import Missing
from tests.examples import examples
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


GEOMETRIC = replace(load_framework(), aggregation=Aggregation(method=Method.WEIGHTED_GEOMETRIC_MEAN))


def total_with(given: dict[str, Answer], chosen: Iterable[Lever], to: int | None) -> float:
    moved = {lever.indicator: Answer(level=int(lever.to) if to is None else to, evidence=SURE) for lever in chosen}
    found, _ = assessed({**given, **moved}, framework=GEOMETRIC)
    assert not isinstance(found.total, Missing)
    return found.total


@settings(max_examples=examples(25))
@given(
    given=st.dictionaries(st.sampled_from(ASKED[:9:2] + ASKED[-6::2]), st.integers(0, 4), min_size=2, max_size=5),
    target=st.integers(1, 100),
)
def test_no_fewer_levers_would_do_under_a_geometric_mean(given: dict[str, int], target: int) -> None:
    """Against every set of the same answers moved to the top, assessed anew."""
    answers = {key: Answer(level=level, evidence=SURE) for key, level in given.items()}
    result, _ = assessed(answers, framework=GEOMETRIC)
    needed, found = reach(result, target), levers(result)
    assert needed is not None
    after = total_with(answers, needed.levers, None)
    assert needed.total == pytest.approx(after, abs=1e-6)
    reaching = [
        len(chosen)
        for count in range(len(found) + 1)
        for chosen in combinations(found, count)
        if total_with(answers, chosen, 4) >= target - 1e-9
    ]
    assert needed.reached == bool(reaching)
    if reaching:
        assert len(needed.levers) == min(reaching)


def test_no_lever_is_moved_higher_than_it_must_be() -> None:
    answers = {key: Answer(level=1, evidence=SURE) for key in ASKED}
    result, _ = assessed(answers)
    total = result.total
    assert not isinstance(total, Missing)
    largest = levers(result)[0]
    needed = reach(result, total + largest.gain / 2)
    assert needed is not None
    (lever,) = needed.levers
    assert lever.to == 3, "from 1, two of three steps are the first that reach half of the gain"
    assert lever.gain == pytest.approx(largest.gain * 2 / 3)


def test_two_empty_criteria_are_lifted_together_or_not_at_all() -> None:
    """Under a geometric mean a criterion at 0 makes the total 0, whatever the other gains."""
    answers = {key: Answer(level=0, evidence=SURE) for key in ("DS2", "IN1")}
    result, _ = assessed(answers, framework=GEOMETRIC)
    assert result.total == 0
    assert [lever.gain for lever in levers(result)] == [0, 0]
    needed = reach(result, 10)
    assert needed is not None
    assert needed.reached
    assert {lever.indicator for lever in needed.levers} == {"DS2", "IN1"}
