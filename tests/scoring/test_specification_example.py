"""The example of the specification of the project file, its comments taken out, through the whole engine."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from appraisal.canonical import canonical_json
from appraisal.reading.project_file import read_project
from appraisal.reading.result_schema import result_schema
from scoring.appraisal import appraise
from scoring.frameworks import load_framework
from scoring.parameters import load_parameters
from scoring.result_document import to_document

TEXT = (Path(__file__).parents[1] / "cases" / "specification_example.json").read_bytes()


@cache
def result() -> dict[str, Any]:
    made = appraise(read_project(TEXT), load_framework(), load_parameters(), seed=1, draws=500, input_sha256="0")
    document: dict[str, Any] = json.loads(canonical_json(to_document(made)))
    return document


def test_it_is_appraised_and_its_result_holds_to_the_schema() -> None:
    assert [error.message for error in Draft202012Validator(result_schema()).iter_errors(result())] == []


def test_its_tonnes_are_priced_in_rupees_at_the_published_rate() -> None:
    # 2028: 900 t avoided at 60 + 0.8 x 15 = 72 USD, 82.5708 INR each; time savings 60, operation 12 at 0.9.
    assert result()["economic"]["net_flow"][2] == pytest.approx(900 * 72 * 82.5708 / 1e6 + 60 - 12 * 0.9)


def test_no_figure_is_missing_for_want_of_an_exchange_rate() -> None:
    assert "no-exchange-rate" not in json.dumps(result())
    assert isinstance(result()["risk"]["economic_npv"]["certainty_equivalent"], float)
    assert isinstance(result()["risk"]["risk_adjusted_return"], float)
