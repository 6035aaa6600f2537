"""Weights within bounds and in an order: exact means, limits kept, the same for a seed (METHOD 10)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.ranking import WeightLimits, sample_weights, weight_samples
from tests.examples import examples
from tests.mcda_vectors import VECTORS

CENTROID = VECTORS["smaa_rank_acceptability-040"]["expected"]["mean_weights_roc"]


def walked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weight_samples, "LEAST_KEPT", 2.0)


def test_uniform_weights_have_the_moments_of_the_simplex() -> None:
    # Dirichlet(1, 1, 1, 1): mean 1/4, variance 3/80
    drawn = sample_weights(4, 40_000)
    assert drawn.mean(axis=0) == pytest.approx(np.full(4, 0.25), abs=0.005)
    assert drawn.var(axis=0) == pytest.approx(np.full(4, 3 / 80), rel=0.05)


def test_the_mean_of_ordered_weights_is_the_published_centroid() -> None:
    drawn = sample_weights(3, 40_000, limits=WeightLimits(order=(0, 1, 2)))
    assert drawn.mean(axis=0) == pytest.approx(CENTROID, abs=0.005)


def test_walks_find_the_same_centroid(monkeypatch: pytest.MonkeyPatch) -> None:
    walked(monkeypatch)
    drawn = sample_weights(3, 40_000, limits=WeightLimits(order=(2, 0, 1)))
    assert drawn[:, [2, 0, 1]].mean(axis=0) == pytest.approx(CENTROID, abs=0.01)


def test_walks_and_throws_agree_around_given_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    around, limits = np.array([0.5, 0.3, 0.2]), WeightLimits(low=(0.45, 0, 0), order=(1, 2))
    thrown = sample_weights(3, 40_000, around=around, limits=limits)
    walked(monkeypatch)
    walks = sample_weights(3, 40_000, around=around, limits=limits)
    assert walks.mean(axis=0) == pytest.approx(thrown.mean(axis=0), abs=0.004)
    assert walks.std(axis=0) == pytest.approx(thrown.std(axis=0), rel=0.05)


def test_given_weights_are_the_mean_and_the_concentration_the_spread() -> None:
    drawn = sample_weights(4, 40_000, around=np.array([2.0, 1, 1, 0]), concentration=40)
    assert drawn.mean(axis=0) == pytest.approx([0.5, 0.25, 0.25, 0], abs=0.005)
    assert drawn[:, 0].var() == pytest.approx(0.5 * 0.5 / 41, rel=0.05)


def test_tight_bounds_are_kept_and_filled() -> None:
    low, high = np.array([0.24, 0.24, 0.2, 0.2]), np.array([0.26, 0.26, 0.3, 0.3])
    drawn = sample_weights(4, 5_000, limits=WeightLimits(low=tuple(low), high=tuple(high)))
    assert drawn.shape == (5_000, 4)
    assert ((drawn >= low - 1e-9) & (drawn <= high + 1e-9)).all()
    assert np.ptp(drawn, axis=0) == pytest.approx([0.02, 0.02, 0.1, 0.1], rel=0.1)
    assert drawn.mean(axis=0) == pytest.approx(np.full(4, 0.25), abs=0.005)


def test_a_given_weight_of_zero_stays_at_its_least() -> None:
    limits = WeightLimits(low=(0.1, 0.0, 0.0), high=(1.0, 0.45, 0.5))
    drawn = sample_weights(3, 4_000, around=np.array([0.0, 0.5, 0.5]), limits=limits)
    assert drawn[:, 0] == pytest.approx(np.full(4_000, 0.1))
    assert drawn[:, 1].mean() == pytest.approx(0.425, abs=0.005)
    # where the others cannot fill the whole, it takes what is left
    filled = sample_weights(3, 10, around=np.array([0.0, 0.5, 0.5]), limits=WeightLimits(high=(1.0, 0.25, 0.25)))
    assert filled[:, 0].min() >= 0.5 - 1e-9


def test_limits_can_leave_one_point_only() -> None:
    drawn = sample_weights(3, 10, limits=WeightLimits(low=(0.5, 0.3, 0.2), high=(0.5, 1, 1)))
    assert drawn == pytest.approx(np.tile([0.5, 0.3, 0.2], (10, 1)))


@st.composite
def limited(draw: st.DrawFn) -> tuple[int, WeightLimits]:
    """Limits that some weights keep to: bounds around weights in the order."""
    count = draw(st.integers(1, 6))
    order = draw(st.permutations(range(count)))[: draw(st.integers(0, count))]
    parts = np.array(draw(st.lists(st.floats(0.1, 1), min_size=count, max_size=count)))
    parts[list(order)] = np.sort(parts[list(order)])[::-1]
    centre, slack = parts / parts.sum(), draw(st.floats(0.001, 0.5))
    return count, WeightLimits(low=np.maximum(0, centre - slack), high=np.minimum(1, centre + slack), order=order)


@given(limited(), st.booleans(), st.integers(0, 99))
@settings(max_examples=examples(60), deadline=None)
def test_every_draw_keeps_to_the_limits(case: tuple[int, WeightLimits], uniform: bool, seed: int) -> None:
    count, limits = case
    around = None if uniform else np.ones(count)
    drawn = sample_weights(count, 40, around=around, limits=limits, seed=seed)
    assert drawn.shape == (40, count)
    assert drawn.sum(axis=1) == pytest.approx(np.ones(40))
    assert (drawn >= np.array(limits.low) - 1e-8).all()
    assert (drawn <= np.array(limits.high) + 1e-8).all()
    assert (np.diff(drawn[:, list(limits.order)], axis=1) <= 1e-8).all()
    assert (drawn == sample_weights(count, 40, around=around, limits=limits, seed=seed)).all()


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (WeightLimits(low=(0.5, 0.4, 0.2)), "at least 1.1"),
        (WeightLimits(high=(0.5, 0.2, 0.2)), "at most 0.9"),
        (WeightLimits(low=(0.0, 0.4, 0.0), high=(0.3, 1, 1), order=(0, 1)), "contradicts"),
        (WeightLimits(low=(0.5, 0.4)), "one bound"),
        (WeightLimits(low=(-0.1, 0, 0)), "between 0 and 1"),
        (WeightLimits(low=(float("nan"), 0, 0)), "between 0 and 1"),
        (WeightLimits(order=(0, 0)), "each once"),
        (WeightLimits(order=(3,)), "by position"),
    ],
)
def test_limits_that_nothing_keeps_to_are_refused(limits: WeightLimits, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sample_weights(3, 10, limits=limits)


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        sample_weights(3, 0)
    with pytest.raises(ValueError, match="draw around"):
        sample_weights(3, 10, around=np.zeros(3))
    with pytest.raises(ValueError, match="concentration"):
        sample_weights(3, 10, around=np.ones(3), concentration=0.0)
