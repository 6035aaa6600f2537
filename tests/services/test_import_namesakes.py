"""Names that differ in one word are found without comparing every two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.services.import_namesakes import Namesakes


@pytest.mark.parametrize(
    ("stored", "typed", "found"),
    [
        ("smart street lights", "smart road lights", True),
        ("smart street lights", "smart street lights north", True),
        ("smart street lights", "smart street", True),
        ("smart street lights", "smart street lights", True),
        ("smart street lights", "clever road lights", False),
        ("lights of ward 1", "lights of ward 2", False),
        ("lights of ward 1", "lamps of ward 1", True),
        ("tram depot", "tram shed", False),
    ],
)
def test_one_word_may_differ_and_none_with_digits(stored: str, typed: str, found: bool) -> None:
    namesakes = Namesakes([((stored, "pune"), "P-1")])
    assert namesakes.of((typed, "pune")) == ("P-1" if found else None)
    assert namesakes.of((typed, "seoul")) is None


def test_where_several_are_near_none_is_named() -> None:
    both = Namesakes([(("smart street lights", ""), "P-1"), (("smart park lights", ""), "P-2")])
    assert both.of(("smart road lights", "")) is None


words = st.lists(st.sampled_from(["a", "b", "c", "d", "e2"]), min_size=1, max_size=5)


def shortened(title: list[str]) -> set[tuple[str, ...]]:
    """What it is, and what is left of it without one of its words, where two are left at least."""
    left = {tuple(title[:at] + title[at + 1 :]) for at, word in enumerate(title) if not any(map(str.isdigit, word))}
    return {each for each in {tuple(title), *left} if len(each) >= 2}


@given(words, words)
def test_it_finds_what_comparing_them_would(stored: list[str], typed: list[str]) -> None:
    found = Namesakes([((" ".join(stored), ""), "P-1")]).of((" ".join(typed), ""))
    assert (found == "P-1") == bool(shortened(stored) & shortened(typed))
