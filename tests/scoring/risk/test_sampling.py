"""Points that depend on the project and the seed alone, and standard errors that are honest."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.limits import MAX_DRAWS, MIN_DRAWS
from scoring.risk.measures import standard_error
from scoring.risk.normal import FloatArray
from scoring.risk.sampling import REPLICATES, Sampler, replicate_sizes, replicates


def points(reference: str = "P", seed: int = 1, draws: int = 1000, sampler: Sampler = Sampler.SOBOL) -> FloatArray:
    return np.concatenate([part.points for part in replicates(reference, seed, draws, 3, sampler)])


@given(st.integers(MIN_DRAWS, MAX_DRAWS))
def test_replicates_share_the_draws_evenly(draws: int) -> None:
    sizes = replicate_sizes(draws)
    assert sum(sizes) == draws
    assert len(sizes) == REPLICATES
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("sampler", Sampler)
@pytest.mark.parametrize("draws", [100, 1003, 16_384])
def test_any_number_of_draws_lies_inside_the_cube(sampler: Sampler, draws: int) -> None:
    sample = points(draws=draws, sampler=sampler)
    assert sample.shape == (draws, 3)
    assert sample.min() > 0
    assert sample.max() < 1


@pytest.mark.parametrize("sampler", Sampler)
def test_the_stream_depends_on_project_and_seed_and_nothing_else(sampler: Sampler) -> None:
    np.random.default_rng(5).random(10)
    assert np.array_equal(points(sampler=sampler), points(sampler=sampler))
    assert not np.array_equal(points(sampler=sampler), points("Q", sampler=sampler))
    assert not np.array_equal(points(sampler=sampler), points(seed=2, sampler=sampler))


def test_workers_side_by_side_draw_the_same_bits() -> None:
    alone = [points(f"P{index}") for index in range(6)]
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda index: points(f"P{index}"), range(6)))
    assert all(np.array_equal(one, other) for one, other in zip(alone, together, strict=True))


def test_sobol_points_integrate_a_smooth_function_far_better_than_random_ones() -> None:
    # The integral of prod(x_i + 1/2) is 1.
    errors = {
        sampler: abs(np.prod(points(draws=10_000, sampler=sampler) + 0.5, axis=1).mean() - 1) for sampler in Sampler
    }
    assert errors[Sampler.SOBOL] < 2e-4
    assert errors[Sampler.SOBOL] < errors[Sampler.PSEUDO_RANDOM] / 3


@pytest.mark.parametrize("sampler", Sampler)
def test_the_standard_error_is_the_spread_between_seeds(sampler: Sampler) -> None:
    estimates, errors = [], []
    for seed in range(60):
        values = np.exp(points(seed=seed, draws=500, sampler=sampler).sum(axis=1))
        estimates.append(values.mean())
        errors.append(standard_error(values, replicate_sizes(500), np.mean))
    # 60 estimates give their own spread to about 9%.
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(np.std(estimates, ddof=1), rel=0.3)
