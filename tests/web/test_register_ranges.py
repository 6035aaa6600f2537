"""Sources of money and how sure the figures are, on the pages after the cash-flow table."""

import re
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Project
from appraisal.services.project_mapping import to_file
from forms.registration.uncertainty import answers_of
from tests.web.planner_browser import Browser, problems, stored, with_table


def test_sources_of_money_are_kept_and_come_back(sessions: sessionmaker[Session], planner: Browser, draft: str) -> None:
    with_table(planner, draft)
    loan = {"loans-0-name": "Bank", "loans-0-amounts-0": "2.5", "loans-0-amounts-1": "1.2", "loans-0-rate": "3.5"}
    terms = {"loans-0-tenor": "10", "loans-0-grace": "2", "loans-0-repayment": "annuity", "loans-0-interest": "paid"}
    data = {"grants-0": "1", "equity-0": "1", "equity-1": "2.0875", **loan, **terms}
    assert planner.send(f"{draft}/financing", data).location == f"{draft}/uncertainty"
    stated = stored(sessions).financing
    assert stated is not None
    assert (stated.grants, stated.equity) == ((Decimal(1),), (Decimal(1), Decimal("2.0875")))
    (bank,) = stated.debt
    assert (bank.name, bank.amounts, bank.rate, bank.tenor, bank.grace) == (
        "Bank", (Decimal("2.5"), Decimal("1.2")), 0.035, 10, 2,
    )  # fmt: skip
    page = planner.get(f"{draft}/financing").text
    assert 'name="loans-0-amounts-0" value="2.5"' in page
    assert "As it is stored, the project cannot be appraised yet" not in page
    planner.send(f"{draft}/financing", {**data, "grants-0": ""})
    assert "As it is stored, the project cannot be appraised yet" in planner.get(f"{draft}/financing").text
    assert planner.send(f"{draft}/financing", {}).status_code == 302
    assert stored(sessions).financing is None


@pytest.mark.asvs("2.2.3")
def test_a_loan_without_its_terms_is_refused_in_place(planner: Browser, draft: str) -> None:
    with_table(planner, draft)
    data = {"loans-0-amounts-0": "2", "grants-0": "", "grants-1": "x", "loans-0-grace": "4", "loans-0-tenor": "4"}
    response = planner.send(f"{draft}/financing", data)
    assert response.status_code == 422
    assert problems(response) == [
        ("#grants-1", "Grants 2028: “x” is not a number."),
        ("#loans-0-name", "Name the lender or the loan."),
        ("#loans-0-rate", "Enter the interest rate."),
        ("#loans-0-grace", "The years without repayment are fewer than all years of the loan."),
    ]
    more = planner.send(f"{draft}/financing", {**data, "step": "add-loan"})
    assert 'name="loans-1-name"' in more.text
    assert 'name="loans-0-amounts-0" value="2"' in more.text


def test_own_ranges_take_the_place_of_experience_and_back(
    sessions: sessionmaker[Session], planner: Browser, draft: str
) -> None:
    with_table(planner, draft)
    page = planner.get(f"{draft}/uncertainty").text
    assert "Taken now: Completed projects, information technology: cost 73% over plan on average" in page
    assert "n = 11 011" in page
    assert "1 future in 10 is worse, for society" in page
    own = {"capex-chosen": "own", "capex-low": "90", "capex-likely": "100", "capex-high": "150"}
    late = {"delay-chosen": "own", "delay-low": "0", "delay-likely": "0.5", "delay-high": "2"}
    assert planner.send(f"{draft}/uncertainty", {**own, **late}).status_code == 302
    stated = stored(sessions).uncertainty
    assert stated is not None
    ranges = {each.driver.value: each.distribution for each in stated.drivers}
    assert {name: answers_of(found) for name, found in ranges.items()} == {
        "capex": (0.9, 1.0, 1.5),
        "delay": (0.0, 0.5, 2.0),
        "demand": None,
    }
    by_class = {each.driver.value: each.reference_class for each in stated.drivers}
    assert by_class == {"capex": None, "delay": None, "demand": "road-demand"}, "experience goes on to speak for use"
    assert 'value="150"' in planner.get(f"{draft}/uncertainty").text
    response = planner.send(f"{draft}/uncertainty", {**own, "capex-low": "120", "opex-chosen": "own"})
    assert [link for link, _ in problems(response)] == ["#capex-high", "#opex-low", "#opex-likely", "#opex-high"]
    again = {f"{name}-chosen": "experience" for name in ("capex", "opex", "revenue", "benefits", "delay")}
    assert planner.send(f"{draft}/uncertainty", again).status_code == 302
    assert stored(sessions).uncertainty is None


def test_what_the_ranges_do_not_ask_about_is_kept(sessions: sessionmaker[Session], planner: Browser) -> None:
    response = planner.send("/projects/example", {}, form="/projects/start")
    address = response.location.removesuffix("/tasks")
    with sessions() as session:
        before = to_file(session.scalars(select(Project)).one())
    page = planner.get(f"{address}/uncertainty").text
    typed_in = dict(re.findall(r'name="([a-z]+-(?:low|likely|high))"[^>]*value="([^"]*)"', page))
    chosen = dict(re.findall(r'name="([a-z]+-chosen)" type="radio" value="(own|experience|stated)" checked', page))
    assert "stated" in chosen.values(), (
        "given by least, likeliest and greatest: another meaning than the three questions"
    )
    assert planner.send(f"{address}/uncertainty", {**typed_in, **chosen}).status_code == 302
    with sessions() as session:
        after = to_file(session.scalars(select(Project)).one())
    assert after.uncertainty is not None
    assert before.uncertainty is not None
    assert set(after.uncertainty.drivers) == set(before.uncertainty.drivers)
    assert after.uncertainty.events == before.uncertainty.events
