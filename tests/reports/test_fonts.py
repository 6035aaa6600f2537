import pytest

from appraisal.reports import fonts


def test_noto_sans_covers_what_the_report_itself_writes() -> None:
    assert set("abcÀéżß0123456789−×–—…“”‘’·•°€₩₹ΩЖ'\"<>&{}[]\\$#@") <= fonts.covered()


def test_the_scripts_of_the_cities_and_emoji_are_covered() -> None:
    assert fonts.showable("하나 ไทย हिन्दी বাংলা ខ្មែរ العربية 漢字 😀") == "하나 ไทย हिन्दी বাংলা ខ្មែរ العربية 漢字 😀"


def test_only_the_fonts_that_a_text_needs_are_given() -> None:
    base, korean, both = fonts.needed("abc €"), fonts.needed("abc 하나"), fonts.needed("하나 😀")
    assert len(base) == 1
    assert base[0] == korean[0] == both[0]
    assert len(korean) == 2
    assert len(both) == 3


def test_text_the_fonts_cover_is_untouched() -> None:
    assert fonts.showable("O'Brien [a] −1 ^\nЖ") == "O'Brien [a] −1 ^\nЖ"


def test_a_character_no_font_covers_is_shown_as_its_code_point() -> None:
    assert fonts.showable("a\U000f0000]b") == "a[U+F0000]]b"


def test_without_noto_sans_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "PACKAGES", {"a_font_package_that_is_not_there": ("files",)})
    fonts.directories.cache_clear()
    try:
        with pytest.raises(fonts.FontError, match="fontpkg-noto-sans"):
            fonts.directories()
    finally:
        fonts.directories.cache_clear()
