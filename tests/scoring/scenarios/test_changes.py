"""A scenario's changes as data: what is read is written again, and what cannot be is refused at its field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import InputError
from scoring.scenarios import FIELDS, Changes, built_in_scenarios, read_changes, written_changes
from scoring.scenarios.changes import check_criteria

HALVES = {"bankability": 0.5, "needs": 0.5}


def problems(document: dict[str, object]) -> list[str]:
    with pytest.raises(InputError) as refused:
        read_changes(document)
    return [problem.path for problem in refused.value.problems]


@st.composite
def changes(draw: st.DrawFn) -> Changes:
    numbers = {
        item.name: draw(
            st.integers(int(item.least), int(item.most)) if item.whole else st.floats(item.least, item.most)
        )
        for item in FIELDS
    }
    return Changes(**numbers, weights=draw(st.sampled_from([{}, HALVES])))


@given(changes())
def test_what_is_written_is_read_back(made: Changes) -> None:
    assert read_changes(written_changes(made)) == made


def test_the_base_is_an_empty_document() -> None:
    assert written_changes(Changes()) == {"schema": "portfolio-scenario/1"}
    assert read_changes({}) == Changes()
    assert not Changes().of_projects
    assert not Changes(budget=0.5).of_projects
    assert Changes(use=0.5).of_projects


def test_every_field_at_fault_is_named() -> None:
    wrong = {"use": -1, "delay": 1.5, "hazard": "5%", "budget": float("nan"), "finance_points": True, "luck": 2}
    assert sorted(problems(wrong)) == ["budget", "delay", "finance_points", "hazard", "luck", "use"]
    assert problems({"schema": "other/1"}) == ["schema"]
    assert problems({"weights": {"bankability": 0.5, "needs": 0.4}}) == ["weights"]
    assert problems({"weights": {"bankability": 2, "needs": -1}}) == ["weights.bankability", "weights.needs"]
    assert problems({"weights": [1]}) == ["weights"]


def test_weights_are_for_the_criteria_of_the_framework() -> None:
    check_criteria(Changes(weights=HALVES), ("needs", "bankability"))
    check_criteria(Changes(), ("anything",))
    with pytest.raises(InputError, match="weighs other criteria"):
        check_criteria(Changes(weights=HALVES), ("bankability",))


def test_the_built_in_ones_are_those_that_the_method_names() -> None:
    found = {item.key: item.changes for item in built_in_scenarios()}
    assert list(found) == [
        *("budget-cut", "demand-shock", "technology-obsolescence", "tighter-data-rules", "delay", "dearer-finance"),
        *("quick-cheap-easy", "inclusive-sustainable-complex"),
    ]
    assert all(item.title and item.summary and item.source for item in built_in_scenarios())
    assert Changes() not in found.values()
    assert found["budget-cut"] == Changes(budget=0.75)
    # ADB asks 6% of social projects in place of 9%.
    assert found["inclusive-sustainable-complex"].social_points == pytest.approx(0.06 - 0.09)
