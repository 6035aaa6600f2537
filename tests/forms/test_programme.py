"""The rules of a programme are read from what people write, and what cannot be used is said at its field."""

import pytest
from werkzeug.datastructures import MultiDict

from forms.programme import ProgrammeRules, carried, read_programme
from forms.programme_lines import MinimumPart, Phase, StartYears

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


def test_start_years_phases_and_risk_are_read_as_written_and_written_again() -> None:
    asked = read(
        ("risk", "5%"),
        ("later", "2"),
        ("start", "P-1 2026 to 2029\r\nP-2: 2030"),
        ("phases", "P-1 then after 2 years P-2"),
    )
    assert asked.problems == ()
    assert (asked.risk, asked.later) == (5.0, 2)
    assert asked.starts == {"P-1": StartYears(first=2026, last=2029), "P-2": StartYears(first=2030, last=2030)}
    assert asked.phases == (Phase(later="P-2", earlier="P-1", years=2),)
    assert read(*asked.parameters()) == asked
    assert carried(MultiDict(asked.parameters())) == asked.parameters()


def test_a_project_starts_in_its_own_year_first_and_what_is_approved_only_there() -> None:
    asked = read(("later", "2"), ("start", "P-2 2029 to 2030"))
    assert asked.years_of("P-1", 2027, committed=False) == (2027, 2028, 2029)
    assert asked.years_of("P-1", 2027, committed=True) == (2027,)
    assert asked.years_of("P-2", 2028, committed=True) == (2029, 2030)
    assert read(("start", "P-1 2025-2028")).years_of("P-1", 2027, committed=False) == (2027, 2025, 2026, 2028)


def test_shares_that_clash_are_told_at_once_and_overlapping_ones_do_not() -> None:
    asked = read(("least", "70% for Mobility\n60% for Energy"))
    assert asked.least == ()
    assert asked.problems == (
        (
            "least",
            "70% for Mobility and 60% for Energy make 130% together, and have no project in common: at most 100% can "
            "be spent. Until that is mended no share counts.",
        ),
    )
    both = read(("least", "70% for Mobility\n60% for Haneul (fictional city)"))
    assert (len(both.least), both.problems) == (2, ())


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (("risk", "0"), "capped at 1 to 50 per cent, not “0”"),
        (("risk", "lots"), "capped at 1 to 50 per cent"),
        (("later", "11"), "whole number from 0 to 10, not “11”"),
        (("start", "P-1 soon"), "Write “P-1 2028 to 2030”"),
        (("start", "P-3 2028"), "P-3 has no yearly investment"),
        (("start", "P-1 2030 to 2028"), "the first year before the last, not 2030 to 2028"),
        (("start", "P-1 2060"), "it can start from 2017 to 2037"),
        (("phases", "P-1, P-2"), "Write “P-1 then P-2”"),
        (("phases", "P-1 then P-1"), "each project once"),
        (
            ("phases", "P-1 then P-2 after 2 years"),
            "Write “P-1 then P-2”, or “P-1 then after 2 years P-2”, not “P-1 then P-2 after 2 years”.",
        ),
        (("phases", "P-1 then P-9"), "Not among the ranked projects: P-9."),
        (("phases", "P-1 then P-3"), "P-3: no yearly investment says when that starts."),
        (("phases", "P-2 then P-1"), "P-1 starts in 2027 at the latest, and P-2 in 2028 at the earliest"),
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
    assert (asked.risk, asked.later, asked.starts, asked.phases) == (None, 0, {}, ())
    assert len(asked.problems) == 1
    assert asked.problems[0][0] == pair[0]
    assert said in asked.problems[0][1]


def test_an_unknown_objective_is_the_plain_one() -> None:
    assert read(("objective", "luck")).objective == "value"
    assert read().parameters() == []
