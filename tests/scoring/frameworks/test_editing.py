"""Changes part by part: weights keep summing, order and neighbours stay, what was true no longer is dropped."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.errors import InputError
from scoring.frameworks import Criterion, Framework, WeighingMethod, Weighting, editing, load_framework
from tests.examples import examples

BUILT_IN = load_framework()
KOREAN = load_framework("korea-preliminary-feasibility-2019")
NAMES = [item.id for item in BUILT_IN.indicators]


@given(st.lists(st.sampled_from(NAMES), max_size=12, unique=True))
@settings(max_examples=examples(40))
def test_taking_out_keeps_weights_summing_and_ratios(taken: list[str]) -> None:
    framework = BUILT_IN
    for name in taken:
        framework = editing.without_indicator(framework, name)
    assert editing.validated(framework) == framework
    for criterion in framework.criteria:
        assert sum(item.weight for item in criterion.indicators) == pytest.approx(1)
        assert len({round(item.weight, 12) for item in criterion.indicators}) == 1
    assert {item.id for item in framework.indicators} == set(NAMES) - set(taken)


@given(st.sampled_from([*NAMES, *(item.id for item in BUILT_IN.criteria)]), st.sampled_from([-1, 1]))
def test_moving_there_and_back_changes_nothing(name: str, step: int) -> None:
    moved = editing.moved(BUILT_IN, name, step)
    assert editing.validated(moved) == moved
    if moved != BUILT_IN:
        assert editing.moved(moved, name, -step) == BUILT_IN


@given(st.sampled_from(NAMES), st.sampled_from([item.id for item in BUILT_IN.criteria]), st.floats(0, 1))
@settings(max_examples=examples(60))
def test_an_indicator_that_changes_criterion_leaves_both_summing(name: str, to: str, weight: float) -> None:
    after = editing.transferred(BUILT_IN, name, to, weight)
    assert editing.validated(after) == after
    assert [item.weight for item in after.criteria] == [item.weight for item in BUILT_IN.criteria]
    assert {item.id for item in after.indicators} == set(NAMES)
    moved = editing.indicator_of(after, name)
    assert moved.criterion == to
    if editing.indicator_of(BUILT_IN, name).criterion != to:
        assert moved.weight == weight
        others = [item.weight for item in editing.criterion_of(after, to).indicators if item.id != name]
        assert others == pytest.approx([(1 - weight) / len(others)] * len(others))  # alike before, alike after


def test_an_indicator_alone_in_its_criterion_carries_all_of_it_and_stays() -> None:
    empty = Criterion(id="fifth", title="Fifth", question="Why?", weight=0.0, indicators=())
    there = editing.transferred(editing.with_criterion(BUILT_IN, empty), "NE1", "fifth", 0.25)
    assert editing.indicator_of(there, "NE1").weight == 1
    weights = {item.id: 0.2 for item in there.criteria}
    weighed = editing.with_weights(there, "criteria", weights, Weighting(method=WeighingMethod.DIRECT))
    with pytest.raises(InputError, match="carries all of the weight of Fifth"):
        editing.transferred(weighed, "NE1", "needs", 0.1)
    with pytest.raises(InputError, match="between 0 and 1"):
        editing.transferred(BUILT_IN, "NE1", "needs", 1.5)
    with pytest.raises(InputError, match="There is no nowhere"):
        editing.transferred(BUILT_IN, "NE1", "nowhere", 0.5)


def test_a_criterion_leaves_its_weight_to_the_others_in_every_place() -> None:
    left = editing.without_criterion(KOREAN, "policy")
    assert [item.weight for item in left.criteria] == pytest.approx([4 / 7, 3 / 7])
    assert left.places[0].weights == {"economic": pytest.approx(1), "regional-balance": 0}
    assert set(left.places[0].ranges) == {"economic", "regional-balance"}
    with pytest.raises(InputError, match="carries all of the weight"):
        editing.without_criterion(left, "economic")


def test_a_new_criterion_carries_no_weight_in_any_place() -> None:
    new = Criterion(id="new", title="New", question="Why?", weight=0.0, indicators=())
    framework = editing.with_criterion(KOREAN, new)
    assert framework.places[0].weights["new"] == 0
    assert editing.validated(framework) == framework


def test_the_only_indicator_with_weight_stays() -> None:
    alone = BUILT_IN
    for name in NAMES[1:10]:
        alone = editing.without_indicator(alone, name)
    with pytest.raises(InputError, match="carries all of the weight"):
        editing.without_indicator(alone, NAMES[0])
    with pytest.raises(InputError, match="There is no"):
        editing.without_indicator(alone, "ZZ")


def test_how_weights_were_found_is_dropped_with_its_group() -> None:
    compared = Weighting(method=WeighingMethod.SWING, swings={item.id: 1.0 for item in BUILT_IN.criteria})
    weighed = replace(BUILT_IN, weighting=compared)
    assert editing.moved(weighed, "needs", -1).weighting == compared
    assert editing.without_criterion(weighed, "needs").weighting is None


@given(st.lists(st.integers(0, 100), min_size=4, max_size=4).filter(any))
def test_weights_of_a_group_are_taken_as_given(points: list[int]) -> None:
    weights = {item.id: point / sum(points) for item, point in zip(BUILT_IN.criteria, points, strict=True)}
    framework: Framework = editing.with_weights(BUILT_IN, "criteria", weights, Weighting(method=WeighingMethod.DIRECT))
    assert {item.id: item.weight for item in framework.criteria} == weights
    assert [item.indicators for item in framework.criteria] == [item.indicators for item in BUILT_IN.criteria]
    assert editing.validated(framework) == framework
