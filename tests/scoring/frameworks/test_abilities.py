"""What any framework may state: figures as indicators, questions that wait for others, weights by place, refusals."""

import copy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.criteria.assessment import assess
from scoring.criteria.figures import FIGURES, figure_of
from scoring.criteria.value_of_information import value_of_answers
from scoring.criteria.weighting import effective_weights
from scoring.errors import InputError
from scoring.frameworks import Condition, Framework, Indicator, ScaleKind, load_framework, read_framework, to_document
from scoring.frameworks.vocabulary import FIGURES as WORDS
from scoring.project_file import Answer, EvidenceGrade
from scoring.result import GateStatus, Missing
from tests.scoring.criteria.factories import assessed, best, returns

BUILT_IN = load_framework()
DOCUMENT = to_document(BUILT_IN)
KOREAN = to_document(load_framework("korea-preliminary-feasibility-2019"))


def with_indicator(name: str, **changes: Any) -> Framework:
    """The built-in framework with one indicator changed."""
    criteria = tuple(
        replace(
            criterion,
            indicators=tuple(replace(item, **changes) if item.id == name else item for item in criterion.indicators),
        )
        for criterion in BUILT_IN.criteria
    )
    return replace(BUILT_IN, criteria=criteria)


def test_adding_an_indicator_is_a_change_of_data() -> None:
    document = copy.deepcopy(DOCUMENT)
    document["criteria"][0]["indicators"].append(
        {
            "id": "BK11",
            "title": "Ratio",
            "question": "How much benefit for each unit of cost?",
            "scale": "computed",
            "figure": "benefit-cost-ratio",
            "points": [[0, 0], [1, 2], [2, 4]],
            "levels": ["None.", "Little.", "As much.", "More.", "Twice as much."],
            "evidence": "Cash flows",
            "passages": [],
            "standard": "None",
        }
    )
    document["criteria"].append({**copy.deepcopy(document["criteria"][3]), "id": "fifth", "title": "A fifth"})
    for position, item in enumerate(document["criteria"][4]["indicators"]):
        item |= {"id": f"FI{position}", "criterion": "fifth"}
    for criterion in document["criteria"]:
        criterion["weight"] = 0.2
        for item in criterion["indicators"]:
            item["weight"] = 1 / len(criterion["indicators"])
    framework = read_framework(document)
    result, _ = assessed({"FI0": best()}, framework=framework)
    _, (_, equity, economic, risk) = returns()
    ratio = figure_of("benefit-cost-ratio", economic, equity, risk)
    assert isinstance(ratio, float)
    found = {item.id: item for item in result.indicators}
    assert found["BK11"].level == pytest.approx(min(4.0, 2 * ratio))
    assert found["BK11"].computed
    assert "Benefit-cost ratio" in found["BK11"].explanation
    assert result.by_criterion["fifth"].score == pytest.approx(100)


def test_every_figure_has_its_words() -> None:
    assert set(FIGURES) == set(WORDS)


def test_a_computed_indicator_cannot_be_typed_over() -> None:
    project, figures = returns()
    framework = with_indicator("BK1", rule="", figure="chance-of-gain", points=((0.0, 0.0), (1.0, 4.0)))
    plain, _ = assess(replace(project, answers={}), framework, *figures)
    typed, notes = assess(replace(project, answers={"BK1": best()}), framework, *figures)
    assert typed.indicators[0] == plain.indicators[0]
    assert "computed-indicator" in [note.code for note in notes]


WAITING = with_indicator("DS5", applies_when=Condition(indicator="DS4", least=3))


@pytest.mark.parametrize(("level", "applies"), [(0, False), (2, False), (3, True), (4, True), (None, True)])
def test_a_question_applies_only_after_the_answer_it_waits_for(level: int | None, applies: bool) -> None:
    answers = {"DS4": Answer(unknown=True) if level is None else best(level)}
    result, _ = assessed(answers, framework=WAITING)
    found = {item.id: item for item in result.indicators}
    assert (found["DS5"].level == Missing("not-applicable")) is not applies
    assert sum(item.weight for item in result.indicators) == pytest.approx(1)
    assert found["DS5"].weight == pytest.approx(1 / 36 if applies else 0)
    assert ("DS5" in [item.indicator for item in value_of_answers(result)]) is applies


def test_the_gate_of_a_question_that_does_not_apply_does_not_apply() -> None:
    framework = with_indicator("NE3", applies_when=Condition(indicator="DS4", least=3))
    result, _ = assessed({"DS4": best(1)}, framework=framework)
    assert {gate.id: gate.status for gate in result.gates}["NE3"] is GateStatus.NOT_APPLICABLE


def test_a_criterion_of_which_nothing_applies_carries_no_weight() -> None:
    needs = BUILT_IN.criteria[3]
    waiting = (replace(item, applies_when=Condition(indicator="DS4", least=3)) for item in needs.indicators)
    framework = replace(BUILT_IN, criteria=(*BUILT_IN.criteria[:3], replace(needs, indicators=tuple(waiting))))
    result, _ = assessed({"DS4": best(1)}, framework=framework)
    assert result.by_criterion["needs"].weight == 0
    assert sum(item.weight for item in result.by_criterion.values()) == pytest.approx(1)
    assert result.interval[1] <= 100 + 1e-9


@given(st.integers(0, 8), st.integers(2, 5))
def test_the_weight_of_an_indicator_does_not_depend_on_its_siblings(position: int, parts: int) -> None:
    """Splitting one indicator in several that share its weight moves no other (a known fault of a peer)."""
    needs = BUILT_IN.criteria[3]
    split = needs.indicators[position]
    pieces = tuple(replace(split, id=f"{split.id}-{part}", weight=split.weight / parts) for part in range(parts))
    indicators = (*needs.indicators[:position], *pieces, *needs.indicators[position + 1 :])
    framework = replace(BUILT_IN, criteria=(*BUILT_IN.criteria[:3], replace(needs, indicators=indicators)))
    before, after = effective_weights(BUILT_IN), effective_weights(read_framework(to_document(framework)))
    assert all(after[name] == weight for name, weight in before.items() if name != split.id)
    assert sum(after.values()) == pytest.approx(1)


def refused(change: Any, document: dict[str, Any] = DOCUMENT) -> list[str]:
    changed = copy.deepcopy(document)
    change(changed)
    with pytest.raises(InputError) as error:
        read_framework(changed)
    return sorted(problem.path for problem in error.value.problems)


def _waits(document: dict[str, Any], name: str, other: str, **more: int) -> None:
    for criterion in document["criteria"]:
        for item in criterion["indicators"]:
            if item["id"] == name:
                item["applies_when"] = {"indicator": other, **more}


def test_a_circle_of_waiting_questions_is_refused_at_each_of_them() -> None:
    def change(document: dict[str, Any]) -> None:
        for name, other in (("BK3", "DS1"), ("DS1", "IN1"), ("IN1", "BK3"), ("NE1", "BK3")):
            _waits(document, name, other)

    places = [f"criteria[{n}].indicators[{m}].applies_when.indicator" for n, m in ((0, 2), (1, 0), (2, 0))]
    assert refused(change) == places


def test_a_question_cannot_wait_for_itself_or_for_nothing() -> None:
    assert refused(lambda document: _waits(document, "BK3", "BK3")) == [
        "criteria[0].indicators[2].applies_when.indicator"
    ]
    assert refused(lambda document: _waits(document, "BK3", "ZZ")) == [
        "criteria[0].indicators[2].applies_when.indicator"
    ]
    crossed = refused(lambda document: _waits(document, "BK3", "BK5", least=3, most=2))
    assert crossed == ["criteria[0].indicators[2].applies_when.least"]


def _weighting(**values: Any) -> Any:
    return lambda document: document.update(weighting={"method": "ahp", **values})


PAIR = {"first": "economic", "second": "policy", "times": 3}


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        (lambda document: document.update(minimum=101), ["minimum"]),
        (lambda document: document["places"][0]["weights"].update(economic=0.7), ["places[0].weights"]),
        (
            lambda document: document["places"][0]["weights"].pop("policy"),
            ["places[0].ranges.policy", "places[0].weights"],
        ),
        (
            lambda document: document["places"][0]["weights"].update({"policy": 0.25, "economic": 0.75}),
            ["places[0].ranges.economic", "places[0].ranges.policy"],
        ),
        (lambda document: document["places"].append(copy.deepcopy(document["places"][0])), None),
        (lambda document: document["criteria"][0].update(weight_range=[0.5, 0.6]), ["criteria[0].weight_range"]),
        (lambda document: document["criteria"][0]["indicators"].clear(), ["criteria[0].indicators"]),
        (
            lambda document: document["criteria"][0]["indicators"][0].update(figure="luck"),
            ["criteria[0].indicators[0].figure"],
        ),
        (
            lambda document: document["criteria"][0]["indicators"][0].update(points=[]),
            ["criteria[0].indicators[0].points"],
        ),
        (_weighting(comparisons=[PAIR]), ["weighting.comparisons"]),
        (_weighting(comparisons=[PAIR, PAIR]), ["weighting.comparisons", "weighting.comparisons[1]"]),
        (_weighting(swings={"policy": -1}), ["weighting.swings.policy"]),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(change: Any, paths: list[str] | None) -> None:
    found = refused(change, KOREAN)
    assert found == paths if paths is not None else set(found) == {"places[1].cities"}


def test_a_new_criterion_may_wait_for_its_indicators_without_weight() -> None:
    document = copy.deepcopy(DOCUMENT)
    document["criteria"].append({"id": "new", "title": "New", "question": "New?", "weight": 0, "indicators": []})
    result, _ = assessed({}, framework=read_framework(document))
    assert result.by_criterion["new"].contribution == Missing("unanswered")


def test_scales_of_figures_are_computed() -> None:
    indicator: Indicator = load_framework("korea-preliminary-feasibility-2019").indicators[0]
    assert (indicator.scale, indicator.rule) == (ScaleKind.COMPUTED, "")
    assert EvidenceGrade.CLAIM == "E0"
