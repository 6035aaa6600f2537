"""One answer from several: medians by hand, and what holds for any panel."""

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.criteria.panel_answers import panel_answer
from scoring.criteria.scales import answered_level
from scoring.frameworks import load_framework
from scoring.project_file import Answer, EvidenceGrade

INDICATORS = {item.id: item for item in load_framework().indicators}
LEVELS, NUMBERS = INDICATORS["DS1"], INDICATORS["BK7"]
ANSWERS = st.builds(Answer, level=st.integers(0, 4), evidence=st.none() | st.sampled_from(EvidenceGrade))


def said(*levels: int, grade: EvidenceGrade = EvidenceGrade.VERIFIED) -> list[Answer]:
    return [Answer(level=level, evidence=grade) for level in levels]


def test_the_median_of_an_odd_panel_is_a_level() -> None:
    found = panel_answer(LEVELS, said(1, 4, 3))
    assert (found.level, found.value, found.evidence) == (3, None, EvidenceGrade.VERIFIED)
    assert found.reason == "Median of 3 appraisers (levels 1, 3, 4)."


def test_between_two_levels_it_lies_halfway_and_counts_so() -> None:
    found = panel_answer(LEVELS, said(2, 3))
    assert (found.level, found.value) == (None, 2.5)
    assert answered_level(LEVELS, found).counted == 2.5


def test_numbers_have_their_median_and_unknown_is_no_rating() -> None:
    numbers = [Answer(value=value, source=f"p. {value:g}") for value in (2.0, 9.0, 4.0)]
    found = panel_answer(NUMBERS, [*numbers, Answer(unknown=True)])
    assert (found.value, found.evidence) == (4.0, EvidenceGrade.CLAIM)
    assert found.reason == "Median of 3 appraisers (numbers 2, 4, 9); 1 could not tell."
    assert found.source == "p. 2; p. 9; p. 4"
    alone = panel_answer(LEVELS, [*said(3), Answer(unknown=True)])
    assert alone.reason == "One appraiser (level 3); 1 could not tell."
    nobody = panel_answer(LEVELS, [Answer(unknown=True)] * 2)
    assert (nobody.unknown, nobody.reason) == (True, "None of 2 appraisers could tell.")


def test_of_two_grades_the_lower_one_counts() -> None:
    found = panel_answer(LEVELS, said(4, grade=EvidenceGrade.THIRD_PARTY) + said(4, grade=EvidenceGrade.CLAIM))
    assert found.evidence is EvidenceGrade.CLAIM
    assert answered_level(LEVELS, found).counted == 2


@given(answers=st.lists(ANSWERS, min_size=1, max_size=9))
def test_any_panel_gives_its_median_in_any_order(answers: list[Answer]) -> None:
    found = panel_answer(LEVELS, answers)
    middle = found.value if found.level is None else found.level
    assert middle == pytest.approx(median(answer.level or 0 for answer in answers))
    again = panel_answer(LEVELS, sorted(answers, key=lambda answer: (answer.level or 0, str(answer.evidence))))
    assert (again.level, again.value, again.evidence, again.reason) == (
        found.level,
        found.value,
        found.evidence,
        found.reason,
    )
