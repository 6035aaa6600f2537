"""An upgrade checks before it rewrites, says how the tables stand after it, and washes nothing clean."""

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session, sessionmaker

from appraisal.database import revert, sessions_on
from appraisal.models import AuditEntry
from appraisal.policy import OPERATOR
from appraisal.services import upgrading, verifying
from appraisal.services.errors import DomainError
from appraisal.services.upgrading import upgrade
from tests.panel import panel

BEFORE_THE_CHAIN = "0009"


def actions(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)))


def test_what_was_recorded_before_the_chain_is_chained_at_the_first_start(engine: Engine) -> None:
    sessions = sessions_on(engine)
    panel(sessions)
    revert(engine, BEFORE_THE_CHAIN)
    for _ in range(2):  # the second changes nothing
        upgrade(engine)
    assert actions(sessions) == ["project.registered", "project.submitted", "trail.tables-attested"]
    with sessions() as session:
        found = verifying.verify(session, OPERATOR)
        assert (found.findings, found.entries) == ((), 3)
    with engine.begin() as connection, pytest.raises(Exception, match="rows are only ever added"):
        connection.execute(text("UPDATE audit_entry SET action = 'x'"))


def test_a_new_database_starts_with_an_empty_trail(empty_engine: Engine) -> None:
    upgrade(empty_engine)
    assert actions(sessions_on(empty_engine)) == []


def test_what_was_tampered_with_is_not_migrated_unseen(
    engine: Engine, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    panel(sessions)
    with engine.begin() as connection:
        verifying.attest(connection, "trail.tables-attested")
    monkeypatch.setattr(upgrading, "revisions", lambda _connection: ("0001", "9999"))
    monkeypatch.setattr(upgrading, "migrate_on", lambda connection: connection.execute(text(REWRITE)))
    upgrade(engine)
    with sessions() as session:
        assert verifying.verify(session, OPERATOR).findings == (), "what the migration rewrote is attested"
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc()).limit(1)).one()
        assert (last.details["now"], last.details["rows"]) == ("9999", {"project": 1})
    with engine.begin() as connection:
        connection.execute(text("UPDATE project SET title = 'Another'"))
    with pytest.raises(DomainError, match=r"project .* was changed behind the trail's back"):
        upgrade(engine)
    upgrade(engine, unverified=True)
    with sessions() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc()).limit(1)).one()
        assert "changed behind the trail's back" in last.details["unverified"]


REWRITE = "UPDATE project SET summary = 'As the migration has it'"
