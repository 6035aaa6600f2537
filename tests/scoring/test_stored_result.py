"""A result read back from its document is the result that was written."""

import copy
import dataclasses
import json
from itertools import islice
from typing import Any

import pytest

from appraisal.canonical import canonical_json
from appraisal.demo import demo_projects
from appraisal.reading.project_file import read_project
from scoring.appraisal import appraise
from scoring.frameworks import load_framework
from scoring.parameters import load_parameters
from scoring.result import Missing
from scoring.result_document import to_document
from scoring.stored_result import UnreadableResult, from_document
from tests.scoring.test_result_document import result


@pytest.mark.parametrize("text", list(islice(demo_projects(), 6)))
def test_reading_reverses_writing(text: str) -> None:
    made = appraise(read_project(text), load_framework(), load_parameters(), seed=1, draws=200, input_sha256="0" * 64)
    written = canonical_json(to_document(made))
    read = from_document(json.loads(written))
    assert read == made
    assert canonical_json(to_document(read)) == written


@pytest.mark.parametrize("figure", [1.5, Missing("not-reached")])
def test_every_kind_of_field_comes_back(figure: float | Missing) -> None:
    made = result(figure)
    assert to_document(from_document(to_document(made))) == to_document(made)


def test_a_note_on_several_rates_is_no_reason_for_none() -> None:
    made = result()
    several = dataclasses.replace(made.financial, irr=0.1, irr_note="multiple-roots")
    none = dataclasses.replace(made.economic, irr=Missing("no-sign-change"), irr_note=None)
    read = from_document(to_document(dataclasses.replace(made, financial=several, economic=none)))
    assert (read.financial.irr, read.financial.irr_note) == (0.1, "multiple-roots")
    assert (read.economic.irr, read.economic.irr_note) == (Missing("no-sign-change"), None)


def test_a_result_from_before_the_p50_of_cost_is_still_read() -> None:
    document = to_document(result())
    for name in ("capex_p50", "capex_p50_se"):
        del document["risk"][name]
    read = from_document(document)
    assert read.risk.capex_p50 == read.risk.capex_p50_se == Missing("earlier-engine")


def broken(path: list[str], value: Any) -> dict[str, Any]:
    document = copy.deepcopy(to_document(result()))
    place = document
    for key in path[:-1]:
        place = place[key]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (["schema"], "appraisal-result/9", "schema is"),
        (["risk", "economic_npv", "p50"], ..., "risk.economic_npv.p50 is not in the document"),
        (["financial", "net_flow"], 3.0, "financial.net_flow is not a list"),
        (["risk", "drivers_used"], [1], r"risk.drivers_used\[0\] is not an object"),
        (["criteria", "interval"], [1.0], "criteria.interval has 1 entries, not 2"),
        (["engine"], 5, "engine is 5, not of type str"),
        (["libraries"], [], "libraries is not an object"),
    ],
)
def test_another_layout_is_refused_at_its_place(path: list[str], value: Any, says: str) -> None:
    with pytest.raises(UnreadableResult, match=says):
        from_document(broken(path, value))
