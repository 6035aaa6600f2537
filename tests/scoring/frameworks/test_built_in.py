"""The built-in framework is complete, and says what a planner can understand (CRITERIA)."""

import pytest

from scoring.criteria.computed import RULES
from scoring.frameworks import Indicator, ScaleKind, checks, load_framework

IDS = [
    *(f"BK{n}" for n in range(1, 11)),
    *(f"DS{n}" for n in range(1, 10)),
    *(f"IN{n}" for n in range(1, 10)),
    *(f"NE{n}" for n in range(1, 10)),
]
INDICATORS = load_framework().indicators


def test_the_built_in_framework_has_the_37_indicators() -> None:
    assert [indicator.id for indicator in INDICATORS] == IDS
    assert [len(criterion.indicators) for criterion in load_framework().criteria] == [10, 9, 9, 9]


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda indicator: indicator.id)
def test_every_indicator_is_whole(indicator: Indicator) -> None:
    assert indicator.question.endswith("?")
    assert indicator.help.endswith(".")
    assert indicator.evidence
    assert indicator.standard
    assert indicator.passages


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda indicator: indicator.id)
def test_every_level_is_a_sentence_of_its_own(indicator: Indicator) -> None:
    assert len(set(indicator.levels)) == 5
    for level in indicator.levels:
        assert level.endswith(".")
        assert len(level.split()) >= 5
        assert level.split()[0] not in {"Also", "And", "Or"}


def test_scales_are_numbers_only_where_the_criteria_give_a_measure() -> None:
    kinds = {kind: {indicator.id for indicator in INDICATORS if indicator.scale is kind} for kind in ScaleKind}
    assert kinds[ScaleKind.NUMERIC] == {"BK7", "IN2", "NE1", "NE2", "NE6"}
    assert kinds[ScaleKind.COMPUTED] == {"BK1", "BK2", "BK4", "BK10", "IN4"}
    assert all(indicator.unit for indicator in INDICATORS if indicator.scale is ScaleKind.NUMERIC)


def test_rules_and_conditions_of_the_format_are_those_the_tool_knows() -> None:
    assert set(checks.RULES) == set(RULES)


def test_the_gates_are_those_of_the_criteria() -> None:
    gates = {i.id: (i.gate.passes_at, i.gate.applies_when) for i in INDICATORS if i.gate}
    assert gates == {
        "BK7": (1, "always"),
        "DS1": (2, "impact-triggers"),
        "DS4": (2, "public-space-analytics"),
        "IN3": (2, "essential-service"),
        "NE3": (2, "always"),
    }


def test_weights_are_equal_inside_a_criterion_and_sum_to_one() -> None:
    for criterion in load_framework().criteria:
        assert criterion.weight == 0.25
        assert [i.weight for i in criterion.indicators] == pytest.approx(
            [1 / len(criterion.indicators)] * len(criterion.indicators)
        )


def test_the_economic_defaults_are_those_of_the_parameters() -> None:
    economics = load_framework().economics
    assert (economics.social_rate, economics.social_rate_concessional) == (0.09, 0.06)
    assert economics.hurdles == (0.035, 0.045, 0.09)
    assert (economics.standard_conversion_factor, economics.shadow_exchange_rate) == (0.9, 1.0)
    assert (economics.shadow_wage_factor, economics.welfare_epsilon, economics.target_dscr) == (0.75, 1.3, 1.3)


def test_the_central_carbon_price_is_the_midpoint_of_the_published_range() -> None:
    prices = load_framework().economics.carbon_prices
    assert (prices["low"], prices["high"]) == ({2020: 40, 2030: 50}, {2020: 80, 2030: 100})
    assert prices["central"] == {year: (prices["low"][year] + prices["high"][year]) / 2 for year in (2020, 2030)}


def test_every_exchange_rate_has_its_date_source_and_status() -> None:
    rates = load_framework().exchange_rates
    assert {rate.date for rate in rates} == {"2023"}
    assert {rate.status for rate in rates} == {"published", "secondary"}
    assert all(rate.source for rate in rates)
    assert len({rate.currency for rate in rates}) == len(rates)


@pytest.mark.parametrize(
    ("currency", "per_dollar"),
    [
        ("INR", 82.5708),
        ("JPY", 140.5001),
        ("KRW", 1306.7637),
        ("CNY", 7.0809),
        ("EUR", 1 / 1.0817),
        ("AUD", 1 / 0.6644),
    ],
)
def test_exchange_rates_are_the_averages_the_federal_reserve_published_for_2023(
    currency: str, per_dollar: float
) -> None:
    found = next(rate for rate in load_framework().exchange_rates if rate.currency == currency)
    assert 1 / found.per_unit == pytest.approx(per_dollar, rel=1e-7)
    assert found.status == "published"
