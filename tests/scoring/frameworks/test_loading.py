"""The built-in framework is complete, and a broken one is refused with every problem at its key."""

import copy
from typing import Any

import pytest

from scoring.criteria.computed import RULES
from scoring.errors import InputError
from scoring.frameworks import ScaleKind, load_framework, read_framework, to_document

IDS = [
    *(f"BK{n}" for n in range(1, 11)),
    *(f"DS{n}" for n in range(1, 10)),
    *(f"IN{n}" for n in range(1, 10)),
    *(f"NE{n}" for n in range(1, 10)),
]


@pytest.fixture
def document() -> dict[str, Any]:
    return copy.deepcopy(to_document(load_framework()))


def test_the_built_in_framework_has_the_37_indicators() -> None:
    assert [indicator.id for indicator in load_framework().indicators] == IDS


def test_every_indicator_is_whole() -> None:
    framework = load_framework()
    for indicator in framework.indicators:
        assert indicator.question.endswith("?")
        assert all(level.endswith(".") for level in indicator.levels)
        assert indicator.evidence
        assert indicator.standard
        assert indicator.passages
        assert set(indicator.passages) <= set(framework.passages)
        assert (indicator.scale is ScaleKind.COMPUTED) == (indicator.rule in RULES)


def test_the_gates_are_those_of_the_criteria() -> None:
    gates = {i.id: (i.gate.passes_at, i.gate.applies_when) for i in load_framework().indicators if i.gate}
    assert gates == {
        "BK7": (1, "always"),
        "DS1": (2, "impact-triggers"),
        "DS4": (2, "public-space-analytics"),
        "IN3": (2, "essential-service"),
        "NE3": (2, "always"),
    }


def test_weights_are_equal_inside_a_criterion_and_sum_to_one() -> None:
    for criterion in load_framework().criteria:
        weights = {round(indicator.weight, 12) for indicator in criterion.indicators}
        assert weights == {round(1 / len(criterion.indicators), 12)}


def test_a_framework_survives_its_document(document: dict[str, Any]) -> None:
    assert read_framework(document) == load_framework()


def test_the_numeraire_corrects_only_once() -> None:
    economics = load_framework().economics
    assert not (economics.standard_conversion_factor < 1 and economics.shadow_exchange_rate > 1)


def problems_of(document: dict[str, Any]) -> set[str]:
    with pytest.raises(InputError) as refused:
        read_framework(document)
    return {problem.path for problem in refused.value.problems}


def test_every_problem_is_named_at_its_key(document: dict[str, Any]) -> None:
    document["colour"] = "blue"
    document["criteria"][0]["weight"] = 0.5
    document["criteria"][1]["indicators"][0]["levels"] = ("", "b", "c", "d", "e")
    document["criteria"][2]["indicators"][1]["points"] = [[1, 0], [0, 4]]
    document["criteria"][3]["indicators"][2]["gate"]["applies_when"] = "on Mondays"
    assert problems_of(document) == {
        "colour",
        "criteria",
        "criteria[1].indicators[0].levels",
        "criteria[2].indicators[1].points",
        "criteria[3].indicators[2].gate.applies_when",
    }


def test_a_missing_key_is_named(document: dict[str, Any]) -> None:
    del document["title"]
    assert problems_of(document) == {"title"}


def test_an_id_used_twice_is_named(document: dict[str, Any]) -> None:
    document["criteria"][0]["indicators"][1]["id"] = "BK1"
    assert problems_of(document) == {"criteria"}


def test_a_framework_that_is_not_built_in_is_refused() -> None:
    with pytest.raises(InputError, match="no built-in framework"):
        load_framework("nowhere")
