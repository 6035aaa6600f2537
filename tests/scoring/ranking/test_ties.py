"""Places and ties (METHOD 10)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from scoring.ranking import competition_ranks
from scoring.ranking.ties import places

SCORES = arrays.arrays(np.float64, st.integers(0, 12), elements=st.integers(0, 5).map(float))


@pytest.mark.parametrize(
    ("scores", "ranks"),
    [
        ([70, 80, 70, 60], [2, 1, 2, 4]),
        ([5, 5, 5], [1, 1, 1]),
        ([62.5, 62.5 + 1e-12, 62.4], [1, 1, 3]),
        ([0.1 + 0.2, 0.3], [1, 1]),
        ([], []),
    ],
)
def test_ties_are_ties(scores: list[float], ranks: list[int]) -> None:
    assert competition_ranks(np.array(scores)).tolist() == ranks


@given(SCORES)
def test_a_rank_is_one_more_than_how_many_are_better(scores: np.ndarray) -> None:
    assert competition_ranks(scores).tolist() == [1 + int((scores > score).sum()) for score in scores]


@given(
    arrays.arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 6)), elements=st.integers(0, 3).map(float))
)
def test_the_ends_of_a_tie_count_who_is_better_and_who_is_not_worse(scores: np.ndarray) -> None:
    found = places(scores, np.random.default_rng(1))
    for row, order, first, last in zip(scores, found.order, found.first, found.last, strict=True):
        assert sorted(order) == list(range(len(row)))
        assert first.tolist() == [int((row > row[item]).sum()) for item in order]
        assert last.tolist() == [int((row >= row[item]).sum()) - 1 for item in order]


def test_chance_decides_evenly_inside_a_tie() -> None:
    found = places(np.zeros((4_000, 2)), np.random.default_rng(5))
    assert (found.order[:, 0] == 0).mean() == pytest.approx(0.5, abs=0.03)
