"""The result as a document: the published layout, reasons beside what is missing, and nothing that is no figure."""

import dataclasses
import types
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from jsonschema import Draft202012Validator

from appraisal.canonical import canonical_json
from appraisal.reading.result_schema import result_schema
from scoring.frameworks import Aggregation, Method, load_framework
from scoring.result import Figure, GateResult, GateStatus, Missing, Result
from scoring.result_document import to_document
from scoring.stored_result import from_document
from tests.scoring.criteria.factories import assessed, best


def filled(hint: Any, figure: float | Missing) -> Any:
    """A value of the type, every figure in it the one given and every list with one entry."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint == Figure:
        return figure
    if origin in (Union, types.UnionType):
        return filled(arguments[0], figure)
    if origin is tuple:
        kinds = arguments[:1] if arguments[-1] is Ellipsis else arguments
        return tuple(filled(kind, figure) for kind in kinds)
    if origin is not None and issubclass(origin, Mapping):
        return {"key": filled(arguments[1], figure)}
    return filled_plain(hint, figure)


def filled_plain(hint: Any, figure: float | Missing) -> Any:
    if dataclasses.is_dataclass(hint):
        hints = get_type_hints(hint)
        values = {field.name: filled(hints[field.name], figure) for field in dataclasses.fields(hint)}
        if "irr_note" in values:
            values["irr_note"] = "multiple-roots"
        return hint(**values)  # type: ignore[operator]
    if issubclass(hint, Enum):
        return next(iter(hint))
    return {float: 0.5, int: 7, bool: True, str: "text"}[hint]


def result(figure: float | Missing = 1.5) -> Result:
    return filled(Result, figure)


@pytest.mark.parametrize("figure", [1.5, -0.25, Missing("not-reached")])
def test_the_document_fits_the_published_schema(figure: float | Missing) -> None:
    document = to_document(result(figure))
    assert [error.json_path for error in Draft202012Validator(result_schema()).iter_errors(document)] == []
    assert canonical_json(document)


def test_the_layout_is_the_published_one() -> None:
    document = to_document(result())
    assert list(document)[:5] == ["schema", "engine", "seed", "draws", "input_sha256"]
    assert document["schema"] == "appraisal-result/1"
    assert document["financial"]["by_hurdle"] == [{"rate": 0.5, "npv": 0.5}]
    assert document["equity"]["dscr"] == [0.5]
    assert document["equity"]["dscr_min_year"] == 1
    assert document["risk"]["economic_npv"]["cvar95"] == 1.5
    assert document["sensitivity"][0]["switching_value"] == 1.5
    assert document["criteria"]["interval"] == [0.5, 0.5]
    assert document["criteria"]["by_criterion"]["key"]["score"] == 1.5
    assert document["problems"] == [{"code": "text", "message": "text", "path": "text"}]


def test_a_missing_figure_is_null_with_its_reason() -> None:
    document = to_document(result(Missing("no-sign-change")))
    assert document["financial"]["npv"] is None
    assert document["financial"]["npv_reason"] == "no-sign-change"
    assert "payback_reason" not in to_document(result())["financial"]


def test_an_irr_that_is_one_of_several_says_so_beside_the_figure() -> None:
    several = result()
    financial = dataclasses.replace(several.financial, irr=0.1, irr_note="multiple-roots")
    document = to_document(dataclasses.replace(several, financial=financial))["financial"]
    assert (document["irr"], document["irr_reason"]) == (0.1, "multiple-roots")
    alone = dataclasses.replace(several, financial=dataclasses.replace(financial, irr_note=None))
    assert "irr_reason" not in to_document(alone)["financial"]


@pytest.mark.parametrize(
    ("status", "passed"), [("passed", True), ("not-applicable", True), ("failed", False), ("open", False)]
)
def test_a_gate_passes_unless_it_blocks(status: str, passed: bool) -> None:
    gate = GateResult(id="DS1", title="Lawful basis", status=GateStatus(status), lifts_when="There is one.")
    whole = result()
    document = to_document(dataclasses.replace(whole, criteria=dataclasses.replace(whole.criteria, gates=(gate,))))
    assert document["criteria"]["gates"] == [
        {"id": "DS1", "title": "Lawful basis", "status": status, "passed": passed, "lifts_when": "There is one."}
    ]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_figure_is_refused_with_its_place(value: float) -> None:
    with pytest.raises(ValueError, match=r"financial\.npv is (nan|inf)"):
        to_document(result(value))


def test_no_minus_stands_before_zero() -> None:
    assert "-0.0" not in canonical_json(to_document(result(-0.0)))


def test_a_weighted_sum_writes_what_it_always_wrote_and_another_method_says_itself() -> None:
    answers = {"DS2": best(1), "IN1": best(3), "NE1": best(4)}
    framework = replace(load_framework(), aggregation=Aggregation(method=Method.WEIGHTED_GEOMETRIC_MEAN))
    summed, other = (
        to_document(replace(result(), criteria=assessed(answers, framework=each)[0]))["criteria"]
        for each in (load_framework(), framework)
    )
    assert "aggregation" not in summed
    assert all("adjustment" not in row for row in summed["by_criterion"].values())
    assert other["aggregation"] == "weighted-geometric-mean"
    known = [row for row in other["by_criterion"].values() if row["contribution"] is not None]
    assert sum(row["contribution"] for row in known) == pytest.approx(other["total"])
    assert sum(row["adjustment"] for row in known) < 0
    for document, method in ((summed, Method.WEIGHTED_SUM), (other, Method.WEIGHTED_GEOMETRIC_MEAN)):
        whole = {**to_document(result()), "criteria": document}
        assert list(Draft202012Validator(result_schema()).iter_errors(whole)) == []
        assert from_document(whole).criteria.aggregation is method
        assert to_document(from_document(whole))["criteria"] == document
