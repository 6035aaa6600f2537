"""Scores, intervals, gates and contributions of whole projects (METHOD 9)."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.frameworks import ScaleKind, load_framework
from scoring.project_file import Answer, EvidenceGrade, Safeguards
from scoring.result import CriteriaResult, GateStatus, IndicatorResult, Missing
from tests.examples import examples
from tests.scoring.criteria.factories import assessed, best

ANSWERABLE = [i.id for i in load_framework().indicators if i.scale is ScaleKind.LEVEL]


def scored(answers: dict[str, Answer], facts: Safeguards | None = None) -> CriteriaResult:
    return assessed(answers, facts)[0]


def status(result: CriteriaResult, gate: str) -> GateStatus:
    return next(item.status for item in result.gates if item.id == gate)


def row(result: CriteriaResult, name: str) -> IndicatorResult:
    return next(item for item in result.indicators if item.id == name)


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
@settings(max_examples=examples(60), deadline=None)
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
@settings(max_examples=examples(60), deadline=None)
def test_raising_an_answer_never_lowers_the_score(given_answers: dict[str, Answer], name: str, level: int) -> None:
    lower = scored({**given_answers, name: best(level)})
    higher = scored({**given_answers, name: best(level + 1)})
    assert not isinstance(lower.total, Missing)
    assert not isinstance(higher.total, Missing)
    assert higher.total >= lower.total - 1e-9


def test_no_total_buys_off_a_failed_gate() -> None:
    result = scored({name: best() for name in ANSWERABLE} | {"NE3": best(0)})
    assert not isinstance(result.total, Missing)
    assert result.total > 50
    assert result.blocked
    assert status(result, "NE3") is GateStatus.FAILED


def test_an_answer_to_a_computed_indicator_is_not_used_and_said_so() -> None:
    result, notes = assessed({"BK1": best(4)})
    assert row(result, "BK1").level == row(scored({}), "BK1").level
    assert row(result, "BK1").evidence is None
    assert "draws" in row(result, "BK1").explanation
    assert [(note.code, note.path) for note in notes] == [("computed-indicator", "answers.BK1")]


@pytest.mark.parametrize(
    ("name", "answer", "code"),
    [
        ("XX1", best(), "unknown-indicator"),
        ("DS2", Answer(value=0.72), "number-not-used"),
        ("IN2", Answer(value=72), "number-out-of-range"),
        ("IN2", Answer(value=-0.1), "number-out-of-range"),
        ("NE6", Answer(value=101), "number-out-of-range"),
        ("BK7", Answer(value=-1), "number-out-of-range"),
    ],
)
def test_what_cannot_be_used_is_unknown_and_said_so(name: str, answer: Answer, code: str) -> None:
    result, notes = assessed({name: answer})
    assert [(note.code, note.path) for note in notes] == [(code, f"answers.{name}")]
    assert name in notes[0].message
    assert result.total == scored({}).total
    assert result.interval == scored({}).interval


def test_a_numeric_indicator_can_be_answered_by_its_level() -> None:
    result, notes = assessed({"IN2": best(4)})
    assert row(result, "IN2").level == 4
    assert notes == ()


def test_a_capped_answer_shows_both_levels_and_why() -> None:
    capped = row(scored({"DS2": Answer(level=4, evidence=EvidenceGrade.OWN_DOCUMENT)}), "DS2")
    assert (capped.stated_level, capped.level, capped.capped, capped.evidence) == (4, 3, True, "E1")
    assert capped.cap_reason == (
        "Counted as 3, not 4: an own document (E1) carries level 3 at most. "
        "More than level 3 takes an official or third-party document (E2)."
    )


def test_without_debt_the_certainty_of_funding_stands_in_for_debt_cover() -> None:
    assert row(scored({"BK3": best(3)}), "BK2").level == 3
    assert row(scored({}), "BK2").level == Missing("unanswered")


def test_a_minimum_score_is_a_gate() -> None:
    built_in = load_framework()
    strict = replace(built_in, criteria=tuple(replace(criterion, minimum=60.0) for criterion in built_in.criteria))
    low, _ = assessed({name: best(1) for name in ANSWERABLE}, framework=strict)
    high, _ = assessed({name: best(3) for name in ANSWERABLE}, framework=strict)
    unknown, _ = assessed({}, framework=strict)
    assert status(low, "minimum:safeguards") is GateStatus.FAILED
    assert status(high, "minimum:safeguards") is GateStatus.PASSED
    assert status(unknown, "minimum:safeguards") is GateStatus.OPEN


@given(answers, st.sampled_from(ANSWERABLE), st.integers(0, 4))
@settings(max_examples=examples(60), deadline=None)
def test_an_answer_narrows_the_interval_and_never_leaves_it(
    given_answers: dict[str, Answer], name: str, level: int
) -> None:
    open_question = scored({**given_answers, name: Answer(unknown=True)})
    answered = scored({**given_answers, name: best(level)})
    assert open_question.interval[0] - 1e-9 <= answered.interval[0]
    assert answered.interval[1] <= open_question.interval[1] + 1e-9
    assert answered.completeness > open_question.completeness


def test_everything_known_leaves_no_interval() -> None:
    everything = {i.id: best(3) for i in load_framework().indicators}
    result = scored(everything)
    unknown = [i.weight for i in result.indicators if isinstance(i.level, Missing)]
    assert result.interval[1] - result.interval[0] == pytest.approx(100 * sum(unknown))
    assert result.completeness == pytest.approx(1 - sum(unknown))
