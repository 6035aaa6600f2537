"""Frameworks read from data: strict, with every problem at its key (METHOD 9)."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from scoring.errors import InputError, InputProblem
from scoring.frameworks.framework import Criterion, Economics, ExchangeRate, Framework, Gate, Indicator, ScaleKind

Built = TypeVar("Built", Criterion, Economics, ExchangeRate, Framework, Gate, Indicator)

BUILT_IN = "smart-city-brief-2021"
WEIGHT_TOLERANCE = 1e-9
LEVELS = 5
APPLIES = ("always", "impact-triggers", "public-space-analytics", "essential-service")


@cache
def load_framework(key: str = BUILT_IN) -> Framework:
    """The built-in framework of that key; raises InputError where there is none."""
    folder = files("scoring.frameworks") / key.replace("-", "_")
    if not folder.is_dir():
        raise InputError.at("framework", f"There is no built-in framework {key!r}.")
    document = tomllib.loads((folder / "framework.toml").read_text("utf-8"))
    document["criteria"] = [
        tomllib.loads((folder / f"{criterion}.toml").read_text("utf-8")) for criterion in document["criteria"]
    ]
    return read_framework(document)


def read_framework(document: Mapping[str, Any]) -> Framework:
    """A framework from its document; raises InputError listing every problem with its key path.

    Indicators without a weight share what is left of their criterion equally.
    """
    problems: list[InputProblem] = []
    criteria = tuple(
        criterion
        for position, entry in enumerate(document.get("criteria", ()))
        if (criterion := _criterion(entry, f"criteria[{position}]", problems)) is not None
    )
    _check_whole(criteria, problems)
    plain = {key: value for key, value in document.items() if key not in ("criteria", "economics", "exchange_rates")}
    economics = _built(Economics, document.get("economics", {}), "economics", problems, tuples=("hurdles",))
    rates = tuple(
        rate
        for position, entry in enumerate(document.get("exchange_rates", ()))
        if (rate := _built(ExchangeRate, entry, f"exchange_rates[{position}]", problems)) is not None
    )
    whole = {**plain, "criteria": criteria, "economics": economics, "exchange_rates": rates}
    framework = _built(Framework, whole, "", problems)
    if problems or framework is None:
        raise InputError(*problems)
    return framework


def to_document(framework: Framework) -> dict[str, Any]:
    """The framework as plain JSON-ready data; `read_framework` gives it back equal."""
    document = asdict(framework)
    carbon = framework.economics.carbon_prices
    document["economics"]["carbon_prices"] = {
        path: {str(year): price for year, price in prices.items()} for path, prices in carbon.items()
    }
    return document


def _criterion(entry: Mapping[str, Any], path: str, problems: list[InputProblem]) -> Criterion | None:
    given = entry.get("indicators", ())
    unweighted = [item for item in given if "weight" not in item]
    left = 1.0 - sum(item.get("weight", 0.0) for item in given)
    share = left / len(unweighted) if unweighted else 0.0
    indicators = tuple(
        indicator
        for position, item in enumerate(given)
        if (indicator := _indicator({"weight": share, **item}, entry, f"{path}.indicators[{position}]", problems))
    )
    return _built(Criterion, {**entry, "indicators": indicators}, path, problems)


def _indicator(
    item: Mapping[str, Any], criterion: Mapping[str, Any], path: str, problems: list[InputProblem]
) -> Indicator | None:
    levels = tuple(item.get("levels", ()))
    if len(levels) != LEVELS or not all(str(level).strip() for level in levels):
        problems.append(InputProblem(f"{path}.levels", "Five levels are needed, each with its text."))
    knots = tuple((float(number), float(level)) for number, level in item.get("points", ()))
    if list(knots) != sorted(set(knots)) or len({number for number, _ in knots}) != len(knots):
        problems.append(InputProblem(f"{path}.points", "The numbers of a scale must rise."))
    if item.get("scale") == ScaleKind.NUMERIC and len(knots) < 2:  # noqa: PLR2004 -- a line needs two ends
        problems.append(InputProblem(f"{path}.points", "A numeric scale needs two points or more."))
    if item.get("scale") not in tuple(ScaleKind):
        problems.append(InputProblem(f"{path}.scale", "Use level, numeric or computed."))
        return None
    gate = None
    if item.get("gate") is not None:
        gate = _built(Gate, item["gate"], f"{path}.gate", problems)
        if gate is not None and gate.applies_when not in APPLIES:
            problems.append(InputProblem(f"{path}.gate.applies_when", f"Use one of {', '.join(APPLIES)}."))
    whole = {
        **item,
        "criterion": criterion.get("id", ""),
        "scale": ScaleKind(item["scale"]),
        "levels": levels,
        "passages": tuple(item.get("passages", ())),
        "points": knots,
        "gate": gate,
    }
    return _built(Indicator, whole, path, problems)


def _check_whole(criteria: tuple[Criterion, ...], problems: list[InputProblem]) -> None:
    if abs(sum(criterion.weight for criterion in criteria) - 1) > WEIGHT_TOLERANCE:
        problems.append(InputProblem("criteria", "The weights of the criteria must sum to 1."))
    for position, criterion in enumerate(criteria):
        weights = [indicator.weight for indicator in criterion.indicators]
        if abs(sum(weights) - 1) > WEIGHT_TOLERANCE or min(weights, default=0) < 0 or criterion.weight < 0:
            problems.append(InputProblem(f"criteria[{position}].indicators", "Weights must be 0 or more and sum to 1."))
    ids = Counter(indicator.id for criterion in criteria for indicator in criterion.indicators)
    ids += Counter(criterion.id for criterion in criteria)
    problems.extend(InputProblem("criteria", f"{name} is used twice.") for name, times in ids.items() if times > 1)


def _built(
    kind: type[Built],
    entry: Mapping[str, Any],
    path: str,
    problems: list[InputProblem],
    *,
    tuples: tuple[str, ...] = (),
) -> Built | None:
    known = {field.name for field in fields(kind)}
    dotted = f"{path}." if path else ""
    unknown = [key for key in entry if key not in known]
    problems.extend(InputProblem(f"{dotted}{key}", "is not a key of the format.") for key in unknown)
    kept: dict[str, Any] = {
        key: tuple(value) if key in tuples else value for key, value in entry.items() if key in known
    }
    if kind is Economics and "carbon_prices" in kept:
        kept["carbon_prices"] = {
            name: {int(year): float(price) for year, price in prices.items()}
            for name, prices in kept["carbon_prices"].items()
        }
    try:
        return kind(**kept)
    except TypeError:
        missing = sorted(required for required in _required(kind) if required not in kept)
        problems.extend(InputProblem(f"{dotted}{key}", "is missing.") for key in missing)
        return None


def _required(kind: type[Built]) -> list[str]:
    return [field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING]
