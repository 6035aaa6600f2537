"""The trail is read by those who may, newest first."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Role
from appraisal.policy import OPERATOR, NotAllowed
from appraisal.services import auditing
from tests import factories


def test_entries_come_newest_first_and_page_on(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        for number in range(5):
            auditing.record(session, OPERATOR, f"test.{number}", "test", number, note="하나")
    with sessions() as session:
        newest = auditing.entries(session, OPERATOR, limit=2)
        older = auditing.entries(session, OPERATOR, limit=2, before=newest[-1].sequence)
        assert [entry.action for entry in [*newest, *older]] == ["test.4", "test.3", "test.2", "test.1"]
        assert newest[0].details == {"note": "하나"}
        assert auditing.count(session) == 5


def test_a_planner_cannot_read_the_trail(sessions: sessionmaker[Session]) -> None:
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    with sessions() as session, pytest.raises(NotAllowed) as refused:
        auditing.entries(session, planner)
    assert refused.value.granters == ("admin",)
