"""How many drafts an organisation may hold."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session, sessionmaker

from appraisal.demo import demo_projects
from appraisal.models import Role
from appraisal.reading.project_file import read_project
from appraisal.services import drafting, registration, room
from appraisal.services.errors import DomainError
from tests import factories


@pytest.mark.asvs("2.3.2")
def test_a_draft_too_many_is_refused_and_what_was_sent_does_not_count(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_DRAFTS", 2)
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    first, second, third = (read_project(text) for text in list(demo_projects())[:3])
    with sessions() as session:
        sent = registration.register_project(session, planner, first)
    with sessions() as session:
        registration.register_project(session, planner, second)
    with sessions() as session, pytest.raises(DomainError, match="at most 2 drafts, and yours has 2"):
        registration.register_project(session, planner, third)
    with sessions() as session, pytest.raises(DomainError, match="send or discard some first"):
        drafting.start_project(session, planner, uuid4(), replace(third, reference=""), years=10)
    with sessions() as session:
        registration.submit_project(session, planner, sent.id, sent.version)
    with sessions() as session:
        registration.register_project(session, planner, third)
