"""What a scenario changes for every project of a round at once, as data, with its limits (METHOD 11)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scoring.errors import InputError, InputProblem, raise_all

SCHEMA = "portfolio-scenario/1"
WEIGHT_TOLERANCE = 1e-6
"""How far weights may be from a sum of 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Empty, it is the base: no input differs. Factors multiply what is planned, 1 = as planned."""

    budget: float = 1.0
    """Factor on the round's budget."""
    use: float = 1.0
    """Factor on revenue, benefits, externalities and output: what the demand driver of METHOD 6 moves."""
    capital_cost: float = 1.0
    """Factor on capital cost and on the sources of money that pay it."""
    running_cost: float = 1.0
    """Factor on running costs."""
    delay: int = 0
    """Years by which the opening, and all that follows it, is put off; overheads of delay as in METHOD 6."""
    finance_points: float = 0.0
    """Added to the rate of every loan, the financial and the finance rate and the risk-free rate; 0.01 = one point."""
    social_points: float = 0.0
    """Added to the social discount rate; 0.01 = one point."""
    hazard: float = 0.0
    """Yearly probability, 0 to below 1, that the technology is stranded, beside what the project states (METHOD 8)."""
    data_gate_levels: int = 0
    """Levels by which the gates on personal data and on watching public space are stricter, up to level 4."""
    data_running_cost: float = 1.0
    """Factor on running costs of projects that process personal data, or do not say."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """By criterion, as fractions that sum to 1; empty leaves the framework's."""

    @property
    def of_projects(self) -> bool:
        """Whether a project must be computed again: everything but the budget asks for that."""
        neutral = Changes(budget=self.budget)
        return self != neutral


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedField:
    """The limits of one field of `Changes`."""

    name: str
    least: float
    most: float
    whole: bool = False
    neutral: float = 0.0


FIELDS: tuple[ChangedField, ...] = (
    ChangedField(name="budget", least=0.0, most=10.0, neutral=1.0),
    ChangedField(name="use", least=0.0, most=10.0, neutral=1.0),
    ChangedField(name="capital_cost", least=0.01, most=10.0, neutral=1.0),
    ChangedField(name="running_cost", least=0.0, most=10.0, neutral=1.0),
    ChangedField(name="delay", least=0, most=20, whole=True),
    ChangedField(name="finance_points", least=-0.1, most=0.5),
    ChangedField(name="social_points", least=-0.1, most=0.5),
    ChangedField(name="hazard", least=0.0, most=0.5),
    ChangedField(name="data_gate_levels", least=0, most=4, whole=True),
    ChangedField(name="data_running_cost", least=0.0, most=10.0, neutral=1.0),
)


def read_changes(document: Mapping[str, Any]) -> Changes:
    """A scenario's changes from its document; what is not there is as planned.

    Raises InputError naming every field at fault: unknown, no number, outside its limits, or weights that do not sum
    to 1.
    """
    known = {item.name: item for item in FIELDS}
    given = {name: value for name, value in document.items() if name not in ("schema", "weights")}
    problems = [InputProblem(name, "A scenario has no such change.") for name in given if name not in known]
    if document.get("schema", SCHEMA) != SCHEMA:
        problems.append(InputProblem("schema", f"A scenario is a {SCHEMA}."))
    for name, value in given.items():
        if name in known and (said := _problem(known[name], value)):
            problems.append(InputProblem(name, said))
    weights = document.get("weights") or {}
    problems += _weight_problems(weights)
    raise_all(problems)
    numbers = {name: int(value) if known[name].whole else float(value) for name, value in given.items()}
    return Changes(**numbers, weights={name: float(weight) for name, weight in weights.items()})  # type: ignore[arg-type]


def written_changes(changes: Changes) -> dict[str, Any]:
    """The document of a scenario's changes: only what is not as planned; `read_changes` gives them back."""
    written = {item.name: getattr(changes, item.name) for item in FIELDS if getattr(changes, item.name) != item.neutral}
    weights = {"weights": dict(changes.weights)} if changes.weights else {}
    return {"schema": SCHEMA, **written, **weights}


def _problem(item: ChangedField, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return "This is not a number."
    if item.whole and value != int(value):
        return "This is a whole number."
    if not item.least <= value <= item.most:
        return f"This lies from {item.least:g} to {item.most:g}, not at {value:g}."
    return ""


def _weight_problems(weights: object) -> list[InputProblem]:
    if not isinstance(weights, Mapping):
        return [InputProblem("weights", "Weights are given by criterion.")]
    if not weights:
        return []
    wrong = [
        InputProblem(f"weights.{name}", "A weight lies from 0 to 1.")
        for name, weight in weights.items()
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= 1
    ]
    if wrong or abs(sum(weights.values()) - 1) <= WEIGHT_TOLERANCE:
        return wrong
    return [InputProblem("weights", f"The weights sum to {sum(weights.values()):g}, not to 1.")]


def check_criteria(changes: Changes, criteria: tuple[str, ...]) -> None:
    """Raises InputError where the weights are not for exactly these criteria."""
    if changes.weights and set(changes.weights) != set(criteria):
        named = ", ".join(criteria)
        raise InputError.at("weights", f"The scenario weighs other criteria than the framework's, which are {named}.")
