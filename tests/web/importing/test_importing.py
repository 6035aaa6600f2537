"""Bulk import as a browser asks for it, from upload to undoing."""

import io
import json
import re

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import ImportState, Project, ProjectImport, Role
from appraisal.reading.workbook.part_columns import PART_SHEETS
from appraisal.services import import_jobs
from tests import factories
from tests.web.importing.importer import LIST, PAGE, Importer, stored, workbook
from tests.web.people import signed_in_as, token


def test_what_a_column_says_for_some_rows_alone_can_be_said_for_the_others(
    importer: Importer, sessions: sessionmaker[Session]
) -> None:
    text = "Name of the project,City,Currency,Cost,First year\nTram,Pune,INR,120,2028\nPark,Pune,,80,2028\n"
    importer.send(text.encode())
    page = importer.page("/match")
    assert "50% of the rows say it." in page
    assert 'name="default-currency"' in page
    assert 'name="default-city"' not in page
    columns = {f"column-{at}": each for at, each in enumerate(("title", "city", "currency", "cost"))}
    importer.post(f"/{importer.key}/match", columns | {"default-currency": "USD"})
    importer.store()
    with sessions() as session:
        said = {row.title: row.currency for row in session.scalars(select(Project))}
    assert said == {"Tram": "INR", "Park": "USD"}


def test_a_row_whose_name_changed_by_a_word_can_be_said_to_be_the_project(
    importer: Importer, sessions: sessionmaker[Session]
) -> None:
    head = "Name of the project,City,Currency,Cost,First year\n"
    columns = {f"column-{at}": each for at, each in enumerate(("title", "city", "currency", "cost"))}
    importer.send(f"{head}Smart street lights,Pune,INR,120,2028\nTram,Pune,INR,1,2028\n".encode())
    importer.post(f"/{importer.key}/match", columns)
    importer.store()
    importer.send(f"{head}Smart road lights,Pune,INR,130,2028\nTram,Pune,INR,1,2028\n".encode())
    importer.post(f"/{importer.key}/match", columns)
    page = importer.page()
    assert "One project looks like one that is there" in page
    assert "Create 1 · Update 0 · Unchanged 1" in page
    assert "Update P-0001" in page
    said = {"at": "CSV, row 2", "reference": "P-0001"}
    importer.post(f"/{importer.key}/same", said)
    page = importer.page()
    assert "Create 0 · Update 1 · Unchanged 1" in page
    assert "as you said" in page
    importer.post(f"/{importer.key}/same", {**said, "reference": ""})
    assert "Create 1 · Update 0 · Unchanged 1" in importer.page()
    assert importer.post(f"/{importer.key}/same", {**said, "reference": "P-9999"}).status_code == 404
    importer.post(f"/{importer.key}/same", said)
    importer.store()
    assert stored(sessions) == ["Smart road lights", "Tram"]


def test_a_row_that_says_something_else_can_be_said_to_be_its_namesake(
    importer: Importer, sessions: sessionmaker[Session]
) -> None:
    head = "Name of the project,City,Currency,Cost,First year,Remark\n"
    columns = {f"column-{at}": each for at, each in enumerate(("title", "city", "currency", "cost"))}
    importer.send(f"{head}Tram,Pune,INR,120,2028,north\nTram,Pune,INR,1,2028,south\n".encode())
    importer.post(f"/{importer.key}/match", columns)
    importer.store()
    importer.send(f"{head}Tram,Pune,INR,120,2028,north\nTram,Pune,INR,1,2028,south-east\n".encode())
    importer.post(f"/{importer.key}/match", columns)
    page = importer.page()
    assert "Create 1 · Update 0 · Unchanged 1" in page
    with sessions() as session:
        query = select(Project.reference).where(Project.summary.contains("south"))
        reference = session.scalars(query).one()
    assert f"Update {reference}" in page
    importer.post(f"/{importer.key}/same", {"at": "CSV, row 3", "reference": reference})
    assert "Create 0 · Update 1 · Unchanged 1" in importer.page()


def test_ones_own_list_from_upload_to_undo(importer: Importer, sessions: sessionmaker[Session]) -> None:
    sent = importer.send(LIST.encode())
    assert sent.headers["Location"] == f"{PAGE}/{importer.key}/match"
    page = importer.page("/match")
    assert "4 of 4 columns are recognised" in page
    assert "Tram · Park · Cameras" in page
    chosen = {"column-0": "title", "column-1": "city", "column-2": "cost",
              "column-3": "action_areas", "default-currency": "inr", "default-unit": "1000000",
              "default-cash_flows.first_year": "2028"}  # fmt: skip
    assert importer.post(f"/{importer.key}/match", chosen).headers["Location"] == f"{PAGE}/{importer.key}"
    page = importer.page()
    assert "Create 2 · Update 0 · Unchanged 0 · Cannot 1" in page
    assert re.search(r"CSV, C4.*?abc.*?Budget is not a number", page, re.DOTALL)
    refused = importer.store("all")
    assert refused.status_code == 422
    assert "1 problem stands in the way" in refused.text
    assert stored(sessions) == []
    importer.store()
    assert stored(sessions) == ["Park", "Tram"]
    assert "2 created, 0 updated" in importer.page()
    undone = importer.post(f"/{importer.key}/undo")
    assert undone.status_code == 302
    assert "is undone" in importer.page()
    assert stored(sessions) == []
    assert "list.csv" in importer.client.get(PAGE).text
    importer.send(LIST.encode())
    assert importer.page("/match").count("as last time") == 4


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as one that no page waits for."""
    monkeypatch.setattr(import_jobs, "AT_ONCE", 0)


@pytest.mark.usefixtures("large")
def test_a_large_file_is_looked_at_and_stored_in_the_background(
    app: Flask, importer: Importer, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = app.extensions["worker"]
    monkeypatch.setattr(worker, "wake", lambda: None)
    importer.send(workbook(), "two.xlsx")
    page = importer.page()
    assert "two.xlsx is being looked at" in page
    assert "Waits for a worker." in page
    assert f'data-progress="{PAGE}/{importer.key}/progress"' in page
    assert f'href="{PAGE}/{importer.key}">See how far it is now' in page
    worker.work()
    page = importer.page()
    assert "Create 2 · Update 0 · Unchanged 0 · Cannot 0" in page
    assert "Look again" in page
    importer.store()
    assert stored(sessions) == []
    assert "two.xlsx is being imported" in importer.page()
    assert "two.xlsx" in importer.client.get(PAGE).text
    assert importer.client.get(f"{PAGE}/{importer.key}/progress").json == {
        "unfinished": True, "part": 0, "text": "Waits for a worker."
    }  # fmt: skip
    assert "Cancelled; nothing was stored." in importer.client.post(
        f"{PAGE}/{importer.key}/cancel", data={"csrf_token": importer.token}, follow_redirects=True
    ).text  # fmt: skip
    importer.store()
    worker.work()
    assert "2 created, 0 updated" in importer.page()
    assert len(stored(sessions)) == 2
    again = {"key": importer.key, "file": (io.BytesIO(workbook()), "two.xlsx")}
    assert importer.post("", again).headers["Location"] == f"{PAGE}/{importer.key}"  # sent twice
    assert importer.client.get(f"{PAGE}/{importer.key}/progress").json["unfinished"] is False  # type: ignore[index]


@pytest.mark.usefixtures("large")
def test_a_large_file_that_is_refused_says_why_and_is_looked_at_again(
    app: Flask, importer: Importer, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = app.extensions["worker"]
    monkeypatch.setattr(worker, "wake", lambda: None)
    importer.send(LIST.encode())
    importer.post(f"/{importer.key}/match", {"default-currency": "INR", "default-cash_flows.first_year": "2028"})
    worker.work()
    assert openpyxl.load_workbook(io.BytesIO(importer.client.get(f"{PAGE}/{importer.key}/problems.xlsx").data))["CSV"][
        "E4"
    ].value == "Budget is not a number"  # fmt: skip
    importer.store("all")
    worker.work()
    page = importer.page()
    assert "list.csv was not imported" in page
    assert "1 problem stands in the way" in page
    assert stored(sessions) == []
    importer.post(f"/{importer.key}/look")
    worker.work()
    importer.store()
    worker.work()
    assert stored(sessions) == ["Park", "Tram"]


def test_what_changed_since_the_page_is_shown_with_the_dry_run_of_now(importer: Importer) -> None:
    importer.send(workbook(), "x.xlsx")
    refused = importer.post(f"/{importer.key}/store", {"digest": "0" * 64, "rule": "valid"})
    assert refused.status_code == 409
    assert "Look again." in refused.text
    assert "Create 2 ·" in refused.text


def test_the_name_must_be_matched_and_no_column_twice(importer: Importer) -> None:
    importer.send(LIST.encode())
    for chosen, said in (
        ({"column-0": "note"}, "Say which column is the name of the project."),
        ({"column-1": "title"}, "Two columns are taken for “Name of the project”"),
    ):
        refused = importer.post(f"/{importer.key}/match", chosen)
        assert refused.status_code == 422
        assert said in refused.text
    assert importer.post(f"/{importer.key}/match", {"column-0": "owner_id"}).status_code == 302


def test_a_text_for_every_row_is_one_that_can_be_kept(importer: Importer) -> None:
    """Found by `make deep`: a NUL stood in what was kept of the file."""
    importer.send(LIST.encode())
    refused = importer.post(f"/{importer.key}/match", {"column-0": "title", "default-currency": "IN\x00R"})
    assert refused.status_code == 422
    assert "holds U+0000, which cannot be kept" in refused.text


def test_the_same_file_back_with_a_red_column(importer: Importer) -> None:
    importer.send(LIST.encode())
    importer.post(f"/{importer.key}/match", {"default-currency": "INR", "default-cash_flows.first_year": "2028"})
    body = importer.client.get(f"{PAGE}/{importer.key}/problems.xlsx")
    assert body.headers["Content-Disposition"] == 'attachment; filename="list-problems.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(body.data))
    rows = list(book["CSV"].iter_rows(values_only=True))
    assert rows[0] == ("Project", "Town", "Budget", "Sector", "Problem")
    assert rows[1] == ("Tram", "Pune", "12.5", "Mobility", None)
    assert rows[3][4] == "Budget is not a number"
    assert book["CSV"]["E4"].font.color.rgb == "FFA4262C"
    again = importer.send(body.data, "list-problems.xlsx")
    assert again.status_code == 302
    assert "Problem" not in re.findall(r'<th scope="row" class="name">([^<]*)', importer.page("/match"))


def test_our_workbook_goes_straight_to_the_dry_run_and_comes_back_unchanged(
    importer: Importer, sessions: sessionmaker[Session]
) -> None:
    assert importer.send(workbook(), "x.xlsx").headers["Location"] == f"{PAGE}/{importer.key}"
    importer.store()
    assert len(stored(sessions)) == 2
    exported = importer.client.get(f"{PAGE}/projects.xlsx")
    importer.send(exported.data, "projects.xlsx")
    assert "Create 0 · Update 0 · Unchanged 2 · Cannot 0" in importer.page()
    template = importer.client.get(f"{PAGE}/template.xlsx").data
    beside = {"Output", *(part.name for part in PART_SHEETS)}
    assert {"Read me", "Projects", "Figures", "Sources of money", "Answers", "Lists"} | beside == set(
        openpyxl.load_workbook(io.BytesIO(template)).sheetnames
    )
    importer.send(template, "template.xlsx")
    assert "The example rows of the template were not read." in importer.page()


def test_project_files_and_packages_come_in_too(importer: Importer) -> None:
    case = json.loads((factories.PROJECTS / "opal-lakes.json").read_text("utf-8"))
    content = json.dumps([case, {**case, "reference": "SECOND", "colour": "red"}, 7]).encode()
    assert importer.send(content, "many.json").headers["Location"] == f"{PAGE}/{importer.key}"
    page = importer.page()
    assert "Create 1 · Update 0 · Unchanged 0 · Cannot 1" in page
    assert "colour is not a key of the format" in page
    package = {"version": "0.9", "projects": [{"id": "oc-1", "title": "Ring road", "sector": ["transport"],
               "budget": {"amount": {"amount": 5, "currency": "GBP"}}, "period": {"startDate": "2027-01-01"},
               "metrics": []}]}  # fmt: skip
    importer.send(json.dumps(package).encode(), "package.json")
    page = importer.page()
    assert "Create 1 ·" in page
    assert "no place for these keys of the package: metrics" in page


@pytest.mark.asvs("8.2.2")
def test_nobody_else_sees_an_import(app: Flask, importer: Importer, sessions: sessionmaker[Session]) -> None:
    importer.send(workbook(), "x.xlsx")
    page = importer.page()
    assert "Create 2" in page
    for role in (Role.ADMIN, Role.ANALYST, Role.APPROVER, Role.APPRAISER):
        client, _ = signed_in_as(app, sessions, role)
        assert client.get(PAGE).status_code == 403
        for path in ("", "/match", "/problems.xlsx"):
            assert client.get(f"{PAGE}/{importer.key}{path}").status_code == 403
        for path in ("", "/match", "/store", "/undo"):
            sent = client.post(
                f"{PAGE}/{importer.key}{path}" if path else PAGE,
                data={"csrf_token": token(client), "digest": "0" * 64, "rule": "valid"},
            )
            assert sent.status_code in (302, 403), path
    with sessions() as session:
        assert session.scalars(select(ProjectImport.state)).all() == [ImportState.READ]
    assert stored(sessions) == []


def test_the_published_package_is_taken(importer: Importer) -> None:
    """The example of the OC4IDS 0.9 documentation (Open Contracting Partnership and CoST), at the address it states."""
    importer.send((factories.PROJECTS.parent / "oc4ids_example.json").read_bytes(), "example.json")
    assert "Create 1 · Update 0 · Unchanged 0 · Cannot 0" in importer.page()


def test_possible_duplicates_stand_side_by_side(importer: Importer) -> None:
    rows = "Reference,Project,Town,Budget,Stage\nA-1,Tram,Pune,12.5,Design\nA-2,Tram,Pune,3,Design\n"
    importer.send(rows.encode())
    importer.post(f"/{importer.key}/match", {"default-currency": "INR", "default-cash_flows.first_year": "2028"})
    page = importer.page()
    assert "Rows of the file may be one project" in page
    assert re.search(r"Capital cost<span class=\"sub\">differs</span>.*?INR 12\.5.*?INR 3", page, re.DOTALL)
    assert re.search(r"<th scope=\"row\">How far it has come</th>", page)
