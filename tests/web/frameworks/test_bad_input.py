"""What cannot be: each mistake is said where it was made, what was typed stays, and nothing is stored."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.web.frameworks.writing import Writer, plain

DIRECT, PAIRS = "weights/criteria/direct", "weights/criteria/ahp"
CRITERIA = ("bankability", "safeguards", "inclusiveness", "needs")
SAME = {f"c-{one}--{other}": "3" for at, one in enumerate(CRITERIA) for other in CRITERIA[at + 1 :]}


def percentages(*given: str) -> dict[str, str]:
    return dict(zip((f"n-{name}" for name in CRITERIA), given, strict=True))


MISTAKES: Mapping[str, tuple[str, dict[str, str], str, str, str]] = {
    "weights too small": (
        DIRECT, percentages("40", "30", "20", "9.5"), "total", "The weights sum to 99.5, not to 100: 0.5 missing.",
        'value="9.5"',
    ),
    "weights too large": (
        DIRECT, percentages("40", "30", "20", "10.5"), "total", "The weights sum to 100.5, not to 100: 0.5 too much.",
        'value="10.5"',
    ),
    "a weight missing": (DIRECT, percentages("40", "30", "30", ""), "n-needs", "Enter a number for", 'value="30"'),
    "a negative weight": (
        DIRECT, percentages("40", "30", "40", "-10"), "n-needs", "The number cannot be less than 0.", 'value="-10"'
    ),
    "negative points of a swing": (
        "weights/criteria/swing", percentages("100", "50", "25", "-5"), "n-needs", "The number cannot be less than 0.",
        'value="-5"',
    ),
    "weights of a criterion": (
        "weights/safeguards/direct", {f"n-DS{number}": "9" for number in range(1, 8)}, "total", "The weights sum to",
        'value="9"',
    ),
    "a comparison missing": (
        PAIRS, {**SAME, "c-bankability--needs": ""}, "c-bankability--needs", "Compare Bankability with Infrastructure",
        '<option value="3" selected',
    ),
    "a comparison that is none": (
        PAIRS, {**SAME, "c-bankability--needs": "12"}, "c-bankability--needs", "Not a valid choice",
        '<option value="3" selected',
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_weights_that_cannot_be_are_refused_where_they_stand(writer: Writer, mistake: str) -> None:
    path, given, place, said, kept = MISTAKES[mistake]
    refused = writer.send(f"{writer.path}/{path}", {**given, "save": "1"})
    assert refused.status_code == 422
    assert said in plain(refused.text)
    assert f'href="#{place}' in refused.text
    assert f'id="{place}' in refused.text
    assert kept in refused.text
    assert writer.row.version == 1


def test_a_level_without_its_text_is_refused_in_its_box(writer: Writer) -> None:
    path = f"{writer.path}/indicators/NE3"
    for level, text in ((0, ""), (2, "   "), (4, "\n")):
        typed = {**writer.values(path), "title": "Typed before", f"level_{level}": text}
        refused = writer.client.post(path, data=typed)
        assert refused.status_code == 422
        assert f"Describe level {level}." in refused.text
        assert f'href="#level_{level}' in refused.text
        assert 'value="Typed before"' in refused.text
    assert writer.row.version == 1


def test_a_circle_of_three_is_told_with_its_way(writer: Writer) -> None:
    for name, other, status in (("NE3", "NE4", 302), ("NE4", "NE5", 302), ("NE5", "NE3", 422)):
        path = f"{writer.path}/indicators/{name}"
        answer = writer.client.post(path, data={**writer.values(path), "help": "Typed here", "waits_for": other})
        assert answer.status_code == status
    assert "Makes a circle: NE5 waits for NE3 waits for NE4 waits for NE5." in plain(answer.text)
    assert 'href="#waits_for' in answer.text
    assert "Typed here" in answer.text
    path = f"{writer.path}/indicators/NE4"
    own = writer.client.post(path, data={**writer.values(path), "waits_for": "NE4"})
    assert own.status_code == 422  # not even offered
    assert writer.row.version == 3


FAULTS: Mapping[str, tuple[tuple[Any, ...], Any, str]] = {
    "weights": (("criteria", 1, "weight"), 0.5, "criteria: The weights of the criteria must sum to 1."),
    "negative": (
        ("criteria", 0, "indicators", 3, "weight"), -0.1, "criteria[0].indicators[3].weight: must be 0 or more."
    ),
    "a level": (
        ("criteria", 3, "indicators", 0, "levels", 4), " ", "criteria[3].indicators[0].levels[4]: needs its text."
    ),
    "a circle": (
        ("criteria", 3, "indicators", 2, "applies_when"), {"indicator": "NE3", "least": 0, "most": 4},
        "criteria[3].indicators[2].applies_when.indicator: makes a circle: NE3 waits for NE3.",
    ),
    "comparisons": (
        ("weighting",),
        {"method": "ahp", "comparisons": [{"first": "bankability", "second": "needs", "times": 3.0}]},
        "weighting.comparisons: still lacks bankability with safeguards",
    ),
    "a judgement": (
        ("weighting",),
        {"method": "ahp", "comparisons": [{"first": "bankability", "second": "needs", "times": 12.0}]},
        "weighting.comparisons[0].times: must lie between 1/9 and 9.",
    ),
}  # fmt: skip


def test_a_file_that_cannot_be_is_refused_with_each_path_and_kept(writer: Writer) -> None:
    text = writer.client.get(f"{writer.path}/framework.json").text
    for name, (path, value, said) in FAULTS.items():
        document = json.loads(text)
        part = document
        for key in path[:-1]:
            part = part[key]
        part[path[-1]] = value
        refused = writer.send("/frameworks/import", {"text": json.dumps(document)})
        assert refused.status_code == 422, name
        assert said in plain(refused.text), name
        assert "smart-city-brief-2021" in refused.text, name  # what was pasted is still there
