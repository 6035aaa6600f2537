"""Where a project's answers, facts and cash flows contradict each other (METHOD 9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scoring.criteria.consistency_rules import Rule, load_rules
from scoring.criteria.facts import Fact
from scoring.criteria.project_facts import project_facts
from scoring.frameworks import Framework
from scoring.project_file import ProjectFile


class Severity(StrEnum):
    RED = "red"
    """Neither corrected nor explained."""
    AMBER = "amber"
    """Explained: the appraiser reads the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    rule: str
    message: str
    """A sentence or two for the planner, with the numbers."""
    paths: tuple[str, ...]
    """Every field the finding rests on, as in the project file (`answers.DS1`, `cash_flows.lines[2].amounts`)."""
    severity: Severity
    explainable: bool
    """Whether a reason can stand in for a correction."""
    explanation: str = ""


def inconsistencies(
    project: ProjectFile,
    framework: Framework,
    *,
    explanations: Mapping[str, str] | None = None,
    rules: Sequence[Rule] | None = None,
) -> tuple[Finding, ...]:
    """Every contradiction, in the order of the rules (METHOD 9, JOURNEYS S8).

    explanations: rule -> the planner's reason; one that is not empty turns the finding from red to amber, where the
    rule can be explained at all. rules: the built-in ones, if left out. What the project does not state contradicts
    nothing, and rules about indicators the framework does not have find nothing.
    """
    facts = project_facts(project, framework)
    reasons = explanations or {}
    return tuple(
        _finding(rule, facts, reasons.get(rule.id, "").strip())
        for rule in (load_rules() if rules is None else rules)
        if all(condition.holds(facts) for condition in rule.when)
    )


def _finding(rule: Rule, facts: Mapping[str, Fact], reason: str) -> Finding:
    explained = rule.explainable and bool(reason)
    return Finding(
        rule=rule.id,
        message=rule.message.format_map({name: facts[name].text for name in rule.shown}),
        paths=tuple(dict.fromkeys(path for name in rule.facts for path in facts[name].paths)),
        severity=Severity.AMBER if explained else Severity.RED,
        explainable=rule.explainable,
        explanation=reason if explained else "",
    )
