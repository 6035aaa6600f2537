"""Entropy and CRITIC weights against published figures, the packages of the field, and by hand (METHOD 9)."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pymcdm.weights import entropy_weights as entropy_by_pymcdm

from scoring.criteria import critic_weights, entropy_weights
from scoring.criteria.objective_weights import Correlation
from tests.examples import examples
from tests.mcda_vectors import VECTORS

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it says which of its own modules have moved
    from skcriteria.preprocessing.weighters import critic_weights as critic_by_scikit_criteria


def test_the_published_entropy_weights() -> None:
    vector = VECTORS["entropy_weights-022"]
    found = entropy_weights(np.array(vector["inputs"]["matrix"]))
    assert found == pytest.approx(vector["expected"]["weights"], abs=vector["tol_abs"])


@pytest.mark.parametrize("name", ["critic_weights-025", "critic_weights-028"])
def test_the_published_critic_weights(name: str) -> None:
    vector = VECTORS[name]
    stated = vector["inputs"]
    found = critic_weights(
        np.array(stated["matrix"]),
        senses=np.array(stated["types"]),
        correlation=stated["correlation"],
        scaled=stated["minmax_scale"],
    )
    assert found == pytest.approx(vector["expected"]["weights"], abs=vector["tol_abs"])


def test_entropy_by_hand() -> None:
    # shares 1/4, 3/4 have entropy (1/4 ln 4 + 3/4 ln 4/3) / ln 2; shares 0, 1 have none; 1/2, 1/2 have all there is
    first = 1 - (0.25 * math.log(4) + 0.75 * math.log(4 / 3)) / math.log(2)
    found = entropy_weights(np.array([[1.0, 0.0, 7.0], [3.0, 5.0, 7.0]]))
    assert found == pytest.approx([first / (first + 1), 1 / (first + 1), 0])


def test_critic_by_hand() -> None:
    # on the scale 0, 1/2, 1 against 0, 1, 0 nothing correlates: weights as the deviations, sqrt(1/6) and sqrt(2/9)
    table = np.array([[10.0, 3.0], [15.0, 8.0], [20.0, 3.0]])
    deviations = np.array([math.sqrt(1 / 6), math.sqrt(2 / 9)])
    assert critic_weights(table) == pytest.approx(deviations / deviations.sum())
    # of opposite columns, both deviate and conflict alike; turning one round leaves nothing that they tell apart
    opposite = np.array([[0.0, 2.0], [1.0, 0.0]])
    assert critic_weights(opposite) == pytest.approx([0.5, 0.5])
    with pytest.raises(ValueError, match="separate no alternatives"):
        critic_weights(opposite, senses=np.array([1, -1]))


def test_a_column_that_separates_nothing_weighs_nothing() -> None:
    table = np.random.default_rng(1).random((6, 3))
    padded = np.insert(table, 1, 0.3, axis=1)
    for method in (entropy_weights, critic_weights):
        assert method(padded)[1] == 0
        assert np.delete(method(padded), 1) == pytest.approx(method(table))


@st.composite
def tables(draw: st.DrawFn) -> np.ndarray:
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    return np.round(random.uniform(1, 20, (draw(st.integers(3, 8)), draw(st.integers(2, 5)))), draw(st.integers(0, 3)))


def separates(table: np.ndarray) -> bool:
    """Whether every column does, and not all say the same."""
    return bool((np.ptp(table, axis=0) > 0).all()) and bool((np.abs(np.corrcoef(table.T)) < 0.999).any())


@given(tables(), st.integers(0, 1000), st.sampled_from(["pearson", "spearman"]))
@settings(deadline=None, max_examples=examples(50))
def test_weights_are_those_of_the_packages(table: np.ndarray, seed: int, correlation: Correlation) -> None:
    assume(separates(table))
    senses = np.random.default_rng(seed).choice([-1, 1], table.shape[1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert entropy_weights(table) == pytest.approx(entropy_by_pymcdm(table), abs=1e-9)
        theirs = critic_by_scikit_criteria(table, senses, correlation)
    assume(np.isfinite(theirs).all())
    found = critic_weights(table, senses=senses, correlation=correlation)
    assert found == pytest.approx(theirs, abs=1e-9)


@given(tables(), st.floats(0.01, 100))
@settings(deadline=None, max_examples=examples(30))
def test_no_unit_matters(table: np.ndarray, unit: float) -> None:
    assume(separates(table))
    changed = table * np.where(np.arange(table.shape[1]) == 0, unit, 1.0)
    for method in (entropy_weights, critic_weights):
        assert method(changed) == pytest.approx(method(table), abs=1e-9)
        assert method(table).sum() == pytest.approx(1)


@pytest.mark.parametrize("method", [entropy_weights, critic_weights])
@pytest.mark.parametrize(
    ("table", "message"),
    [
        (np.ones((1, 3)), "two alternatives"),
        (np.ones((3, 2)), "separate no alternatives"),
        (np.array([[1.0, np.nan], [2.0, 3.0]]), "finite"),
        (np.ones(3), "column"),
        (np.ones((0, 2)), "column"),
    ],
)
def test_what_gives_no_weights_says_why(method: object, table: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        method(table)  # type: ignore[operator]


def test_entropy_needs_shares() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        entropy_weights(np.array([[-1.0, 1.0], [2.0, 3.0]]))
    with pytest.raises(ValueError, match="column 2"):
        entropy_weights(np.array([[1.0, 0.0], [2.0, 0.0]]))


def test_another_correlation_is_refused() -> None:
    with pytest.raises(ValueError, match="pearson or spearman"):
        critic_weights(np.array([[1.0, 2.0], [2.0, 0.0]]), correlation="kendall")  # type: ignore[arg-type]
