"""Evidence through the pages: sent, linked, renamed, removed, opened; refused in words; nothing that runs."""

import io
import random
import re
from urllib.parse import unquote
from uuid import UUID

import pypdf
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.evidence import FileKind
from appraisal.models import AuditEntry, EvidenceFile, Role, Submission
from appraisal.policy import OPERATOR
from appraisal.services import appraising, drafting, evidence, receiving, registration, reporting
from appraisal.services.receiving import Incoming
from appraisal.web.register import evidence as pages
from tests.documents import EVERY_KIND, office, pdf
from tests.panel import level, panel
from tests.web.people import let_in, signed_in_as, token
from tests.web.planner_browser import KEY, PROJECT, Browser, with_table

DRAFT = f"/projects/{KEY}"
PAGE = f"{DRAFT}/evidence"
PLAN = EVERY_KIND[FileKind.PDF]
Sessions = sessionmaker[Session]


@pytest.fixture
def planner(app: Flask, sessions: Sessions) -> Browser:
    browser = Browser(signed_in_as(app, sessions, Role.PLANNER)[0])
    assert browser.send("/projects/new", PROJECT).status_code == 302
    return browser


def send(browser: Browser, *files: tuple[str, bytes], kind: str = "application/octet-stream") -> TestResponse:
    data = {
        "csrf_token": token(browser.client, PAGE),
        "files": [(io.BytesIO(content), name, kind) for name, content in files],
    }
    return browser.client.post(PAGE, data=data, content_type="multipart/form-data")


def stored(sessions: Sessions) -> list[EvidenceFile]:
    with sessions() as session:
        return list(session.scalars(select(EvidenceFile).order_by(EvidenceFile.title)))


def test_files_are_sent_linked_and_read_where_the_answer_is(planner: Browser, sessions: Sessions) -> None:
    assert "No file is sent as evidence yet" in planner.get(PAGE).text
    assert send(planner, ("Plan.pdf", PLAN), ("Übersicht 하나.docx", office())).status_code == 302
    page = planner.get(PAGE).text
    assert "2 of 2 files stand behind no answer yet" in page
    assert "Used by this project" in page
    assert "of 100 MiB" in page
    plan, overview = stored(sessions)
    for place in ("page 12", "page 12"):
        answer = planner.send(f"{PAGE}/{plan.id}/link", {"indicator": "DS1", "place": place}, form=PAGE)
        assert answer.location == f"{PAGE}#file-{plan.id}"
    asked = planner.get(f"{DRAFT}/answers/safeguards").text
    assert f'href="{PAGE}/{plan.id}" download>Plan, page 12</a>' in asked
    assert "1 of 2 files stands behind no answer yet" in planner.get(PAGE).text
    renamed = planner.send(f"{PAGE}/{overview.id}/title", {"title": "Site <b>plan", "version": "1"}, form=PAGE)
    assert renamed.status_code == 302
    assert "Site &lt;b&gt;plan" in planner.get(PAGE).text
    with_table(planner, DRAFT)
    assert f"{plan.sha256}" in planner.get(f"{DRAFT}/check").text
    assert planner.send(f"{DRAFT}/submit", {}, form=f"{DRAFT}/check").status_code == 302
    for path in ("sent", "record"):
        shown = planner.get(f"{DRAFT}/{path}").text
        assert plan.sha256 in shown
        assert "DS1 (page 12)" in shown


def test_a_file_is_handed_out_so_that_nothing_in_it_can_run(planner: Browser, sessions: Sessions) -> None:
    assert send(planner, ("Übersicht 하나.html", PLAN), kind="text/html").status_code == 302
    (file,) = stored(sessions)
    for method in ("GET", "HEAD"):
        answer = planner.client.open(f"{PAGE}/{file.id}", method=method, headers={"Range": "bytes=0-3"})
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["Cache-Control"] == "private, no-store"
        named = answer.headers["Content-Disposition"]
        assert named.startswith('attachment; filename="_bersicht___.pdf"; filename*=UTF-8')
        assert unquote(named.rpartition("''")[2]) == "Übersicht 하나.pdf"
        assert answer.data == (PLAN if method == "GET" else b"")
    assert planner.get(f"{PAGE}/{UUID(int=7)}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "status", "said"),
    [
        ("plan.pdf", b"MZ" + bytes(99), 415, "“plan.pdf” was not stored: it is a program (Windows)."),
        ("plan.pdf", b"<svg onload=alert(1)>", 415, "it is a web page, a drawing or other markup"),
        ("plan.docx", office(more={"word/vbaProject.bin": b"x"}), 415, "it is a document with macros"),
        ("a.csv", b"a" * 9_000, 413, "“a.csv” was not stored: it is larger than"),
        ("a<b>.txt", b"", 415, "“a&lt;b&gt;.txt” was not stored: it is empty"),
    ],
)
def test_what_is_refused_is_said_with_what_is_taken(
    planner: Browser,
    sessions: Sessions,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: bytes,
    status: int,
    said: str,
) -> None:
    for module in (pages, receiving):
        monkeypatch.setattr(module, "MOST_A_FILE", 8_000)
    answer = send(planner, (name, content), ("Good.pdf", PLAN))
    assert answer.status_code == status
    assert said in answer.text
    assert "“Good” is stored" in answer.text
    assert [file.title for file in stored(sessions)] == ["Good"]


def test_a_request_that_is_too_large_is_told_its_limit(
    planner: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(pages, "LARGEST_REQUEST", 3 * 1024)
        answer = send(planner, ("a.txt", b"a" * 4000))
        assert answer.status_code == 413
        assert "At most 3 KiB can be sent at once" in answer.text
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1024)
    strange = app.test_client()
    assert strange.post(PAGE, data={"csrf_token": token(strange), "x": "a" * 2000}).status_code == 413
    assert send(planner, ("a.txt", b"a" * 4000)).status_code == 302
    assert "Choose a file." in send(planner).text
    assert (
        "At most 20 files at once" in send(planner, *((f"{number}.txt", b"%d" % number) for number in range(21))).text
    )


def test_someone_who_was_slower_sees_both_titles(planner: Browser, sessions: Sessions) -> None:
    send(planner, ("Plan.pdf", PLAN))
    (file,) = stored(sessions)
    seen = {"version": str(file.version)}
    assert planner.send(f"{PAGE}/{file.id}/title", {"title": "Theirs"}, form=PAGE).status_code == 302
    slower = planner.send(f"{PAGE}/{file.id}/title", {**seen, "title": "Mine"}, form=PAGE)
    assert slower.status_code == 409
    assert "“Theirs” was changed since you opened this page; you typed “Mine”." in slower.text
    assert 'value="Mine"' in slower.text
    assert planner.send(f"{PAGE}/{file.id}/remove", seen, form=PAGE).status_code == 409
    assert [each.title for each in stored(sessions)] == ["Theirs"]
    wrong = planner.send(f"{PAGE}/{file.id}/title", {"title": "a\u202eb"}, form=PAGE)
    assert (wrong.status_code, "U+202E" in wrong.text) == (422, True)
    wrong = planner.send(f"{PAGE}/{file.id}/link", {"indicator": "", "place": "page 3"}, form=PAGE)
    assert wrong.status_code == 422
    assert 'value="page 3"' in wrong.text
    assert planner.send(f"{PAGE}/{file.id}/remove", {}, form=PAGE).status_code == 302
    assert not stored(sessions)
    assert planner.send(f"{PAGE}/{file.id}/unlink", {"link": "x"}, form=PAGE).status_code == 404


def test_nothing_is_bound_that_the_form_does_not_hold(planner: Browser, sessions: Sessions) -> None:
    send(planner, ("Plan.pdf", PLAN))
    (file,) = stored(sessions)
    more = {"title": "New", "sha256": "0" * 64, "kind": "txt", "project_id": str(UUID(int=1)), "uploaded_by_id": "x"}
    assert planner.send(f"{PAGE}/{file.id}/title", more, form=PAGE).status_code == 302
    (after,) = stored(sessions)
    assert (after.title, after.sha256, after.kind, after.project_id) == ("New", file.sha256, file.kind, UUID(KEY))


def test_damaged_files_never_break_the_page(planner: Browser, sessions: Sessions) -> None:
    chance = random.Random(7)  # noqa: S311 -- damage, not secrets
    originals = [*EVERY_KIND.values(), pdf(packed=b"3 0 <</Type /Page>>")]
    for _ in range(25):
        files = []
        for number in range(8):
            content = bytearray(chance.choice(originals))
            for _ in range(chance.randint(1, 6)):
                content[chance.randrange(len(content))] = chance.randrange(256)
            files.append((f"{number}\u202e.pdf", bytes(content)))
        assert send(planner, *files).status_code in (302, 413, 415)
    with sessions() as session:
        taken = session.scalars(select(AuditEntry.details).where(AuditEntry.action == "evidence.added")).all()
    assert sum(len(each["files"]) for each in taken) == len(stored(sessions))


def test_every_address_on_the_page_is_of_this_site(planner: Browser) -> None:
    send(planner, ("Plan.pdf", PLAN))
    page = planner.get(PAGE).text
    assert not re.search(r'(?:href|action|src)="(?:https?:)?//', page)


def test_what_was_sent_is_kept_as_a_sealed_pdf(planner: Browser, app: Flask, sessions: Sessions) -> None:
    send(planner, ("Plan.pdf", PLAN))
    (file,) = stored(sessions)
    planner.send(f"{PAGE}/{file.id}/link", {"indicator": "DS1", "place": "page 12"}, form=PAGE)
    with_table(planner, DRAFT)
    assert planner.send(f"{DRAFT}/submit", {}, form=f"{DRAFT}/check").status_code == 302
    link = re.search(rf'href="({DRAFT}/sent/1.pdf)"', planner.get(f"{DRAFT}/sent").text)
    assert link is not None
    assert link[1] in planner.get(f"{DRAFT}/record").text
    answer = planner.get(link[1])
    assert (answer.mimetype, answer.headers["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages)
    squeezed = re.sub(r"\s", "", text)
    with sessions() as session:
        sent = session.scalars(select(Submission)).one()
    for said in (
        "P-0001",
        "UTC",
        "Capital cost",
        "Signals at 42 junctions.",
        "DS1 (page 12)",
        sent.sha256,
        file.sha256,
    ):
        assert re.sub(r"\s", "", said) in squeezed
    with sessions() as session:
        found = reporting.verify_report(session, OPERATOR, answer.data)
    assert (found.untouched, found.submission, found.problems) == (True, "P-0001, submission 1", ())
    touched = answer.data.replace(b"submission 1", b"submission 2", 1)
    with sessions() as session:
        assert not reporting.verify_report(session, OPERATOR, touched).untouched
    with sessions.begin() as session:
        session.connection().execute(sql("DROP TRIGGER submitted_file_no_update"))
        session.connection().execute(sql("UPDATE submitted_file SET title = 'Another'"))
    with sessions() as session:
        assert "no longer says" in reporting.verify_report(session, OPERATOR, answer.data).problems[0]
    assert planner.get(f"{DRAFT}/sent/2.pdf").status_code == 404
    assert signed_in_as(app, sessions, Role.APPRAISER)[0].get(link[1]).status_code == 404


def test_appraisers_are_offered_the_files_behind_the_answer_they_score(app: Flask, sessions: Sessions) -> None:
    held = panel(sessions)
    with sessions() as session:
        drafting.take_back(session, held.planner, held.project_id)
    with sessions() as session:
        (file,) = receiving.add_files(session, held.planner, held.project_id, [Incoming("Tender.pdf", PLAN)]).taken
    with sessions() as session:
        evidence.link(session, held.planner, held.project_id, file.id, "DS1", "page 3")
    with sessions() as session:
        version = drafting.draft_of(session, held.planner, held.project_id).version
    with sessions() as session:
        registration.submit_project(session, held.planner, held.project_id, version)
    appraiser = held.appraiser("A")
    client = app.test_client()
    let_in(client, sessions, appraiser)
    page = client.get(f"/assess/{held.project_id}/score/DS1").text
    opens = f'href="/projects/{held.project_id}/evidence/{file.id}" download>Tender, page 3</a>'
    assert opens in page
    assert 'data-document="Tender" data-page="page 3"' in page
    assert '<option value="Tender">' in page
    other = client.get(f"/assess/{held.project_id}/score/DS2").text
    assert "data-document" not in other
    assert '<option value="Tender">' in other
    held.fill(appraiser, {"DS1": level(3)})  # it names the document "Tender"
    held.submit(appraiser)
    read = client.get(f"/assess/{held.project_id}/score/DS1").text
    assert read.count(f"/evidence/{file.id}") >= 2, "beside the answer and beside the own evidence"
    with sessions() as session:
        appraising.appraise_project(session, OPERATOR, held.project_id, seed=1, draws=100)
    assert opens in client.get(f"/assess/{held.project_id}/why").text
