"""The fiscal-risk matrix that ships: sourced, whole, and never falling as a risk grows."""

from itertools import pairwise

import pytest

from scoring.parameters import fiscal_risks
from scoring.parameters.fiscal_risks import CLASSES, RATINGS, load_fiscal_risks, parse
from scoring.parameters.reference_classes import Status
from scoring.project_file import RiskCategory

MATRIX = load_fiscal_risks()
TEXT = fiscal_risks._FILE.read_text(encoding="utf-8")


def test_every_part_has_a_source_a_date_and_a_status() -> None:
    for provenance in (MATRIX.band_provenance, MATRIX.rating_provenance, MATRIX.category_provenance):
        assert provenance.source
        assert provenance.date.isdigit()
        assert provenance.status in Status


def test_it_has_the_categories_of_the_parameters_and_all_that_a_project_may_state() -> None:
    assert list(MATRIX.categories)[:11] == [
        "governance", "construction", "demand", "operation", "finance", "force-majeure", "adverse-government-action",
        "change-in-law", "rebalancing", "renegotiation", "termination",
    ]  # fmt: skip
    assert set(MATRIX.categories) == set(RiskCategory)
    assert MATRIX.name == "fiscal-risks@1"


def test_a_rating_never_falls_as_likelihood_or_impact_grow() -> None:
    for one in CLASSES:
        for less, more in pairwise(CLASSES):
            assert RATINGS.index(MATRIX.rating(one, less)) <= RATINGS.index(MATRIX.rating(one, more))
            assert RATINGS.index(MATRIX.rating(less, one)) <= RATINGS.index(MATRIX.rating(more, one))


def test_a_value_at_a_bound_is_in_the_next_class() -> None:
    bands = MATRIX.likelihood
    assert [bands.class_of(value) for value in (0.0, 0.0999, 0.1, 0.4999, 0.5, 1.0)] == [
        "low", "low", "medium", "medium", "high", "high",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('governance = "Governance"\n', ""),
        ('high = "critical"', 'high = "dire"'),
        ("low = 10, medium = 50", "low = 50, medium = 10"),
    ],
)
def test_what_is_not_whole_is_refused(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(ValueError, match=r"No title|No rating|Bounds"):
        parse(TEXT.replace(old, new))
