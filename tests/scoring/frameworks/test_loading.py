"""A framework survives its document, and a broken one is refused with every problem at its key."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.errors import InputError, InputProblem
from scoring.frameworks import Framework, load_framework, read_framework, to_document
from tests.examples import examples

DOCUMENT = to_document(load_framework())


@pytest.fixture
def document() -> dict[str, Any]:
    return copy.deepcopy(DOCUMENT)


def problems_of(document: Any) -> list[str]:
    with pytest.raises(InputError) as refused:
        read_framework(document)
    return sorted(problem.path for problem in refused.value.problems)


def test_a_framework_survives_its_document_as_json(document: dict[str, Any]) -> None:
    carried = json.loads(json.dumps(document, allow_nan=False))
    assert carried == document
    assert read_framework(carried) == load_framework()
    assert to_document(read_framework(carried)) == document


def test_every_problem_is_named_at_its_key(document: dict[str, Any]) -> None:
    document["colour"] = "blue"
    document["criteria"][0]["weight"] = 0.5
    document["criteria"][1]["indicators"][0]["levels"][0] = " "
    document["criteria"][2]["indicators"][1]["points"] = [[1, 0], [0, 4]]
    document["criteria"][3]["indicators"][2]["gate"]["applies_when"] = "on Mondays"
    document["economics"]["shadow_exchange_rate"] = 1.2
    assert problems_of(document) == [
        "colour",
        "criteria",
        "criteria[1].indicators[0].levels[0]",
        "criteria[2].indicators[1].points",
        "criteria[3].indicators[2].gate.applies_when",
        "economics.shadow_exchange_rate",
    ]


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("title",), None, "title"),
        (("version",), 1.5, "version"),
        (("version",), 0, "version"),
        (("criteria",), "none", "criteria"),
        (("criteria",), [], "criteria"),
        (("criteria", 0, "weight"), "a quarter", "criteria[0].weight"),
        (("criteria", 0, "weight"), float("nan"), "criteria[0].weight"),
        (("criteria", 0, "weight"), True, "criteria[0].weight"),
        (("criteria", 0, "minimum"), 101, "criteria[0].minimum"),
        (("criteria", 0, "indicators"), {}, "criteria[0].indicators"),
        (("criteria", 0, "indicators", 2), "BK3", "criteria[0].indicators[2]"),
        (("criteria", 0, "indicators", 2, "weight"), 0.2, "criteria[0].indicators"),
        (("criteria", 0, "indicators", 2, "weight"), "0.1", "criteria[0].indicators[2].weight"),
        (("criteria", 0, "indicators", 2, "levels"), "abcde", "criteria[0].indicators[2].levels"),
        (("criteria", 0, "indicators", 2, "levels"), ["a", "b"], "criteria[0].indicators[2].levels"),
        (("criteria", 0, "indicators", 2, "scale"), "colour", "criteria[0].indicators[2].scale"),
        (("criteria", 0, "indicators", 2, "points"), [[0, 0]], "criteria[0].indicators[2].points"),
        (("criteria", 0, "indicators", 2, "passages"), ["?"], "criteria[0].indicators[2].passages"),
        (("criteria", 0, "indicators", 2, "rule"), "economic-return", "criteria[0].indicators[2].rule"),
        (("criteria", 0, "indicators", 2, "criterion"), "needs", "criteria[0].indicators[2].criterion"),
        (("criteria", 0, "indicators", 1, "id"), "BK1", "criteria[0].indicators[1].id"),
        (("criteria", 0, "indicators", 0, "rule"), "magic", "criteria[0].indicators[0].rule"),
        (("criteria", 0, "indicators", 6, "points"), [], "criteria[0].indicators[6].points"),
        (("criteria", 0, "indicators", 6, "points"), [[0], [1, 1]], "criteria[0].indicators[6].points[0]"),
        (("criteria", 0, "indicators", 6, "points"), [[0, 0], [1, 5]], "criteria[0].indicators[6].points"),
        (("criteria", 0, "indicators", 6, "gate", "passes_at"), 5, "criteria[0].indicators[6].gate.passes_at"),
        (("criteria", 0, "indicators", 6, "gate", "lifts_when"), "", "criteria[0].indicators[6].gate.lifts_when"),
        (("economics", "hurdles"), [0.03, -2], "economics.hurdles[1]"),
        (("economics", "target_dscr"), 0, "economics.target_dscr"),
        (("economics", "welfare_epsilon"), -1, "economics.welfare_epsilon"),
        (("economics", "programme_budget"), 0, "economics.programme_budget"),
        (("economics", "income_groups"), {}, "economics.income_groups"),
        (("economics", "income_groups", "q1"), 0, "economics.income_groups.q1"),
        (("economics", "carbon_path"), "steep", "economics.carbon_path"),
        (("economics", "carbon_prices", "low"), {"soon": 40}, "economics.carbon_prices.low.soon"),
        (("economics", "carbon_prices", "low"), {"2020": -40}, "economics.carbon_prices.low"),
        (("economics", "aversion"), 10**400, "economics.aversion"),
        (
            ("exchange_rates",),
            [{"currency": "INR", "per_unit": 0, "date": "2026-01-01", "source": "x"}],
            "exchange_rates[0].per_unit",
        ),
    ],
)
def test_one_wrong_part_gives_one_problem(
    document: dict[str, Any], path: tuple[Any, ...], value: Any, expected: str
) -> None:
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert problems_of(document) == [expected]


def test_missing_keys_are_named(document: dict[str, Any]) -> None:
    del document["title"]
    del document["criteria"][3]["indicators"][0]["question"]
    assert problems_of(document) == ["criteria[3].indicators[0].question", "title"]


@pytest.mark.parametrize("document", [None, [], "framework"])
def test_what_is_no_document_is_refused(document: Any) -> None:
    assert problems_of(document) == ["framework"]


def test_weights_left_out_share_what_is_left(document: dict[str, Any]) -> None:
    indicators = document["criteria"][1]["indicators"]
    for item in indicators:
        del item["weight"], item["criterion"]
    indicators[0]["weight"] = 0.2
    read = read_framework(document).criteria[1].indicators
    assert [indicator.weight for indicator in read] == pytest.approx([0.2, *[0.1] * 8])
    assert {indicator.criterion for indicator in read} == {"safeguards"}


@pytest.mark.parametrize("key", ["nowhere", "../returns", "__pycache__", ""])
def test_a_framework_that_is_not_built_in_is_refused(key: str) -> None:
    with pytest.raises(InputError, match="no built-in framework"):
        load_framework(key)


def outcome(document: dict[str, Any]) -> tuple[Framework | None, tuple[InputProblem, ...]]:
    try:
        return read_framework(document), ()
    except InputError as refused:
        return None, refused.problems


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        yield from _places(entry, (*path, key))


PLACES = list(_places(DOCUMENT))
JUNK = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.just([]) | st.just({})


@given(st.sampled_from(PLACES), JUNK | st.lists(JUNK, max_size=3) | st.dictionaries(st.text(max_size=2), JUNK))
@settings(max_examples=examples(150), deadline=None)
def test_whatever_stands_in_a_place_is_read_or_refused_with_its_path(path: tuple[Any, ...], value: Any) -> None:
    document = copy.deepcopy(DOCUMENT)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    read, problems = outcome(document)
    assert (read is None) == bool(problems)
    assert all(problem.path and problem.message for problem in problems)
    assert read is None or read_framework(to_document(read)) == read
