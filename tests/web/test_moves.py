"""A comparison as a page writes it: what is rare is not called impossible, and no digit stands below its error."""

from appraisal.services.comparing import FIGURES, Comparison, Movement
from appraisal.web.project.moves import LABELS, shown_comparison

START = dict.fromkeys(FIGURES, 10.0) | {"prob_negative": 0.0004, "economic_npv_p50": 123.456}
MOVED = START | {"prob_negative": 0.31, "economic_npv_p50": 140.111, "score": None}


def test_figures_are_written_with_the_digits_they_carry() -> None:
    movements = (Movement("answers", "answers.DS1", MOVED), Movement("rates", "rates.social", None, "It breaks."))
    errors = {"economic_npv_p50": 2.0, "prob_negative": 0.003}
    shown = shown_comparison(Comparison(1, 2, ("1", "1"), START, MOVED, movements, errors))
    columns = list(LABELS)
    first = dict(zip(columns, shown.first.cells, strict=True))
    moved = dict(zip(columns, shown.moves[0].cells, strict=True))
    assert first["prob_negative"] == ("under 1", "")
    assert moved["prob_negative"] == ("31", "+31")
    assert (first["economic_npv_p50"], moved["economic_npv_p50"]) == (("123", ""), ("140", "+17"))
    assert moved["score"] == ("none", "new")
    assert (shown.moves[1].cells, shown.moves[1].problem) == ((), "It breaks.")
    assert shown.title == "Between runs 1 and 2, 2 inputs differ"
    assert shown.engines is None
