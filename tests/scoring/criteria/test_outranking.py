"""ELECTRE III against a published example, by hand and by properties (METHOD 9)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from scoring.criteria import credibility, electre_iii, net_credibility, promethee_ii
from scoring.criteria.outranking import outranking_pairs, promethee_flows
from tests.mcda_vectors import VECTORS

# Buchanan, Sheppard & Vanderpooten, Project ranking using ELECTRE III (1999): five projects, five equal criteria
PROJECTS = np.array(
    [[-14, 90, 0, 40, 100], [129, 100, 0, 0, 0], [-10, 50, 0, 10, 100], [44, 90, 0, 5, 20], [-14, 100, 0, 20, 40]],
    dtype=float,
)
THRESHOLDS = {
    "indifference": np.array([25.0, 16, 0, 12, 10]),
    "preference": np.array([50.0, 24, 1, 24, 30]),
    "veto": np.array([100.0, 60, 2, 48, 90]),
}
CREDIBILITY = [
    [1, 0, 1, 0.8, 1],
    [0, 1, 0, 0.9, 0.67],
    [0.6, 0, 1, 0.6, 0.8],
    [0.25, 0.8, 0.67, 1, 0.85],
    [0.67, 0, 0.8, 0.8, 1],
]
TABLES = arrays.arrays(
    np.float64, st.tuples(st.integers(1, 6), st.just(3)), elements=st.integers(0, 40).map(lambda number: number / 4)
)
WEIGHTS = arrays.arrays(np.float64, 3, elements=st.floats(0.01, 1))


@st.composite
def thresholds(draw: st.DrawFn) -> dict[str, float]:
    low, middle, high = sorted(draw(st.lists(st.integers(0, 20), min_size=3, max_size=3)))
    return {"indifference": low / 2, "preference": middle / 2, "veto": high / 2}


def test_the_published_credibility() -> None:
    assert credibility(PROJECTS, np.ones(5), **THRESHOLDS) == pytest.approx(np.array(CREDIBILITY), abs=0.005)


def test_the_published_concordance_without_thresholds() -> None:
    # Cebrian & Porcar (2009): with no thresholds the concordance is that of ELECTRE I
    vector = VECTORS["electre_i_concordance-016"]
    stated = {name: np.array(vector["inputs"][name]) for name in ("matrix", "weights", "types")}
    found = outranking_pairs(stated["matrix"], stated["weights"], senses=stated["types"]).agreed
    published = np.array(vector["expected"]["concordance"], dtype=float)
    others = ~np.eye(len(published), dtype=bool)
    assert found[others] == pytest.approx(published[others], abs=vector["tol_abs"])


def test_the_net_flow_of_the_published_credibility() -> None:
    # rows less columns of the matrix above, over the four others: (2.8 - 1.5167) / 4 for the first project
    flow = net_credibility(PROJECTS, np.ones(5), **THRESHOLDS)
    assert flow[0] == pytest.approx((2.8 - (0.6 + 0.25 + 2 / 3)) / 4)
    assert flow.sum() == pytest.approx(0)
    assert int(flow.argmax()) == 0


def test_a_veto_by_hand() -> None:
    # the second is 4 worse on one of two equal indicators: concordance 1/2, discordance (4 - 2) / (4.5 - 2) = 0.8,
    # credibility 1/2 x (1 - 0.8) / (1 - 1/2) = 0.2; the first is 1 worse on the first, and 1 is still indifferent
    table = np.array([[1.0, 4.0], [2.0, 0.0]])
    found = credibility(table, np.ones(2), indifference=1.0, preference=2.0, veto=4.5)
    assert found == pytest.approx(np.array([[1, 1], [0.2, 1]]))
    assert net_credibility(table, np.ones(2), indifference=1.0, preference=2.0, veto=4.5) == pytest.approx([0.8, -0.8])


def test_an_indicator_without_weight_has_no_veto() -> None:
    table = np.array([[1.0, 2.0, 9.0], [2.0, 1.0, 0.0]])
    assert credibility(table, np.array([1.0, 1.0, 0.0]), veto=np.array([5.0, 5.0, 5.0]))[1, 0] == 0.5


def test_less_can_be_better() -> None:
    table = np.array([[3.0, 1.0], [1.0, 1.0]])
    senses = np.array([-1.0, 1.0])
    assert electre_iii(table, np.ones(2), senses=senses) == pytest.approx(electre_iii(table * senses, np.ones(2)))
    assert electre_iii(table, np.ones(2), senses=senses) == pytest.approx([-1, 1])
    assert net_credibility(table, np.ones(2), senses=senses) == pytest.approx([-0.5, 0.5])


@given(TABLES, WEIGHTS, thresholds())
def test_vetoes_only_take_away_and_flows_balance(
    table: np.ndarray, weights: np.ndarray, limits: dict[str, float]
) -> None:
    without = {name: limit for name, limit in limits.items() if name != "veto"}
    found, concordance = credibility(table, weights, **limits), credibility(table, weights, **without)
    assert ((found >= 0) & (found <= concordance + 1e-12)).all()
    assert np.diag(found) == pytest.approx(np.ones(len(table)))
    assert electre_iii(table, weights, **limits).sum() == pytest.approx(0, abs=1e-9)


@given(TABLES, WEIGHTS, thresholds(), st.integers(0, 2), st.floats(0.25, 10))
def test_raising_a_value_never_lowers_the_place(
    table: np.ndarray, weights: np.ndarray, limits: dict[str, float], column: int, gain: float
) -> None:
    raised = np.vstack([table, table[0]])
    raised[-1, column] += gain
    scores = electre_iii(raised, weights, **limits)
    assert scores[-1] >= scores[0] - 1e-9


@given(TABLES, WEIGHTS)
def test_flows_of_the_indicators_sum_to_promethee(table: np.ndarray, weights: np.ndarray) -> None:
    flows = promethee_flows(table, weights, preference=3.0)
    assert flows.sum(axis=0) == pytest.approx(np.zeros(3), abs=1e-9)
    assert flows.sum(axis=1) == pytest.approx(promethee_ii(table, weights, preference=3.0))


@pytest.mark.parametrize(
    "limits",
    [
        {"indifference": 2.0, "preference": 1.0},
        {"indifference": -1.0},
        {"preference": 3.0, "veto": 2.0},
        {"veto": float("nan")},
    ],
)
def test_thresholds_that_fall_are_refused(limits: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="thresholds"):
        electre_iii(np.ones((2, 2)), np.ones(2), **limits)
