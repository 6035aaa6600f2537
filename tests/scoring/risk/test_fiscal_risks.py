"""The fiscal-risk matrix of a project, by hand (PARAMETERS)."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.parameters.fiscal_risks import RATINGS
from scoring.project_file import Distribution, Family, Mitigation, Obsolescence, Partner, ProjectFile, RiskEvent
from scoring.result import FiscalRisk, FiscalRisks, Missing
from tests.examples import examples
from tests.scoring.risk.factories import driver, event, line, project, simulated

CALM = driver("opex", "uniform", low=1, high=2)


def uniform(low: float, high: float) -> Distribution:
    return Distribution(family=Family.UNIFORM, low=low, high=high)


def plan(*events: RiskEvent, **fields: Any) -> ProjectFile:
    lines = (line("capex", [100]), line("grant", [100]), line("revenue", [0, *[20] * 10]))
    return project(*lines, drivers=(CALM,), events=events, **fields)


def matrix(*events: RiskEvent, **fields: Any) -> FiscalRisks:
    return simulated(plan(*events, **fields), draws=200)[0].fiscal_risks


def row(made: FiscalRisks, category: str) -> FiscalRisk:
    return next(each for each in made.rows if each.category == category)


def test_an_event_is_rated_by_its_likelihood_over_the_life_and_its_impact() -> None:
    # 3% a year for ten years: 1 - 0.97^10. Cost of 1 to 5 and half of a year's revenue of 20, of public money of 100.
    made = matrix(event(0.03, per="year", cost=uniform(1, 5), revenue_factor=0.5))
    assert (made.base, made.base_is, made.borne_by_public) == (100.0, "public-money", True)
    found = row(made, "cyber-incident")
    assert found.probability == pytest.approx(1 - 0.97**10)
    assert found.expected == pytest.approx(0.03 * 10 * (3 + 10))
    assert found.p95 == pytest.approx(4.8 + 10, abs=0.01)
    assert found.impact_share == pytest.approx(0.148, abs=1e-4)
    assert (found.likelihood, found.impact, found.mitigated) == ("medium", "high", False)
    assert (found.rating, found.rating_before_mitigation, found.not_assessed) == ("high", "high", None)


def test_mitigation_lowers_what_it_lowers_and_nothing_twice() -> None:
    lower = Mitigation(cost=1, probability_factor=0.1, impact_factor=0.1)
    found = row(matrix(event(0.6, cost=uniform(10, 20), mitigation=lower)), "cyber-incident")
    assert (found.rating_before_mitigation, found.rating, found.mitigated) == ("critical", "low", True)
    assert found.probability == pytest.approx(0.06)
    assert found.expected == pytest.approx(0.06 * 1.5)


def test_events_of_one_category_combine() -> None:
    first, second = event(0.2, cost=uniform(1, 1.0001)), event(0.5, cost=uniform(8, 8.0001), mitigation=Mitigation())
    found = row(matrix(first, second), "cyber-incident")
    assert found.probability == pytest.approx(1 - 0.8 * 0.5)
    assert found.expected == pytest.approx(0.2 * 1 + 0.5 * 8, abs=1e-3)
    assert found.p95 == pytest.approx(8, abs=1e-3)
    assert (found.events, found.mitigated) == (("Event", "Event"), False)


def test_a_delay_costs_its_overheads() -> None:
    # A year of delay costs a tenth of the planned construction cost of a year (PARAMETERS): 10 of 100.
    found = row(matrix(event(0.3, "governance", delay=uniform(1, 1.0001))), "governance")
    assert found.p95 == pytest.approx(10.0, abs=0.01)


def test_what_is_not_stated_is_not_assessed_and_not_low() -> None:
    made = matrix(event(0.5, "termination"))
    assert {each.rating for each in made.rows} == {None}
    assert row(made, "governance").not_assessed == "not-stated"
    assert row(made, "governance").probability == Missing("not-stated")
    # A probability without any impact says nothing of the purse; a driver is in the draws and the yearly call.
    assert row(made, "termination").not_assessed == "no-impact-stated"
    assert row(made, "termination").probability == 0.5
    assert row(made, "operation").not_assessed == "in-the-draws"


def test_obsolescence_is_rated_from_the_draws() -> None:
    found = row(matrix(obsolescence=Obsolescence(hazard=0.1)), "technology-obsolescence")
    assert found.probability == pytest.approx(1 - 0.9**10)
    assert (found.likelihood, found.impact, found.rating) == ("high", "high", "critical")
    assert found.events == ("obsolescence",)


def test_capital_cost_is_the_measure_where_no_public_money_is_stated_and_partners_are_named() -> None:
    lines = (line("capex", [80]), line("revenue", [0, 20, 20]))
    made = simulated(project(*lines, drivers=(CALM,)), draws=200)[0].fiscal_risks
    assert (made.base, made.base_is) == (80.0, "capital-cost")
    private = matrix(partners=(Partner(name="Operator", sector="private"),))
    assert not private.borne_by_public


def test_an_empty_project_has_a_matrix_of_reasons() -> None:
    made = simulated(project())[0].fiscal_risks
    assert {each.not_assessed for each in made.rows} == {"no-cash-flows"}
    assert len(made.rows) == 18


@settings(max_examples=examples(20), deadline=None)
@given(
    probability=st.floats(0, 1),
    cost=st.floats(0.01, 60),
    by=st.floats(0, 1),
    category=st.sampled_from(["finance", "change-in-law", "rebalancing"]),
    per=st.sampled_from(["life", "year"]),
)
def test_mitigation_never_raises_a_rating(probability: float, cost: float, by: float, category: str, per: str) -> None:
    lower = Mitigation(probability_factor=by, impact_factor=by)
    found = row(matrix(event(probability, category, per=per, cost=uniform(0, cost), mitigation=lower)), category)
    assert found.rating is not None
    assert found.rating_before_mitigation is not None
    assert RATINGS.index(found.rating) <= RATINGS.index(found.rating_before_mitigation)
