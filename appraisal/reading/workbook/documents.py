"""Project files and OC4IDS packages in JSON: one document, or many in an array."""

from collections.abc import Mapping
from typing import Any

from appraisal.reading.json_text import read_json
from appraisal.reading.problems import shown
from appraisal.reading.workbook.findings import CellProblem, Entry, Place, ReadFile
from appraisal.reading.workbook.oc4ids import read_package
from scoring.project_file import SCHEMA

SHEET = "Project file"


def read_documents(content: bytes) -> ReadFile:
    """Raises Unreadable where it is no sound JSON; says what it is not where it is neither of the two formats."""
    document = read_json(content, all_prose=True)
    if isinstance(document, Mapping) and isinstance(document.get("projects"), list):
        return read_package(document)
    document = read_json(content)
    many = document if isinstance(document, list) else [document]
    if not many:
        return ReadFile((), (CellProblem(None, "", "The array holds no project"),))
    entries, problems = [], []
    for number, each in enumerate(many):
        place = Place(SHEET, number)
        if not isinstance(each, dict) or "schema" not in each:
            rule = f"must be a project file with the schema {shown(SCHEMA)}, or an OC4IDS project package"
            problems.append(CellProblem(place, "", rule))
            continue
        entries.append(_entry(each, place))
    return ReadFile(tuple(entries), tuple(problems))


def _entry(document: dict[str, Any], place: Place) -> Entry:
    reference = document.get("reference")
    return Entry(place, document, reference=reference if isinstance(reference, str) else "", whole=True)
