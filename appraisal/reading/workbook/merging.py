"""What a project becomes when an entry of a file is laid over what is stored of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
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

_TOGETHER = ("prices", "location", "rates", "safeguards", "financing", "uncertainty", "cash_flows")
"""Parts of which a file may state some keys and leave the others as they are."""
_MAY_BE_EMPTY = ("financing", "uncertainty")
"""Parts whose presence says something even when they are empty."""
_INNER = "obsolescence"
"""What columns of the list state inside a part."""
_NAMES = ("name", "driver", "factor", "type", "applies_to")
"""What tells items of a list apart, the first that an item has."""
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
            document[key] = {**stored.get(key, {}), **_beside(value, stored.get(key, {}))}
        elif key == "answers":
            document[key] = _answers(stored.get(key, {}), value)
        else:
            document[key] = value
        document[key] = _as_stored(document[key], stored.get(key))
    for path, lacking in entry.lacking.items():
        _complete(_at(document, path), _at(stored, path), lacking)
    document |= {"schema": SCHEMA, "reference": reference}
    document.setdefault("cash_flows", {}).setdefault("lines", [])
    return _without_nothing(document, {key for key in _MAY_BE_EMPTY if key in stored})


def _beside(value: Mapping[str, Any], stored: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of the one part that columns state inside another, the columns that are there beside what is stored of it."""
    if _INNER not in value:
        return value
    return {**value, _INNER: {**(stored.get(_INNER) or {}), **value[_INNER]}}


def _complete(items: Any, stored: Any, lacking: Sequence[Path]) -> None:
    """Give each item what its sheet has no column for, as it is stored of the item of the same name."""
    if not lacking or not isinstance(items, list) or not isinstance(stored, list):
        return
    before = {_name(item): item for item in reversed(stored) if isinstance(item, Mapping)}
    for index, item in enumerate(items):
        same = stored[index] if index < len(stored) and _name(stored[index]) == _name(item) else before.get(_name(item))
        for path in lacking if same is not None else ():
            _copy(same, item, path)


def _name(item: Any) -> Any:
    return next((item[key] for key in _NAMES if key in item), None) if isinstance(item, Mapping) else None


def _copy(source: Any, target: Any, path: Path) -> None:
    for step in path[:-1]:
        source = source.get(step)
        if not isinstance(source, Mapping):
            return
        target = target.setdefault(step, {})
    if path[-1] in source:
        target.setdefault(path[-1], source[path[-1]])


def _at(document: Any, path: Path) -> Any:
    for step in path:
        document = document.get(step) if isinstance(document, Mapping) else None
    return document


def _as_stored(value: Any, stored: Any) -> Any:
    """With every text as it is stored that a cell shows alike: cells keep no spaces at the ends and none twice."""
    if isinstance(value, str) and isinstance(stored, str):
        return stored if value in (one_line(stored), stored.strip()) else value
    if isinstance(value, Mapping) and isinstance(stored, Mapping):
        return {key: _as_stored(item, stored.get(key)) for key, item in value.items()}
    if isinstance(value, list) and isinstance(stored, list) and len(value) == len(stored):
        return [_as_stored(*pair) for pair in zip(value, stored, strict=True)]
    return value


def _answers(stored: Mapping[str, Any], stated: Mapping[str, Any]) -> Document:
    """An answer that says nothing is kept where the file says nothing either."""
    silent = {name for name, answer in stored.items() if not answer}
    return {**stored, **{name: answer for name, answer in stated.items() if answer or name not in silent}}


def _without_nothing(document: Document, may_be_empty: Collection[str]) -> Document:
    """Without what is stated to be empty, and without parts that this leaves empty."""
    found: Document = {}
    for key, value in document.items():
        kept = value
        if isinstance(value, dict) and (key in _TOGETHER or key == "answers"):
            kept = {name: item for name, item in _of_part(value) if item is not None}
            if not kept and key not in may_be_empty:
                continue
        if kept is not None:
            found[key] = kept
    return found


def _of_part(part: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What a part says, without what a column inside one of its objects says to be empty."""
    for name, item in part.items():
        if name == _INNER and isinstance(item, Mapping):
            yield name, {key: value for key, value in item.items() if value is not None} or None
        else:
            yield name, item


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
