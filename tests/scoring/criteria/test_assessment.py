"""Scores, intervals, gates and contributions of whole projects (METHOD 9)."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.reading.project_file import read_project
from scoring.criteria.assessment import assess
from scoring.frameworks import ScaleKind, load_framework
from scoring.parameters import load_parameters
from scoring.project_file import Answer, EvidenceGrade, ImpactTrigger, ProjectFile, Safeguards
from scoring.result import CriteriaResult, GateStatus, Missing
from scoring.returns import economic_return, equity_return, financial_return, to_arrays
from scoring.risk.risk_return import simulate

CASE = Path(__file__).parents[2] / "cases" / "projects" / "opal-lakes.json"
ANSWERABLE = [i.id for i in load_framework().indicators if i.scale is ScaleKind.LEVEL]
TWO_TRIGGERS = (ImpactTrigger.LARGE_SCALE, ImpactTrigger.PROFILING)


@cache
def returns() -> tuple[ProjectFile, tuple[Any, ...]]:
    project, framework = read_project(CASE.read_bytes()), load_framework()
    flows = to_arrays(project, framework)
    risk, _, _ = simulate(project, framework, load_parameters(), flows, seed=1, draws=200)
    made = [make(flows, project, framework) for make in (financial_return, equity_return, economic_return)]
    return project, (*made, risk)


def scored(answers: dict[str, Answer], facts: Safeguards | None = None) -> CriteriaResult:
    project, figures = returns()
    changed = replace(project, answers=answers, safeguards=facts or Safeguards())
    return assess(changed, load_framework(), *figures)[0]


def status(result: CriteriaResult, gate: str) -> GateStatus:
    return next(item.status for item in result.gates if item.id == gate)


def best(level: int = 4) -> Answer:
    return Answer(level=level, evidence=EvidenceGrade.VERIFIED)


def test_one_criterion_by_hand() -> None:
    result = scored({"DS2": best(4), "DS3": best(2)})
    safeguards = result.by_criterion["safeguards"]
    assert safeguards.score == pytest.approx(75)
    assert safeguards.low == pytest.approx(100 * 1.5 / 9)
    assert safeguards.high == pytest.approx(100 * (1.5 + 7) / 9)
    assert safeguards.completeness == pytest.approx(2 / 9)


def test_nothing_answered_is_unknown_and_not_zero() -> None:
    needs = scored({}).by_criterion["needs"]
    assert needs.score == Missing("unanswered")
    assert (needs.low, needs.high) == (0, 100)


answers = st.dictionaries(
    st.sampled_from(ANSWERABLE),
    st.builds(Answer, level=st.integers(0, 4), evidence=st.sampled_from(EvidenceGrade), unknown=st.booleans()),
)


@given(answers)
@settings(max_examples=60, deadline=None)
def test_contributions_add_up_and_the_score_lies_in_its_interval(given_answers: dict[str, Answer]) -> None:
    result = scored(given_answers)
    assert not isinstance(result.total, Missing)
    points = [i.contribution for i in result.indicators if not isinstance(i.contribution, Missing)]
    assert sum(points) == pytest.approx(result.total)
    low, high = result.interval
    assert low - 1e-9 <= result.total <= high + 1e-9
    assert sum(i.low for i in result.indicators) == pytest.approx(low)
    assert sum(i.high for i in result.indicators) == pytest.approx(high)


@given(answers, st.sampled_from(ANSWERABLE), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_raising_an_answer_never_lowers_the_score(given_answers: dict[str, Answer], name: str, level: int) -> None:
    lower = scored({**given_answers, name: best(level)})
    higher = scored({**given_answers, name: best(level + 1)})
    assert not isinstance(lower.total, Missing)
    assert not isinstance(higher.total, Missing)
    assert higher.total >= lower.total - 1e-9


@pytest.mark.parametrize(
    ("level", "triggers", "expected"),
    [
        (0, TWO_TRIGGERS, GateStatus.FAILED),
        (1, TWO_TRIGGERS, GateStatus.FAILED),
        (2, TWO_TRIGGERS, GateStatus.PASSED),
        (0, TWO_TRIGGERS[:1], GateStatus.NOT_APPLICABLE),
        (0, None, GateStatus.FAILED),
        (None, TWO_TRIGGERS, GateStatus.OPEN),
    ],
)
def test_the_impact_assessment_gate(
    level: int | None, triggers: tuple[ImpactTrigger, ...] | None, expected: GateStatus
) -> None:
    result = scored({} if level is None else {"DS1": best(level)}, Safeguards(impact_triggers=triggers))
    assert status(result, "DS1") is expected


def test_no_total_buys_off_a_failed_gate() -> None:
    result = scored({name: best() for name in ANSWERABLE} | {"NE3": best(0)})
    assert not isinstance(result.total, Missing)
    assert result.total > 50
    assert result.blocked
    assert status(result, "NE3") is GateStatus.FAILED


def test_an_answer_to_a_computed_indicator_is_not_used_and_said_so() -> None:
    project, figures = returns()
    result, notes = assess(replace(project, answers={"BK1": best(4)}), load_framework(), *figures)
    bk1 = next(item for item in result.indicators if item.id == "BK1")
    assert bk1.level != 4
    assert "draws" in bk1.explanation
    assert [note.code for note in notes] == ["computed-indicator"]


def test_without_debt_the_certainty_of_funding_stands_in_for_debt_cover() -> None:
    result = scored({"BK3": best(3)})
    assert next(item.level for item in result.indicators if item.id == "BK2") == 3


def test_a_minimum_score_is_a_gate() -> None:
    project, figures = returns()
    framework = load_framework()
    strict = replace(framework, criteria=tuple(replace(criterion, minimum=60.0) for criterion in framework.criteria))
    everything = {name: best(1) for name in ANSWERABLE}
    result, _ = assess(replace(project, answers=everything), strict, *figures)
    assert status(result, "minimum:safeguards") is GateStatus.FAILED
    unknown, _ = assess(replace(project, answers={}), strict, *figures)
    assert status(unknown, "minimum:safeguards") is GateStatus.OPEN
