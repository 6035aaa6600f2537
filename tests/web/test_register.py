"""The registration journey as a browser without script walks it, with bad input, bad luck and bad will."""

import html
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AppraisalRun, Project, ProjectState, Role, Submission
from appraisal.services.project_mapping import to_file
from scoring.project_file import Answer, EvidenceGrade
from tests.web.people import signed_in_as
from tests.web.planner_browser import KEY, PASTE, PROJECT, Browser, hidden_input, problems, stored

VECTORS = json.loads((Path(__file__).parent.parent / "cases" / "paste_vectors.json").read_text(encoding="utf-8"))


def test_from_nothing_to_a_ranked_appraisal(
    app: Flask, sessions: sessionmaker[Session], planner: Browser, draft: str
) -> None:
    read = planner.send(f"{draft}/money/paste", {"text": PASTE}, form=f"{draft}/money")
    assert "Is the table read rightly?" in read.text
    chosen = {
        "text": PASTE,
        "step": "store",
        "lines-0-kind": "capex-it",
        "lines-1-kind": "opex",
        "lines-2-kind": "benefit",
    }
    assert planner.send(f"{draft}/money/store", chosen, form=f"{draft}/money").location == f"{draft}/money"
    assert "What the stored table says" in planner.get(f"{draft}/money").text
    answers = {"DS1-level": "3", "DS1-evidence": "E2", "DS1-source": "DPIA 2026, p. 4", "DS2-level": "unknown"}
    assert planner.send(f"{draft}/answers/safeguards", answers).status_code == 302
    check = planner.get(f"{draft}/check").text
    assert "DPIA 2026, p. 4" in check
    assert "Send the project" in check
    sent = planner.send(f"{draft}/submit", {}, form=f"{draft}/check")
    assert sent.location == f"{draft}/sent"
    assert "P-0001 is sent" in planner.get(sent.location).text
    file = stored(sessions)
    assert file.answers == {
        "DS1": Answer(level=3, evidence=EvidenceGrade.THIRD_PARTY, source="DPIA 2026, p. 4"),
        "DS2": Answer(unknown=True),
    }
    analyst = Browser(signed_in_as(app, sessions, Role.ANALYST)[0])
    assert "Not appraised yet" in analyst.get(draft).text
    assert analyst.send(f"{draft}/appraise", {}, form=draft).status_code == 302
    page = analyst.get(draft).text
    assert "Why this score" in page
    assert "&lt;b&gt;" in page
    assert "<b>&#34;" not in page
    assert "P-0001" in analyst.get("/portfolio").text
    assert analyst.get("/runs/1/report.pdf").data.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("zzz", "ZZZ is no currency code of ISO 4217. Use one such as USD, KRW or INR."),
        ("$", "A currency code has three letters, A to Z, not “$”."),
    ],
)
def test_an_unknown_currency_is_refused_at_its_field(planner: Browser, typed: str, said: str) -> None:
    response = planner.send("/projects/new", {**PROJECT, "currency": typed})
    assert response.status_code == 422
    assert problems(response) == [("#currency", said)]


def test_a_refused_form_keeps_what_was_typed_and_links_to_the_fields(planner: Browser) -> None:
    response = planner.send("/projects/new", {**PROJECT, "city": "", "years": "many", "areas": []})
    assert response.status_code == 422
    assert problems(response) == [
        ("#city", "Enter the city or district."),
        ("#areas", "Tick at least one action area."),
        ("#years", "Years from first spending to the end of its use is a whole number from 2 to 480."),
    ]
    assert 'value="many"' in response.text
    assert "Signals &lt;b&gt;" in response.text
    assert "<title>Error: " in response.text


@pytest.mark.asvs("2.3.4")
def test_sent_twice_it_is_registered_once(sessions: sessionmaker[Session], planner: Browser, draft: str) -> None:
    again = planner.send("/projects/new", PROJECT)
    assert again.location == f"{draft}/tasks"
    with sessions() as session:
        assert len(session.scalars(select(Project)).all()) == 1


def test_a_broken_paste_names_the_cell_and_stores_nothing(
    sessions: sessionmaker[Session], planner: Browser, draft: str
) -> None:
    broken = PASTE.replace("0.2", "about 2")
    response = planner.send(f"{draft}/money/paste", {"text": broken}, form=f"{draft}/money")
    assert response.status_code == 422
    assert problems(response) == [("#text", "Row 3, column 3: “Operation” 2028: “about 2” is not a number.")]
    assert "about 2" in response.text
    stores = {
        "text": broken,
        "step": "store",
        "lines-0-kind": "capex-it",
        "lines-1-kind": "opex",
        "lines-2-kind": "benefit",
    }
    assert planner.send(f"{draft}/money/store", stores, form=f"{draft}/money").status_code == 422
    assert stored(sessions).cash_flows.lines == ()


def test_what_has_two_readings_is_asked_before_it_is_stored(
    sessions: sessionmaker[Session], planner: Browser, draft: str
) -> None:
    text = "Item\t2027\t2028\r\nCapital cost\t1.234\t\r\nSavings\t2\t3\r\n"
    given = {"text": text, "lines-0-kind": "capex-it", "lines-1-kind": "benefit", "step": "store"}
    refused = planner.send(f"{draft}/money/store", given, form=f"{draft}/money")
    assert refused.status_code == 422
    assert len(problems(refused)) == 2
    assert stored(sessions).cash_flows.lines == ()
    answered = {**given, "decimal_mark": ",", "blanks": "zero", "scale": "1000"}
    assert planner.send(f"{draft}/money/store", answered, form=f"{draft}/money").status_code == 302
    assert stored(sessions).cash_flows.lines[0].amounts == (Decimal("1.234"), Decimal(0)), "1,234 thousand in millions"


def typed(**cells: str) -> dict[str, str]:
    """A typed table of one line with three years, cells overridden."""
    row = {"lines-0-label": "Signals", "lines-0-kind": "capex-it"}
    return {**row, **{f"lines-0-amounts-{year}": "1" for year in range(10)}, **cells, "step": "read"}


def test_a_typed_cell_that_is_no_number_is_named_in_place(
    sessions: sessionmaker[Session], planner: Browser, draft: str
) -> None:
    data = typed(**{"lines-0-amounts-2": "NaN", "lines-0-amounts-3": "9" * 90})
    response = planner.send(f"{draft}/money/typed", data, form=f"{draft}/money")
    assert response.status_code == 422
    found = problems(response)
    assert [link for link, _ in found] == ["#lines-0-amounts-2", "#lines-0-amounts-3"]
    assert found[0][1] == "“Signals” 2029: “NaN” is not a number."
    assert 'value="NaN"' in response.text
    assert stored(sessions).cash_flows.lines == ()


def test_a_typed_table_is_shown_and_then_stored(sessions: sessionmaker[Session], planner: Browser, draft: str) -> None:
    more = planner.send(f"{draft}/money/typed", {**typed(), "step": "add-line"}, form=f"{draft}/money")
    assert 'name="lines-1-label"' in more.text
    shown = planner.send(f"{draft}/money/typed", typed(**{"lines-0-amounts-9": ""}), form=f"{draft}/money")
    assert "One cell is blank" in shown.text
    text = re.search(r"<textarea[^>]*name=\"text\"[^>]*>\s*(.*?)</textarea>", shown.text, re.DOTALL)
    assert text is not None
    data = {
        "text": html.unescape(text[1]),
        "blanks": "zero",
        "scale": "1000000",
        "lines-0-kind": "capex-it",
        "step": "store",
    }
    assert planner.send(f"{draft}/money/store", data, form=f"{draft}/money").status_code == 302
    (line,) = stored(sessions).cash_flows.lines
    assert (line.name, line.line_class, line.amounts) == ("Signals", "it", (*[Decimal(1)] * 9, Decimal(0)))


def test_what_is_stored_comes_back_into_the_grid(sessions: sessionmaker[Session], planner: Browser) -> None:
    response = planner.send("/projects/example", {}, form="/projects/start")
    page = planner.get(response.location.replace("/tasks", "/money")).text
    with sessions() as session:
        file = to_file(session.scalars(select(Project)).one())
    data = {
        html.unescape(name): html.unescape(value)
        for name, value in re.findall(r'name="(lines-[^"]*)"[^>]*value="([^"]*)"', page)
    }
    for position, line in enumerate(file.cash_flows.lines):
        assert data[f"lines-{position}-label"] == line.name
        shown = [Decimal(data[f"lines-{position}-amounts-{period}"]) for period in range(len(line.amounts))]
        assert shown == list(line.amounts)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_every_collected_paste_is_read_by_the_page_as_by_the_reader(
    planner: Browser, draft: str, vector: dict[str, Any]
) -> None:
    response = planner.send(f"{draft}/money/paste", {"text": vector["paste"]}, form=f"{draft}/money")
    expected = vector["expect"]
    assert response.status_code == (200 if expected["ok"] else 422)
    for label in expected.get("lines", {}):
        assert html.escape(label, quote=False) in response.text.replace("&#39;", "'").replace("&#34;", '"')
    for question in expected.get("questions", ()):
        assert f'name="{question}"' in response.text


def test_someone_faster_is_not_overwritten_and_nothing_typed_is_lost(
    sessions: sessionmaker[Session], planner: Browser, draft: str
) -> None:
    old = hidden_input(planner.get(f"{draft}/project").text, "version")
    assert old is not None
    assert planner.send(f"{draft}/project", {**PROJECT, "city": "Theirs <i>"}).status_code == 302
    mine = planner.send(f"{draft}/project", {**PROJECT, "city": "Mine", "version": old[1]})
    assert mine.status_code == 409
    assert "Theirs &lt;i&gt;" in mine.text
    assert 'value="Mine"' in mine.text
    assert stored(sessions).city == "Theirs <i>"
    now = hidden_input(mine.text, "version")
    assert now is not None
    assert planner.send(f"{draft}/project", {**PROJECT, "city": "Mine", "version": now[1]}).status_code == 302
    assert stored(sessions).city == "Mine"


def test_a_bad_number_is_refused_at_its_indicator(planner: Browser, draft: str) -> None:
    response = planner.send(f"{draft}/answers/inclusiveness", {"IN2-value": "72%", "IN1-reason": "Kept"})
    assert response.status_code == 422
    assert problems(response) == [("#IN2-value", "“72%” is a percentage: enter the plain number.")]
    assert "Kept" in response.text


@pytest.mark.asvs("2.2.2", "2.3.1")
def test_nothing_is_sent_while_something_required_is_missing(
    sessions: sessionmaker[Session], planner: Browser, draft: str
) -> None:
    response = planner.send(f"{draft}/submit", {"version": "1"}, form=f"{draft}/tasks")
    assert response.status_code == 422
    assert problems(response) == [(f"{draft}/money", "Enter what it costs and what it brings, year by year.")]
    with sessions() as session:
        assert session.get_one(Project, UUID(KEY)).state is ProjectState.DRAFT


@pytest.mark.asvs("8.2.2", "8.4.1")
def test_a_draft_is_nobody_elses(app: Flask, sessions: sessionmaker[Session], draft: str) -> None:
    for role in (Role.ANALYST, Role.ADMIN, Role.APPRAISER, Role.APPROVER):
        stranger = signed_in_as(app, sessions, role)[0]
        for page in ("", "/tasks", "/money", "/check", "/project", "/answers/needs", "/project.json", "/sent"):
            assert stranger.get(f"{draft}{page}").status_code == 404, (role, page)
        assert stranger.get("/projects/start").status_code == 403
        assert draft not in stranger.get("/projects").text


def test_taken_back_and_discarded(sessions: sessionmaker[Session], planner: Browser, draft: str) -> None:
    assert planner.send(f"{draft}/discard", {}, form=f"{draft}/tasks").location == "/projects"
    assert "You have no projects yet" in planner.get("/projects").text
    response = planner.send("/projects/example", {}, form="/projects/start")
    example = response.location.removesuffix("/tasks")
    planner.send(f"{example}/submit", {}, form=f"{example}/check")
    assert planner.get(f"{example}/tasks").status_code == 403
    planner.send(f"{example}/take-back", {}, form=f"{example}/sent")
    assert planner.get(f"{example}/tasks").status_code == 200
    with sessions() as session:
        assert session.scalars(select(AppraisalRun)).all() == []


def test_two_clicks_make_one_example_and_send_it_once(sessions: sessionmaker[Session], planner: Browser) -> None:
    page = planner.get("/projects/start").text
    key = hidden_input(page, "key")
    assert key is not None
    made = {planner.send("/projects/example", {"key": key[1]}, form="/projects/start").location for _ in range(2)}
    assert made == {f"/projects/{key[1]}/tasks"}
    example = f"/projects/{key[1]}"
    check = planner.get(f"{example}/check").text
    form = {name: found[1] for name in ("csrf_token", "version") if (found := hidden_input(check, name))}
    answers = [planner.client.post(f"{example}/submit", data=form) for _ in range(2)]
    assert {(each.status_code, each.location) for each in answers} == {(302, f"{example}/sent")}
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 1


@pytest.mark.parametrize("path", ["answers/gold", "money/nothing", "nothing"])
def test_unknown_sections_are_not_found(planner: Browser, draft: str, path: str) -> None:
    assert planner.get(f"{draft}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["money/typed", "money/paste", "money/store"])
def test_a_page_that_is_only_sent_leads_back_when_it_is_opened(planner: Browser, draft: str, path: str) -> None:
    assert planner.get(f"{draft}/{path}").location == f"{draft}/money"


@pytest.mark.usefixtures("draft")
def test_a_name_that_is_there_already_is_said_and_not_stopped(planner: Browser) -> None:
    other = {**PROJECT, "key": "8bc7b2d2-4336-4796-a56e-f9f037352474", "title": f"{PROJECT['title']}s"}
    response = planner.send("/projects/new", other)
    assert response.status_code == 302
    assert "It looks like P-0001" in planner.get(response.location).text
    unlike = {**PROJECT, "key": "8bc7b2d2-4336-4796-a56e-f9f037352475", "title": "A bicycle bridge"}
    assert "It looks like" not in planner.get(planner.send("/projects/new", unlike).location).text


@pytest.mark.usefixtures("draft")
def test_similar_projects_are_named_under_the_name(planner: Browser) -> None:
    part = planner.get("/projects/similar?name=signals+%3Cb%3E").text
    assert "P-0001" in part
    assert "the same?" in part
    assert "<b>" not in part
    assert "P-0001" not in planner.get(f"/projects/similar?name={PROJECT['title']}&but={KEY}").text
    assert planner.get("/projects/similar?name=&but=x").text.strip() == ""
    other = {**PROJECT, "key": "8bc7b2d2-4336-4796-a56e-f9f037352474"}
    address = planner.send("/projects/new", other).location.removesuffix("/tasks")
    assert "the same?" in planner.get(f"{address}/project").text, "said without script as well"
