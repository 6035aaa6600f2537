"""Scrambled Sobol' points: a net in every scramble, and uniform over scrambles."""

import numpy as np
import pytest
from scipy.stats import qmc

from scoring.risk.normal import FloatArray
from scoring.risk.sobol import MOST_DIMENSIONS, sobol


def points(seed: int, size: int, dimensions: int) -> FloatArray:
    return sobol(np.random.default_rng(seed), size, dimensions)


@pytest.mark.parametrize("bits", [1, 4, 10])
def test_every_dimension_has_one_point_in_each_cell(bits: int) -> None:
    cells = np.sort((points(3, 2**bits, 40) * 2**bits).astype(int), axis=0)
    assert (cells == np.arange(2**bits)[:, np.newaxis]).all()


def test_the_first_two_dimensions_fill_every_rectangle_of_the_plane() -> None:
    net = points(5, 256, 2)
    for across in range(9):
        cells = (net * [2**across, 2 ** (8 - across)]).astype(int)
        assert len({tuple(cell) for cell in cells.tolist()}) == 256


def test_the_discrepancy_is_that_of_the_library() -> None:
    ours = [qmc.discrepancy(points(seed, 512, 8)) for seed in range(8)]
    theirs = [qmc.discrepancy(qmc.Sobol(8, rng=seed).random(512)) for seed in range(8)]
    assert np.mean(ours) == pytest.approx(np.mean(theirs), rel=0.1)


def test_a_point_is_uniform_over_scrambles() -> None:
    first = np.array([points(seed, 4, 3)[2] for seed in range(2_000)])
    assert first.mean(axis=0) == pytest.approx([0.5] * 3, abs=4 * np.sqrt(1 / 12 / 2_000))
    assert first.var(axis=0) == pytest.approx([1 / 12] * 3, rel=0.1)


def test_points_lie_inside_the_cube_and_too_many_dimensions_are_refused() -> None:
    assert 0 < points(1, 5, 2).min() < points(1, 5, 2).max() < 1
    assert points(1, 1, 1).shape == (1, 1)
    with pytest.raises(ValueError, match="At most"):
        points(1, 4, MOST_DIMENSIONS + 1)
