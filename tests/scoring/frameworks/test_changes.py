"""Wording, weights or criteria: what a change of a framework does to the scores that exist."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.frameworks import Condition, Framework, Gate, ScaleKind, load_framework
from scoring.frameworks.changes import ChangeKind, kind_of_change
from tests.scoring.criteria.factories import assessed, best
from tests.scoring.frameworks.test_abilities import with_indicator

OLD = load_framework()
ANSWERS = {"DS1": best(2), "NE3": best(4), "IN1": best(3)}


def criterion_changed(**changes: Any) -> Framework:
    return replace(OLD, criteria=(replace(OLD.criteria[0], **changes), *OLD.criteria[1:]))


WORDINGS = [
    replace(OLD, title="Another", summary="Other words", source="A panel", passages={**OLD.passages, "A": "x"}),
    criterion_changed(title="Money", question="Who pays?"),
    with_indicator("DS1", title="x", question="x?", help="x.", evidence="x", standard="x", passages=("A",)),
    with_indicator("DS1", levels=("a", "b", "c", "d", "e")),
    with_indicator("NE3", gate=Gate(passes_at=2, lifts_when="Someone says so.")),
]
WEIGHTS = [
    replace(OLD, minimum=50.0),
    criterion_changed(minimum=30.0),
    replace(
        OLD,
        criteria=tuple(
            replace(item, weight=weight) for item, weight in zip(OLD.criteria, (0.4, 0.3, 0.2, 0.1), strict=True)
        ),
    ),
    with_indicator(
        "NE3",
        gate=Gate(passes_at=3, lifts_when=next(i.gate.lifts_when for i in OLD.indicators if i.id == "NE3" and i.gate)),
    ),
    with_indicator("NE1", points=((0.0, 0.0), (50.0, 4.0))),
    with_indicator("NE1", most=90.0),
    with_indicator("DS5", applies_when=Condition(indicator="DS1")),
    replace(OLD, economics=replace(OLD.economics, social_rate=0.05)),
    replace(OLD, criteria=tuple(reversed(OLD.criteria))),
]


@pytest.mark.parametrize("new", WORDINGS)
def test_words_keep_every_score(new: Framework) -> None:
    assert kind_of_change(OLD, new).kind is ChangeKind.WORDING
    assert assessed(ANSWERS, framework=new)[0].total == assessed(ANSWERS)[0].total


@pytest.mark.parametrize("new", WEIGHTS[:-1])
def test_weights_and_thresholds_count_the_same_answers_again(new: Framework) -> None:
    change = kind_of_change(OLD, new)
    assert change.kind is ChangeKind.WEIGHTS
    assert change.kept == tuple(item.id for item in new.indicators)
    assert change.parts


def test_the_order_of_reading_is_no_matter_of_scores() -> None:
    assert kind_of_change(OLD, WEIGHTS[-1]).kind is ChangeKind.WORDING
    assert kind_of_change(OLD, replace(OLD, version=2)).kind is ChangeKind.NONE


def test_criteria_say_what_survives_and_what_must_be_scored() -> None:
    needs = OLD.criteria[3]
    first, *rest = needs.indicators
    new = replace(
        OLD,
        criteria=(*OLD.criteria[:3], replace(needs, indicators=(replace(first, id="NE10"), *rest))),
    )
    change = kind_of_change(OLD, new)
    assert (change.kind, change.added, change.removed, change.rescored) == (
        ChangeKind.CRITERIA,
        ("NE10",),
        ("NE1",),
        (),
    )
    assert len(change.kept) == 36
    other_scale = kind_of_change(OLD, with_indicator("NE1", scale=ScaleKind.LEVEL, points=(), unit=""))
    assert (other_scale.kind, other_scale.rescored) == (ChangeKind.CRITERIA, ("NE1",))
    assert kind_of_change(OLD, with_indicator("DS1", levels=("a", "b", "c", "d", "e"))).levels_reworded == ("DS1",)


@given(st.sampled_from([OLD, *WORDINGS, *WEIGHTS]), st.sampled_from([OLD, *WORDINGS, *WEIGHTS]))
def test_the_kind_is_the_same_both_ways(one: Framework, other: Framework) -> None:
    assert kind_of_change(one, other).kind is kind_of_change(other, one).kind
    assert (kind_of_change(one, other).kind is ChangeKind.NONE) is (one == other)
