"""ELECTRE III's distillations by hand, against the definition written out, and by properties (METHOD 9)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from scoring.criteria import credibility, distilled, electre_iii
from scoring.criteria.tables import FloatArray
from tests.scoring.criteria.test_outranking import PROJECTS, THRESHOLDS

CREDIBILITIES = st.integers(1, 6).flatmap(
    lambda count: arrays.arrays(np.float64, (count, count), elements=st.integers(0, 20).map(lambda part: part / 20))
)


def test_the_published_projects_by_hand() -> None:
    """Of the published credibilities (test_outranking), with s(c) = 0.30 - 0.15 c.

    From above: the level falls from 1 below 1 - 0.15 to 0.80 (0.85 is not below). There P1 outranks P3 and P5, and
    nothing else outranks (P2 over P4, 0.90 against 0.80, is within 0.165): P1 is first. Of the others none outranks at
    0.67; at 0, P2 outranks P5 (0.67 against 0): second. The last three stay alike down to 0.
    From below: at 0.80 P3 and P5 are outranked most and stay alike: last. Of the others the level falls from 0.90 to
    0.25, where P1 outranks P4 (0.80 against 0.25): P4 is third. P1 and P2 have no credibility over each other.
    """
    found = distilled(credibility(PROJECTS, np.ones(5), **THRESHOLDS))
    assert found.descending.tolist() == [1, 2, 3, 3, 3]
    assert found.ascending.tolist() == [1, 1, 4, 3, 4]
    assert not found.incomparable.any()
    # P1, P2, P4, then P3 and P5 alike
    assert [row.sum() for row in found.preferred] == [4, 3, 0, 2, 0]
    # P1 stands before 4 and 3 of 4 others: (4 + 3) / 2 / 4; P4 before 0 behind 2, and before 2 behind 2
    assert found.scores == pytest.approx([7 / 8, 5 / 8, -5 / 8, -2 / 8, -5 / 8])
    assert electre_iii(PROJECTS, np.ones(5), **THRESHOLDS) == pytest.approx(found.scores)


def test_two_that_the_distillations_order_differently_are_incomparable() -> None:
    """By hand: B is 0.6 sure over C, C is sure over A, nothing else.

    From above, at 0.6 only C outranks: C, then A and B alike. From below, at 0.6 A is the only one outranked: last;
    then, at 0, B outranks C: B, C, A. So C and B cannot be compared; both stand before A.
    """
    found = distilled(np.array([[1.0, 0, 0], [0, 1, 0.6], [1, 0, 1]]))
    assert (found.descending.tolist(), found.ascending.tolist()) == ([2, 2, 1], [3, 1, 2])
    assert found.incomparable.tolist() == [[False, False, False], [False, False, True], [False, True, False]]
    assert found.preferred.tolist() == [[False, False, False], [True, False, False], [True, False, False]]
    assert found.scores == pytest.approx([-3 / 4, 1 / 4, 2 / 4])


def written_out(table: FloatArray, sense: int) -> list[int]:
    """The definition, step by step."""
    left, place = list(range(len(table))), [0] * len(table)

    def credible(group: list[int]) -> list[float]:
        return [table[one, other] for one in group for other in group if one != other]

    def allowed(level: float) -> float:
        return 0.30 - 0.15 * level + 1e-9

    while left:
        group, level = left, max(credible(left), default=0.0)
        while len(group) > 1 and level > 0:
            level = max((each for each in credible(group) if each < level - allowed(level)), default=0.0)
            beats = {
                (one, other): table[one, other] > level + 1e-9
                and table[one, other] > table[other, one] + allowed(table[one, other])
                for one in group
                for other in group
            }
            net = {one: sum(int(beats[one, other]) - int(beats[other, one]) for other in group) for one in group}
            group = [one for one in group if sense * net[one] == max(sense * each for each in net.values())]
        for one in group:
            place[one] = len(table) - len(left) + 1 if sense > 0 else len(left) - len(group) + 1
        left = [one for one in left if one not in group]
    return place


@given(table=CREDIBILITIES)
def test_the_fast_way_is_the_definition(table: FloatArray) -> None:
    found = distilled(table)
    assert found.descending.tolist() == written_out(table, 1)
    assert found.ascending.tolist() == written_out(table, -1)


@given(table=CREDIBILITIES)
def test_the_partial_order_is_one_and_the_scores_follow_it(table: FloatArray) -> None:
    found = distilled(table)
    better, beside = found.preferred, found.incomparable
    assert not (better & better.T).any()
    assert not (beside & (better | better.T)).any()
    assert (beside == beside.T).all()
    assert not (((better.astype(int) @ better.astype(int)) > 0) & ~better).any()  # transitive
    assert (np.subtract.outer(found.scores, found.scores)[better] > 0).all()
    assert found.scores.sum() == pytest.approx(0)


@pytest.mark.parametrize(
    "table", [np.zeros((2, 3)), np.zeros(3), np.array([[1, 1.2], [0, 1]]), np.array([[1, np.nan], [0, 1]])]
)
def test_what_is_no_matrix_of_credibilities_is_refused(table: FloatArray) -> None:
    with pytest.raises(ValueError, match=r"credibilit"):
        distilled(table)
