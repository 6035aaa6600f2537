"""The what-if as pages without script: an address explores, a form saves, the record stays."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from appraisal.database import sessions_on
from appraisal.models import Role
from appraisal.services import programme
from appraisal.web import what_if
from scoring.selection import NoProgrammeFound, Problem, Selection
from tests.applications import application
from tests.databases import migrated_sqlite
from tests.web.people import signed_in_as, token
from tests.web.test_pages import ranked

BOTH = ("opal-lakes", "opal-lakes-3-percent")
PAGES = ("/portfolio", "/portfolio/certainty", "/portfolio/programme", "/portfolio/live")
PRESET = "w-bankability=10&w-safeguards=25&w-inclusiveness=40&w-needs=25"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, sessionmaker[Session]]]:
    """One appraised portfolio for every test here: looking changes nothing, and scenarios have names of their own."""
    engine = migrated_sqlite(tmp_path_factory.mktemp("portfolio") / "web.db")
    sessions = sessions_on(engine)
    ranked(sessions, *BOTH)
    yield application(engine), sessions
    engine.dispose()


@pytest.fixture(scope="module")
def chair(shared: tuple[Flask, sessionmaker[Session]]) -> FlaskClient:
    return signed_in_as(*shared, Role.APPROVER)[0]


def text(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def test_an_address_explores_and_says_so(chair: FlaskClient) -> None:
    record = chair.get("/portfolio").text
    assert "What-if." not in record
    page = chair.get(f"/portfolio?{PRESET}&budget=100&lock=needs")
    assert page.status_code == 200
    assert "Only you see this; the record stays as it is." in text(page.text)
    assert "Against the record:" in text(page.text)
    assert re.search(r'name="w-inclusiveness"[^>]* value="40"', page.text)
    assert re.search(r'name="lock" value="needs" checked', page.text)
    assert chair.get("/portfolio").text.count("What-if.") == 0


def test_to_whom_not_all_is_shown_every_page_says_whose_projects_count(
    chair: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "Only the 2 projects you see are counted, as were they alone under the budget"
    paths = ("/portfolio/certainty", "/portfolio/methods", "/portfolio/programme?objective=score")
    assert not any("projects you see" in text(chair.get(path).text) for path in paths)
    monkeypatch.setattr(what_if.Asked, "sees_all", False)
    pages = [text(chair.get(path).text) for path in paths]
    assert [said in page for page in pages] == [True] * len(paths)
    assert "of the 2 projects you see would make the best programme" in pages[2]


def test_presets_and_sorting_keep_the_state(chair: FlaskClient) -> None:
    page = html.unescape(chair.get("/portfolio?budget=100&must=NSW-OPAL").text)
    assert re.search(r'href="/portfolio\?w-bankability=50[^"]*budget=100[^"]*must=NSW-OPAL"', page)
    assert re.search(r'href="/portfolio\?budget=100&must=NSW-OPAL&sort=title"', page)
    assert 'href="/portfolio/programme?budget=100&must=NSW-OPAL"' in page
    assert 'href="/portfolio?budget=100"' in page  # the pin's own chip takes it away


def test_contradictions_are_said_at_once(chair: FlaskClient) -> None:
    page = text(chair.get("/portfolio?must=NSW-OPAL").text)
    assert "NSW-OPAL is pinned in, but a gate blocks it" in page
    wrong = text(chair.get("/portfolio?w-needs=lots").text)
    assert "A weight is a number from 0 to 100, not “lots”." in wrong


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_in_every_state(chair: FlaskClient, path: str) -> None:
    for query in (
        "",
        PRESET,
        "budget=0",
        "cap-2027=1&cap-2028-grants=2",
        "out=NSW-OPAL&out=NSW-OPAL-3",
        "must=%00&w-needs=%F0&budget=%3Cb%3E",
    ):
        assert chair.get(f"{path}?{query}").status_code == 200, query


@pytest.mark.parametrize("path", [*PAGES, "/portfolio/scenarios", "/portfolio/compare"])
def test_pages_are_there_before_anything_is_ranked(app: Flask, sessions: sessionmaker[Session], path: str) -> None:
    client, _ = signed_in_as(app, sessions, Role.ANALYST)
    assert client.get(path).status_code == 200


def test_rules_of_the_programme_are_kept_and_their_errors_stand_at_the_field(chair: FlaskClient) -> None:
    page = chair.get("/portfolio/programme?one=NSW-OPAL+NSW-OPAL-3&needs=nothing&objective=score").text
    assert re.search(r'value="score" checked', page)
    assert ">NSW-OPAL NSW-OPAL-3</textarea>" in page
    assert "Write “A needs B”, not “nothing”." in text(page)
    futures = chair.get("/portfolio/programme?objective=score&futures=1")
    assert "Robust core" in text(futures.text)


RULES = "risk=5&later=2&start=NSW-OPAL+2029+to+2030&objective=score"


def test_start_years_and_risk_are_asked_for_kept_and_carried(chair: FlaskClient) -> None:
    page = chair.get(f"/portfolio/programme?{RULES}").text
    assert re.search(r'name="risk"[^>]* value="5"', page)
    assert ">NSW-OPAL 2029 to 2030</textarea>" in page
    assert "risk=5&amp;later=2&amp;start=NSW-OPAL+2029+to+2030" in page
    address = f"/portfolio/scenarios/new?{RULES}"
    form = {"name": "Later", "reason": "The council asked.", "csrf_token": token(chair, address)}
    sent = chair.post(address, data=form, follow_redirects=True)
    assert "chance of a loss at most 5%; any start up to 2 years later; starts NSW-OPAL 2029 to 2030" in text(sent.text)
    opened = re.search(r'href="(/portfolio/scenarios/[0-9a-f-]{36})"', sent.text)
    assert opened is not None
    where = chair.get(opened[1]).headers["Location"]
    assert where.endswith("/portfolio/programme?objective=score&risk=5&later=2&start=NSW-OPAL+2029+to+2030")


def test_a_clash_stands_at_its_field_with_the_numbers(chair: FlaskClient) -> None:
    page = chair.get("/portfolio/programme?must=NSW-OPAL&budget=1").text
    assert "No programme keeps all rules" in text(page)
    assert re.search(r'href="#budget"', page)
    assert re.search(r'id="budget"[^>]*aria-describedby="budget-problem" aria-invalid="true"', page)
    blocked = text(chair.get("/portfolio/programme?must=NSW-OPAL").text)
    assert "A gate blocks NSW-OPAL" in blocked
    assert "the others can hold: unpin NSW-OPAL or lift the gate of NSW-OPAL." in blocked


def test_a_scenario_is_saved_once_listed_opened_and_compared(chair: FlaskClient) -> None:
    address = f"/portfolio/scenarios/new?{PRESET}"
    form = {"name": "Inclusive  first", "reason": "The council asked.", "csrf_token": token(chair, address)}
    sent = chair.post(address, data=form, follow_redirects=True)
    assert "Inclusive first is saved." in sent.text
    assert "inclusiveness 40%" in text(sent.text)
    opened = re.search(r'href="(/portfolio/scenarios/[0-9a-f-]{36})"', sent.text)
    assert opened is not None
    assert chair.get(opened[1]).headers["Location"].endswith(f"/portfolio?{PRESET}")
    again = chair.post(address, data=form | {"reason": "Another."})
    assert again.status_code == 422
    assert "already a what-if called Inclusive first" in again.text
    compared = chair.get(f"/portfolio/scenarios/compare?left=record&right={opened[1].rsplit('/', 1)[1]}")
    assert "The record against Inclusive first" in text(compared.text)
    assert chair.get("/portfolio/scenarios/compare?right=nothing").status_code == 404


def test_a_scenario_needs_a_name_a_reason_and_something_explored(chair: FlaskClient) -> None:
    address = f"/portfolio/scenarios/new?{PRESET}"
    empty = chair.post(address, data={"csrf_token": token(chair, address)})
    assert empty.status_code == 422
    assert "Enter a name." in empty.text
    assert "Enter the reason." in empty.text
    form = {"name": "Nothing", "reason": "None", "csrf_token": token(chair, address)}
    refused = chair.post("/portfolio/scenarios/new", data=form)
    assert refused.status_code == 422
    assert "Nothing differs from the record" in refused.text


@pytest.mark.parametrize("role", [Role.PLANNER, Role.APPRAISER])
def test_scenarios_are_for_those_who_see_every_project(shared: tuple[Flask, sessionmaker[Session]], role: Role) -> None:
    client, _ = signed_in_as(*shared, role)
    for path in ("/portfolio/scenarios", "/portfolio/scenarios/new", "/portfolio/scenarios/compare"):
        page = client.get(path)
        assert page.status_code == 403
        assert "admin or analyst or approver" in page.text
    assert "Scenarios" not in client.get("/portfolio").text
    # Nor does exploring show what the portfolio does not: neither sees a project here.
    for path in (*PAGES, "/portfolio/compare"):
        assert "Opal" not in client.get(f"{path}?must=NSW-OPAL&project=NSW-OPAL&project=NSW-OPAL-3").text.replace(
            "NSW-OPAL", ""
        )


def test_two_are_compared_and_five_ask_which_to_drop(chair: FlaskClient) -> None:
    page = chair.get("/portfolio/compare?project=NSW-OPAL&project=NSW-OPAL-3").text
    assert "Show only differences" in page
    assert "differs" in page
    only = chair.get("/portfolio/compare?project=NSW-OPAL&project=NSW-OPAL-3&only=differences").text
    assert len(only) < len(page)
    assert re.search(
        r"It is [0-9.]+ points behind\. No single weight puts it ahead\.|They are level by score\.", text(page)
    )
    one = chair.get("/portfolio/compare?project=NSW-OPAL&project=HAN-99")
    assert one.status_code == 422
    assert "One project is ticked" in one.text


def test_a_search_that_was_stopped_says_how_far_from_the_best_it_can_be(
    chair: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = programme.choose

    def stopped(problem: Problem, *, gap: float, time_limit: float) -> Selection:
        found = whole(problem, gap=gap, time_limit=time_limit)
        return replace(found, proven=False, gap=0.008, stopped="stopped after 5 s")

    monkeypatch.setattr(programme, "choose", stopped)
    page = text(chair.get("/portfolio/programme?objective=score").text)
    assert "within 0.8% of the best there can be; the search stopped after 5 seconds" in page

    def nothing(_problem: Problem, *, gap: float, time_limit: float) -> Selection:  # noqa: ARG001
        raise NoProgrammeFound(f"stopped after {time_limit:g} s before any programme was found")

    monkeypatch.setattr(programme, "choose", nothing)
    page = text(chair.get("/portfolio/programme?objective=score").text)
    assert "No programme was found in time" in page
    assert "stopped after 5 s before any programme was found. Take a rule away, or raise a budget." in page
