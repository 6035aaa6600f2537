"""Krippendorff's alpha against the published example and by properties (METHOD 9)."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from scoring.criteria import krippendorff_alpha
from scoring.criteria.agreement import mean_range
from scoring.result import Missing

NONE = np.nan
# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example C: four observers, twelve units
PUBLISHED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
        [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
    ]
)
RATINGS = arrays.arrays(
    np.float64, st.tuples(st.integers(2, 4), st.integers(1, 6)), elements=st.sampled_from([0, 1, 2, 3, 4, NONE])
)


@pytest.mark.parametrize(
    ("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_the_published_example(level: str, alpha: float) -> None:
    assert krippendorff_alpha(PUBLISHED, level) == pytest.approx(alpha, abs=5e-4)  # type: ignore[arg-type]


def test_the_published_examples_of_two_observers() -> None:
    # the same, examples A (two values) and B (five names)
    meg_and_owen = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
    assert krippendorff_alpha(np.array(meg_and_owen, dtype=float), "nominal") == pytest.approx(0.095, abs=5e-4)
    ben_and_gerry = np.array([[ord(name) for name in names] for names in ("aabbdcccedda", "babbbccceddd")])
    assert krippendorff_alpha(ben_and_gerry.astype(float), "nominal") == pytest.approx(0.692, abs=5e-4)


@given(st.lists(st.integers(0, 4), min_size=2, max_size=8), st.integers(2, 5))
def test_full_agreement_is_1(ratings: list[int], raters: int) -> None:
    assume(len(set(ratings)) > 1)
    assert krippendorff_alpha(np.tile(np.array(ratings, dtype=float), (raters, 1))) == pytest.approx(1)


@given(RATINGS, st.randoms(use_true_random=False))
def test_neither_the_order_of_raters_nor_of_things_matters(ratings: np.ndarray, random: object) -> None:
    raters = random.sample(range(ratings.shape[0]), ratings.shape[0])  # type: ignore[attr-defined]
    alpha, shuffled = krippendorff_alpha(ratings), krippendorff_alpha(ratings[raters][:, ::-1])
    assert shuffled == (alpha if isinstance(alpha, Missing) else pytest.approx(alpha))
    assert isinstance(alpha, Missing) or alpha <= 1 + 1e-12


def test_what_has_no_agreement_to_measure_says_why() -> None:
    assert krippendorff_alpha(np.array([[1.0, NONE], [NONE, 2.0]])) == Missing("no-pairs")
    assert krippendorff_alpha(np.ones((3, 4))) == Missing("no-variation")
    assert krippendorff_alpha(np.zeros((2, 0))) == Missing("no-pairs")


def test_what_cannot_be_measured_is_refused() -> None:
    with pytest.raises(ValueError, match="table"):
        krippendorff_alpha(np.ones(3))
    with pytest.raises(ValueError, match="finite"):
        krippendorff_alpha(np.array([[np.inf, 2.0], [1.0, 2.0]]))
    with pytest.raises(ValueError, match="negative"):
        krippendorff_alpha(np.array([[-1.0, 2.0], [1.0, 2.0]]), "ratio")
    with pytest.raises(ValueError, match="level of measurement"):
        krippendorff_alpha(np.array([[1.0, 2.0], [1.0, 2.0]]), "cardinal")  # type: ignore[arg-type]


def test_the_mean_range_counts_what_two_or_more_gave() -> None:
    assert mean_range([[4, 1, 2], [3, 3], [2], []]) == pytest.approx((3 + 0) / 2)
    assert mean_range([[2], []]) is None


@given(said=st.lists(st.lists(st.integers(0, 4), max_size=5), max_size=6))
def test_the_mean_range_lies_between_the_least_and_the_greatest(said: list[list[int]]) -> None:
    found = mean_range(said)
    ranges = [max(each) - min(each) for each in said if len(each) > 1]
    assert (found is None) == (not ranges)
    assert found is None or min(ranges) - 1e-12 <= found <= max(ranges) + 1e-12
