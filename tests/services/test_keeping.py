"""What was typed and does not read yet: kept by page, never over what was not seen; on both databases."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AuditEntry, KeptText, Role
from appraisal.policy import Actor, NotAllowed, NotFound
from appraisal.services import drafting, keeping, registration
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.readiness import gaps_of
from tests import factories

TYPED = [("city", "Seo\x00ul \u202e"), ("areas", "mobility"), ("areas", "energy")]


@pytest.fixture
def planner(sessions: sessionmaker[Session]) -> Actor:
    return factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))


@pytest.fixture
def project_id(sessions: sessionmaker[Session], planner: Actor) -> UUID:
    with sessions() as session:
        return drafting.start_project(session, planner, uuid4(), factories.published_project(), years=20).id


def keep(
    sessions: sessionmaker[Session],
    actor: Actor,
    project_id: UUID,
    text: UUID | None,
    *,
    version: int = 1,
    fields: keeping.Fields = TYPED,
) -> UUID:
    with sessions() as session:
        return keeping.keep_text(session, actor, project_id, version, "project", fields, text=text)


def test_kept_as_typed_until_the_page_is_stored(
    sessions: sessionmaker[Session], planner: Actor, project_id: UUID
) -> None:
    first = keep(sessions, planner, project_id, None)
    second = keep(sessions, planner, project_id, first)
    with sessions() as session:
        draft = drafting.editable_draft(session, planner, project_id)
    assert draft.version == 1, "the project itself says nothing else"
    assert (draft.kept["project"].fields, draft.kept["project"].revision) == (tuple(TYPED), second)
    assert "Something typed under “The project”" in gaps_of(draft)[-1].message
    with sessions() as session, pytest.raises(StaleVersion):
        drafting.edit_project(session, planner, project_id, 1, lambda file: file, part="project", text=first)
    with sessions() as session:
        drafting.edit_project(session, planner, project_id, 1, lambda file: file, part="project", text=second)
    with sessions() as session:
        assert session.scalars(select(KeptText)).all() == []
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)).all()
    assert actions == ["project.registered", "project.text-kept", "project.changed"]


def test_what_was_not_seen_is_never_overwritten_nor_discarded(
    sessions: sessionmaker[Session], planner: Actor, project_id: UUID
) -> None:
    seen = keep(sessions, planner, project_id, None)
    now = keep(sessions, planner, project_id, seen)
    for text in (None, seen, uuid4()):
        with pytest.raises(StaleVersion):
            keep(sessions, planner, project_id, text)
        with sessions() as session, pytest.raises(StaleVersion):
            keeping.discard_text(session, planner, project_id, "project", text)
    with pytest.raises(StaleVersion):
        keep(sessions, planner, project_id, now, version=2)
    with pytest.raises(DomainError, match="at most 500,000 characters"):
        keep(sessions, planner, project_id, now, fields=[("city", "x" * 500_000)])
    rival = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Elsewhere"))
    with pytest.raises(NotFound):
        keep(sessions, rival, project_id, now)
    with sessions() as session:
        keeping.discard_text(session, planner, project_id, "project", now)
    keep(sessions, planner, project_id, None)
    with sessions() as session:
        registration.submit_project(session, planner, project_id, 1)
    with pytest.raises(NotAllowed):
        keep(sessions, planner, project_id, None, version=2)


def test_it_goes_with_the_draft(sessions: sessionmaker[Session], planner: Actor, project_id: UUID) -> None:
    keep(sessions, planner, project_id, None)
    with sessions() as session:
        drafting.discard_draft(session, planner, project_id)
    with sessions() as session:
        assert session.scalars(select(KeptText)).all() == []
