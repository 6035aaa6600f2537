"""What is kept for a time only goes when that is over; the record stays."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import (
    AccountLink,
    ApiToken,
    AttemptWindow,
    LinkKind,
    LiveSession,
    Mail,
    MailKind,
    MailState,
    Notice,
    Notification,
    ResetRequest,
    Table,
)
from appraisal.models.tables import now
from appraisal.services import retention, timetable
from appraisal.services.retention import Retention, prune
from appraisal.services.timetable import Timetable
from tests.panel import panel

KEPT = Retention(messages=timedelta(days=365), mail=timedelta(days=90), access=timedelta(days=180))
EDGE = timedelta(hours=1)


def rows(account_id: UUID, project_id: UUID, at: datetime, name: str, age: timedelta) -> list[Table]:
    """One of each kind that is as old as its time, and so much older or younger."""

    def mail(state: MailState, key: str, days: float = 90) -> Mail:
        sent = at if state is MailState.SENT else None
        made = at - timedelta(days=days) - age
        return Mail(
            account_id=account_id, kind=MailKind.NOTICE, key=f"{name} {key}", state=state, sent_at=sent, created_at=made
        )

    def message(kind: Notice, days: float) -> Notification:
        made = at - timedelta(days=days) - age
        return Notification(
            account_id=account_id, kind=kind, key=f"{name} {kind.value}", project_id=project_id, created_at=made
        )

    def ended(days: float) -> datetime:
        return at - timedelta(days=days) - age

    return [
        *(mail(state, state.value) for state in (MailState.SENT, MailState.FAILED, MailState.DROPPED)),
        message(Notice.SENT, 365),
        LiveSession(
            account_id=account_id, key_hash=name, epoch=0, device="", address="", created_at=at, seen_at=ended(7)
        ),
        AccountLink(account_id=account_id, kind=LinkKind.INVITATION, secret_hash=name, expires_at=ended(180)),
        ApiToken(account_id=account_id, name=name, secret_hash=name, prefix=name, expires_at=ended(180)),
        AttemptWindow(key=name, ends_at=ended(1), failed=1, pending=0),
        ResetRequest(email=f"{name}@example.org", created_at=at - timedelta(hours=1) - age / 60),
    ]


@pytest.mark.asvs("14.2.4")
def test_what_is_over_goes_and_what_is_not_stays(sessions: sessionmaker[Session]) -> None:
    held, at = panel(sessions), now()
    assert held.planner.account_id is not None
    with sessions.begin() as session:
        before = len(session.scalars(select(Notification)).all())
        for name, age in (("old", EDGE), ("young", -EDGE)):
            session.add_all(rows(held.planner.account_id, held.project_id, at, name, age))
    with sessions() as session:
        assert prune(session, KEPT) == 9
    with sessions() as session:
        assert prune(session, KEPT) == 0
        kinds = (Mail, LiveSession, AccountLink, ApiToken, AttemptWindow, ResetRequest)
        assert {kind.__tablename__: len(session.scalars(select(kind)).all()) for kind in kinds} == {
            "mail": 3,
            **dict.fromkeys(("live_session", "account_link", "api_token", "attempt_window", "reset_request"), 1),
        }
        assert len(session.scalars(select(Notification)).all()) == before + 1


def test_who_was_told_of_a_decision_stays_with_it_and_what_waits_is_still_sent(sessions: sessionmaker[Session]) -> None:
    held, long_ago = panel(sessions), now() - timedelta(days=4000)
    own = {"account_id": held.planner.account_id, "created_at": long_ago}
    with sessions.begin() as session:
        sent = Mail(**own, kind=MailKind.NOTICE, key="a", state=MailState.SENT, sent_at=long_ago)
        waits = Mail(**own, kind=MailKind.NOTICE, key="b")
        session.add_all([sent, waits])
        session.flush()
        told = {"kind": Notice.DECIDED, "project_id": held.project_id, "key": "decided", "mail_id": sent.id}
        session.add(Notification(**own, **told))
    with sessions() as session:
        assert prune(session, KEPT) == 0


def test_many_go_in_steps(sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    with sessions.begin() as session:
        session.add_all(ResetRequest(email=f"{n}@x", created_at=now() - timedelta(days=1)) for n in range(5))
    with sessions() as session:
        assert prune(session, KEPT) == 5


def test_the_timetable_sees_to_it_once_an_hour(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = [5000.0]
    monkeypatch.setattr(timetable.time, "monotonic", lambda: at[0])
    kept = Timetable(sessions, KEPT)

    def left_after(later: float) -> int:
        with sessions.begin() as session:
            session.add(ResetRequest(email="a@x", created_at=now() - timedelta(days=1)))
        at[0] += later
        kept.tidy()
        with sessions() as session:
            return len(session.scalars(select(ResetRequest)).all())

    assert [left_after(later) for later in (0, 3599, 1)] == [0, 1, 0]
