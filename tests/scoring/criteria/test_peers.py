"""Ways of aggregating against the packages of the field, each small and large enough for both its ways (METHOD 9)."""

import subprocess
import sys
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pymcdm.methods import PROMETHEE_II

from scoring.criteria import aggregation, promethee_ii, topsis, weighted_geometric_mean, weighted_sum
from scoring.criteria import outranking as outranking_module
from scoring.criteria.contributions import topsis_parts
from scoring.criteria.outranking import promethee_flows
from scoring.ordering import rising
from tests.examples import examples

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it says which of its own modules have moved
    import skcriteria
    from skcriteria.agg.simple import WeightedProductModel, WeightedSumModel
    from skcriteria.agg.topsis import TOPSIS
    from skcriteria.preprocessing.scalers import VectorScaler

WAYS = pytest.mark.parametrize("few", [0, 10_000], ids=["in order", "in pairs"])


@st.composite
def tables(draw: st.DrawFn, least: float = -50) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values with ties, weights of which some may be 0, and senses."""
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    rows, columns = draw(st.integers(2, 9)), draw(st.integers(1, 5))
    values = np.round(random.uniform(least, 50, (rows, columns)), draw(st.integers(-1, 3)))
    weights = np.where(random.random(columns) < 0.2, 0.0, random.random(columns))
    weights[0] += 0.1
    return values, weights / weights.sum(), random.choice([-1.0, 1.0], columns)


def peer_promethee(values: np.ndarray, weights: np.ndarray, senses: np.ndarray, **limits: float) -> np.ndarray:
    """A new object for every call: its thresholds do not outlive the first."""
    columns = values.shape[1]
    given = {name: np.full(columns, limit) for name, limit in limits.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of dominant alternatives, and of weights of 0
        return np.asarray(PROMETHEE_II("vshape_2" if limits else "usual", **given)(values, weights, senses))


@WAYS
@given(tables(), st.sampled_from([{}, {"q": 1.0, "p": 4.0}, {"q": 0.0, "p": 30.0}]))
@settings(deadline=None, max_examples=examples(40))
def test_promethee_is_that_of_pymcdm(few: int, given_table: Any, limits: dict[str, float]) -> None:
    values, weights, senses = given_table
    own = {"indifference": limits.get("q", 0.0), "preference": limits.get("p", 0.0)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outranking_module, "FEW", few)
        found = promethee_ii(values, weights, senses=senses, **own)
    assert found == pytest.approx(peer_promethee(values, weights, senses, **limits), abs=1e-9)


@given(
    st.lists(st.integers(-30, 30), min_size=1, max_size=40),
    st.sampled_from([(0.0, 0.0), (3.0, 3.0), (0.0, 5.0), (2.0, 9.0), (50.0, 80.0), (1.0, np.inf), (np.inf, np.inf)]),
    st.sampled_from([1.0, 0.1, 1e-6, 1e9]),
)
@settings(deadline=None)
def test_flows_in_order_are_those_of_all_pairs(numbers: list[int], limits: tuple[float, float], unit: float) -> None:
    column, (low, high) = np.array(numbers) * unit, limits
    in_order = outranking_module._net_in_order(column, low * unit, high * unit)
    assert in_order == pytest.approx(outranking_module._net_in_pairs(column, low * unit, high * unit), abs=1e-8)


def test_a_narrow_band_far_from_zero_loses_nothing() -> None:
    column = np.random.default_rng(1).random(3_000) + 1e6
    in_order = outranking_module._net_in_order(column, 1e-4, 2e-4)
    assert in_order / 2_999 == pytest.approx(outranking_module._net_in_pairs(column, 1e-4, 2e-4) / 2_999, abs=1e-9)


@given(st.lists(st.one_of(st.integers(-3, 3).map(float), st.floats(-1e300, 1e300)), min_size=1, max_size=50))
@settings(deadline=None)
def test_numbers_that_carry_their_position_come_in_order(numbers: list[float]) -> None:
    order, found = rising(np.array(numbers))
    assert found.tolist() == sorted(numbers)
    assert sorted(order.tolist()) == list(range(len(numbers)))
    assert np.array(numbers)[order].tolist() == found.tolist()


def test_numbers_alike_but_for_their_last_bits_come_in_order() -> None:
    numbers = 1.0 + np.arange(64)[::-1] * np.finfo(float).eps
    order, found = rising(numbers)
    assert found.tolist() == sorted(numbers)
    assert order.tolist() == list(range(63, -1, -1))


@pytest.mark.parametrize("many", [0, 10_000], ids=["compiled", "plain"])
@given(tables())
@settings(deadline=None, max_examples=examples(40))
def test_topsis_is_that_of_scikit_criteria(many: int, given_table: Any) -> None:
    values, weights, senses = given_table
    assume((np.ptp(values[:, weights > 0], axis=0) > 0).any() and (values != 0).any(axis=0).all())  # which it refuses
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.setattr(aggregation, "MANY", many)
        warnings.simplefilter("ignore")  # of columns of which less is better
        found = topsis(values, weights, senses=senses)
        table = VectorScaler(target="matrix").transform(skcriteria.mkdm(values, senses.astype(int), weights=weights))
        peer = np.asarray(TOPSIS().evaluate(table).e_.similarity)
    assert found == pytest.approx(topsis_parts(values, weights, senses=senses).sum(axis=1), abs=1e-12)
    assert found == pytest.approx(peer, abs=1e-9)


@pytest.mark.parametrize("many", [0, 10_000], ids=["compiled", "plain"])
def test_columns_of_nothing_and_of_one_value_separate_nothing(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aggregation, "MANY", many)
    table = np.array([[0.0, 7.0, 1.0], [0.0, 7.0, 3.0]])
    assert topsis(table, np.ones(3)).tolist() == [0, 1]
    assert topsis(table, np.ones(3), senses=np.array([1, 1, -1])).tolist() == [1, 0]
    assert topsis(table[:, :2], np.ones(2)).tolist() == [0.5, 0.5]
    assert topsis(table, np.array([1.0, 1.0, 0.0])).tolist() == [0.5, 0.5]
    assert topsis(table[:1], np.ones(3)).tolist() == [0.5]


@given(tables(least=1))
@settings(deadline=None, max_examples=examples(30))
def test_sum_and_product_are_those_of_scikit_criteria(given_table: Any) -> None:
    values, weights, _ = given_table
    values = np.maximum(values, 0.5)
    table = skcriteria.mkdm(values, [max] * len(weights), weights=weights)
    assert weighted_sum(values, weights) == pytest.approx(WeightedSumModel().evaluate(table).e_.score)
    product = np.exp(np.log(10) * WeightedProductModel().evaluate(table).e_.score)  # it gives logarithms to base 10
    assert weighted_geometric_mean(values, weights) == pytest.approx(product)


def test_many_alternatives_need_no_memory_for_pairs() -> None:
    values = np.random.default_rng(2).integers(0, 50, (20_000, 2)).astype(float)
    flows = promethee_flows(values, np.ones(2))
    column = values[:, 0]
    better = (column < column[0]).sum() - (column > column[0]).sum()
    assert flows[0, 0] == pytest.approx(better / 2 / 19_999)
    assert flows.sum(axis=0) == pytest.approx([0, 0], abs=1e-9)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_missing_value_among_many_is_refused(bad: float) -> None:
    values = np.ones((100_000, 3))
    values[70_000, 1] = bad
    for method in (topsis, promethee_ii, weighted_sum):
        with pytest.raises(ValueError, match="finite"):
            method(values, np.ones(3))


@pytest.mark.parametrize("unit", [1e-250, 1e-120, 1.0, 1e120, 1e250])
@pytest.mark.parametrize("many", [0, 10_000], ids=["compiled", "plain"])
def test_neither_very_large_nor_very_small_values_are_lost(
    unit: float, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aggregation, "MANY", many)
    table, weights = np.array([[1.0, 5, 0], [2, 3, 0], [4, 1, 0]]), np.array([0.5, 0.3, 0.2])
    plain = topsis(table, weights)
    assert topsis(table * [unit, 1, unit], weights) == pytest.approx(plain)
    assert 0 < plain[0] < plain[2] < 1


def test_small_tables_load_no_compiled_code() -> None:
    code = (
        "import sys, numpy as np; from scoring.criteria import *; from scoring.ranking import *;"
        "table, weights = np.eye(50, 3), np.ones(3);"
        "topsis(table, weights), promethee_ii(table, weights), acceptability(table, sample_weights(3, 2000));"
        "print(sorted({'numba', 'scipy', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
