"""The three questions about ten projects are exactly P10, P50 and P90 of what is simulated."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.registration.uncertainty import answers_of, own_range
from scoring.project_file import Distribution, Family
from scoring.risk.distributions import marginal

ANSWERS = st.lists(st.floats(0, 50), min_size=3, max_size=3).map(sorted).filter(lambda three: three[0] < three[2])


@given(answers=ANSWERS)
def test_one_in_ten_lies_below_half_below_and_one_in_ten_above(answers: list[float]) -> None:
    built = marginal(own_range(*answers), "uncertainty")
    assert built.quantile(np.array([0.1, 0.5, 0.9])).tolist() == pytest.approx(answers)
    assert built.quantile(np.array([0.0]))[0] >= 0, "neither a factor nor a delay is negative"


@given(answers=ANSWERS)
def test_the_answers_are_read_back_as_they_were_given(answers: list[float]) -> None:
    assert answers_of(own_range(*answers)) == tuple(answers)


def test_the_lines_go_on_to_the_ends_as_the_method_says() -> None:
    # By hand: from P10 0.9 to P50 1.0 is 0.1 in 0.4 of probability, so 0.025 more in the last 0.1.
    built = marginal(own_range(0.9, 1.0, 1.4), "uncertainty")
    assert built.quantile(np.array([0.0, 0.3, 1.0])).tolist() == pytest.approx([0.875, 0.95, 1.5])


@pytest.mark.parametrize(
    "stated",
    [
        None,
        Distribution(family=Family.PERT, low=0.9, mode=1.0, high=1.6),
        Distribution(family=Family.PERT, p10=0.9, p50=1.0, p90=1.6),
        Distribution(family=Family.EMPIRICAL, values=(1.0, 2.0)),
        Distribution(
            family=Family.EMPIRICAL, values=(0.5, 0.9, 1.0, 1.4, 3.0), probabilities=(0.0, 0.1, 0.5, 0.9, 1.0)
        ),
        Distribution(family=Family.EMPIRICAL, p10=0.9, p50=1.0, p90=1.4, maximum=1.45),
    ],
)
def test_what_was_stated_in_another_way_is_no_answer(stated: Distribution | None) -> None:
    assert answers_of(stated) is None
