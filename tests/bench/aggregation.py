"""Aggregation and rank acceptability against the packages of the field, and sorting; answers are asserted first.

In a process of its own, as the packages load much that nothing else here needs.
"""

import warnings

import numpy as np
from pymcdm.methods import PROMETHEE_II

from scoring.criteria import promethee_ii, topsis, weighted_sum
from scoring.ranking import acceptability, rank_shares
from scoring.returns.arrays import FloatArray
from tests.bench.timing import ratio, seconds

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it says which of its own modules have moved
    import skcriteria
    from skcriteria.agg.simple import WeightedSumModel
    from skcriteria.agg.topsis import TOPSIS
    from skcriteria.pipelines import mkpipe
    from skcriteria.preprocessing.scalers import VectorScaler

CRITERIA = 30
PROJECTS, DRAWS = 1_000, 10_000
MANY = 100_000
THRESHOLDS = {"indifference": 0.05, "preference": 0.3}


def main() -> None:
    random = np.random.default_rng(1)
    values, weights = random.random((MANY, CRITERIA)), random.dirichlet(np.ones(CRITERIA))
    _promethee(values, weights)
    _compensating(values, weights)
    _smaa(values[:PROJECTS], random.dirichlet(np.ones(CRITERIA), DRAWS))


def _promethee(values: FloatArray, weights: FloatArray) -> None:
    few, senses = values[:PROJECTS], np.ones(CRITERIA)
    limits = {"q": np.full(CRITERIA, THRESHOLDS["indifference"]), "p": np.full(CRITERIA, THRESHOLDS["preference"])}

    def peer(function: str, **given: FloatArray) -> FloatArray:
        return np.asarray(PROMETHEE_II(function, **given)(few, weights, senses))  # a second call would fail

    assert np.allclose(promethee_ii(few, weights), peer("usual"), atol=1e-12)
    assert np.allclose(promethee_ii(few, weights, **THRESHOLDS), peer("vshape_2", **limits), atol=1e-10)
    for name, slow, fast in (
        ("usual", lambda: peer("usual"), lambda: promethee_ii(few, weights)),
        ("linear", lambda: peer("vshape_2", **limits), lambda: promethee_ii(few, weights, **THRESHOLDS)),
    ):
        ratio(f"PROMETHEE II of 1,000 x 30, {name}, against pymcdm", seconds(slow, 3), seconds(fast), 55)
    columns = [np.ascontiguousarray(column) for column in values.T]
    sorting = seconds(lambda: [np.argsort(column) for column in columns])
    took = seconds(lambda: promethee_ii(values, weights, **THRESHOLDS))
    ratio("PROMETHEE II of 100,000 x 30, in times of thirty argsorts", took, sorting, 2, at_least=False)


def _compensating(values: FloatArray, weights: FloatArray) -> None:
    table = skcriteria.mkdm(values, [max] * CRITERIA, weights=weights)
    scaler, whole, summing = (
        VectorScaler(target="matrix"),
        mkpipe(VectorScaler(target="matrix"), TOPSIS()),
        WeightedSumModel(),
    )
    scaled = scaler.transform(table)
    assert np.allclose(topsis(values, weights), whole.evaluate(table).e_.similarity, atol=1e-12)
    assert np.allclose(weighted_sum(values, weights), summing.evaluate(table).e_.score, atol=1e-12)
    took = seconds(lambda: topsis(values, weights))
    ratio("TOPSIS of 100,000 x 30, against scikit-criteria", seconds(lambda: whole.evaluate(table), 3), took, 7)
    ratio(
        "the same, against its own on a table it scaled before", seconds(lambda: TOPSIS().evaluate(scaled), 3), took, 7
    )
    slow, took = seconds(lambda: summing.evaluate(table), 3), seconds(lambda: weighted_sum(values, weights))
    ratio("weighted sum of 100,000 x 30, against scikit-criteria", slow, took, 7)


def _smaa(values: FloatArray, weights: FloatArray) -> None:
    scores = weights @ values.T
    found = acceptability(values, weights)
    assert (found == rank_shares(scores)).all()
    ranks = np.argsort(np.argsort(-scores, axis=1), axis=1)
    assert np.allclose(found @ np.arange(PROJECTS), ranks.mean(axis=0), atol=1e-9), "mean ranks, by sorting twice"
    took, sorting = seconds(lambda: acceptability(values, weights)), seconds(lambda: np.sort(scores, axis=1))
    ratio("SMAA of 1,000 projects x 10,000 weights, in times of sorting scores", took, sorting, 1.4, at_least=False)


if __name__ == "__main__":
    main()
