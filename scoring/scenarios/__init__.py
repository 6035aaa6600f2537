"""Scenarios of METHOD 11: what one changes is data here; `scoring.scenarios.applying` changes a project by it."""

from scoring.scenarios.built_in import BuiltIn, built_in_scenarios
from scoring.scenarios.changes import FIELDS, SCHEMA, ChangedField, Changes, read_changes, written_changes

__all__ = [
    "FIELDS",
    "SCHEMA",
    "BuiltIn",
    "ChangedField",
    "Changes",
    "built_in_scenarios",
    "read_changes",
    "written_changes",
]
