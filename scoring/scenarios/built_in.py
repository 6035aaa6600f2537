"""The scenarios that METHOD 11 names, read from `built_in.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from scoring.scenarios.changes import Changes, read_changes


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltIn:
    key: str
    title: str
    summary: str
    """What happens, in a sentence."""
    source: str
    """Where its figures come from."""
    changes: Changes


@cache
def built_in_scenarios() -> tuple[BuiltIn, ...]:
    """In the order of METHOD 11; the base is not among them, for it is the record itself."""
    data = tomllib.loads((files("scoring.scenarios") / "built_in.toml").read_text(encoding="utf-8"))
    return tuple(
        BuiltIn(
            key=key,
            title=item["title"],
            summary=item["summary"],
            source=item["source"],
            changes=read_changes(item["changes"]),
        )
        for key, item in data.items()
    )
