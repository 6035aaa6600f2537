"""Reading a project file, `appraisal-project/1`: the whole of it, or every problem with its path."""

from functools import cache

from appraisal.reading.json_text import read_json
from appraisal.reading.problems import Problem, Unreadable
from appraisal.reading.project_parts import project_from
from appraisal.reading.project_rules import rule_problems
from appraisal.reading.schema import project_schema
from appraisal.reading.schema_problems import MOST_PROBLEMS, exact_validator, schema_problems
from appraisal.reading.sound_parts import sound_parts
from scoring.project_file import ProjectFile

_validator = cache(lambda: exact_validator(project_schema()))

__all__ = ["Problem", "Unreadable", "read_project"]


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
