"""Exact shares of weights against rational areas, by hand and against draws (METHOD 10)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.ranking import WeightLimits, acceptability, exact_acceptability, sample_weights
from scoring.result import Missing
from tests.examples import examples
from tests.mcda_vectors import VECTORS


@pytest.mark.parametrize(
    ("name", "limits"),
    [("smaa_rank_acceptability-037", None), ("smaa_rank_acceptability-040", WeightLimits(order=(0, 1, 2)))],
)
def test_published_areas(name: str, limits: WeightLimits | None) -> None:
    vector = VECTORS[name]
    found = exact_acceptability(np.array(vector["inputs"]["utilities"]), limits)
    assert found.shares == pytest.approx(np.array(vector["expected"]["rank_acceptability"]), abs=1e-12)
    for own, exact in zip(found.central, vector["expected"]["central_weights"], strict=True):
        assert own == (Missing("never-first") if exact is None else pytest.approx(exact, abs=1e-12))


def test_two_criteria_by_hand() -> None:
    # scores w, 1 - w and 0.4: the first leads from w = 1/2 on and is last below 0.4; the third is between them from
    # 0.4 to 0.6 last, else second
    found = exact_acceptability(np.array([[1.0, 0.0], [0.0, 1.0], [0.4, 0.4]]))
    assert found.shares == pytest.approx(np.array([[0.5, 0.1, 0.4], [0.5, 0.1, 0.4], [0, 0.8, 0.2]]))
    assert found.central[0] == pytest.approx([0.75, 0.25])
    assert found.central[1] == pytest.approx([0.25, 0.75])
    assert found.central[2] == Missing("never-first")


def test_three_corners_share_alike_by_symmetry() -> None:
    found = exact_acceptability(np.eye(3))
    assert found.shares == pytest.approx(np.full((3, 3), 1 / 3))
    # the mean of w where w_1 is the largest: (11, 3.5, 3.5) / 18, as that of the greatest of three parts is 11/18
    assert found.central[0] == pytest.approx([11 / 18, 7 / 36, 7 / 36])


def test_bounds_cut_the_weights_by_hand() -> None:
    values = np.array([[1.0, 0.0], [0.0, 1.0]])
    found = exact_acceptability(values, WeightLimits(low=(0.2, 0), high=(0.6, 1)))
    assert found.shares == pytest.approx(np.array([[0.25, 0.75], [0.75, 0.25]]))
    assert found.central[0] == pytest.approx([0.55, 0.45])


def test_ties_at_every_weight_share_and_dominance_is_certain() -> None:
    values = np.array([[0.5, 0.2, 0.1], [0.5, 0.2, 0.1], [0.9, 0.9, 0.9]])
    found = exact_acceptability(values)
    assert found.shares == pytest.approx(np.array([[0, 0.5, 0.5], [0, 0.5, 0.5], [1, 0, 0]]))
    assert found.central[2] == pytest.approx(np.full(3, 1 / 3))
    assert exact_acceptability(np.array([[0.3, 0.4]])).shares.tolist() == [[1]]


@given(st.integers(2, 3), st.integers(1, 6), st.integers(0, 1000), st.booleans())
@settings(deadline=None, max_examples=examples(25))
def test_draws_agree_with_areas(criteria: int, count: int, seed: int, ordered: bool) -> None:
    values = np.random.default_rng(seed).integers(0, 5, (count, criteria)).astype(float)
    limits = WeightLimits(order=tuple(range(criteria))) if ordered else None
    exact = exact_acceptability(values, limits)
    assert exact.shares.sum(axis=0) == pytest.approx(np.ones(count))
    assert exact.shares.sum(axis=1) == pytest.approx(np.ones(count))
    drawn = acceptability(values, sample_weights(criteria, 4_000, limits=limits, seed=seed))
    assert drawn == pytest.approx(exact.shares, abs=0.05)  # six standard errors of a half


@pytest.mark.parametrize(
    ("values", "limits", "message"),
    [
        (np.ones((2, 4)), None, "two or three"),
        (np.ones((13, 2)), None, "1 to 12"),
        (np.ones(2), None, "two or three"),
        (np.array([[np.nan, 1.0]]), None, "finite"),
        (np.ones((2, 2)), WeightLimits(low=(0.5, 0.5)), "single weights"),
        (np.ones((2, 2)), WeightLimits(low=(0.8, 0.8)), "no weights"),
    ],
)
def test_what_has_no_exact_shares_says_why(values: np.ndarray, limits: WeightLimits | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        exact_acceptability(values, limits)
