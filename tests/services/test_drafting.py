"""A draft: started once, changed part by part, never overwritten unseen, taken back, discarded; on both databases."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AuditEntry, Project, ProjectState, Role, Submission
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound
from appraisal.reading.problems import Unreadable
from appraisal.services import drafting, registration, verifying
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.project_mapping import to_file
from scoring.project_file import Answer, CashFlowLine, FlowKind, ProjectFile
from tests import factories


@pytest.fixture
def planner(sessions: sessionmaker[Session]) -> Actor:
    return factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))


def start(sessions: sessionmaker[Session], planner: Actor, key: UUID | None = None) -> Project:
    with sessions() as session:
        return drafting.start_project(session, planner, key or uuid4(), factories.published_project(), years=20)


def edit(
    sessions: sessionmaker[Session],
    actor: Actor,
    project: Project,
    version: int,
    change: Callable[[ProjectFile], ProjectFile],
) -> Project:
    with sessions() as session:
        return drafting.edit_project(session, actor, project.id, version, change, part="test")


def first_amount(amount: str) -> Callable[[ProjectFile], ProjectFile]:
    def change(file: ProjectFile) -> ProjectFile:
        first, *rest = file.cash_flows.lines
        first = replace(first, amounts=(Decimal(amount), *first.amounts[1:]))
        return replace(file, cash_flows=replace(file.cash_flows, lines=(first, *rest)))

    return change


def stored(sessions: sessionmaker[Session], project: Project) -> ProjectFile:
    with sessions() as session:
        return to_file(session.get_one(Project, project.id))


def actions(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)))


def test_sent_twice_it_is_made_once(sessions: sessionmaker[Session], planner: Actor) -> None:
    key = uuid4()
    assert start(sessions, planner, key).reference == start(sessions, planner, key).reference == "P-0001"
    assert start(sessions, planner).reference == "P-0002"
    assert actions(sessions) == ["project.registered"] * 2


def test_anothers_key_tells_nothing(sessions: sessionmaker[Session], planner: Actor) -> None:
    key = uuid4()
    start(sessions, planner, key)
    rival = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Elsewhere"))
    with pytest.raises(NotFound):
        start(sessions, rival, key)


def test_two_editors_cannot_overwrite_each_other(sessions: sessionmaker[Session], planner: Actor) -> None:
    project = start(sessions, planner)
    changed = edit(sessions, planner, project, 1, first_amount("7.5"))
    assert changed.version == 2, "an amount changed, nothing else of the project"
    with pytest.raises(StaleVersion):
        edit(sessions, planner, project, 1, lambda file: replace(file, title="Mine"))
    kept = stored(sessions, project)
    assert kept.cash_flows.lines[0].amounts[0] == Decimal("7.5")
    assert kept.title != "Mine"
    assert (
        edit(sessions, planner, project, 2, lambda file: replace(file, answers={"DS1": Answer(level=2)})).version == 3
    )


def facts_of_last(sessions: sessionmaker[Session]) -> set[str]:
    with sessions() as session:
        return set(session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc()).limit(1)).one().facts or ())


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (lambda file: replace(file, title="Another"), {"project"}),
        (lambda file: replace(file, answers={"DS1": Answer(level=2)}), {"project", "answer"}),
        (first_amount("7.50"), {"project", "cash_flow_amount"}),
        (
            lambda file: replace(file, cash_flows=replace(file.cash_flows, lines=file.cash_flows.lines[:1])),
            {"project", "cash_flow_line", "cash_flow_amount"},
        ),
    ],
)
def test_a_draft_just_read_is_changed_where_it_differs_and_stands_as_it_is_read_again(
    sessions: sessionmaker[Session],
    planner: Actor,
    change: Callable[[ProjectFile], ProjectFile],
    kinds: set[str],
) -> None:
    project = start(sessions, planner)
    with sessions() as session:
        draft = drafting.draft_of(session, planner, project.id)
    assert draft.file == stored(sessions, project)
    with sessions() as session:
        now = drafting.edit_draft(session, planner, draft, change, part="test")
    assert facts_of_last(sessions) == kinds, "the trail takes digests of what was written"
    with sessions() as session:
        assert drafting.draft_of(session, planner, project.id) == now
    with sessions() as session, pytest.raises(StaleVersion):
        drafting.edit_draft(session, planner, draft, lambda file: replace(file, title="Mine"), part="test")
    with sessions() as session:
        found = verifying.verify(session, OPERATOR).findings
    assert [each for each in found if not each.place.startswith(("organisation", "account"))] == []


def retitled(file: ProjectFile) -> ProjectFile:
    return replace(file, title="Mine")


def test_a_draft_that_may_not_be_changed_any_more_is_not(sessions: sessionmaker[Session], planner: Actor) -> None:
    project = start(sessions, planner)
    with sessions() as session:
        draft = drafting.draft_of(session, planner, project.id)
    rival = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Elsewhere"))
    with sessions() as session, pytest.raises(NotFound):
        drafting.edit_draft(session, rival, draft, retitled, part="test")
    analyst = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Office"))
    with sessions() as session, pytest.raises(NotAllowed):
        drafting.edit_draft(session, analyst, draft, retitled, part="test")
    with sessions() as session, pytest.raises(StaleVersion, match="typed on this page"):
        drafting.edit_draft(session, planner, draft, retitled, part="test", text=uuid4())
    with sessions.begin() as session:
        session.execute(update(Project).values(state=ProjectState.SUBMITTED))
    with sessions() as session, pytest.raises(NotAllowed):
        drafting.edit_draft(session, planner, draft, retitled, part="test")
    assert stored(sessions, project) == draft.file
    assert actions(sessions) == ["project.registered"]


@pytest.mark.asvs("2.3.3", "2.2.3")
def test_a_rule_that_is_broken_changes_nothing(sessions: sessionmaker[Session], planner: Actor) -> None:
    project = start(sessions, planner)
    before = stored(sessions, project)
    bad = CashFlowLine(name="x" * 500, kind=FlowKind.OPEX, amounts=(Decimal(1),))
    with pytest.raises(Unreadable, match="lines"):
        edit(
            sessions, planner, project, 1,
            lambda file: replace(file, cash_flows=replace(file.cash_flows, lines=(bad,))),
        )  # fmt: skip
    assert stored(sessions, project) == before
    assert actions(sessions) == ["project.registered"]


def test_only_the_organisation_edits_and_only_drafts(sessions: sessionmaker[Session], planner: Actor) -> None:
    project = start(sessions, planner)
    rival = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Elsewhere"))
    analyst = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Bank"))
    for stranger in (rival, analyst):
        with pytest.raises(NotFound):
            edit(sessions, stranger, project, 1, first_amount("1"))
        with sessions() as session, pytest.raises(NotFound):
            drafting.draft_of(session, stranger, project.id)
    with sessions() as session:
        registration.submit_project(session, planner, project.id, 1)
    with pytest.raises(NotAllowed):
        edit(sessions, planner, project, 2, first_amount("1"))
    with sessions() as session, pytest.raises(NotAllowed):
        drafting.editable_draft(session, planner, project.id)
    with pytest.raises(NotAllowed):
        edit(sessions, analyst, project, 2, first_amount("1"))


def test_taken_back_changed_and_sent_again(sessions: sessionmaker[Session], planner: Actor) -> None:
    project = start(sessions, planner)
    with sessions() as session, pytest.raises(NotAllowed):
        drafting.take_back(session, planner, project.id)
    with sessions() as session:
        registration.submit_project(session, planner, project.id, 1)
    with sessions() as session:
        assert drafting.take_back(session, planner, project.id).state is ProjectState.DRAFT
    changed = edit(sessions, planner, project, 3, first_amount("7.5"))
    with sessions() as session:
        registration.submit_project(session, planner, project.id, changed.version)
    with sessions() as session:
        rows = session.scalars(select(Submission).order_by(Submission.number)).all()
    assert [row.number for row in rows] == [1, 2]
    assert rows[0].sha256 != rows[1].sha256
    assert actions(sessions)[-3:] == ["project.taken-back", "project.changed", "project.submitted"]


def test_a_draft_can_be_discarded_but_not_what_was_submitted(sessions: sessionmaker[Session], planner: Actor) -> None:
    kept, gone = start(sessions, planner), start(sessions, planner)
    with sessions() as session:
        drafting.discard_draft(session, planner, gone.id)
    with sessions() as session:
        registration.submit_project(session, planner, kept.id, 1)
    with sessions() as session:
        drafting.take_back(session, planner, kept.id)
    with sessions() as session, pytest.raises(DomainError, match="stays on record"):
        drafting.discard_draft(session, planner, kept.id)
    with sessions() as session:
        assert session.scalars(select(Project.id)).all() == [kept.id]
    assert "project.discarded" in actions(sessions)
    assert start(sessions, planner).reference == "P-0002"
