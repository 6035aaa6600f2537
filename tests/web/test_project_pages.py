"""A project's pages as a browser asks for them: what each shows, its files, who may see them, and every state."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AppraisalRun, Project, Role
from appraisal.policy import OPERATOR
from appraisal.reports.pictures import PICTURES
from appraisal.reports.run_tables import TABLES
from appraisal.services import accounts, appraising, drafting, registration
from tests import factories
from tests.web.people import let_in, person, signed_in_as, token
from tests.web.test_pages import ranked

PAGES = ("", "/returns", "/risk", "/record")


@pytest.fixture
def address(sessions: sessionmaker[Session]) -> str:
    """The pages of a project that was sent and appraised once."""
    ranked(sessions, "opal-lakes")
    with sessions() as session:
        return f"/projects/{session.scalars(select(Project.id)).one()}"


@pytest.fixture
def analyst(app: Flask, sessions: sessionmaker[Session]) -> FlaskClient:
    return signed_in_as(app, sessions, Role.ANALYST)[0]


def headings(page: str) -> Iterator[str]:
    found = re.findall(r"<h[12][^>]*>(.*?)</h[12]>", page, re.DOTALL)
    return (" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in found)


def test_each_page_leads_to_the_others_and_states_its_finding(analyst: FlaskClient, address: str) -> None:
    titles = []
    for path in PAGES:
        page = analyst.get(f"{address}{path}").text
        tabs = re.search(r'<nav class="tabs".*?</nav>', page, re.DOTALL)
        assert tabs is not None
        links = re.findall(rf'<li><a href="({address}[^".]*)"( aria-current="page")?>', tabs[0])
        assert [link for link, _ in links] == [f"{address}{each}" for each in PAGES]
        assert [link for link, current in links if current] == [f"{address}{path}"]
        assert "run 1 of" in page
        titles.append(next(headings(page)))
    assert re.match(r"Scores \d+ of 100, worth less than it costs in ", titles[0])
    assert titles[1].startswith("It does not pay for itself; society has ")
    assert titles[2].startswith("Society loses in ")
    assert titles[3] == "Sent once, appraised once"


def test_money_shows_all_measures_and_what_was_taken_by_default(analyst: FlaskClient, address: str) -> None:
    page = analyst.get(f"{address}/returns").text
    for said in (
        *("FNPV(C)", "FIRR", "MIRR", "Payback", "Profitability index", "Equivalent annual value", "Funding gap"),
        *("Levelised cost", "ENPV", "EIRR", "Benefit-cost ratio, capital cost only", "Who gains", "Rate a year"),
        *("Revenue is taken as", "The cash flows by year", "Net economic flow", "taken by default"),
    ):
        assert said in page, said
    assert page.count("Show as table") == page.count("Picture, SVG") == 2  # cash and economic flow; no debt


def test_risk_shows_the_draws_with_their_errors_and_what_decides(analyst: FlaskClient, address: str) -> None:
    page = analyst.get(f"{address}/risk").text
    for said in (
        *("200 draws, seed 1", "in 100", "Each mark is one future", "at every level", "Which assumption decides"),
        *("NPV is zero at", "Elasticity", "Share of variance", "Monte Carlo standard error", "never added"),
        *("uncertain quantities", "reference class", "Chance of stranding before the debt is repaid"),
    ):
        assert said in page, said


def test_pictures_and_tables_are_files(analyst: FlaskClient, address: str) -> None:
    saved = {
        link
        for path in PAGES
        for link in re.findall(r'href="(/runs/[^"]+(?:svg|csv))"', analyst.get(f"{address}{path}").text)
    }
    assert len(saved) > 15
    for link in saved:
        file = analyst.get(link)
        assert file.status_code == 200, link
        assert file.headers["Content-Disposition"].startswith('attachment; filename="NSW-OPAL-run-1-')
        if link.endswith("svg"):
            assert ElementTree.fromstring(file.data).tag.endswith("svg")  # noqa: S314 -- our own renderer's output
        else:
            rows = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
            assert len({len(row) for row in rows}) == 1, link
            assert len(rows) > 1, link
    for missing in ("/runs/1/pictures/debt-cover.svg", "/runs/1/pictures/nothing.svg", "/runs/1/tables/nothing.csv"):
        assert analyst.get(missing).status_code == 404


@pytest.mark.parametrize("number", [2**31, 10**20])
def test_a_number_no_database_counts_to_is_not_found(analyst: FlaskClient, address: str, number: int) -> None:
    files = (f"{address}/sent/{number}.pdf", f"/runs/{number}/pictures/cash.svg", f"/runs/{number}/tables/cash.csv")
    for path in (*files, f"/runs/{number}/report.pdf", f"/runs/{number}/report.xlsx"):
        assert analyst.get(path).status_code == 404, path
    form = {"csrf_token": token(analyst, "/account/password")}
    assert analyst.post(f"/runs/{number}/replay", data=form).status_code == 404


def test_nothing_of_it_is_there_for_others(app: Flask, sessions: sessionmaker[Session], address: str) -> None:
    for role in (Role.PLANNER, Role.APPRAISER):
        client, _ = signed_in_as(app, sessions, role)
        asked = [f"{address}{path}" for path in (*PAGES, "/compare?before=1&after=1")]
        asked += [f"/runs/1/pictures/{name}.svg" for name in PICTURES] + [
            f"/runs/1/tables/{name}.csv" for name in TABLES
        ]
        assert {client.get(path).status_code for path in asked} == {404}, role
        answer = client.post("/runs/1/replay", data={"csrf_token": token(client, "/account/password")})
        assert answer.status_code == 404


@pytest.mark.usefixtures("address")
def test_a_draft_and_what_waits_say_so(app: Flask, sessions: sessionmaker[Session], analyst: FlaskClient) -> None:
    with sessions() as session:
        planner = accounts.account_of(session, "planner.haneul@example.org")
    file = replace(factories.published_project(), reference="NEW", title="New")
    with sessions() as session:
        project = registration.register_project(session, planner, file)
    own = app.test_client()
    let_in(own, sessions, planner)
    for path in PAGES[:3]:
        page = own.get(f"/projects/{project.id}{path}").text
        assert "Go on with the draft" in page
    assert "It is a draft and was not sent yet." in own.get(f"/projects/{project.id}/record").text
    with sessions() as session:
        registration.submit_project(session, planner, project.id, project.version)
    for path in PAGES[:3]:
        assert (
            "Its score, returns and rank appear here once it is appraised."
            in analyst.get(f"/projects/{project.id}{path}").text
        )
    assert "Sent once, not appraised yet" in analyst.get(f"/projects/{project.id}/record").text


def run_again(sessions: sessionmaker[Session], title: str = "", seed: int = 1) -> int:
    """Another run, of a newer submission where a title is given."""
    with sessions() as session:
        key = session.scalars(select(Project.id)).one()
    if title:
        with sessions() as session:
            planner = accounts.account_of(session, "planner.haneul@example.org")
        with sessions() as session:
            drafting.take_back(session, planner, key)
        with sessions() as session:
            version = drafting.draft_of(session, planner, key).version
        with sessions() as session:
            drafting.edit_project(session, planner, key, version, lambda file: replace(file, title=title), part="test")
        with sessions() as session:
            version = drafting.draft_of(session, planner, key).version
        with sessions() as session:
            registration.submit_project(session, planner, key, version)
    with sessions() as session:
        return appraising.appraise_project(session, OPERATOR, key, seed=seed, draws=200).number


def test_two_runs_are_compared(analyst: FlaskClient, sessions: sessionmaker[Session], address: str) -> None:
    assert "With a second run you can see here what moved" in analyst.get(f"{address}/record").text
    run_again(sessions)
    run_again(sessions, title="Another name", seed=2)
    record = analyst.get(f"{address}/record").text
    assert '<option value="2" selected>' in record
    same = analyst.get(f"{address}/compare?before=1&after=2").text
    assert "Runs 1 and 2 have the same inputs and the same results" in same
    assert "No input differs" in same
    other = analyst.get(f"{address}/compare?before=1&after=3").text
    assert "Between runs 1 and 3, 2 inputs differ" in other
    assert "seed 1 to 2" in other
    assert "The seed of the draws" in other
    assert "The moves need not add up" in other


@pytest.mark.parametrize("asked", ["", "?before=1&after=1", "?before=1&after=99", "?before=x&after=1"])
def test_without_two_runs_one_is_asked_to_choose(analyst: FlaskClient, address: str, asked: str) -> None:
    page = analyst.get(f"{address}/compare{asked}", follow_redirects=True).text
    assert "Choose two different runs of this project to compare." in page


def test_another_engine_is_named(analyst: FlaskClient, sessions: sessionmaker[Session], address: str) -> None:
    run_again(sessions)
    with sessions.begin() as session:
        session.execute(text("DROP TRIGGER appraisal_run_no_update"))
        session.execute(text("UPDATE appraisal_run SET engine = '0.1' WHERE number = 1"))
    page = analyst.get(f"{address}/compare?before=1&after=2").text
    assert "Run 1 was computed with engine 0.1" in page
    assert "computed with engine 0.1" in analyst.get(f"{address}?run=1").text


def test_an_older_run_can_be_looked_at_and_is_marked(
    analyst: FlaskClient, sessions: sessionmaker[Session], address: str
) -> None:
    run_again(sessions, title="Another name")
    page = analyst.get(f"{address}/risk?run=1").text
    assert "not the newest run" in page
    assert f'<a href="{address}/risk">The newest is run 2</a>' in page
    assert f'href="{address}/returns?run=1"' in page
    assert "needs re-run" in page
    assert "not the newest run" not in analyst.get(f"{address}/risk?run=99").text


def test_a_run_is_computed_again_on_demand(analyst: FlaskClient, address: str) -> None:
    form = {"csrf_token": token(analyst, f"{address}/record")}
    assert "the same to the last bit" in analyst.post("/runs/1/replay", data=form, follow_redirects=True).text
    assert analyst.get("/runs/1/replay").status_code == 405


def test_a_record_that_was_changed_shows_nothing_but_that(
    analyst: FlaskClient, sessions: sessionmaker[Session], address: str
) -> None:
    with sessions.begin() as session:
        session.execute(text("DROP TRIGGER appraisal_run_no_update"))
        session.execute(text("UPDATE appraisal_run SET result = result || ' '"))
    for path in PAGES[:3]:
        page = analyst.get(f"{address}{path}").text
        assert "no longer holds the figures it was stored with" in page
        assert "<figure" not in page
    assert analyst.get("/runs/1/tables/financial.csv").status_code == 422


def test_who_appraises_is_assigned_on_the_record(app: Flask, sessions: sessionmaker[Session], address: str) -> None:
    email = person(sessions, Role.APPRAISER, "Bank")
    admin, _ = signed_in_as(app, sessions, Role.ADMIN)
    page = admin.get(f"{address}/record").text
    account = re.search(r'<option value="([0-9a-f-]{36})">', page)
    assert account is not None
    data = {"account": account[1], "csrf_token": token(admin, f"{address}/record")}
    assert email in admin.post(f"{address}/assign", data=data, follow_redirects=True).text
    assert "Nobody is assigned yet." in admin.post(f"{address}/unassign", data=data, follow_redirects=True).text


def test_pages_draw_nothing_again(
    analyst: FlaskClient, sessions: sessionmaker[Session], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(appraising, "computed_of")
    assert {analyst.get(f"{address}{path}").status_code for path in PAGES} == {200}
    with sessions() as session:
        assert len(session.scalars(select(AppraisalRun.number)).all()) == 1
