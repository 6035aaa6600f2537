"""The ranked list page by page, its columns, its baseline, and the meeting: all by address, without script."""

import csv
import html
import io
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from appraisal.database import sessions_on
from appraisal.models import Account, Role
from appraisal.policy import OPERATOR, Actor
from appraisal.services import meeting, ranking, scenarios
from appraisal.web import certainty, what_if
from forms.what_if import WhatIf
from tests.applications import application
from tests.databases import migrated_sqlite
from tests.many_projects import fill
from tests.web.people import signed_in_as, token

PROJECTS = 120
Site = tuple[Flask, sessionmaker[Session]]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Ranked projects of three pages; looking changes nothing."""
    engine = migrated_sqlite(tmp_path_factory.mktemp("list") / "web.db")
    sessions = sessions_on(engine)
    fill(sessions, PROJECTS, budget=300.0)
    yield application(engine), sessions
    engine.dispose()


@pytest.fixture(scope="module")
def signed_in(site: Site) -> tuple[FlaskClient, Account]:
    return signed_in_as(*site, Role.APPROVER)


@pytest.fixture(scope="module")
def chair(signed_in: tuple[FlaskClient, Account]) -> FlaskClient:
    return signed_in[0]


def references(page: str) -> list[str]:
    return re.findall(r'<tr data-reference="([^"]+)"', page)


def text(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def ranges(page: str) -> dict[str, str]:
    """The first range of whole numbers in each row that names a project."""
    found = {}
    for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL):
        name, ends = re.search(r"P-\d+", text(row)), re.search(r"\d+–\d+", text(row))
        if name and ends:
            found.setdefault(name[0], ends[0])
    return found


@pytest.mark.parametrize("asked", ["", "?w-bankability=40"])
def test_a_rank_has_one_range_on_the_list_among_the_certainties_and_beside_other_methods(
    chair: FlaskClient, asked: str
) -> None:
    listed, sure, own = (ranges(chair.get(f"/portfolio{page}{asked}").text) for page in ("", "/certainty", "/methods"))
    assert listed
    assert listed == {name: sure[name] for name in listed}
    assert listed == {name: own[name] for name in listed}


def test_the_headline_says_whose_projects_it_counts_and_when_pins_pass_the_budget(
    chair: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = chair.get("/portfolio").text
    assert f"of {PROJECTS} projects fit the" in text(page)
    pins = "&".join(f"must={name}" for name in references(page)[:3])
    assert "<h1>What is pinned in or approved costs" in chair.get(f"/portfolio?budget=0.001&{pins}").text
    monkeypatch.setattr(what_if.Asked, "sees_all", False)
    assert f"of the {PROJECTS} projects you see would fit the" in text(chair.get("/portfolio?never=asked-before").text)


def test_the_pages_are_the_list_in_pieces(site: Site, chair: FlaskClient) -> None:
    with site[1]() as session:
        everyone = ranking.ranked_portfolio(session, OPERATOR).everyone
    pages = [chair.get(f"/portfolio?page={number}").text for number in (1, 2, 3)]
    assert [name for page in pages for name in references(page)] == [row.reference for row in everyone]
    assert "51–100 of 120" in pages[1]
    assert re.search(r'href="/portfolio\?page=2" aria-label="Page 2" aria-current="page"', pages[1])
    assert re.search(r'href="/portfolio" rel="prev"', pages[1])
    assert re.search(r'href="/portfolio\?page=3" rel="next"', pages[1])
    assert 'rel="next"' not in pages[2]
    for wrong in ("99", "0", "-1", "x", "9" * 30):
        assert chair.get(f"/portfolio?page={wrong}").status_code == 200
    assert references(chair.get("/portfolio?page=99").text) == references(pages[2])


def test_filters_sort_and_csv_are_of_the_whole_list(site: Site, chair: FlaskClient) -> None:
    with site[1]() as session:
        everyone = ranking.ranked_portfolio(session, OPERATOR).everyone
    clear = sorted((row for row in everyone if not row.blocked), key=lambda row: (-row.cost, row.reference))
    costs = [row.cost for row in clear]
    shown = [name for number in (1, 2, 3) for name in references(
        chair.get(f"/portfolio?gate=clear&sort=cost&order=down&page={number}").text)]  # fmt: skip
    assert [next(row.cost for row in clear if row.reference == name) for name in shown] == costs
    sheet = chair.get("/portfolio.csv?gate=clear&sort=cost&order=down&page=2").text.strip().splitlines()
    assert len(sheet) == len(clear) + 1


def lines(chair: FlaskClient, query: str) -> tuple[str, list[dict[str, str]]]:
    sent = chair.get(f"/portfolio.csv{query}")
    return sent.headers["Content-Disposition"], list(csv.DictReader(io.StringIO(sent.data.decode("utf-8-sig"))))


def test_the_csv_of_a_what_if_says_what_it_is(site: Site, chair: FlaskClient) -> None:
    with site[1]() as session:
        record = ranking.ranked_portfolio(session, OPERATOR)
    name, plain = lines(chair, "")
    assert 'filename="portfolio.csv"' in name
    assert "Basis" not in plain[0]
    assert [line["Reference"] for line in plain if line["Funded"] == "yes"] == [
        row.reference for row in record.everyone if row.funded
    ]
    out = next(row for row in record.everyone if row.funded)
    name, asked = lines(chair, f"?out={out.reference}&budget=100")
    assert 'filename="what-if.csv"' in name
    assert {line["Basis"] for line in asked} == {f"what-if: budget USD 100 m; {out.reference} pinned out"}
    assert next(iter(asked[0])) == "Basis"
    by = {line["Reference"]: line for line in asked}
    inside, kept_out = "Inside the budget (share of draws, 0-1)", "Kept out of the budget by"
    pinned = by[out.reference]
    assert (pinned["Funded"], pinned[inside], pinned[kept_out]) == ("no", "", "pinned out")
    blocked = {row.reference for row in record.everyone if row.blocked}
    assert {name for name, line in by.items() if line[kept_out] == "blocked"} == blocked
    assert {name for name, line in by.items() if not line[inside]} == {out.reference, *blocked}
    assert 0 < sum(line["Funded"] == "yes" for line in asked) < record.funded


def test_the_line_is_named_on_every_page(site: Site, chair: FlaskClient) -> None:
    with site[1]() as session:
        portfolio = ranking.ranked_portfolio(session, OPERATOR)
    out = portfolio.first_out
    assert out is not None
    at = portfolio.place_of[out.reference] // 50 + 1
    for number in (1, 2, 3):
        page = chair.get(f"/portfolio?page={number}").text
        assert f"first out: {out.title}" in page
        assert ('class="budget-line"' in page) == (number == at)
        assert (f">on page {at}</a>" in page) == (number != at)
    elsewhere = chair.get("/portfolio?text=nothing+of+this").text
    assert "No project fits these filters" in elsewhere
    other = next(row for row in portfolio.everyone if row is not out)
    assert "outside these filters" in chair.get(f"/portfolio?text={other.reference}").text


def test_columns_are_chosen_by_address_and_stay(chair: FlaskClient) -> None:
    page = chair.get("/portfolio?col=cost&col=spread&col=nonsense").text
    head = text(page[page.index("<thead>") : page.index("</thead>")])
    assert "Panel spread" in head
    assert "Cost" in head
    assert "Loss" not in head
    assert 'class="score-bar"' not in page
    assert "no panel" in page
    assert re.search(r'href="/portfolio\?col=cost&amp;col=spread&amp;page=2"', page)
    assert re.search(r'href="/portfolio\?col=cost&amp;col=spread&amp;sort=title"', page)
    assert "Panel spread" not in text(chair.get("/portfolio").text.split("<thead>")[1].split("</thead>")[0])


def test_what_changed_is_told_against_a_scenario(site: Site, signed_in: tuple[FlaskClient, Account]) -> None:
    client, account = signed_in
    with site[1]() as session:
        actor = Actor.of(account)
        kept = scenarios.save_scenario(session, actor, WhatIf(budget=Decimal(200)), name="Cut", reason="Tax")
    for key in ("last", kept):
        page = text(client.get(f"/portfolio?budget=250&against={key}").text)
        assert "Against the what-if Cut:" in page
        assert "enters because the budget went USD 200 m → USD 250 m" in page
        assert "leaves because" not in page
    same = client.get(f"/portfolio?budget=200&against={kept}").text
    assert "Against the scenario" not in text(same)
    back = text(client.get(f"/portfolio?against={kept}").text)  # the record, seen from the cut
    assert "enters because the budget went USD 200 m → USD 300 m" in back
    assert client.get("/portfolio?against=nothing").status_code == 200
    assert "What changed" not in text(client.get("/portfolio?lock=needs").text).replace("What changed, against", "")


def test_a_large_portfolio_ranks_on_the_server_and_says_so(chair: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    small = chair.get("/portfolio?budget=100").text
    monkeypatch.setattr(what_if, "LIVE_MOST", PROJECTS - 1)
    page = chair.get("/portfolio?budget=100&cap-2027=50").text
    assert references(chair.get("/portfolio?budget=100").text) == references(small)
    assert "the list is ranked again on the server" in text(page)
    assert 'id="portfolio-data"' in small
    assert 'id="portfolio-data"' not in page
    assert "what_if.js" not in page
    assert re.search(r'<input[^>]*id="pin-must"', page)
    assert re.search(r'id="cap-2026"', page)


def test_rank_certainty_says_when_there_are_too_many(chair: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certainty, "MOST", PROJECTS - 1)
    page = text(chair.get("/portfolio/certainty").text)
    assert "Too many projects for one picture of their order" in page
    assert "120 projects are ranked" in page


def test_the_meeting_takes_one_point_after_the_other_and_notes(
    site: Site, signed_in: tuple[FlaskClient, Account]
) -> None:
    client, account = signed_in
    page = client.get("/portfolio/meeting").text
    assert "Talk about" in text(page)
    assert "Timer" in text(page)
    assert "for this point" not in text(page)
    found = re.search(r'href="(/portfolio/meeting\?project=[^"]+)" rel="next"', page)
    assert found is not None
    second = client.get(found[1]).text
    assert "point 2 of 30" in text(second)
    hidden = client.get(f"{found[1]}&names=hidden&timer=5").text
    assert "Works " not in hidden
    assert "5 minutes for this point: until" in text(hidden)
    action = re.search(r'action="(/portfolio/meeting/[^"]+)"', second)
    assert action is not None
    data = {"csrf_token": token(client, "/portfolio/meeting"), "text": ""}
    refused = client.post(html.unescape(action[1]), data=data)
    assert refused.status_code == 422
    assert "Write the note first." in text(refused.text)
    assert "point 2 of 30" in text(refused.text)
    for _ in range(2):
        sent = client.post(html.unescape(action[1]), data={**data, "text": "Ask <b> for the tender."})
        assert sent.status_code == 302
    again = client.get(sent.location).text
    assert again.count("Ask &lt;b&gt; for the tender.") == 1
    assert "point 2 of 30" in text(again)
    reference = re.search(r"project=(P-\d+)", sent.location)
    assert reference is not None
    with site[1]() as session:
        row = ranking.ranked_portfolio(session, OPERATOR).by_reference[reference[1]]
    with site[1]() as session:
        notes = meeting.notes_of(session, Actor.of(account), row.project_id)
    assert [note.text for note in notes] == ["Ask <b> for the tender."]


@pytest.mark.parametrize("role", [Role.PLANNER, Role.APPRAISER])
def test_a_meeting_is_not_for_everybody(site: Site, role: Role) -> None:
    client, _ = signed_in_as(*site, role)
    assert client.get("/portfolio/meeting").status_code == 403
    page = client.get("/portfolio?against=last&budget=1").text
    assert "/portfolio/meeting" not in page
    assert "the scenario" not in text(page)
