"""What computed indicators say of single futures, by hand (METHOD 10, CRITERIA BK1, BK2, BK4, IN4)."""

from dataclasses import replace

import pytest

from scoring.criteria.criterion_spread import criterion_spread
from scoring.criteria.drawn_levels import drawn_levels
from scoring.criteria.scales import UNANSWERED, Level
from scoring.frameworks import ScaleKind, load_framework
from scoring.parameters.evidence_grades import load_evidence_widths
from scoring.project_file import Answer, EvidenceGrade
from scoring.result import Futures, Missing
from tests.scoring.criteria.factories import assessed, basis, best, indicator, returns, with_lines

_, (_, EQUITY, ECONOMIC, RISK) = returns()
FUTURES = Futures(
    economic_npv=(-5.0, 0.0, 7.0),
    capital_cost=(210.0, 140.0, 110.0),
    delay=(3.0, 1.0, 0.0),
    debt_cover=(0.9, 1.15, 1.6),
    benefit_cost_ratio=(0.8, 1.0, 1.4),
    bottom_share=(None, 0.36, 0.6),
)
SEEN = replace(RISK, futures=FUTURES, capex_base=100.0, public_money=10.0)
PILOT = {"BK6": Answer(level=2, evidence=EvidenceGrade.THIRD_PARTY)}


@pytest.mark.parametrize(
    ("name", "levels"),
    [
        ("BK1", [0, 4, 4]),  # what it gains is certain: 0 is no loss
        ("BK2", [0, 2, 4]),
        ("BK4", [0, 2, 3]),  # 2.1, 1.4 and 1.1 times the plan; level 4 needs a pilot
        ("IN4", [0, 2, 4]),  # no net benefit; 0.36 / 0.4 = 0.9; 1.5
    ],
)
def test_the_rules_by_hand(name: str, levels: list[float]) -> None:
    found = drawn_levels(indicator(name), basis(risk=SEEN))
    assert found is not None
    assert found.tolist() == levels


def test_a_pilot_lets_the_fourth_level_stand_in_a_future_too() -> None:
    found = drawn_levels(indicator("BK4"), basis(risk=SEEN, project=with_lines(answers=PILOT)))
    assert found is not None
    assert found.tolist() == [0, 2, 4]


def test_what_the_plan_decides_and_what_was_not_simulated_is_not_drawn() -> None:
    assert drawn_levels(indicator("BK10"), basis(risk=SEEN)) is None
    assert drawn_levels(indicator("BK1"), basis(risk=replace(RISK, futures=None))) is None
    without = replace(FUTURES, debt_cover=(), bottom_share=())
    for name in ("BK2", "IN4"):
        assert drawn_levels(indicator(name), basis(risk=replace(SEEN, futures=without))) is None


LINE = ((0.0, 0.0), (4.0, 4.0))


@pytest.mark.parametrize(
    ("figure", "levels"),
    [
        ("benefit-cost-ratio", [0.8, 1.0, 1.4]),
        ("chance-of-gain", [0, 1, 1]),
        ("return-on-public-money", [0, 0, 0.7]),  # -0.5 lies below the first threshold
        ("capital-cost-overrun", [2.1, 1.4, 1.1]),
        ("delay", [3, 1, 0]),
        ("least-debt-cover", [0.9, 1.15, 1.6]),
        ("benefit-of-the-poorest", [0, 0.9, 1.5]),
    ],
)
def test_figures_by_thresholds(figure: str, levels: list[float]) -> None:
    item = replace(indicator("BK1"), rule="", figure=figure, points=LINE)
    found = drawn_levels(item, basis(risk=SEEN))
    assert found is not None
    assert found.tolist() == pytest.approx(levels)


def test_a_criterion_sums_what_its_indicators_are_off_by() -> None:
    criterion = next(item for item in load_framework().criteria if item.id == "bankability")
    levels = {item.id: Level(UNANSWERED, UNANSWERED) for item in criterion.indicators}
    levels |= {"BK1": Level(3.0, 3.0), "BK4": Level(2.0, 2.0)}
    found = criterion_spread(criterion, levels, basis(risk=SEEN), load_evidence_widths(), "BK3")
    # each a tenth of the criterion, 2.5 points a level: -3 - 2, +1 + 0, +1 + 1
    assert found.futures == pytest.approx((-12.5, 2.5, 5.0))
    assert found.evidence == ()


def test_without_debt_the_cover_is_off_together_with_the_funding_it_follows() -> None:
    criterion = next(item for item in load_framework().criteria if item.id == "bankability")
    levels = {item.id: Level(UNANSWERED, UNANSWERED) for item in criterion.indicators}
    known = levels | {"BK2": Level(2.0, 2.0), "BK3": Level(2.0, 2.0)}
    project = with_lines(answers={"BK3": Answer(level=2, evidence=EvidenceGrade.OWN_DOCUMENT)})
    owing = replace(EQUITY, dscr_min=Missing("no-debt"))
    given = basis(risk=SEEN, project=project, equity=owing)
    both = criterion_spread(criterion, known, given, load_evidence_widths(), "BK3")
    alone = criterion_spread(criterion, {**known, "BK2": levels["BK2"]}, given, load_evidence_widths(), "BK3")
    assert both.evidence == pytest.approx([2 * value for value in alone.evidence], abs=0.05)
    assert both.futures == ()


def test_grades_move_no_point_and_widen_what_is_drawn() -> None:
    """Levels that every grade carries: the same score and interval, and a range that grows with weaker evidence."""
    asked = [item.id for item in load_framework().indicators if item.scale is not ScaleKind.COMPUTED]
    found = [
        assessed({name: Answer(level=2, evidence=grade) for name in asked})[0] for grade in reversed(EvidenceGrade)
    ]
    assert len({(each.total, each.interval, each.completeness) for each in found}) == 1
    ranges = [each.likely for each in found]
    assert None not in ranges
    lows, highs = zip(*[each for each in ranges if each], strict=True)
    assert list(lows) == sorted(lows, reverse=True)
    assert list(highs) == sorted(highs)
    assert all(low <= found[0].total <= high for low, high in zip(lows, highs, strict=True))  # type: ignore[operator]


def test_nothing_answered_has_no_range_and_each_run_says_by_which_widths() -> None:
    result, _ = assessed({})
    assert result.evidence_widths == "evidence-grades@1"
    assert assessed({"DS2": best(2)})[0].likely is not None
