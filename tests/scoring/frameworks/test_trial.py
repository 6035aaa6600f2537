"""Trying a framework: spread, overlap and moves, with figures by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.frameworks.trial import moves, overlaps, spreads

LEVELS = {
    "same": [2.0, 2.0, 2.0, 2.5, 2.0, None],
    "up": [0.0, 1.0, 2.0, 3.0, 4.0, None],
    "double": [0.0, 0.5, 1.0, 1.5, 2.0, 4.0],
    "down": [4.0, 3.0, 2.0, 1.0, 0.0, 2.0],
    "other": [1.0, 4.0, 0.0, 3.0, 2.0, 0.0],
    "rare": [1.0, None, None, None, 2.0, 3.0],
}


def test_spread_by_hand() -> None:
    found = {item.indicator: item for item in spreads(LEVELS)}
    assert set(found) == set(LEVELS) - {"rare"}  # three answers say nothing
    assert (found["up"].low, found["up"].high, found["up"].known) == (0, 4, 5)
    assert found["up"].deviation == pytest.approx(2**0.5)  # of 0..4
    assert found["up"].share == pytest.approx(0.2)
    assert found["up"].separates
    assert not found["same"].separates  # 2.5 is still level 2


def test_overlap_by_hand() -> None:
    found = {(item.first, item.second): item for item in overlaps(LEVELS)}
    assert set(found) == {("up", "double"), ("up", "down")}
    assert found["up", "double"].correlation == pytest.approx(1)
    assert found["up", "down"].correlation == pytest.approx(-1)
    assert found["up", "down"].known == 5


def test_moves_by_hand() -> None:
    found = {
        move.key: move for move in moves({"a": 70, "b": 60, "c": 50, "d": None}, {"a": 40, "b": 60, "c": 60, "d": 90})
    }
    assert (found["a"].rank_before, found["a"].rank_after, found["a"].places) == (1, 4, -3)
    assert (found["b"].rank_after, found["c"].rank_after) == (2, 2)  # a tie shares the better place
    assert (found["d"].rank_before, found["d"].rank_after, found["d"].places) == (None, 1, None)


SCORES = st.dictionaries(st.text(max_size=3), st.none() | st.floats(0, 100), min_size=1, max_size=20)


@given(SCORES)
def test_nobody_moves_under_the_same_scores(scores: dict[str, float | None]) -> None:
    found = moves(scores, scores)
    assert all(move.places in (0, None) for move in found)
    assert {move.key for move in found} == set(scores)
    ranks = [move.rank_after for move in found if move.rank_after is not None]
    assert not ranks or min(ranks) == 1
