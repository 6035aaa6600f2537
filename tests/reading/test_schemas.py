"""The published schemas are current and valid, and hold for what the application writes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import scoring
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
    schema = result_schema()
    financial = Draft202012Validator(schema["properties"]["equity"] | {"$defs": schema["$defs"]})
    figures = dict.fromkeys(["npv", "irr", "dscr_min", "dscr_min_year", "dscr_average", "llcr", "plcr"], 1.0)
    figures |= {"mirr": 1.0, "debt_capacity": 1.0, "wacc": 1.0}
    lists = {"irr_all": [], "dscr": [None, 1.2]}
    assert financial.is_valid(figures | lists)
    assert not financial.is_valid(figures | lists | {"irr": None})
    assert financial.is_valid(figures | lists | {"irr": None, "irr_reason": "no-sign-change"})
    assert not financial.is_valid(figures | lists | {"irr": None, "irr_reason": "because"})


def properties_of(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every property anywhere in a schema, with its path."""
    if isinstance(schema, dict):
        for name, inner in schema.get("properties", {}).items() if isinstance(schema.get("properties"), dict) else ():
            yield f"{path}.{name}", inner
        for key, inner in schema.items():
            if key not in ("if", "then"):
                yield from properties_of(inner, path if key == "properties" else f"{path}.{key}")
    elif isinstance(schema, list):
        for inner in schema:
            yield from properties_of(inner, path)


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_property_says_what_it_means(name: str) -> None:
    found = list(properties_of(PUBLISHED[name]))
    assert len(found) > 150
    assert [path for path, inner in found if not inner.get("description", "").strip()] == []


def test_every_reason_the_engine_gives_is_in_the_schema() -> None:
    known = {each["const"] for each in result_schema()["$defs"]["reason"]["oneOf"]}
    given = {
        code
        for folder in ("returns", "risk")
        for file in (Path(scoring.__file__).parent / folder).glob("*.py")
        for code in re.findall(r'(?:Missing|missing_estimate)\("([a-z0-9-]+)"\)', file.read_text(encoding="utf-8"))
    }
    assert given - known == set()
    assert {"no-sign-change", "overflow", "no-shortfall"} <= known
