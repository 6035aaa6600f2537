"""The rules of a programme are read from what people write, and what cannot be used is said at its field."""

import pytest
from werkzeug.datastructures import MultiDict

from forms.programme import MinimumPart, ProgrammeRules, read_programme

PROJECTS = ("P-1", "P-2", "P-3")
GROUPS = {"Energy": {"P-1"}, "Haneul (fictional city)": {"P-1", "P-2", "P-3"}, "Mobility": {"P-2", "P-3"}}
YEARS = {"P-1": 2027, "P-2": 2028}


def read(*pairs: tuple[str, str]) -> ProgrammeRules:
    return read_programme(MultiDict(pairs), PROJECTS, GROUPS, YEARS)


def test_rules_are_read_as_written_and_written_again() -> None:
    asked = read(
        ("objective", "mix"),
        ("mix", "30"),
        ("one", "P-1, P-2\r\nP-2 P-3"),
        ("needs", "P-3 needs P-1 or P-2\nP-2: P-1"),
        ("least", "20% for mobility\n5 Haneul (fictional city)"),
    )
    assert (asked.objective, asked.mix) == ("mix", 30)
    assert asked.exclusive == (("P-1", "P-2"), ("P-2", "P-3"))
    assert asked.requires == (("P-3", ("P-1", "P-2")), ("P-2", ("P-1",)))
    assert asked.least == (
        MinimumPart(per_cent=20, whose="Mobility"),
        MinimumPart(per_cent=5, whose="Haneul (fictional city)"),
    )
    assert asked.problems == ()
    assert read(*asked.parameters()) == asked


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (("one", "P-1"), "names one project"),
        (("one", "P-1 P-9"), "Not among the ranked projects: P-9."),
        (("needs", "P-1"), "Write “A needs B”"),
        (("needs", "P-1 needs P-1"), "must name one project, and another"),
        (("least", "120% for Mobility"), "Write “20% for Mobility”"),
        (("least", "20% for Fishing"), "There are: Energy"),
        (("mix", "lots"), "whole number from 0 to 100"),
    ],
)
def test_what_cannot_be_used_is_said(pair: tuple[str, str], said: str) -> None:
    asked = read(pair)
    assert (asked.exclusive, asked.requires, asked.least, asked.mix) == ((), (), (), 50)
    assert len(asked.problems) == 1
    assert asked.problems[0][0] == pair[0]
    assert said in asked.problems[0][1]


def test_an_unknown_objective_is_the_plain_one() -> None:
    assert read(("objective", "luck")).objective == "value"
    assert read().parameters() == []
