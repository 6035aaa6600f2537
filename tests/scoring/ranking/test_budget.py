"""Where a budget ends on an index."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ranking import budget_line


def test_the_line_is_the_last_project_that_fits() -> None:
    values, costs = [0.5, 2.0, 1.0, 3.0], [1.0, 4.0, 3.0, 2.0]
    assert budget_line(values, costs, 6) == 2.0  # 3.0 and 2.0 cost 6
    assert budget_line(values, costs, 8.9) == 2.0  # the next needs 3 and has 2.9
    assert budget_line(values, costs, 100) == 0.5
    assert budget_line(values, costs, 1.9) is None
    assert budget_line([], [], 5) is None


def test_of_equals_the_cheaper_comes_first() -> None:
    assert budget_line([1.0, 1.0], [9.0, 1.0], 5) == 1.0


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="one cost"):
        budget_line([1.0], [], 1)


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1e6)), min_size=1, max_size=30),
    st.floats(0, 1e7),
    st.floats(0, 1e7),
)
def test_more_money_never_raises_the_line(projects: list[tuple[float, float]], budget: float, more: float) -> None:
    values, costs = [value for value, _ in projects], [cost for _, cost in projects]
    less, wider = budget_line(values, costs, budget), budget_line(values, costs, budget + more)
    assert less is None or (wider is not None and wider <= less)
