"""The report of a programme: what it says, what its workbook computes again, and how it is told from a touched one."""

import io
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import openpyxl
import pypdf
import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from appraisal.database import sessions_on
from appraisal.models import Role
from appraisal.policy import OPERATOR
from appraisal.reports.programme_document import programme_pdf
from appraisal.reports.programme_report import Footing, ProgrammeReport, Run
from appraisal.reports.programme_workbook import programme_workbook
from appraisal.reports.sealed import ranges
from appraisal.services import reporting
from appraisal.services.portfolio_rows import PortfolioView
from appraisal.services.programme import best_programme, with_outlook
from appraisal.web.programme_report import programme_report
from appraisal.web.what_if import Asked
from forms.portfolio import PortfolioFilter
from tests.applications import application
from tests.databases import migrated_sqlite
from tests.reports.test_workbook import formulas, grid, recomputed
from tests.services.programmes import GROUPS, City, spread
from tests.web.people import signed_in_as, token
from tests.web.test_pages import ranked

CALLS = {
    "A": {2027: 4.0, 2028: 2.0},
    "B": {2027: 5.0},
    "C": {2028: 3.0, 2029: 1.0},
    "D": {2027: 2.0, 2029: 2.0},
}
RULES = {
    "later": "1",
    "start": "C 2028 to 2029",
    "phases": "B then after 1 year A",
    "one": "C, D",
    "needs": "A needs B",
    "least": "30% for North",
    "risk": "20",
}


def city(texts: dict[str, str] = RULES) -> City:
    values = {"A": 6.0, "B": 9.0, "C": 3.0, "D": 2.0}
    return City(
        values=values,
        calls=CALLS,
        losses={name: spread(value, 2.0) for name, value in values.items()},
        budget=20.0,
        caps={2027: 7.0, 2028: 8.0},
        must=("B",),
        texts=texts,
    )


def report_of(app: Flask, asked_of: City) -> ProgrammeReport:
    explored = asked_of.explored
    page = Asked(PortfolioFilter(), PortfolioView(), explored.portfolio, explored, {}, None, "", "", [])
    found = best_programme(asked_of.material, explored, asked_of.rules, GROUPS)
    assert found.selection is not None
    programme, selection = with_outlook(found, explored, futures=True), found.selection
    runs = tuple(Run(number=at, input_sha256="a" * 64, result_sha256="b" * 64) for at in (1, 2, 3, 4))
    footing = Footing(round_id=uuid4(), runs=runs, engines=("1.0",))
    with app.test_request_context():
        g.actor = OPERATOR
        return programme_report(page, programme, selection, dict(GROUPS), footing, None)


@pytest.fixture(scope="module")
def report(shared: tuple[Flask, sessionmaker[Session]]) -> ProgrammeReport:
    return report_of(shared[0], city())


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, sessionmaker[Session]]]:
    engine = migrated_sqlite(tmp_path_factory.mktemp("programme") / "web.db")
    sessions = sessions_on(engine)
    ranked(sessions, "opal-lakes", "opal-lakes-3-percent")
    yield application(engine), sessions
    engine.dispose()


def test_the_report_says_the_optimum_and_what_was_asked(report: ProgrammeReport) -> None:
    assert report.value == pytest.approx(city().best())
    assert report.proven
    # By hand: B for 5, then A a year or more later for 6, and C, worth more than D, for 4: the budget holds all three.
    assert [each.reference for each in report.candidates if each.chosen] == ["A", "B", "C"]
    assert report.spent == pytest.approx(15.0)
    assert {rule.kind for rule in report.rules} == {"must", "said", "start", "phase", "one", "needs"}
    moved = next(each for each in report.candidates if each.reference == "A")
    assert (moved.planned, moved.start) == (2027, 2028)
    assert moved.calls == {(2028, ""): 4.0, (2029, ""): 2.0}
    assert moved.value == pytest.approx(6.0 / 1.05)


@pytest.mark.parametrize("texts", [RULES, RULES | {"risk": "1"}, {"objective": "score"}, {"objective": "mix"}])
def test_every_live_formula_gives_the_value_stored_beside_it(
    shared: tuple[Flask, sessionmaker[Session]], texts: dict[str, str]
) -> None:
    data = programme_workbook(report_of(shared[0], city(texts)))
    book, stored, count = recomputed(data), grid(data, cached=True), 0
    for sheet, row, column, formula in formulas(data):
        value, cached = book.cell(sheet, row, column), stored[sheet][row, column]
        assert (value == "") if cached in (None, "") else value == pytest.approx(cached, abs=1e-9), formula
        count += 1
    assert count > 40


def edited(report: ProgrammeReport, reference: str, chosen: int) -> dict[str, float]:
    """The workbook's budgets, shares and verdict after someone wrote another 1 or 0."""
    data = programme_workbook(report)
    book = recomputed(data)
    cells = book.sheets["Projects"]
    row = next(place[0] for place, value in cells.items() if value == reference and place[1] == 1)
    cells[row, 12] = chosen  # type: ignore[index]
    names = {value: place[0] for place, value in book.sheets["Budgets"].items() if place[1] == 1}
    found = {
        name: book.cell("Budgets", at, 3) for name, at in names.items() if isinstance(name, str) and "udget" in name
    }
    summary = {value: place[0] for place, value in book.sheets["Summary"].items() if place[1] == 1}
    return {
        **{name: value for name, value in found.items() if isinstance(value, float)},
        "kept": book.cell("Summary", summary["Rules and budgets kept, 1 or 0"], 2),
        "value": book.cell("Summary", summary[f"Value, {report.value_name}"], 2),
    }


def test_whoever_chooses_otherwise_sees_budgets_totals_and_rules_compute_again(report: ProgrammeReport) -> None:
    same = edited(report, "C", 1)
    assert same["kept"] == 1
    # By hand: as it starts, B takes 5 of 2027, A 4 of 2028 and C 3; D would add 4 in all, 2 of them in 2027.
    assert (same["The budget"], same["The 2027 budget"], same["The 2028 budget"]) == (15.0, 5.0, 7.0)
    more = edited(report, "D", 1)
    assert more["The budget"] == 19.0
    assert more["The 2027 budget"] == 7.0
    assert more["kept"] == 0, "C and D exclude each other"
    assert more["value"] == pytest.approx(same["value"] + 2.0)
    assert edited(report, "B", 0)["kept"] == 0, "B is pinned in, and A needs it"


def test_the_pdf_declares_both_standards_and_says_the_certificate(report: ProgrammeReport) -> None:
    reader = pypdf.PdfReader(io.BytesIO(programme_pdf(replace(report, audit_anchor="3:" + "c" * 64))))
    metadata = reader.xmp_metadata
    assert metadata is not None
    packet = metadata.stream.get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in packet
    said = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for words in (
        report.title,
        "Proven: no other programme under these rules is worth more",
        "A starts a year or more after B",
        "First out",
        "Robust core",
        "Borderline",
        "Never chosen",
        "Beside it, the budget line through the ranks",
        "Digest of round and runs",
    ):
        assert words in said, words
    assert report.digest in said.replace(" ", "")


def test_runs_are_told_in_short() -> None:
    assert ranges([1, 2, 3, 7]) == "1-3+7"
    assert ranges([5]) == "5"


@pytest.fixture(scope="module")
def chair(shared: tuple[Flask, sessionmaker[Session]]) -> FlaskClient:
    return signed_in_as(*shared, Role.APPROVER)[0]


def test_the_page_and_a_kept_what_if_offer_it(chair: FlaskClient) -> None:
    page = chair.get("/portfolio/programme?objective=score&later=1").text
    assert 'href="/portfolio/programme.pdf?objective=score&amp;later=1"' in page
    assert 'href="/portfolio/programme.xlsx?objective=score&amp;later=1"' in page
    address = "/portfolio/scenarios/new?objective=score&later=1"
    form = {"name": "Wait a year", "reason": "The council asked.", "csrf_token": token(chair, address)}
    kept = chair.post(address, data=form, follow_redirects=True).text
    at = kept.index("/programme.xlsx")
    answer = chair.get(kept[kept.rindex('"', 0, at) + 1 : at] + "/programme.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    said = {row[0].value: row[1].value for row in book["Method"].iter_rows()}
    assert "Wait a year" in str(said["What-if"])
    assert said["Its reason"] == "The council asked."
    nothing = chair.get("/portfolio/programme.pdf?must=NSW-OPAL&budget=1")
    assert nothing.headers["Location"].startswith("/portfolio/programme?")


def test_a_report_is_told_from_one_that_was_touched_and_from_another_record(
    shared: tuple[Flask, sessionmaker[Session]], chair: FlaskClient
) -> None:
    sessions = shared[1]

    def checked(content: bytes) -> reporting.CheckedReport:
        with sessions() as session:
            return reporting.verify_report(session, OPERATOR, content)

    for kind in ("pdf", "xlsx"):
        content = chair.get(f"/portfolio/programme.{kind}?objective=score").data
        found = checked(content)
        assert (found.untouched, found.problems) == (True, ())
        assert found.programme is not None
        for place in range(0, len(content), len(content) // 20):
            touched = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
            assert not checked(touched).untouched, (kind, place)
    with sessions.kw["bind"].begin() as connection:
        connection.execute(text("DROP TRIGGER appraisal_run_no_update"))
        connection.execute(text("UPDATE appraisal_run SET result = result || ' ' WHERE number = 2"))
    assert "Run 2 no longer holds" in checked(content).problems[0]
