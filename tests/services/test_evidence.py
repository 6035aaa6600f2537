"""Evidence of a draft and of what was sent: kept once, linked, frozen, counted, sealed; on both databases."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, sessionmaker

from appraisal.evidence import Evidence, FileKind
from appraisal.models import AuditEntry, EvidenceFile, Interest, Project, Role, StoredFile
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound
from appraisal.reading.project_file import read_project
from appraisal.reports.project_sheets import projects_workbook
from appraisal.services import (
    drafting,
    evidence,
    exporting,
    importing,
    personal_data,
    receiving,
    registration,
    sent_evidence,
    verifying,
)
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.receiving import Incoming, Received
from scoring.project_file import Answer
from tests import factories
from tests.documents import EVERY_KIND, office, pdf
from tests.panel import panel

PLAN = EVERY_KIND[FileKind.PDF]
Sessions = sessionmaker[Session]


@pytest.fixture
def planner(sessions: Sessions) -> Actor:
    return factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))


@pytest.fixture
def draft(sessions: Sessions, planner: Actor) -> UUID:
    return new_draft(sessions, planner)


def new_draft(sessions: Sessions, planner: Actor) -> UUID:
    with sessions() as session:
        return drafting.start_project(session, planner, uuid4(), factories.published_project(), years=20).id


def add(sessions: Sessions, actor: Actor, project: UUID, *files: tuple[str, bytes]) -> Received:
    with sessions() as session:
        return receiving.add_files(session, actor, project, [Incoming(*each) for each in files])


def held(sessions: Sessions, actor: Actor, project: UUID) -> evidence.Held:
    with sessions() as session:
        return evidence.held_by(session, actor, project)


def send(sessions: Sessions, actor: Actor, project: UUID) -> None:
    with sessions() as session:
        version = session.get_one(Project, project).version
    with sessions() as session:
        registration.submit_project(session, actor, project, version)


def opened(sessions: Sessions, actor: Actor, project: UUID, file: Evidence) -> bytes:
    with sessions() as session:
        return sent_evidence.open_file(session, actor, project, file.id)[1]


def wrong(sessions: Sessions) -> list[str]:
    """What the check of the trail finds, besides the people that the factories made past it."""
    with sessions() as session:
        found = verifying.verify(session, OPERATOR).findings
    return [each.problem for each in found if not each.place.startswith(("organisation", "account"))]


def sound(sessions: Sessions) -> bool:
    return not wrong(sessions)


def unguard(connection: Connection) -> None:
    """As someone does who gets past the tool."""
    for table in ("stored_file", "submitted_file"):
        sqlite = connection.dialect.name == "sqlite"
        connection.execute(
            text(f"DROP TRIGGER {table}_no_update" if sqlite else f"DROP TRIGGER {table}_guard ON {table}")
        )


def contents(sessions: Sessions) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(StoredFile)) or 0


def test_files_are_kept_once_and_what_is_refused_is_said(sessions: Sessions, planner: Actor, draft: UUID) -> None:
    got = add(sessions, planner, draft, ("Plan.pdf", PLAN), ("C:\\x\\Plan.pdf.exe", office()), ("run.exe", b"MZ"))
    assert [(file.title, file.kind.value) for file in got.taken] == [("Plan", "pdf"), ("Plan.pdf", "docx")]
    assert [each.name for each in got.refused] == ["run.exe"]
    again = add(sessions, planner, draft, ("Other name.pdf", PLAN))
    assert not again.taken
    assert [file.id for file in again.there_already] == [got.taken[0].id]
    twin = add(sessions, planner, draft, ("Plan.pdf", pdf(b"/Lang (en) "))).taken[0]
    assert twin.title == "Plan (2)"
    assert opened(sessions, planner, draft, twin) == pdf(b"/Lang (en) ")
    other = new_draft(sessions, planner)
    add(sessions, planner, other, ("Plan.pdf", PLAN))
    assert contents(sessions) == 3
    usage = held(sessions, planner, other).usage
    assert (usage.project, usage.organisation) == (len(PLAN), len(PLAN) + len(office()) + twin.size)
    assert sound(sessions)


def test_a_name_is_shown_in_the_order_it_is_stored(sessions: Sessions, planner: Actor, draft: UUID) -> None:
    (file,) = add(sessions, planner, draft, ("../../a\x00/photo\u202egpj.exe\n", PLAN)).taken
    assert (file.name, file.title) == ("photogpj.exe", "photogpj")
    (blank,) = add(sessions, planner, draft, ("\u202e.\u0007", EVERY_KIND[FileKind.TEXT])).taken
    assert blank.title == "."
    (long,) = add(sessions, planner, draft, ("ก" * 500 + ".csv", EVERY_KIND[FileKind.CSV])).taken
    assert len(long.title) <= 200


def test_links_and_titles_change_and_nobody_overwrites_anybody(sessions: Sessions, planner: Actor, draft: UUID) -> None:
    (file,) = add(sessions, planner, draft, ("Plan.pdf", PLAN)).taken
    for place in ("page 12", "page 12", "section 3"):
        with sessions() as session:
            evidence.link(session, planner, draft, file.id, "DS1", place)
    now = held(sessions, planner, draft)
    assert now.files[0].at("DS1") == ("page 12", "section 3")
    with sessions() as session, pytest.raises(DomainError, match="Choose the answer"):
        evidence.link(session, planner, draft, file.id, "XX9", "")
    with sessions() as session, pytest.raises(DomainError, match=r"U\+202E"):
        evidence.link(session, planner, draft, file.id, "DS1", "page \u202e21")
    with sessions() as session, pytest.raises(StaleVersion, match="you typed “New”"):
        evidence.rename(session, planner, draft, file.id, 1, "New")
    with sessions() as session, pytest.raises(StaleVersion):
        evidence.remove(session, planner, draft, file.id, 1)
    with sessions() as session:
        evidence.rename(session, planner, draft, file.id, now.versions[file.id], "New")
    (link, _) = now.links[file.id]
    for _ in range(2):
        with sessions() as session:
            evidence.unlink(session, planner, draft, file.id, link.id)
    after = held(sessions, planner, draft)
    assert (after.files[0].title, after.files[0].at("DS1")) == ("New", ("section 3",))
    with sessions() as session:
        evidence.remove(session, planner, draft, file.id, after.versions[file.id])
    assert not held(sessions, planner, draft).files
    assert contents(sessions) == 0
    assert sound(sessions)
    with sessions() as session:
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)).all()
    assert actions[1:] == [
        *("evidence.added", "evidence.linked", "evidence.linked", "evidence.renamed", "evidence.unlinked"),
        "evidence.removed",
    ]


def test_what_was_looked_at_before_sending_is_what_is_sent(sessions: Sessions, planner: Actor, draft: UUID) -> None:
    with sessions() as session:
        seen = session.get_one(Project, draft).version
    add(sessions, planner, draft, ("Plan.pdf", PLAN))
    with sessions() as session, pytest.raises(StaleVersion):
        registration.submit_project(session, planner, draft, seen)


def test_a_submission_keeps_what_it_was_sent_with(sessions: Sessions, planner: Actor, draft: UUID) -> None:
    (file,) = add(sessions, planner, draft, ("Plan.pdf", PLAN)).taken
    with sessions() as session:
        evidence.link(session, planner, draft, file.id, "DS1", "page 12")
    send(sessions, planner, draft)
    with sessions() as session, pytest.raises(NotAllowed):
        evidence.rename(session, planner, draft, file.id, 2, "New")
    with sessions() as session, pytest.raises(NotAllowed):
        receiving.add_files(session, planner, draft, [Incoming("b.txt", b"b")])
    with sessions() as session:
        drafting.take_back(session, planner, draft)
    with sessions() as session:
        evidence.remove(session, planner, draft, file.id, held(sessions, planner, draft).versions[file.id])
    add(sessions, planner, draft, ("Minutes.txt", b"Minutes"))
    send(sessions, planner, draft)
    with sessions() as session:
        sent = sent_evidence.files_by_submission(session, planner, draft)
    assert [each.title for each in sent[1]] == ["Plan"]
    assert sent[1][0].at("DS1") == ("page 12",)
    assert [each.title for each in sent[2]] == ["Minutes"]
    for tampering in ("UPDATE submitted_file SET title = 'Another'", "UPDATE stored_file SET content = 'forged'"):
        with pytest.raises(DatabaseError, match="rows are only ever added"), sessions.begin() as session:
            session.connection().execute(text(tampering))
    assert opened(sessions, planner, draft, file) == PLAN
    assert sound(sessions)
    with sessions() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "project.submitted").order_by(AuditEntry.sequence)
        ).first()
    assert entry is not None
    assert entry.details["files"] == [file.sha256]


def test_a_discarded_draft_takes_its_files_with_it(sessions: Sessions, planner: Actor, draft: UUID) -> None:
    (file,) = add(sessions, planner, draft, ("Plan.pdf", PLAN)).taken
    with sessions() as session:
        evidence.link(session, planner, draft, file.id, "DS1", "")
    with sessions() as session:
        drafting.discard_draft(session, planner, draft)
    assert contents(sessions) == 0
    assert sound(sessions)


def test_who_opens_a_file(sessions: Sessions) -> None:
    shared = panel(sessions)
    with sessions() as session:
        drafting.take_back(session, shared.planner, shared.project_id)
    (file,) = add(sessions, shared.planner, shared.project_id, ("Plan.pdf", PLAN)).taken
    send(sessions, shared.planner, shared.project_id)
    declared, silent = shared.appraiser("declared"), shared.appraiser("silent", declared=False)
    stood_back = shared.appraiser("tied", declared=False)
    shared.declare(stood_back, Interest.NOT_COMPETENT)
    of = factories.organisation(sessions, "Elsewhere")
    others = {role: factories.actor(sessions, role, of, email=f"{role.value}@else.example") for role in Role}
    may = [shared.planner, declared, others[Role.APPROVER], others[Role.ANALYST], others[Role.ADMIN], OPERATOR]
    may_not = [silent, stood_back, others[Role.PLANNER], others[Role.APPRAISER]]
    for actor in may:
        assert opened(sessions, actor, shared.project_id, file) == PLAN
    with sessions() as session:
        drafting.take_back(session, shared.planner, shared.project_id)
    (unsent,) = add(sessions, shared.planner, shared.project_id, ("New.txt", b"New")).taken
    for actor in may_not:
        with pytest.raises(NotFound):
            opened(sessions, actor, shared.project_id, file)
    assert opened(sessions, declared, shared.project_id, file) == PLAN  # read with the sheet that was scored
    for actor in (declared, *may_not, others[Role.APPROVER], others[Role.ADMIN]):
        with pytest.raises(NotFound):
            opened(sessions, actor, shared.project_id, unsent)
    elsewhere = new_draft(sessions, shared.planner)
    with pytest.raises(NotFound):
        opened(sessions, shared.planner, elsewhere, file)


def test_quotas_are_kept(sessions: Sessions, planner: Actor, draft: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MOST_A_PROJECT", 30)
    got = add(sessions, planner, draft, ("a.txt", b"a" * 20), ("b.txt", b"b" * 20), ("c.txt", b"c" * 10))
    assert [file.title for file in got.taken] == ["a", "c"]
    assert got.refused[0].too_large
    assert "0.0 MiB of the 0.0 MiB of its project are left" in got.refused[0].why
    monkeypatch.setattr(receiving, "MOST_AN_ORGANISATION", 35)
    refused = add(sessions, planner, new_draft(sessions, planner), ("d.txt", b"d" * 6)).refused
    assert "of its organisation are left" in refused[0].why
    monkeypatch.setattr(receiving, "MOST_FILES", 2)
    assert "at most 2 files" in add(sessions, planner, draft, ("e.txt", b"e")).refused[0].why
    monkeypatch.setattr(receiving, "MOST_A_FILE", 3)
    assert "larger than" in add(sessions, planner, draft, ("f.txt", b"ffff")).refused[0].why


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        ("UPDATE stored_file SET content = 'forged'", "was changed behind the trail's back"),
        ("UPDATE submitted_file SET title = 'Another'", "was changed behind the trail's back"),
        ("UPDATE submitted_file SET places = '[]'", "was changed behind the trail's back"),
        ("DELETE FROM submitted_file", "is gone"),
        ("UPDATE evidence_file SET title = 'Another'", "was changed behind the trail's back"),
        ("DELETE FROM evidence_link", "is gone"),
    ],
)
def test_what_is_changed_behind_the_trail_is_found(
    sessions: Sessions, planner: Actor, draft: UUID, tampering: str, said: str
) -> None:
    (file,) = add(sessions, planner, draft, ("Plan.pdf", PLAN)).taken
    with sessions() as session:
        evidence.link(session, planner, draft, file.id, "DS1", "page 12")
    send(sessions, planner, draft)
    with sessions.begin() as session:
        unguard(session.connection())
        session.connection().execute(text(tampering))
    (found,) = wrong(sessions)
    assert said in found


def test_who_sent_a_file_is_among_their_data(sessions: Sessions, planner: Actor, draft: UUID) -> None:
    add(sessions, planner, draft, ("Plan of Ms Kim.pdf", PLAN))
    assert planner.account_id is not None
    with sessions() as session:
        about = personal_data.about(session, planner, planner.account_id)
    assert [row["name"] for row in about["evidence_file"]] == ["Plan of Ms Kim.pdf"]
    assert "Plan of Ms Kim" in personal_data.as_json(about)
    with sessions() as session:
        assert session.scalars(select(EvidenceFile.uploaded_by_id)).one() == planner.account_id


def test_exports_name_the_evidence_and_come_back_unchanged(sessions: Sessions, planner: Actor, draft: UUID) -> None:
    answered, answers = "DS1", {"DS1": Answer(level=2, source="Study"), "DS2": Answer(level=1)}
    with sessions() as session:
        drafting.edit_project(session, planner, draft, 1, lambda file: replace(file, answers=answers), part="answers")
    (file,) = add(sessions, planner, draft, ("Plan.pdf", PLAN)).taken
    with sessions() as session:
        before = drafting.draft_of(session, planner, draft).file
    with sessions() as session:
        evidence.link(session, planner, draft, file.id, answered, "page 12")
    said = f"Study; Plan.pdf, page 12, SHA-256 {file.sha256}"
    with sessions() as session:
        text_of_it = registration.project_document(session, planner, before.reference)
    assert read_project(text_of_it).answers[answered].source == said
    with sessions() as session:
        (exported,) = exporting.own_project_files(session, planner)
    assert exported.answers[answered].source == said
    for content in (projects_workbook([exported]), text_of_it.encode()):
        with sessions() as session:
            counts = importing.plan_content(session, planner, content).counts
        assert counts == {"create": 0, "update": 0, "unchanged": 1, "cannot": 0}
    changed = replace(exported, title="Another title")
    with sessions() as session:
        importing.import_content(session, planner, "projects.xlsx", projects_workbook([changed]))
    with sessions() as session:
        after = drafting.draft_of(session, planner, draft).file
    assert (after.title, after.answers) == ("Another title", before.answers)
