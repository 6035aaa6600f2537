"""Random rows of cash flows for property tests."""

import numpy as np
from hypothesis import strategies as st

from scoring.returns.arrays import FloatArray

amounts = st.floats(-1e15, 1e15, allow_nan=False).map(lambda amount: round(amount, 2))
positive = st.floats(1, 1e4).map(lambda amount: round(amount, 2))


@st.composite
def conventional_projects(draw: st.DrawFn) -> FloatArray:
    """One row: costs first, then returns."""
    costs = draw(st.lists(positive, min_size=1, max_size=8))
    returns = draw(st.lists(positive, min_size=1, max_size=40))
    return np.array([-cost for cost in costs] + returns)


@st.composite
def any_projects(draw: st.DrawFn) -> FloatArray:
    """One row of any amounts, zeros among them, up to the largest allowed."""
    small = st.one_of(st.just(0.0), st.floats(-100, 100).map(lambda amount: round(amount, 2)))
    return np.array(draw(st.lists(st.one_of(small, amounts), min_size=1, max_size=40)))


@st.composite
def tables(draw: st.DrawFn) -> FloatArray:
    """(n, periods) of small amounts with many changes of sign."""
    rows, periods = draw(st.integers(1, 6)), draw(st.integers(1, 12))
    cell = st.integers(-50, 50).map(float)
    return np.array(draw(st.lists(st.lists(cell, min_size=periods, max_size=periods), min_size=rows, max_size=rows)))
