"""The colours: both themes can be read, and the dark one is the same however it was chosen."""

import re
from pathlib import Path

import pytest

import appraisal

CSS = Path(appraisal.__file__).parent / "static/css"
TOKENS = (CSS / "tokens.css").read_text()

TEXT_ON_GROUND = [
    (ink, ground)
    for ink in ("ink", "ink-2", "accent", "accent-strong", "good", "warn", "bad")
    for ground in ("ground", "paper", "wash")
] + [
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("focus-ink", "focus"),
    ("bar-ink", "bar"),
    ("bar-ink-2", "bar"),
    ("ink", "good-wash"),
    ("ink", "warn-wash"),
    ("ink", "bad-wash"),
    ("accent", "bad-wash"),
    ("accent", "warn-wash"),
]
MARK_ON_GROUND = [
    (mark, ground)
    for mark in ("bankability", "safeguards", "inclusiveness", "needs", "edge", "accent")
    for ground in ("paper", "ground")
] + [("bar-mark", "bar")]


def block(start: str) -> dict[str, str]:
    """The custom properties with a colour in the first rule after `start`."""
    body = TOKENS[TOKENS.index(start) :].split("{", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", body))


LIGHT = block(":root {")
DARK = block(':root[data-theme="dark"]')


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_of_known_pairs() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)  # WCAG's own example of the limit


def test_both_ways_to_dark_give_the_same_colours() -> None:
    by_system = block('  :root:not([data-theme="light"])')
    assert by_system == DARK
    assert by_system.keys() == LIGHT.keys()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read(theme: dict[str, str]) -> None:
    low = {pair: contrast(theme[pair[0]], theme[pair[1]]) for pair in TEXT_ON_GROUND}
    assert {pair: value for pair, value in low.items() if value < 4.5} == {}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_marks_stand_out_from_what_they_lie_on(theme: dict[str, str]) -> None:
    low = {pair: contrast(theme[pair[0]], theme[pair[1]]) for pair in MARK_ON_GROUND}
    assert {pair: value for pair, value in low.items() if value < 3} == {}


def test_other_sheets_take_colours_by_name_only() -> None:
    for sheet in CSS.glob("*.css"):
        if sheet.name not in ("tokens.css", "print.css"):
            assert re.findall(r":[^;{}]*#[0-9a-fA-F]{3,8}\b", sheet.read_text()) == [], sheet.name


def test_every_name_used_has_a_value() -> None:
    given = set(re.findall(r"(--[a-z0-9-]+):", TOKENS))
    for sheet in CSS.glob("*.css"):
        assert set(re.findall(r"var\((--[a-z0-9-]+)", sheet.read_text())) <= given, sheet.name
