"""0026 guards what was sent with submissions, and leaves the rows as they are both ways."""

from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from appraisal.database import migrate, revert, sessions_on
from appraisal.models import Project, Role
from appraisal.policy import OPERATOR
from appraisal.services import drafting, receiving, registration, verifying
from appraisal.services.receiving import Incoming
from tests import factories

CHANGE = "UPDATE submitted_file SET title = title"


def test_0026_guards_evidence_and_keeps_it_both_ways(empty_engine: Engine) -> None:
    migrate(empty_engine)
    sessions = sessions_on(empty_engine)
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    with sessions() as session:
        draft = drafting.start_project(session, planner, uuid4(), factories.published_project(), years=20)
    with sessions() as session:
        receiving.add_files(session, planner, draft.id, [Incoming("Minutes.txt", b"Minutes")])
    with sessions() as session:
        version = session.get_one(Project, draft.id).version
    with sessions() as session:
        registration.submit_project(session, planner, draft.id, version)
    revert(empty_engine, "0025")
    with empty_engine.begin() as connection:
        assert connection.execute(text(CHANGE)).rowcount == 1
    migrate(empty_engine)
    with pytest.raises(DatabaseError, match="rows are only ever added"), empty_engine.begin() as connection:
        connection.execute(text(CHANGE))
    with sessions() as session:
        found = verifying.verify(session, OPERATOR).findings
    assert not [each for each in found if "file" in each.place]
