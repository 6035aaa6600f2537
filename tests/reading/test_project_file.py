"""Reading project files: what is taken in whole, and written out again as it was."""

import json
from decimal import Decimal

import pytest
import simplejson
from hypothesis import HealthCheck, given, settings

from appraisal.canonical import canonical_json, sha256_of
from appraisal.reading.project_file import read_project
from scoring.project_document import to_document
from scoring.project_file import ProjectFile
from tests.examples import examples
from tests.project_files import project_files
from tests.reading.full_project import FULL


def test_every_part_of_the_format_is_taken_in() -> None:
    project = read_project(json.dumps(FULL))
    assert (project.reference, project.unit, project.cash_flows.periods) == ("PUN-ITS-01", 1_000_000, 5)
    assert project.cash_flows.lines[3].amounts == (0, 0, 60, Decimal("62.5"), 64)
    assert project.cash_flows.lines[0].line_class == "it"
    assert project.rates.social == ((0, 0.035), (31, 0.03))
    assert project.uncertainty is not None
    assert project.uncertainty.drivers[2].reference_class == "rail-demand"
    assert project.answers["NE3"].unknown
    assert project.safeguards.public_space_analytics is None


def test_the_shortest_file_is_taken_in() -> None:
    keys = ("schema", "reference", "title", "currency")
    shortest = {key: FULL[key] for key in keys} | {"cash_flows": {"first_year": 2026, "lines": []}}
    assert read_project(json.dumps(shortest).encode()).cash_flows.lines == ()


def test_amounts_are_exact_and_texts_composed() -> None:
    text = json.dumps(FULL).replace("62.5", "0.1").replace("Signals that see buses", "Cafe\\u0301 สมาร์ท")
    project = read_project(text)
    assert project.cash_flows.lines[3].amounts[3] == Decimal("0.1")
    assert project.title == "Café สมาร์ท"


@pytest.mark.parametrize("first_year", [1900, 2026, 2200])
def test_the_longest_table_is_read_whatever_year_it_begins_in(first_year: int) -> None:
    document = json.loads(json.dumps(FULL))
    document["cash_flows"]["first_year"] = first_year
    document["uncertainty"].pop("options")
    document["cash_flows"]["lines"][0]["amounts"] = [1] * 480
    assert read_project(json.dumps(document)).cash_flows.periods == 480


def written(project: ProjectFile) -> str:
    return simplejson.dumps(to_document(project), use_decimal=True)


@settings(
    max_examples=examples(120), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(project_files())
def test_a_project_file_written_out_reads_back_equal(project: ProjectFile) -> None:
    document = to_document(project)
    assert read_project(simplejson.dumps(document, use_decimal=True)) == project
    again = read_project(canonical_json(document))
    assert again == project
    assert sha256_of(to_document(again)) == sha256_of(document)


def test_what_is_not_stated_is_left_out() -> None:
    keys = ("schema", "reference", "title", "currency")
    shortest = {key: FULL[key] for key in keys} | {"cash_flows": {"first_year": 2026, "lines": []}}
    assert json.loads(written(read_project(json.dumps(shortest)))) == shortest | {
        "stage": "idea",
        "unit": 1,
        "prices": {"basis": "real"},
        "timing": "end",
    }


def test_the_full_example_is_written_as_it_was_read() -> None:
    assert json.loads(written(read_project(json.dumps(FULL)))) == FULL
