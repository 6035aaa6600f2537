"""A project under a scenario, by hand; under the base it is the same project and gives the same bits."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.appraisal import appraise
from scoring.errors import InputError
from scoring.frameworks import load_framework
from scoring.parameters import load_parameters
from scoring.project_document import to_document
from scoring.project_file import (
    CashFlowLine,
    CashFlows,
    DebtTranche,
    Financing,
    FlowKind,
    Obsolescence,
    Output,
    ProjectFile,
    Rates,
    Safeguards,
    Uncertainty,
)
from scoring.project_options import AbandonOption, DelayOption, StageOption
from scoring.result_document import to_document as result_document
from scoring.scenarios import Changes, built_in_scenarios
from scoring.scenarios.applying import under
from tests.examples import examples
from tests.factories import published_project
from tests.project_files import project_files

FRAMEWORK, PARAMETERS = load_framework(), load_parameters()


def amounts(*numbers: float | str) -> tuple[Decimal, ...]:
    return tuple(Decimal(str(number)) for number in numbers)


def project(**changes: object) -> ProjectFile:
    """100 built in year 0, 10 to run and 60 of benefit in years 1 to 3, half a loan and half equity."""
    built = ProjectFile(
        reference="P-1",
        title="P",
        currency="USD",
        rates=Rates(financial=0.05, social=0.09),
        cash_flows=CashFlows(
            first_year=2027,
            lines=(
                CashFlowLine(name="works", kind=FlowKind.CAPEX, amounts=amounts(100, 0, 20)),
                CashFlowLine(name="staff", kind=FlowKind.OPEX, amounts=amounts(0, 10, 10, 10)),
                CashFlowLine(name="time saved", kind=FlowKind.BENEFIT, amounts=amounts(0, 60, 60, 60)),
                CashFlowLine(name="carbon", kind=FlowKind.EXTERNALITY, tonnes=amounts(5, -1, -1, -1)),
                CashFlowLine(name="scrap", kind=FlowKind.RESIDUAL, amounts=amounts(0, 0, 0, 7)),
            ),
        ),
        output=Output(unit="trips", amounts=amounts(0, 1000, 1000, 1000)),
        financing=Financing(
            equity=amounts(50), debt=(DebtTranche(name="bank", amounts=amounts(50), rate=0.04, tenor=3),)
        ),
    )
    return replace(built, **changes)  # type: ignore[arg-type]


def changed(changes: Changes, of: ProjectFile | None = None) -> ProjectFile:
    return under(changes, of or project(), FRAMEWORK, PARAMETERS)[0]


def lines(found: ProjectFile) -> dict[str, tuple[Decimal, ...]]:
    return {line.name: line.amounts or line.tonnes for line in found.cash_flows.lines}


@given(project_files())
@settings(max_examples=examples(25))
def test_the_base_and_the_budget_change_no_project(any_project: ProjectFile) -> None:
    for changes in (Changes(), Changes(budget=0.5)):
        same, framework = under(changes, any_project, FRAMEWORK, PARAMETERS)
        assert same is any_project
        assert framework is FRAMEWORK


def test_the_base_gives_the_same_bits() -> None:
    case = published_project()
    given_, framework = under(Changes(), case, FRAMEWORK, PARAMETERS)
    first, second = (
        appraise(one, rule, PARAMETERS, seed=3, draws=100, input_sha256="x")
        for one, rule in ((case, FRAMEWORK), (given_, framework))
    )
    assert result_document(first) == result_document(second)


def test_fewer_users_take_revenue_benefit_carbon_and_output_with_them() -> None:
    found = changed(Changes(use=0.7))
    assert lines(found) == {
        "works": amounts(100, 0, 20),
        "staff": amounts(0, 10, 10, 10),
        "time saved": amounts(0, 42, 42, 42),
        "carbon": amounts("3.5", "-0.7", "-0.7", "-0.7"),
        "scrap": amounts(0, 0, 0, 7),
    }
    assert found.output is not None
    assert found.output.amounts == amounts(0, 700, 700, 700)
    assert found.financing == project().financing


def test_dearer_works_are_paid_by_more_of_the_same_money() -> None:
    found = changed(Changes(capital_cost=1.2, running_cost=1.5))
    assert lines(found)["works"] == amounts(120, 0, 24)
    assert lines(found)["staff"] == amounts(0, 15, 15, 15)
    assert found.financing is not None
    assert (found.financing.equity, found.financing.debt[0].amounts) == (amounts(60), amounts(60))
    # The sources are the uses, or the engine would refuse it.
    appraise(found, FRAMEWORK, PARAMETERS, seed=1, draws=100, input_sha256="x")


def test_a_delay_moves_what_follows_the_opening_and_makes_the_works_dearer() -> None:
    found = changed(Changes(delay=2))
    # One year of building: each year late adds the 10% that PARAMETERS gives, so 100 becomes 120; the renewal does not.
    assert lines(found) == {
        "works": amounts(120, 0, 0, 0, 20),
        "staff": amounts(0, 0, 0, 10, 10, 10),
        "time saved": amounts(0, 0, 0, 60, 60, 60),
        "carbon": amounts(5, 0, 0, -1, -1, -1),
        "scrap": amounts(0, 0, 0, 0, 0, 7),
    }
    assert found.financing is not None
    assert found.financing.equity == amounts(60)
    result = appraise(found, FRAMEWORK, PARAMETERS, seed=1, draws=100, input_sha256="x")
    flow = [-120, 0, 0, -10, -30, -3]  # the return on the investment leaves benefits out
    assert result.financial.npv == pytest.approx(sum(part / 1.05**year for year, part in enumerate(flow)))


def test_a_delay_moves_the_options_with_it() -> None:
    options = (
        AbandonOption(name="stop", from_year=2028, recovery=amounts(0, 40, 30)),
        StageOption(name="grow", phase_2=("works",), decision_year=2029, threshold=1.0),
        DelayOption(name="wait", latest_year=2030),
    )
    found = changed(Changes(delay=1), project(uncertainty=Uncertainty(options=options)))
    assert found.uncertainty is not None
    stop, grow, wait = found.uncertainty.options
    assert isinstance(stop, AbandonOption)
    assert isinstance(grow, StageOption)
    assert (stop.from_year, stop.recovery, grow.decision_year) == (2029, amounts(0, 0, 40, 30), 2030)
    assert wait == options[2]


def test_a_delay_past_the_longest_table_is_refused() -> None:
    long = replace(
        project().cash_flows,
        lines=(CashFlowLine(name="gain", kind=FlowKind.BENEFIT, amounts=amounts(*[1] * 480)),),
    )
    with pytest.raises(InputError, match="480 periods"):
        changed(Changes(delay=1), project(cash_flows=long))


def test_dearer_finance_reaches_loans_and_the_rates_that_the_framework_gives() -> None:
    schedule = Rates(social=0.05, financial=((0, 0.03), (10, 0.02)))
    found, framework = under(Changes(finance_points=0.03), project(rates=schedule), FRAMEWORK, PARAMETERS)
    assert found.rates.social == 0.05
    assert found.rates.financial == ((0, pytest.approx(0.06)), (10, pytest.approx(0.05)))
    assert found.financing is not None
    assert found.financing.debt[0].rate == pytest.approx(0.07)
    assert framework.economics.financial_rate == pytest.approx(0.04 + 0.03)
    assert framework.economics.finance_rate == pytest.approx(0.08 + 0.03)
    assert framework.economics.social_rate == FRAMEWORK.economics.social_rate


def test_points_alone_take_no_rate_below_nothing() -> None:
    found, framework = under(Changes(social_points=-0.08), project(rates=Rates(social=0.05)), FRAMEWORK, PARAMETERS)
    assert found.rates.social == 0.0
    assert framework.economics.social_rate == pytest.approx(0.01)
    assert changed(Changes(social_points=-0.08), project(rates=Rates(social=-0.01))).rates.social == -0.01


def test_two_causes_of_stranding_are_independent() -> None:
    found = changed(
        Changes(hazard=0.05), project(uncertainty=Uncertainty(obsolescence=Obsolescence(hazard=0.1, salvage=3)))
    )
    assert found.uncertainty is not None
    # 1 - 0.9 x 0.95 by hand.
    assert found.uncertainty.obsolescence == Obsolescence(hazard=pytest.approx(0.145), salvage=3)
    alone = changed(Changes(hazard=0.05)).uncertainty
    assert alone is not None
    assert alone.obsolescence == Obsolescence(hazard=pytest.approx(0.05))


@pytest.mark.parametrize(("personal", "cost"), [(True, 11), (None, 11), (False, 10)])
def test_tighter_data_rules_cost_where_data_are_processed_or_nobody_says(personal: bool | None, cost: float) -> None:
    case = project(safeguards=Safeguards(personal_data=personal))
    found, framework = under(Changes(data_gate_levels=3, data_running_cost=1.1), case, FRAMEWORK, PARAMETERS)
    assert lines(found)["staff"] == amounts(0, cost, cost, cost)
    gates = {item.id: item.gate.passes_at for item in framework.indicators if item.gate}
    before = {item.id: item.gate for item in FRAMEWORK.indicators if item.gate}
    expected = {
        name: 4 if gate.applies_when in ("impact-triggers", "public-space-analytics") else gate.passes_at
        for name, gate in before.items()
    }
    assert gates == expected
    assert sum(gates[name] != gate.passes_at for name, gate in before.items()) == 2


def test_weights_replace_those_of_the_framework_and_of_places() -> None:
    quick = next(item for item in built_in_scenarios() if item.key == "quick-cheap-easy")
    found, framework = under(quick.changes, project(), FRAMEWORK, PARAMETERS)
    assert {item.id: item.weight for item in framework.criteria} == {
        "bankability": 0.5, "safeguards": 0.1, "inclusiveness": 0.1, "needs": 0.3,
    }  # fmt: skip
    assert framework.places == ()
    assert found.rates.social == pytest.approx(0.12)
    with pytest.raises(InputError, match="other criteria"):
        under(Changes(weights={"luck": 1.0}), project(), FRAMEWORK, PARAMETERS)


@given(st.sampled_from(built_in_scenarios()), project_files())
@settings(max_examples=examples(30))
def test_no_scenario_moves_a_name_a_sign_or_an_answer(item: object, any_project: ProjectFile) -> None:
    changes = item.changes  # type: ignore[attr-defined]
    try:
        found, _ = under(changes, any_project, FRAMEWORK, PARAMETERS)
    except InputError:  # a table that the engine refuses as it is
        return
    assert [(line.name, line.kind) for line in found.cash_flows.lines] == [
        (line.name, line.kind) for line in any_project.cash_flows.lines
    ]
    for before, after in zip(any_project.cash_flows.lines, found.cash_flows.lines, strict=True):
        assert {amount < 0 for amount in after.amounts if amount} <= {amount < 0 for amount in before.amounts if amount}
    assert (found.answers, found.safeguards, found.reference) == (
        *(any_project.answers, any_project.safeguards, any_project.reference),
    )
    assert to_document(found).keys() == to_document(any_project).keys() | ({"uncertainty"} if changes.hazard else set())
