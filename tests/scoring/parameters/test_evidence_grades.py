"""The widths of the evidence grades that ship: sourced, whole, and never wider for better evidence."""

from itertools import pairwise

import pytest

from scoring.parameters import evidence_grades
from scoring.parameters.evidence_grades import load_evidence_widths, parse
from scoring.parameters.reference_classes import Status
from scoring.vocabulary import EvidenceGrade

WIDTHS = load_evidence_widths()
TEXT = evidence_grades._FILE.read_text(encoding="utf-8")


def test_they_have_a_source_and_say_that_they_are_a_choice() -> None:
    assert WIDTHS.provenance.source
    assert WIDTHS.provenance.status is Status.DEFAULT
    assert WIDTHS.name == "evidence-grades@1"


def test_better_evidence_is_narrower_and_no_grade_is_a_claim() -> None:
    assert all(worse > better > 0 for worse, better in pairwise(WIDTHS.half_widths[grade] for grade in EvidenceGrade))
    assert WIDTHS.half_width(None) == WIDTHS.half_width(EvidenceGrade.CLAIM)


@pytest.mark.parametrize(("old", "new"), [("E3 = 0.25", ""), ("E3 = 0.25", "E3 = 3"), ("E0 = 2.0", "E0 = 4.5")])
def test_what_is_not_whole_is_refused(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises((KeyError, ValueError), match=r"E3|Half-widths|Better evidence"):
        parse(TEXT.replace(old, new))
