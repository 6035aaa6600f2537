"""Frameworks read from data: strict, with every problem at its key (METHOD 9)."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Any

from scoring.errors import InputError, InputProblem
from scoring.frameworks.aggregation import Aggregation
from scoring.frameworks.checks import CHECKS
from scoring.frameworks.document import read_part
from scoring.frameworks.framework import Framework

BUILT_IN = "smart-city-brief-2021"
BUILT_INS = (BUILT_IN, "korea-preliminary-feasibility-2019")


@cache
def load_framework(key: str = BUILT_IN) -> Framework:
    """The built-in framework of that key; raises InputError where there is none."""
    folder = files("scoring.frameworks") / key.replace("-", "_")
    if not key.replace("-", "").isalnum() or not (folder / "framework.toml").is_file():
        raise InputError.at("framework", f"There is no built-in framework {key!r}.")
    document = tomllib.loads((folder / "framework.toml").read_text("utf-8"))
    document["criteria"] = [
        tomllib.loads((folder / f"{criterion}.toml").read_text("utf-8")) for criterion in document["criteria"]
    ]
    return read_framework(document)


def read_framework(document: Mapping[str, Any]) -> Framework:
    """A framework from its document; raises InputError listing every problem with its key path.

    Indicators without a weight share what is left of their criterion equally. What cannot be read hides the checks
    of what contains it: those come to light once it is mended.
    """
    if not isinstance(document, Mapping):
        raise InputError.at("framework", "A framework needs a table of keys.")
    problems: list[InputProblem] = []
    framework: Framework = read_part(Framework, _completed(document), "", problems, CHECKS)
    if problems:
        raise InputError(*problems)
    return framework


def to_document(framework: Framework) -> dict[str, Any]:
    """The framework as plain JSON-ready data; `read_framework` gives it back equal.

    An aggregation that nobody stated is left out, and that a gate allows no condition, so that older frameworks keep
    their bytes and their digest.
    """
    document: dict[str, Any] = _jsonable(asdict(framework))
    if framework.aggregation == Aggregation():
        del document["aggregation"]
    for criterion in document["criteria"]:
        for gate in (item["gate"] for item in criterion["indicators"] if item["gate"]):
            if not gate["conditional"]:
                del gate["conditional"]
    return document


def _jsonable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _jsonable(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(entry) for entry in value]
    return str(value) if isinstance(value, str) else value


def _completed(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """With what the format lets an author leave out: equal weights, and the criterion an indicator stands in."""
    if not isinstance(document.get("criteria"), list | tuple):
        return document
    return {**document, "criteria": [_completed_criterion(criterion) for criterion in document["criteria"]]}


def _completed_criterion(criterion: Any) -> Any:
    given = criterion.get("indicators") if isinstance(criterion, Mapping) else None
    if not isinstance(given, list | tuple) or not all(isinstance(item, Mapping) for item in given):
        return criterion
    stated = [item["weight"] for item in given if "weight" in item]
    if not all(isinstance(weight, int | float) for weight in stated):
        return criterion
    share = max(0.0, 1.0 - sum(stated)) / max(1, len(given) - len(stated))
    name = criterion.get("id", "")
    return {**criterion, "indicators": [{"criterion": name, "weight": share, **item} for item in given]}
