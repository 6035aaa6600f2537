"""What ranges are drawn over, and what an answer does to one, said once (METHOD 9, 10)."""

from dataclasses import replace

import pytest

from appraisal.reports.findings import answer_note, likely_note, rank_note
from appraisal.reports.report import RankRange
from scoring.criteria.value_of_information import ValueOfAnswer
from scoring.frameworks import drawn_words
from tests.reports.factories import report

VALUE = ValueOfAnswer(
    indicator="DS1",
    narrows=2.8,
    width_after=10,
    ranks_narrowed=None,
    likely_narrows=1.5,
    low_rises=2.8,
    high_falls=2.8,
    settles=(),
    opens_gate=False,
)


def test_every_width_is_said_with_its_grade() -> None:
    assert drawn_words.evidence_meaning() == (
        "An answer may be off by up to 2 levels of the scale on a claim (E0), 1 on an own document (E1), 0.5 on an "
        "official or third-party document (E2), 0.25 on independent verification (E3); the farther, the rarer. "
        "No score and no gate moves by it."
    )


@pytest.mark.parametrize(("projects", "start"), [(0, ""), (1, "1 project was"), (1200, "1,200 projects were")])
def test_who_has_no_draws_is_counted(projects: int, start: str) -> None:
    said = drawn_words.without_draws(projects)
    assert said.startswith(start)
    assert bool(said) == bool(projects)


def test_an_answer_narrows_from_the_end_that_can_move() -> None:
    assert answer_note(VALUE) == (
        "it narrows the score’s range from worst to best by 2.8 points, from below if the answer is good, "
        "from above if it is not."
    )
    uneven = answer_note(replace(VALUE, high_falls=0.4, settles=("BK2",)))
    assert "by up to 2.8 points from below if the answer is good, by up to 0.4 from above if it is not" in uneven
    assert uneven.endswith("; it settles BK2 too.")


def test_a_report_says_the_likely_score_and_over_what_its_rank_is_drawn() -> None:
    made = report()
    assert likely_note(made) == ""
    criteria = replace(made.result.criteria, likely=(48.4, 70.6))
    drawn = replace(made, result=replace(made.result, criteria=criteria), rank=RankRange(rank=2, low=1, high=4, of=9))
    assert likely_note(drawn) == "48 to 71 in 90 of 100 draws"
    assert rank_note(drawn) == (
        "of 9; between 1 and 4 in 90 of 100 draws of weights, unknown answers, evidence and simulated returns"
    )
