"""Gates: conditions that no number of points can buy off (METHOD 9)."""

from scoring.frameworks import Criterion, Gate, Indicator
from scoring.project_file import Safeguards
from scoring.result import CriterionResult, Figure, GateResult, GateStatus, Missing

TRIGGERS_THAT_BIND = 2


def indicator_gate(indicator: Indicator, gate: Gate, counted: Figure, facts: Safeguards) -> GateResult:
    """Not applicable where the facts say so; open where it applies and the answer is unknown."""
    if counted == Missing("not-applicable") or applies(gate.applies_when, facts) is False:
        status = GateStatus.NOT_APPLICABLE
    elif isinstance(counted, Missing):
        status = GateStatus.OPEN
    else:
        status = GateStatus.PASSED if counted >= gate.passes_at else GateStatus.FAILED
    return GateResult(id=indicator.id, title=indicator.title, status=status, lifts_when=gate.lifts_when)


def applies(condition: str, facts: Safeguards) -> bool | None:
    """Whether a gate's condition holds; None where the project does not say, and then the gate applies."""
    if condition == "impact-triggers":
        # Triggers that are stated bind even where personal data are denied: a contradiction must not open a gate.
        if facts.impact_triggers is not None:
            return len(set(facts.impact_triggers)) >= TRIGGERS_THAT_BIND
        return False if facts.personal_data is False else None
    if condition == "public-space-analytics":
        return facts.public_space_analytics
    if condition == "essential-service":
        return facts.essential_service
    return True


def minimum_gate(criterion: Criterion, result: CriterionResult) -> GateResult:
    """A minimum criterion score: failed when even the best case stays below, open while it could go either way."""
    least = criterion.minimum or 0.0
    return GateResult(
        id=f"minimum:{criterion.id}",
        title=f"{criterion.title} at least {least:.0f}",
        status=_status(least, result.low, result.high),
        lifts_when=f"{criterion.title} reaches {least:.0f} of 100 whatever is still unknown.",
    )


def total_gate(least: float, interval: tuple[float, float]) -> GateResult:
    """A minimum total, 0-100: the framework's rule of decision, in the same three states."""
    return GateResult(
        id="minimum:total",
        title=f"Total at least {least:.0f}",
        status=_status(least, *interval),
        lifts_when=f"The total reaches {least:.0f} of 100 whatever is still unknown.",
    )


def _status(least: float, low: float, high: float) -> GateStatus:
    if low >= least:
        return GateStatus.PASSED
    return GateStatus.FAILED if high < least else GateStatus.OPEN
