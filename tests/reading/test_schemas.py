"""The published schemas are current and valid, and hold for what the application writes."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from appraisal.reading.result_schema import result_schema
from appraisal.reading.schema import project_schema
from scoring import limits

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
PUBLISHED = {"appraisal-project-1": project_schema(), "appraisal-result-1": result_schema()}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_copy_is_current(name: str) -> None:
    published = (SCHEMAS / f"{name}.json").read_text(encoding="utf-8")
    assert published == json.dumps(PUBLISHED[name], indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_schema_is_itself_valid(name: str) -> None:
    Draft202012Validator.check_schema(PUBLISHED[name])


def test_limits_come_from_one_place() -> None:
    lines: dict[str, Any] = project_schema()["properties"]["cash_flows"]["properties"]["lines"]
    assert lines["maxItems"] == limits.MAX_LINES
    assert lines["items"]["properties"]["amounts"]["items"]["maximum"] == limits.MAX_AMOUNT
    assert lines["items"]["properties"]["name"]["maxLength"] == limits.MAX_NAME


def test_a_null_figure_needs_its_reason() -> None:
    financial = Draft202012Validator(result_schema()["properties"]["equity"])
    figures = dict.fromkeys(["npv", "irr", "dscr_min", "dscr_min_year", "dscr_average", "llcr", "plcr"], 1.0)
    figures |= {"mirr": 1.0, "debt_capacity": 1.0, "wacc": 1.0}
    lists = {"irr_all": [], "dscr": [None, 1.2]}
    assert financial.is_valid(figures | lists)
    assert not financial.is_valid(figures | lists | {"irr": None})
    assert financial.is_valid(figures | lists | {"irr": None, "irr_reason": "no-sign-change"})
