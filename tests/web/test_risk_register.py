"""The risk register: entering, changing and taking off risks, without script; what is untouched stays as stored."""

import re
from dataclasses import replace
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Project
from appraisal.services.project_mapping import apply_file, to_file
from scoring.project_file import Distribution, Family, Mitigation, RiskCategory, RiskEvent, Uncertainty
from tests.web.planner_browser import KEY, Browser, problems, stored, with_table

ATTACK = {
    "risks-0-name": "Attack",
    "risks-0-category": "cyber-incident",
    "risks-0-likely": "own",
    "risks-0-chance": "3",
    "risks-0-per": "year",
    "risks-0-cost_as": "own",
    "risks-0-cost_low": "1",
    "risks-0-cost_likely": "3",
    "risks-0-cost_high": "20",
    "risks-0-late_as": "own",
    "risks-0-lost": "10",
    "risks-0-lasts": "2",
    "risks-0-measure": "A second centre; the city's data office",
    "risks-0-measure_cost": "0.5",
    "risks-0-less_chance": "40",
}
FOUND = RiskEvent(
    name="Attack",
    category=RiskCategory.CYBER_INCIDENT,
    probability=0.03,
    per="year",
    cost=Distribution(family=Family.TRIANGULAR, low=1, mode=3, high=20),
    revenue_factor=0.9,
    years=2,
    mitigation=Mitigation(measure="A second centre; the city's data office", cost=0.5, probability_factor=0.6),
)
ODD = (
    RiskEvent(
        name="Claim",
        category=RiskCategory.FINANCE,
        probability=1 / 3,
        cost=Distribution(family=Family.LOGNORMAL, p50=2, p90=9),
        delay=Distribution(family=Family.PERT, low=0.1, mode=1 / 3, high=2),
        mitigation=Mitigation(),
    ),
    RiskEvent(name="Storm", category=RiskCategory.FORCE_MAJEURE, probability=0.1, revenue_factor=1.25),
)


@pytest.fixture
def page(planner: Browser, draft: str) -> str:
    with_table(planner, draft)
    return f"{draft}/uncertainty"


def typed_in(text: str) -> dict[str, str]:
    """Every field of the register as the page holds it."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", text):
        name, value = re.search(r'name="(risks-[^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="radio"' not in tag or " checked" in tag):
            found[name[1]] = unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select[^>]*name="(risks-[^"]*)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def test_a_form_opened_before_there_was_a_register_takes_no_risk_off(
    sessions: sessionmaker[Session], planner: Browser, page: str
) -> None:
    assert planner.send(page, ATTACK).status_code == 302
    assert planner.send(page, {}).status_code == 302
    kept = stored(sessions).uncertainty
    assert kept is not None
    assert kept.events == (FOUND,)
    assert planner.send(page, {"risks-listed": "1"}).status_code == 302
    assert stored(sessions).uncertainty is None


def test_nothing_is_certain_while_no_risk_is_listed(planner: Browser, page: str) -> None:
    text = planner.get(page).text
    assert "No risk is listed" in text
    assert "the experience with similar projects alone stands in" in text
    assert text.count("add-risk:") == len(RiskCategory)
    tasks = planner.get(page.replace("uncertainty", "tasks")).text
    assert "No risk is listed. Only the experience with similar projects stands in" in tasks
    assert "Risks: none is listed" in planner.get(page.replace("uncertainty", "check")).text


def test_a_risk_is_entered_comes_back_and_is_listed_before_sending(
    planner: Browser, page: str, sessions: sessionmaker[Session]
) -> None:
    begun = planner.send(page, {"step": "add-risk:cyber-incident"})
    assert begun.status_code == 200
    assert typed_in(begun.text)["risks-0-category"] == "cyber-incident"
    assert "add-risk:cyber-incident" not in begun.text, "it is thought of"
    assert stored(sessions).uncertainty is None, "a button for a row stores nothing"
    calm = planner.get(page).text
    assert planner.send(page, ATTACK).status_code == 302
    assert stored(sessions).uncertainty == Uncertainty(events=(FOUND,)), "experience goes on to speak for the rest"
    again = planner.get(page).text
    assert ATTACK.items() <= typed_in(again).items()
    assert "Risks: 1 listed" in again
    assert comes_to(again) != comes_to(calm), "the preview counts it"
    check = unescape(planner.get(page.replace("uncertainty", "check")).text)
    assert "how likely: 3% in each year of operation; extra cost: 1 to 20 USD million, likeliest 3;" in check
    assert "1 risk listed." in planner.get(page.replace("uncertainty", "tasks")).text


def comes_to(text: str) -> str:
    found = re.search(r'id="comes-to"(.*?)Economic net present value', text, re.DOTALL)
    assert found is not None
    return found[1]


def test_a_risk_is_taken_off_and_the_others_keep_their_places(
    planner: Browser, page: str, sessions: sessionmaker[Session]
) -> None:
    second = {name.replace("-0-", "-1-"): value for name, value in ATTACK.items()} | {"risks-1-name": "Leak"}
    left = planner.send(page, {**ATTACK, **second, "step": "remove-risk:0"})
    row = typed_in(left.text)
    assert row["risks-0-name"] == "Leak"
    assert not any(name.startswith("risks-1-") for name in row)
    for nowhere in ("remove-risk:7", "remove-risk:", "remove-risk:-1", "add-risk:nothing"):
        assert planner.send(page, {**ATTACK, "step": nowhere}).status_code == 200
    assert planner.send(page, row).status_code == 302
    uncertain = stored(sessions).uncertainty
    assert uncertain is not None
    assert [event.name for event in uncertain.events] == ["Leak"]
    assert planner.send(page, {"risks-listed": "1"}).status_code == 302
    assert stored(sessions).uncertainty is None


def test_what_is_missing_or_does_not_rise_is_told_at_its_field(planner: Browser, page: str) -> None:
    wrong = {"risks-1-cost_low": "3", "risks-1-chance": "3", "risks-1-lasts": "1.5", "risks-1-less_effect": "200"}
    falling = {"risks-2-late_low": "3", "risks-2-late_likely": "2", "risks-2-late_high": "9"}
    kinds = {"risks-2-name": "Permit", "risks-2-category": "construction", "risks-2-likely": "0.1"}
    begun = {"risks-0-category": "demand"}
    response = planner.send(page, {**begun, **wrong, **falling, **kinds})
    assert response.status_code == 422
    assert problems(response) == [
        ("#risks-1-name", "Say in a few words what could happen."),
        ("#risks-1-category", "Choose the kind of risk."),
        ("#risks-1-likely", "Choose how likely it is."),
        ("#risks-1-chance", "Choose “My own number” above, or leave this empty."),
        ("#risks-1-cost_likely", "Enter all three: least, likeliest and most."),
        ("#risks-1-cost_high", "Enter all three: least, likeliest and most."),
        ("#risks-1-lasts", "Enter whole years."),
        ("#risks-1-less_effect", "The number cannot be more than 100."),
        ("#risks-2-late_high", "Least, likeliest and most rise in this order."),
    ]
    assert typed_in(planner.get(page).text)["risks-2-late_low"] == "3", "kept as it was typed"


def test_what_a_file_states_otherwise_stays_exactly_and_goes_with_its_row(
    planner: Browser, page: str, sessions: sessionmaker[Session]
) -> None:
    with sessions.begin() as session:
        project = session.get_one(Project, UUID(KEY))
        apply_file(project, replace(to_file(project), uncertainty=Uncertainty(events=ODD)))
    rows = typed_in(planner.get(page).text)
    assert "As the project file states it: lognormal, p50 2, p90 9" in planner.get(page).text
    assert planner.send(page, rows).status_code == 302
    assert events(sessions) == ODD, "not one digit of what nobody touched"
    moved = {
        **{name.replace("-0-", "-1-"): value for name, value in rows.items() if name.startswith("risks-0-")},
        **{name.replace("-1-", "-0-"): value for name, value in rows.items() if name.startswith("risks-1-")},
    }
    assert planner.send(page, {**moved, "risks-1-name": "Claims"}).status_code == 302
    storm, claims = events(sessions)
    assert storm == ODD[1]
    assert (claims.name, claims.cost, claims.delay) == ("Claims", ODD[0].cost, ODD[0].delay)
    assert claims.probability == pytest.approx(1 / 3, abs=1e-8)
    gone = {**moved, "risks-0-cost_as": "stated-0123456789abcdef"}
    assert [link for link, _ in problems(planner.send(page, gone))] == ["#risks-0-cost_as"]


def events(sessions: sessionmaker[Session]) -> tuple[RiskEvent, ...]:
    uncertain = stored(sessions).uncertainty
    return uncertain.events if uncertain else ()


def test_someone_faster_leaves_both_texts(planner: Browser, page: str) -> None:
    seen = planner.get(page).text
    assert planner.send(page, ATTACK).status_code == 302
    old = {
        name: found[1]
        for name in ("csrf_token", "version", "seen")
        if (found := re.search(rf'name="{name}"[^>]*value="([^"]*)"', seen))
    }
    lost = planner.client.post(page, data={**old, **ATTACK, "risks-0-name": "Mine"})
    assert lost.status_code == 409
    assert "Risk 1: What could happen</th><td>Mine</td><td>Attack" in lost.text
