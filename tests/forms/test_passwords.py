"""Passwords that are refused because they would be tried first."""

import pytest

from forms.passwords import read_password

NAMES = ("Ana Silva", "a.silva@city-office.example", "Haneul Metropolitan Office")


@pytest.mark.asvs("6.2.4", "6.2.12")
@pytest.mark.parametrize(
    "password", ["123456789012", "qwertyuiop123", "password1234", "PASSWORD1234", "aaaaaaaaaaaa", "iloveyou1234"]
)
def test_what_many_people_had_is_refused(password: str) -> None:
    """Each stands in published lists of passwords that leaked."""
    with pytest.raises(ValueError, match="tried first"):
        read_password(password)


@pytest.mark.asvs("6.2.11")
@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("Appraisal-2026!", "appraisal"),
        ("Appr4i5al 1234", "appraisal"),
        ("H4neulH4neul99", "haneul"),
        ("haneul metropolitan office 1", "haneulmetropolitanoffice"),
        ("SmartCity..2027", "smartcity"),
        ("SilvaSilvaAna1", "silva"),
        ("planner planner!", "planner"),
    ],
)
def test_words_of_the_tool_and_of_the_account_make_no_password(password: str, word: str) -> None:
    with pytest.raises(ValueError, match=f"Beside “{word}”"):
        read_password(password, NAMES)


@pytest.mark.parametrize(
    "password", ["haneul runs on seven bridges", "an appraisal of nine umbrellas", "Ana eats plums9"]
)
def test_beside_words_of_ones_own_they_may_stand(password: str) -> None:
    assert read_password(password, NAMES) == password


@pytest.mark.parametrize("length", [11, 201])
def test_the_length_is_stated(length: int) -> None:
    with pytest.raises(ValueError, match="12 to 200"):
        read_password("x" * length)
