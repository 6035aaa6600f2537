"""Computed indicators in the bands of the criteria (CRITERIA BK1, BK2, BK4, BK10, IN4)."""

from dataclasses import replace

import pytest

from scoring.criteria.computed import IT_CLASSES, computed_level
from scoring.criteria.scales import Level
from scoring.parameters import load_parameters
from scoring.project_file import Answer, EvidenceGrade, Obsolescence, Uncertainty
from scoring.result import Missing
from tests.scoring.criteria.factories import basis, line, returns, with_lines

_, (_, EQUITY, ECONOMIC, RISK) = returns()
PILOT = {"BK6": Answer(level=2, evidence=EvidenceGrade.THIRD_PARTY)}


def chance_of_loss(share: float, eirr: float | Missing = 0.2) -> object:
    return replace(RISK, economic_npv=replace(RISK.economic_npv, prob_negative=share), eirr_p50=eirr)


@pytest.mark.parametrize(
    ("loss", "eirr", "level"),
    [
        (1.0, 0.2, 0),
        (0.71, 0.2, 0),
        (0.7, 0.2, 1),
        (0.5, 0.2, 2),
        (0.3, 0.2, 3),
        (0.15, 0.2, 4),
        (0.15, 0.07, 4),
        (0.0, 0.069, 3),
        (0.0, Missing("no-sign-change"), 3),
    ],
)
def test_economic_return_in_bands_of_the_chance_of_a_gain(loss: float, eirr: float | Missing, level: int) -> None:
    found = computed_level("economic-return", basis(risk=chance_of_loss(loss, eirr)))
    assert found.counted == level
    assert f"{100 - loss * 100:.0f} of 100" in found.explanation


@pytest.mark.parametrize(
    ("cover", "level"), [(-0.2, 0), (0.99, 0), (1.0, 1), (1.15, 2), (1.3, 3), (1.49, 3), (1.5, 4), (3, 4)]
)
def test_debt_cover_in_bands(cover: float, level: int) -> None:
    found = computed_level("debt-cover", basis(equity=replace(EQUITY, dscr_min=cover, dscr_min_year=2031.0)))
    assert found.counted == level
    assert f"{cover:.2f} in 2031" in found.explanation


@pytest.mark.parametrize("reason", ["no-debt", "no-financing"])
@pytest.mark.parametrize("funding", [3.0, Missing("unanswered")])
def test_without_debt_the_level_of_funding_is_taken(reason: str, funding: float | Missing) -> None:
    equity = replace(EQUITY, dscr_min=Missing(reason))
    found = computed_level("debt-cover", basis(equity=equity, funding=Level(funding, funding)))
    assert found.counted == funding
    assert "BK3" in found.explanation


def test_debt_whose_cover_cannot_be_computed_is_not_taken_for_no_debt() -> None:
    equity = replace(EQUITY, dscr_min=Missing("overflow"))
    found = computed_level("debt-cover", basis(equity=equity, funding=Level(4.0, 4.0)))
    assert found.counted == Missing("overflow")


def tail(ratio: float) -> object:
    return replace(RISK, capex_base=100.0, capex_p80=100.0 * ratio)


@pytest.mark.parametrize(("ratio", "level"), [(2.01, 0), (2.0, 1), (1.6, 2), (1.35, 3), (1.15, 4), (0.9, 4)])
def test_cost_tail_in_bands(ratio: float, level: int) -> None:
    project = with_lines(line("capex", 100), answers=PILOT)
    found = computed_level("cost-tail", basis(project=project, risk=tail(ratio)))
    assert (found.counted, found.capped) == (level, False)
    assert f"{ratio:.2f} times" in found.explanation


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"BK6": Answer(level=4, evidence=EvidenceGrade.OWN_DOCUMENT)},
        {"BK6": Answer(level=4)},
        {"BK6": Answer(unknown=True, evidence=EvidenceGrade.VERIFIED)},
    ],
)
def test_the_top_level_of_the_cost_tail_needs_a_contract_or_pilot(answers: dict[str, Answer]) -> None:
    project = with_lines(line("capex", 100), answers=answers)
    found = computed_level("cost-tail", basis(project=project, risk=tail(1.1)))
    assert (found.counted, found.stated, found.capped) == (3, 4, True)
    assert "BK6" in found.cap_reason


@pytest.mark.parametrize("line_class", IT_CLASSES)
def test_mostly_it_without_a_pilot_is_level_0_under_every_name_of_it(line_class: str) -> None:
    lines = (line("capex", 61, line_class=line_class), line("capex", 39, line_class="road"))
    assert load_parameters().class_of(line_class).cost == "it"
    found = computed_level("cost-tail", basis(project=with_lines(*lines), risk=tail(1.1)))
    assert found.counted == 0
    piloted = with_lines(*lines, answers=PILOT)
    assert computed_level("cost-tail", basis(project=piloted, risk=tail(1.1))).counted == 4


def test_without_capital_cost_there_is_no_tail() -> None:
    risk = replace(RISK, capex_base=0.0, capex_p80=0.0)
    assert computed_level("cost-tail", basis(risk=risk)).counted == Missing("no-capex")


@pytest.mark.parametrize(
    ("lines", "level"),
    [
        ((line("capex", 100), line("benefit", 0, 9, 9)), 0),
        ((line("capex", 100), line("opex", 0, 9, 9)), 1),
        ((line("capex", 100, 0, 20), line("opex", 0, 9, 9)), 2),
        ((line("capex", 100), line("capex", 20, line_class="renewal"), line("opex", 0, 9, 9)), 2),
        ((line("capex", 100, 0, 20), line("opex", 0, 9, 9), line("residual", 0, 0, 5)), 3),
        ((line("capex", 100), line("opex", 0, 9, 9), line("residual", 0, 0, 5)), 1),
        ((line("capex", 100, 0, 20), line("opex", 0, 9, 9), line("residual", 0, 0, 0)), 2),
    ],
)
def test_whole_life_counts_what_the_plan_contains(lines: tuple, level: int) -> None:  # type: ignore[type-arg]
    found = computed_level("whole-life", basis(project=with_lines(*lines)))
    assert found.counted == level


def test_a_salvage_value_counts_as_reuse() -> None:
    lines = (line("capex", 100, 0, 20), line("opex", 0, 9, 9))
    worn = Uncertainty(obsolescence=Obsolescence(hazard=0.02, salvage=5))
    assert computed_level("whole-life", basis(project=with_lines(*lines, uncertainty=worn))).counted == 3


@pytest.mark.parametrize(
    ("share", "level"), [(-0.3, 0), (0.19, 0), (0.2, 1), (0.32, 2), (0.4, 3), (0.52, 3), (0.53, 4), (1.0, 4)]
)
def test_distribution_in_bands_of_the_fair_share(share: float, level: int) -> None:
    found = computed_level("benefit-distribution", basis(economic=replace(ECONOMIC, bottom_share=share)))
    assert found.counted == level
    assert f"{share:.0%}" in found.explanation


@pytest.mark.parametrize("reason", ["no-shares", "no-net-benefit"])
def test_without_groups_or_gain_the_distribution_is_unknown(reason: str) -> None:
    economic = replace(ECONOMIC, bottom_share=Missing(reason))
    found = computed_level("benefit-distribution", basis(economic=economic))
    assert found.counted == Missing(reason)


def test_a_rule_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError):
        computed_level("magic", basis())
