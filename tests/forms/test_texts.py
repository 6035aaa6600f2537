import pytest

from forms.texts import kept, one_line, refused_character


@pytest.mark.parametrize(
    "text", ["सड़क", "ถนนอัจฉริยะ", "스마트시티", "مدينة ذكية", "می‌خواهم", 'O\'Brien "hello" <b> =1+1 😀', "a\u200fb"]
)
def test_scripts_keep_every_mark_they_need(text: str) -> None:
    assert refused_character(text) is None
    assert kept(kept(text)) == kept(text)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a\x00b", "U+0000"),
        ("a\x1bb", "U+001B"),
        ("a\u202eb", "U+202E"),
        ("a\u2066b", "U+2066"),
        ("a\ud800b", "U+D800"),
        ("a\x85", "U+0085"),
    ],
)
@pytest.mark.asvs("1.3.3", "2.2.1")
def test_a_character_that_may_not_be_stored_is_named(text: str, named: str) -> None:
    assert refused_character(text) == named
    assert refused_character(text, prose=True) == named


def test_line_ends_belong_to_prose_only() -> None:
    assert refused_character("a\nb") == "U+000A"
    assert refused_character("a\n\tb", prose=True) is None


@pytest.mark.asvs("1.1.1")
def test_texts_are_composed_and_labels_put_on_one_line() -> None:
    assert kept("e\u0301") == "é"
    assert one_line(" Sensors\n and  edge ") == "Sensors and edge"
