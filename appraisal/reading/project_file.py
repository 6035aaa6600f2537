"""Reading a project file, `appraisal-project/1`: the whole of it, or every problem with its path."""

from collections.abc import Set
from dataclasses import replace
from functools import cache

from appraisal.canonical import canonical_json
from appraisal.reading.json_text import read_json
from appraisal.reading.problems import Problem, Unreadable
from appraisal.reading.project_parts import project_from
from appraisal.reading.project_rules import RULED, rule_problems
from appraisal.reading.schema import project_schema
from appraisal.reading.schema_problems import MOST_PROBLEMS, exact_validator, schema_problems
from appraisal.reading.sound_parts import sound_parts
from scoring.project_document import to_document
from scoring.project_file import ProjectFile

_validator = cache(lambda: exact_validator(project_schema()))
_part_validator = cache(lambda: exact_validator({**project_schema(), "required": []}))

__all__ = ["Problem", "Unreadable", "read_changed", "read_project"]


def read_project(text: str | bytes) -> ProjectFile:
    """The project file a JSON text says. Raises Unreadable with every problem found (at most 100).

    Amounts stay exact; texts are composed (NFC) and otherwise kept as they are.
    """
    document = read_json(text)
    by_path = schema_problems(document, _validator())
    if isinstance(document, dict):
        by_path += rule_problems(document, [path for path, _ in by_path])
    if by_path:
        sound = sound_parts(document, [path for path, _ in by_path])
        raise Unreadable([problem for _, problem in by_path[:MOST_PROBLEMS]], sound)
    return project_from(document)


def read_changed(file: ProjectFile, before: ProjectFile) -> ProjectFile:
    """What `read_project` says of `file`, where it said `before`: only the parts that differ are read and checked, and
    what holds between the parts. Raises Unreadable with every problem of the whole.
    """
    changed = {name for name in ProjectFile.__dataclass_fields__ if getattr(file, name) != getattr(before, name)}
    if changed & RULED:
        return _with_changed(file, changed)
    lines, answers = file.cash_flows, file.answers  # most of the file, and nothing that changed depends on them
    short = replace(file, cash_flows=replace(lines, lines=()), answers={})
    try:
        return replace(_with_changed(short, changed), cash_flows=lines, answers=answers)
    except Unreadable:
        return read_project(canonical_json(to_document(file)))


def _with_changed(file: ProjectFile, changed: Set[str]) -> ProjectFile:
    document = to_document(file)
    try:
        parts = read_json(canonical_json({key: part for key, part in document.items() if key in changed}))
    except Unreadable:
        return read_project(canonical_json(document))
    together = {**document, **parts}
    sound = (
        all(key in document for key in project_schema()["required"])
        and not schema_problems(parts, _part_validator())
        and not (changed & RULED and rule_problems(together, ()))
    )
    return project_from(together) if sound else read_project(canonical_json(document))
