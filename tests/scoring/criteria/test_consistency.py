"""Every rule of consistency: found where two things contradict each other, and nowhere else (METHOD 9)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import project_file as pf
from scoring.criteria import Severity, inconsistencies
from scoring.criteria.consistency_rules import load_rules, parse_rules
from scoring.criteria.project_facts import project_facts
from scoring.frameworks import load_framework
from tests.examples import examples
from tests.project_files import project_files

TWO_TRIGGERS = (pf.ImpactTrigger.LARGE_SCALE, pf.ImpactTrigger.PROFILING)
DOCUMENT = "Report, p. 3"


def line(kind: str, *amounts: float, line_class: str | None = None, role: str | None = None) -> pf.CashFlowLine:
    return pf.CashFlowLine(
        name=kind,
        kind=pf.FlowKind(kind),
        amounts=tuple(Decimal(str(amount)) for amount in amounts),
        line_class=line_class,
        economic=pf.EconomicRole(role) if role else None,
    )


def amounts(*numbers: float) -> tuple[Decimal, ...]:
    return tuple(Decimal(str(number)) for number in numbers)


PLAN = (
    line("capex", 100, line_class="civil"),
    line("opex", 0, 4, 4, 5, 5),
    line("benefit", 0, 30, 31, 35, 32),
)
CONSISTENT = pf.ProjectFile(
    reference="R-1",
    title="A project without contradictions",
    currency="INR",
    unit=1000,
    stage=pf.Stage.FEASIBILITY,
    prices=pf.Prices(base_year=2026),
    cash_flows=pf.CashFlows(first_year=2026, lines=PLAN),
)


def project(*lines: pf.CashFlowLine, **changes: Any) -> pf.ProjectFile:
    """The consistent project with other lines, where some are given, and other fields."""
    flows = replace(CONSISTENT.cash_flows, lines=lines or PLAN)
    return replace(CONSISTENT, **{"cash_flows": flows, **changes})


def answered(**levels: int) -> dict[str, pf.Answer]:
    grade = pf.EvidenceGrade.VERIFIED
    return {name: pf.Answer(level=level, evidence=grade, source=DOCUMENT) for name, level in levels.items()}


def safeguards(**facts: Any) -> dict[str, Any]:
    return {"safeguards": pf.Safeguards(**facts)}


def uncertain(*drivers: pf.Driver, events: tuple[pf.RiskEvent, ...] = ()) -> dict[str, Any]:
    return {"uncertainty": pf.Uncertainty(drivers=drivers, events=events)}


def driver(name: str, unit: str | None = None, **parameters: float) -> pf.Driver:
    distribution = pf.Distribution(family=pf.Family.TRIANGULAR, **parameters)
    return pf.Driver(driver=pf.DriverName(name), unit=unit, distribution=distribution)


COST = driver("capex", low=0.9, mode=1, high=1.5)
LIFE_OF_3 = driver("life", "years", low=1, mode=2, high=3)
CYBER = pf.RiskEvent(name="Attack", category=pf.RiskCategory.CYBER_INCIDENT, probability=0.03)
NOMINAL = pf.PriceBasis.NOMINAL
LOAN = pf.DebtTranche(name="Loan", amounts=amounts(50), rate=0.05, tenor=9)
IT = line("capex", 100, line_class="it")
REVENUE = line("revenue", 0, 9, 9, 8, 9)
LONG_SERVICE = line("benefit", 0, *([20, 21] * 7))
GROWING = (line("opex", 0, 10, 10.4, 10.816, 11.24864), line("benefit", 0, 25, 26, 27.04, 28.1216))

CONTRADICTIONS: dict[str, pf.ProjectFile] = {
    "cameras-without-personal-data": project(
        **safeguards(personal_data=False, public_space_analytics=True), answers=answered(DS4=3)
    ),
    "triggers-without-personal-data": project(**safeguards(personal_data=False, impact_triggers=TWO_TRIGGERS[:1])),
    "identifiers-without-personal-data": project(**safeguards(personal_data=False), answers=answered(DS3=2)),
    "surveillance-denied": project(**safeguards(public_space_analytics=False), answers=answered(DS4=1)),
    "impact-assessment-unanswered": project(**safeguards(impact_triggers=TWO_TRIGGERS)),
    "surveillance-limits-unanswered": project(**safeguards(public_space_analytics=True)),
    "non-digital-channel-unanswered": project(**safeguards(essential_service=True)),
    "essential-area-denied": project(**safeguards(essential_service=False), action_areas=(pf.ActionArea.WATER,)),
    "high-level-without-evidence": project(answers={"IN6": pf.Answer(level=3)}),
    "evidence-without-source": project(answers={"IN6": pf.Answer(level=2, evidence=pf.EvidenceGrade.OWN_DOCUMENT)}),
    "benefits-outlive-asset": project(**uncertain(LIFE_OF_3)),
    "it-without-renewal": project(IT, PLAN[1], LONG_SERVICE, **uncertain(events=(CYBER,))),
    "capex-after-last-benefit": project(*PLAN, line("capex", 0, 0, 0, 0, 0, 5)),
    "benefits-before-capex": project(line("capex", 0, 100), PLAN[1], line("benefit", 3, 0, 30, 30, 30)),
    "output-before-capex": project(
        line("capex", 0, 100), PLAN[1], line("benefit", 0, 0, 30), output=pf.Output(unit="trips", amounts=amounts(5))
    ),
    "it-without-cyber-event": project(IT, *PLAN[1:]),
    "revenue-without-demand-driver": project(*PLAN, REVENUE, **uncertain(COST)),
    "grants-twice": project(*PLAN, line("grant", 40), financing=pf.Financing(grants=amounts(40))),
    "nominal-without-inflation": project(prices=pf.Prices(basis=NOMINAL, base_year=2026)),
    "real-figures-grow-with-inflation": project(PLAN[0], *GROWING, prices=pf.Prices(base_year=2026, inflation=0.04)),
    "rate-below-inflation": project(
        prices=pf.Prices(basis=NOMINAL, base_year=2026, inflation=0.06), rates=pf.Rates(financial=((0, 0.04),))
    ),
    "base-year-far-away": project(prices=pf.Prices(base_year=2019)),
    "operator-budget-without-running-cost": project(PLAN[0], PLAN[2], answers=answered(NE9=3)),
    "firm-funding-not-in-plan": project(
        PLAN[0], PLAN[1], line("subsidy", 0, 4), line("benefit", 0, 2, 2, 2, 4), answers=answered(BK3=3)
    ),
    "signed-money-not-in-plan": project(answers=answered(BK9=4)),
    "readiness-ahead-of-stage": project(stage=pf.Stage.PRE_FEASIBILITY, answers=answered(BK6=3)),
    "readiness-behind-stage": project(stage=pf.Stage.CONSTRUCTION, answers=answered(BK6=1)),
    "more-partners-than-parties": project(
        partners=tuple(pf.Partner(name=f"Partner {number}") for number in range(7)), answers=answered(BK5=3)
    ),
    "open-data-before-system": project(stage=pf.Stage.IDEA, answers=answered(IN8=4)),
    "benefits-in-money-not-in-plan": project(*PLAN[:2], answers=answered(BK8=4)),
    "residual-above-investment": project(*PLAN, line("residual", 0, 0, 0, 0, 101)),
    "loan-outlives-service": project(financing=pf.Financing(debt=(LOAN,))),
    "fares-counted-twice": project(*PLAN, line("revenue", 0, 9, 9, 8, 9, role="benefit")),
}


def found(file: pf.ProjectFile) -> list[str]:
    return [finding.rule for finding in inconsistencies(file, load_framework())]


def test_every_rule_has_a_contradiction_to_find() -> None:
    assert sorted(CONTRADICTIONS) == sorted(rule.id for rule in load_rules())


@pytest.mark.parametrize("rule", CONTRADICTIONS)
def test_a_rule_finds_its_contradiction_and_no_other(rule: str) -> None:
    assert found(CONTRADICTIONS[rule]) == [rule]


def test_what_is_consistent_is_left_alone() -> None:
    assert found(CONSISTENT) == []


@pytest.mark.parametrize(
    "mended",
    [
        project(IT, *PLAN[1:], **uncertain(events=(CYBER,))),
        project(
            IT, PLAN[1], LONG_SERVICE, line("capex", *[0] * 6, 5, line_class="renewal"), **uncertain(events=(CYBER,))
        ),
        project(*PLAN, REVENUE, **uncertain(COST, driver("demand", low=0.7, mode=1, high=1.1))),
        project(**uncertain(driver("life", "months", low=12, mode=24, high=48))),
        project(**uncertain(driver("life", "factor", low=0.1, mode=0.2, high=0.3))),
        project(PLAN[0], *GROWING, prices=pf.Prices(base_year=2026, inflation=0.02)),
        project(PLAN[0], *GROWING, PLAN[2], prices=pf.Prices(base_year=2026, inflation=0.04)),
        project(**safeguards(impact_triggers=TWO_TRIGGERS), answers=answered(DS1=0)),
        project(financing=pf.Financing(debt=(replace(LOAN, tenor=4),))),
        project(*PLAN, line("revenue", 0, 9, 9, 8, 9, role="transfer")),
        project(answers={"IN6": pf.Answer(level=2), "NE3": pf.Answer(unknown=True)}),
        project(line("capex", 100), line("opex", 0, 4, 4), answers={}),
    ],
)
def test_what_is_mended_is_found_no_more(mended: pf.ProjectFile) -> None:
    assert found(mended) == []


def test_a_message_has_the_numbers_and_the_paths_of_both_sides() -> None:
    (finding,) = inconsistencies(CONTRADICTIONS["grants-twice"], load_framework())
    assert finding.message == (
        "Grants stand in the cash flows (INR 40,000) and under financing (INR 40,000): keep one of them."
    )
    assert finding.paths == ("cash_flows.lines[3].amounts", "financing.grants")
    (finding,) = inconsistencies(CONTRADICTIONS["benefits-outlive-asset"], load_framework())
    assert finding.message == "Revenue and benefits run for 4 years, and the asset is stated to last up to 3 years."
    assert finding.paths == ("cash_flows.lines[2].amounts", "uncertainty.drivers[0]")


def test_numbers_by_hand() -> None:
    facts = project_facts(CONTRADICTIONS["firm-funding-not-in-plan"], load_framework())
    # a subsidy of 4 and benefits of 10 for running costs of 18
    assert facts["income_over_running_cost"].value == pytest.approx(14 / 18)
    facts = project_facts(CONTRADICTIONS["real-figures-grow-with-inflation"], load_framework())
    assert facts["steady_growth"].value == pytest.approx(0.04)
    facts = project_facts(CONTRADICTIONS["it-without-renewal"], load_framework())
    assert (facts["capex_last_year"].text, facts["service_last_year"].text) == ("2026", "2040")
    assert facts["years_after_it_capex"].value == 14


def test_a_number_as_an_answer_is_named_where_it_stands() -> None:
    # 2% of own revenue is worth more than level 3
    (finding,) = inconsistencies(project(answers={"BK7": pf.Answer(value=2.0)}), load_framework())
    assert finding.rule == "high-level-without-evidence"
    assert finding.paths == ("answers.BK7.value", "answers.BK7.evidence")


def test_a_reason_turns_red_into_amber() -> None:
    case = CONTRADICTIONS["base-year-far-away"]
    (red,) = inconsistencies(case, load_framework(), explanations={"base-year-far-away": "  "})
    (amber,) = inconsistencies(case, load_framework(), explanations={"base-year-far-away": "The tariff law says so."})
    assert (red.severity, red.explanation) == (Severity.RED, "")
    assert (amber.severity, amber.explanation) == (Severity.AMBER, "The tariff law says so.")


def test_what_only_a_correction_mends_stays_red() -> None:
    case = CONTRADICTIONS["grants-twice"]
    (finding,) = inconsistencies(case, load_framework(), explanations={"grants-twice": "Both are right."})
    assert (finding.severity, finding.explainable) == (Severity.RED, False)


def test_a_framework_without_an_indicator_asks_nothing_about_it() -> None:
    framework = load_framework()
    needs = framework.criteria[3]
    without = replace(needs, indicators=tuple(item for item in needs.indicators if item.id != "NE9"))
    smaller = replace(framework, criteria=(*framework.criteria[:3], without))
    assert inconsistencies(CONTRADICTIONS["operator-budget-without-running-cost"], smaller) == ()


def test_every_fact_of_a_rule_exists() -> None:
    facts = project_facts(CONSISTENT, load_framework())
    for rule in load_rules():
        assert {*rule.facts, *rule.shown} <= set(facts), rule.id


@given(project_files(), st.booleans())
@settings(max_examples=examples(100), deadline=None)
def test_any_project_file_can_be_checked(file: pf.ProjectFile, explained: bool) -> None:
    reasons = {rule.id: "Because." for rule in load_rules()} if explained else {}
    for finding in inconsistencies(file, load_framework(), explanations=reasons):
        assert finding.paths
        assert "{" not in finding.message
        assert "None" not in finding.message
        assert (finding.severity is Severity.AMBER) == (explained and finding.explainable)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[rules]]\nid = "a"\nmessage = "b"', "needs id"),
        ('[[rules]]\nid = "a"\nmessage = "b"\nwhen = [["x", "missing"]]\nwhy = 1', "needs id"),
        ('[[rules]]\nid = "a"\nmessage = "b"\nwhen = [["x", "over", 1]]', "needs a fact"),
        ('[[rules]]\nid = "a"\nmessage = "b"\nwhen = [["x", "above"]]', "needs a fact"),
        ('[[rules]]\nid = "a"\nmessage = "b"\nwhen = [["x", "missing", 1]]', "needs a fact"),
        ('[[rules]]\nid = "a"\nmessage = "b"\nwhen = [["x", "missing"]]\n' * 2, "twice"),
    ],
)
def test_rules_that_are_not_complete_are_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_rules(text)
