"""What a project becomes when an entry of a file is laid over what is stored of it."""

from collections.abc import Mapping
from typing import Any

import simplejson

from appraisal.canonical import canonical_json
from appraisal.reading.problems import Path, shown_path
from appraisal.reading.project_parts import project_from
from appraisal.reading.workbook.checking import DocumentChecker
from appraisal.reading.workbook.columns import LIST_COLUMNS
from appraisal.reading.workbook.findings import CellProblem, Document, Entry, quoted
from appraisal.reading.workbook.matching import answerable
from forms.texts import one_line
from scoring.project_document import to_document
from scoring.project_file import SCHEMA, ProjectFile

_TOGETHER = ("prices", "location", "safeguards", "financing", "cash_flows")
"""Parts of which a file may state some keys and leave the others as they are."""
_TITLES = {column.path: column.title for column in LIST_COLUMNS}


def merged(
    entry: Entry, stored: ProjectFile | None, reference: str, checker: DocumentChecker
) -> tuple[ProjectFile | None, list[CellProblem]]:
    """The project file that results, or every rule of the project file that it breaks, at its cell."""
    document = _laid_over(entry, _document(stored) if stored else {}, reference)
    problems = [
        CellProblem(entry.place_of(path), _value_at(document, path), _rule(entry, path, message))
        for path, message in checker.problems(document)
    ]
    if not entry.whole:
        before = stored.answers if stored else {}
        problems += [
            CellProblem(entry.place_of(("answers", name)), name, f"{name} is no indicator that is answered")
            for name in document.get("answers", {})
            if name not in answerable() and name not in before
        ]
    return (None, problems) if problems else (project_from(document), [])


def _document(file: ProjectFile) -> Document:
    found: Document = simplejson.loads(canonical_json(to_document(file)), use_decimal=True)
    return found


def _laid_over(entry: Entry, stored: Document, reference: str) -> Document:
    if entry.whole:
        return {**entry.stated, "reference": reference}
    document = dict(stored)
    for key, value in entry.stated.items():
        if key in _TOGETHER and isinstance(value, Mapping):
            document[key] = {**stored.get(key, {}), **value}
        elif key == "answers":
            document[key] = _answers(stored.get(key, {}), value)
        elif isinstance(value, str) and one_line(str(stored.get(key) or "")) == value:
            document[key] = stored[key]
        else:
            document[key] = value
    document |= {"schema": SCHEMA, "reference": reference}
    document.setdefault("cash_flows", {}).setdefault("lines", [])
    return _without_nothing(document)


def _answers(stored: Mapping[str, Any], stated: Mapping[str, Any]) -> Document:
    """An answer that says nothing is kept where the file says nothing either."""
    silent = {name for name, answer in stored.items() if not answer}
    return {**stored, **{name: answer for name, answer in stated.items() if answer or name not in silent}}


def _without_nothing(document: Document) -> Document:
    """Without what is stated to be empty, and without parts that this leaves empty."""
    found: Document = {}
    for key, value in document.items():
        kept = value
        if isinstance(value, dict) and (key in _TOGETHER or key == "answers"):
            kept = {name: item for name, item in value.items() if item is not None}
            if not kept and key != "financing":
                continue
        if kept is not None:
            found[key] = kept
    return found


def _rule(entry: Entry, path: Path, message: str) -> str:
    title = _TITLES.get(tuple(str(step) for step in path))
    heading = entry.place_of(path).heading
    return f"{title or heading or shown_path(path)} {message}"


def _value_at(document: Any, path: Path) -> str:
    value = document
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return ""
    return "" if isinstance(value, Mapping | list) else quoted(value)
