"""A file refused by its reader is looked through to the end: what the appraisal would refuse is told as well."""

import json
from typing import Any

import pytest

from appraisal.reading.input_problems import with_input_problems
from appraisal.reading.project_file import Unreadable, read_project
from scoring.frameworks import load_framework
from scoring.parameters import load_parameters

BAD_OPEX = {"driver": "opex", "family": "uniform", "low": -2, "high": -1}
GAIN = {"family": "uniform", "low": -5, "high": -1}


def document(**changed: Any) -> dict[str, Any]:
    lines = [
        {"name": "c", "kind": "capex", "amounts": [100]},
        {"name": "r", "kind": "revenue", "amounts": [0, 30, 30, 30, 30]},
        {"name": "t", "kind": "externality", "tonnes": [0, -5]},
    ]
    flows = {"first_year": 2026, "lines": lines}
    head = {"schema": "appraisal-project/1", "reference": "X", "title": "X", "currency": "XAF"}
    return {**head, "cash_flows": flows, "financing": {"equity": [90]}, **changed}


def refused_at(**changed: Any) -> list[str]:
    with pytest.raises(Unreadable) as refused:
        read_project(json.dumps(document(**changed)))
    full = with_input_problems(refused.value, load_framework(), load_parameters())
    return [problem.path for problem in full.problems]


def test_schema_rules_and_appraisal_speak_together_and_positions_are_those_of_the_file() -> None:
    uncertainty = {
        "drivers": [{"driver": "capex", "family": "pert", "low": 2, "mode": 1, "high": 3}, BAD_OPEX],
        "events": [
            {"name": "E", "category": "cyber-incident", "probability": 1.5},
            {"name": "F", "category": "cyber-incident", "probability": 0.5, "cost": GAIN},
        ],
    }
    assert refused_at(uncertainty=uncertainty) == [
        "uncertainty.events[0].probability",
        "uncertainty.drivers[0].low",
        "cash_flows.lines[2].tonnes",
        "financing",
        "uncertainty.drivers[1].low",
        "uncertainty.events[1].cost.low",
    ]


def test_a_currency_that_does_not_exist_is_not_blamed_for_its_rate_as_well() -> None:
    assert refused_at(currency="ZZZ") == ["currency", "financing"]


def test_a_broken_part_is_left_out_whole() -> None:
    financing = {"equity": [90], "debt": [{"name": "D", "amounts": [5], "rate": 0.05, "tenor": 2, "grace": 2}]}
    assert refused_at(financing=financing, title=" ") == [
        "title",
        "financing.debt[0].grace",
        "cash_flows.lines[2].tonnes",
    ]


def test_without_cash_flows_nothing_more_can_be_known() -> None:
    assert refused_at(cash_flows={"first_year": 1, "lines": []}) == ["cash_flows.first_year"]
