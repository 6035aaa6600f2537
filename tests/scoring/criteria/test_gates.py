"""When a gate applies, and what it then says (METHOD 9, CRITERIA)."""

import pytest

from scoring.criteria.gates import applies
from scoring.frameworks.checks import CONDITIONS
from scoring.project_file import Answer, ImpactTrigger, Safeguards
from scoring.result import CriteriaResult, GateStatus
from tests.scoring.criteria.factories import assessed, best

TWO = (ImpactTrigger.LARGE_SCALE, ImpactTrigger.PROFILING)
UNSTATED = Safeguards()
FAILED, OPEN, PASSED = GateStatus.FAILED, GateStatus.OPEN, GateStatus.PASSED
NOT_APPLICABLE = GateStatus.NOT_APPLICABLE


def status(result: CriteriaResult, gate: str) -> GateStatus:
    return next(item.status for item in result.gates if item.id == gate)


@pytest.mark.parametrize(
    ("gate", "level", "facts", "expected"),
    [
        ("DS1", 0, Safeguards(impact_triggers=TWO), FAILED),
        ("DS1", 1, Safeguards(impact_triggers=TWO), FAILED),
        ("DS1", 2, Safeguards(impact_triggers=TWO), PASSED),
        ("DS1", None, Safeguards(impact_triggers=TWO), OPEN),
        ("DS1", 0, Safeguards(impact_triggers=TWO[:1]), NOT_APPLICABLE),
        ("DS1", 0, Safeguards(impact_triggers=()), NOT_APPLICABLE),
        ("DS1", 0, Safeguards(impact_triggers=(TWO[0], TWO[0])), NOT_APPLICABLE),
        ("DS1", 0, UNSTATED, FAILED),
        ("DS1", None, UNSTATED, OPEN),
        ("DS1", 0, Safeguards(personal_data=True), FAILED),
        ("DS1", 0, Safeguards(personal_data=False), NOT_APPLICABLE),
        ("DS1", 0, Safeguards(personal_data=False, impact_triggers=TWO), FAILED),
        ("DS4", 1, Safeguards(public_space_analytics=True), FAILED),
        ("DS4", 2, Safeguards(public_space_analytics=True), PASSED),
        ("DS4", 1, Safeguards(public_space_analytics=False), NOT_APPLICABLE),
        ("DS4", 1, UNSTATED, FAILED),
        ("DS4", None, UNSTATED, OPEN),
        ("IN3", 1, Safeguards(essential_service=True), FAILED),
        ("IN3", 1, Safeguards(essential_service=False), NOT_APPLICABLE),
        ("IN3", None, UNSTATED, OPEN),
        ("NE3", 1, UNSTATED, FAILED),
        ("NE3", 2, UNSTATED, PASSED),
        ("NE3", None, UNSTATED, OPEN),
        ("BK7", 0, UNSTATED, FAILED),
        ("BK7", 1, UNSTATED, PASSED),
        ("BK7", None, UNSTATED, OPEN),
    ],
)
def test_gates_of_the_built_in_framework(gate: str, level: int | None, facts: Safeguards, expected: GateStatus) -> None:
    result, _ = assessed({} if level is None else {gate: best(level)}, facts)
    assert status(result, gate) is expected
    assert result.blocked


@pytest.mark.parametrize(("percent", "expected"), [(15.0, PASSED), (15.1, FAILED)])
def test_fiscal_exposure_passes_up_to_15_percent_of_own_revenue(percent: float, expected: GateStatus) -> None:
    result, _ = assessed({"BK7": Answer(value=percent)})
    assert status(result, "BK7") is expected


def test_nothing_blocks_a_project_that_passes_every_gate() -> None:
    facts = Safeguards(impact_triggers=(), public_space_analytics=False, essential_service=False)
    result, _ = assessed({"NE3": best(2), "BK7": Answer(value=0.0)}, facts)
    assert not result.blocked


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_condition_of_the_format_is_decided(condition: str) -> None:
    assert applies(condition, UNSTATED) is (True if condition == "always" else None)
