"""Medians, agreement and harshness of a panel (METHOD 9)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from scoring.criteria import krippendorff_alpha
from scoring.criteria.panel import panel
from scoring.result import Missing

NONE = np.nan
# three appraisers, five indicators; the last is rated by one only, the fourth by nobody
LEVELS = np.array([[1.0, 2, 4, NONE, 3], [2, 2, 0, NONE, NONE], [4, 2, 1, NONE, NONE]])
TABLES = arrays.arrays(
    np.float64, st.tuples(st.integers(1, 5), st.integers(0, 6)), elements=st.sampled_from([0.0, 1, 2, 3, 4, NONE])
)


def test_a_panel_by_hand() -> None:
    found = panel(LEVELS)
    assert [indicator.median for indicator in found.indicators] == [2, 2, 1, Missing("unrated"), 3]
    assert found.indicators[0].mean == pytest.approx(7 / 3)
    assert [indicator.spread for indicator in found.indicators] == [3, 0, 4, Missing("unrated"), 0]
    assert [indicator.ratings for indicator in found.indicators] == [3, 3, 3, 0, 1]
    assert found.most_disputed == (2, 0)
    # medians 2, 2, 1: the first rates 7/3 on average where the panel says 5/3
    assert found.harshness == pytest.approx((5 / 3 - 7 / 3, 5 / 3 - 4 / 3, 5 / 3 - 7 / 3))
    assert found.agreement == krippendorff_alpha(LEVELS)


def test_equal_spreads_are_ordered_by_how_many_differ() -> None:
    # both span 2 levels; in the second column two stand against two
    assert panel(np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 2.0], [2.0, 2.0]])).most_disputed == (1, 0)


def test_one_who_rates_alone_is_neither_harsh_nor_mild() -> None:
    found = panel(np.array([[3.0, NONE], [NONE, 1.0]]))
    assert found.harshness == (Missing("rated-alone"), Missing("rated-alone"))
    assert found.agreement == Missing("no-pairs")


@given(TABLES)
def test_the_median_lies_in_the_spread_and_only_what_differs_is_disputed(levels: np.ndarray) -> None:
    found = panel(levels)
    assert len(found.harshness) == len(levels)
    for at, indicator in enumerate(found.indicators):
        if isinstance(indicator.median, Missing):
            assert indicator.ratings == 0
            continue
        assert not isinstance(indicator.low, Missing)
        assert not isinstance(indicator.high, Missing)
        assert indicator.low <= indicator.median <= indicator.high
        assert (at in found.most_disputed) == (indicator.spread != 0)


@given(TABLES, st.integers(1, 3))
def test_harshness_compares_with_the_others_only(levels: np.ndarray, lower: int) -> None:
    # all lower by the same: nobody becomes harsher against the others
    before, after = panel(levels).harshness, panel(levels - lower).harshness
    assert [isinstance(figure, Missing) for figure in before] == [isinstance(figure, Missing) for figure in after]
    kept = [(one, other) for one, other in zip(before, after, strict=True) if not isinstance(one, Missing)]
    assert [other for _, other in kept] == pytest.approx([one for one, _ in kept])


def test_what_is_no_table_of_levels_is_refused() -> None:
    with pytest.raises(ValueError, match="levels"):
        panel(np.ones(3))
    with pytest.raises(ValueError, match="levels"):
        panel(np.array([[np.inf]]))
