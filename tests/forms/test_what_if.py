"""A what-if is read from an address as it was written there, and nothing else gets in."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from forms.what_if import PRESETS, WhatIf, balanced, read_what_if

CRITERIA = {"bankability": 0.25, "safeguards": 0.25, "inclusiveness": 0.25, "needs": 0.25}
PROJECTS = ("P-1", "P-2", "P-3")


def read(*pairs: tuple[str, str]) -> WhatIf:
    return read_what_if(MultiDict(pairs), CRITERIA, PROJECTS, own_budget=Decimal(118))


def test_nothing_asked_is_the_record() -> None:
    assert not read().explores
    assert not read(("sort", "cost"), ("w-bankability", "25"), ("budget", "118.0"), ("nonsense", "1")).explores


def test_what_is_written_is_read_again() -> None:
    asked = read(
        *(("w-bankability", "40"), ("w-safeguards", "20"), ("w-inclusiveness", "25"), ("w-needs", "15")),
        *(("lock", "needs"), ("budget", "80.5"), ("cap-2027", "30"), ("cap-2028-grants", "4")),
        *(("must", "P-1"), ("must", "P-2"), ("out", "P-3")),
    )
    assert asked.weights == {"bankability": 40, "safeguards": 20, "inclusiveness": 25, "needs": 15}
    assert asked.caps == {(2027, ""): Decimal(30), (2028, "grants"): Decimal(4)}
    assert read(*asked.parameters()) == asked


def test_the_sum_stays_100_and_locks_hold() -> None:
    asked = read(("w-bankability", "40"), ("lock", "bankability"))
    assert asked.weights == {"bankability": 40, "safeguards": 20, "inclusiveness": 20, "needs": 20}
    too_much = read(("w-bankability", "70"), ("w-needs", "40"), ("lock", "bankability"), ("lock", "needs"))
    assert too_much.weights == {}
    assert too_much.problems == (("w-bankability", "The locked weights sum to 110; all together must make 100."),)


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (("w-needs", "many"), "A weight is a number from 0 to 100, not “many”."),
        (("w-needs", "-3"), "A weight is a number from 0 to 100, not “-3”."),
        (("budget", "-1"), "A budget is an amount of 0 or more, not “-1”."),
        (("cap-0000", "5"), "No project can spend in 0000: that budget is left out."),
        (("cap-2027", "nan"), "A budget is an amount of 0 or more, not “nan”."),
        (("must", "P-9"), "Not among the ranked projects, and left out: P-9."),
    ],
)
def test_what_cannot_be_used_is_left_out_and_said(pair: tuple[str, str], said: str) -> None:
    asked = read(pair)
    assert not asked.explores
    assert asked.problems == ((pair[0], said),)


def test_a_project_is_not_pinned_in_and_out_at_once() -> None:
    asked = read(("must", "P-1"), ("out", "P-1"), ("out", "P-2"))
    assert (asked.must, asked.out) == ((), ("P-2",))
    assert "P-1 cannot be pinned in and out at once" in asked.problems[0][1]


def test_all_weights_zero_say_so() -> None:
    assert read(*((f"w-{key}", "0") for key in CRITERIA)).problems[0][1] == "One weight must be above 0."


def test_presets_are_weights_of_the_built_in_framework() -> None:
    for preset in PRESETS:
        assert set(preset.weights) == set(CRITERIA)
        assert sum(preset.weights.values()) == 100


@given(
    weights=st.lists(st.integers(0, 1000).map(lambda tenths: tenths / 10), min_size=2, max_size=6),
    locks=st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_balanced_weights_sum_to_100(weights: list[float], locks: list[bool]) -> None:
    given_weights = {str(at): weight for at, weight in enumerate(weights)}
    locked = [key for key, lock in zip(given_weights, locks, strict=False) if lock]
    found = balanced(given_weights, locked)
    if found is None:
        assert sum(given_weights[key] for key in locked) > 100 or len(locked) == len(weights)
        return
    assert sum(found.values()) == pytest.approx(100, abs=0.06)
    assert all(found[key] == given_weights[key] for key in locked)
    assert min(found.values()) >= 0
