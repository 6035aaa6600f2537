"""How a framework states its method: what nobody states keeps its bytes, what cannot be is refused at its key."""

import json
from dataclasses import replace
from typing import Any

import pytest

from appraisal.canonical import sha256_of
from scoring.errors import InputError
from scoring.frameworks import Aggregation, Framework, Method, editing, load_framework, read_framework, to_document
from scoring.frameworks.changes import ChangeKind, kind_of_change
from scoring.frameworks.editing import validated, without_criterion
from scoring.frameworks.vocabulary import METHODS

BRIEF, KOREA = load_framework(), load_framework("korea-preliminary-feasibility-2019")


def stating(framework: Framework = BRIEF, **stated: Any) -> Framework:
    return replace(framework, aggregation=Aggregation(**stated))


def before_conditions(framework: Framework) -> Framework:
    """As it was before its gates said whether a condition may stand in for them, which made its third version."""
    for item in framework.indicators:
        if item.gate is not None and item.gate.conditional:
            framework = editing.with_indicator(framework, replace(item, gate=replace(item.gate, conditional=False)))
    return replace(framework, version=2) if framework.version == 3 else framework


@pytest.mark.parametrize(
    ("framework", "digest"),
    [
        (BRIEF, "f3f196b61b88eff49b110a55f95df5dd16b9f5da4b13014d2c11dc52e2d906b3"),
        (KOREA, "a1ae25fadaa3a15630f6a8d80433cf74c3a1982cda41e2dba95b6875ac882663"),
    ],
    ids=["brief", "korea"],
)
def test_a_framework_that_states_none_is_a_weighted_sum_with_the_digest_it_had(
    framework: Framework, digest: str
) -> None:
    """The digests are those of the built-in frameworks before there was a choice."""
    assert framework.aggregation == Aggregation(method=Method.WEIGHTED_SUM)
    assert "aggregation" not in to_document(framework)
    assert sha256_of(to_document(before_conditions(framework))) == digest


@pytest.mark.parametrize("method", Method)
def test_what_is_stated_is_read_back_equal(method: Method) -> None:
    given = stating(method=method, indifference=2.0, preference=12.5, vetoes={"needs": 60.0})
    assert read_framework(json.loads(json.dumps(to_document(given)))) == given
    assert set(METHODS) == set(Method)


def test_vetoes_are_two_levels_each_unless_they_are_named() -> None:
    assert Aggregation().veto_of("needs") == 50
    named = Aggregation(vetoes={"needs": 60.0})
    assert (named.veto_of("needs"), named.veto_of("safeguards")) == (60, float("inf"))


@pytest.mark.parametrize(
    ("stated", "path", "message"),
    [
        ({"indifference": -1.0}, "aggregation.indifference", "must lie between 0 and 100 points."),
        ({"preference": 4.0}, "aggregation.preference", "must lie between the indifference (5) and 100 points."),
        ({"preference": 101.0}, "aggregation.preference", "must lie between the indifference (5) and 100 points."),
        ({"vetoes": {"needs": 20.0}}, "aggregation.vetoes.needs", "between the preference (25) and 100 points"),
        ({"vetoes": {"wants": 60.0}}, "aggregation.vetoes.wants", "is not a criterion of this framework."),
    ],
)
def test_thresholds_that_cannot_be(stated: dict[str, Any], path: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        validated(stating(**stated))
    (problem,) = refused.value.problems
    assert problem.path == path
    assert message in problem.message


def test_a_method_nobody_knows_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"aggregation\.method") as refused:
        read_framework({**to_document(BRIEF), "aggregation": {"method": "vikor"}})
    assert "weighted-sum, weighted-geometric-mean, topsis, promethee-ii, electre-iii" in str(refused.value)


def test_projects_weighed_by_place_cannot_be_compared() -> None:
    validated(stating(KOREA, method=Method.WEIGHTED_GEOMETRIC_MEAN))
    with pytest.raises(InputError, match="one set of weights"):
        validated(stating(KOREA, method=Method.TOPSIS))


def test_a_criterion_takes_its_veto_with_it() -> None:
    left = without_criterion(stating(vetoes={"needs": 60.0, "safeguards": 50.0}), "needs")
    assert left.aggregation.vetoes == {"safeguards": 50.0}
    validated(left)


def test_another_method_counts_the_same_answers_again() -> None:
    change = kind_of_change(BRIEF, stating(method=Method.ELECTRE_III))
    assert change.kind is ChangeKind.WEIGHTS
    assert change.parts == ("aggregation.method",)
