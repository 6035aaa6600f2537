"""Mail is made once with what it tells of, sent at least once as one message, and says nothing that may not be seen."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import (
    Account,
    AccountLink,
    AuditEntry,
    Mail,
    MailState,
    MailWish,
    Notice,
    Notification,
    Project,
    ResetRequest,
    Role,
)
from appraisal.models.tables import now
from appraisal.policy import OPERATOR, Actor, NotAllowed
from appraisal.services import assigning, invitations, mailing, notifying, outbox, resets
from appraisal.services.accounts import NO_PASSWORD
from appraisal.services.outbox import Wish
from appraisal.services.post import Post
from appraisal.services.smtp import hand_over
from tests import factories
from tests.panel import Panel, panel
from tests.rounds import at
from tests.servers import free_port
from tests.smtp_sink import Sink, mail_server

EVENING = datetime(2027, 3, 1, 7, 59, 59, tzinfo=UTC)
"""A second before the hour of the daily mail, eight in UTC."""


class Links:
    def place(self, kind: Notice, project_id: UUID | None, subject_id: UUID | None) -> str:
        return f"https://x.example/{kind.value}/{subject_id or project_id}"

    def join(self, secret: str) -> str:
        return f"https://x.example/join/{secret}"

    def choice(self) -> str:
        return "https://x.example/account/mail"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with mail_server() as server:
        yield server


@pytest.fixture
def sent(sessions: sessionmaker[Session]) -> Panel:
    """A project that was sent, and nobody with anything unread."""
    made = panel(sessions)
    with sessions.begin() as session:
        session.execute(delete(Notification))
        session.get_one(Account, made.planner.account_id).password_hash = "some hash"
    return made


def go_round(sessions: sessionmaker[Session], sink: Sink) -> None:
    Post(sessions, sink.settings, Links()).go_round()


def wants(sessions: sessionmaker[Session], actor: Actor, wish: Wish) -> None:
    with sessions() as session:
        outbox.choose(session, actor, wish)


def mails(sessions: sessionmaker[Session]) -> list[Mail]:
    with sessions() as session:
        return list(session.scalars(select(Mail).order_by(Mail.created_at)))


def tell(sessions: sessionmaker[Session], actor: Actor, project_id: UUID, event: object = "x") -> None:
    with sessions.begin() as session:
        notifying.tell(session, [actor.account_id], Notice.TRANSFERRED, event, project_id)


def address(sessions: sessionmaker[Session], actor: Actor) -> str:
    with sessions() as session:
        return session.get_one(Account, actor.account_id).email


def test_one_mail_a_day_says_what_is_unread(sessions: sessionmaker[Session], sent: Panel, sink: Sink) -> None:
    with at(EVENING):
        for event in range(2):
            tell(sessions, sent.planner, sent.project_id, event)
        go_round(sessions, sink)
    assert sink.taken == []
    for moment in (EVENING + timedelta(seconds=1), EVENING + timedelta(hours=2)):
        with at(moment):
            go_round(sessions, sink)
            tell(sessions, sent.planner, sent.project_id, moment)
    (message,) = sink.taken
    assert sink.recipients == [address(sessions, sent.planner)]
    assert message["Subject"] == "2 messages in Appraisal"
    assert message.get_content().replace("\r", "").count("was handed to you.\nhttps://x.example/transferred/") == 2
    assert "https://x.example/account/mail" in message.get_content()
    with at(EVENING + timedelta(days=1)):
        go_round(sessions, sink)
        assert len(sink.taken) == 1  # not before eight
    with at(EVENING + timedelta(days=1, seconds=1)):
        go_round(sessions, sink)
    assert len(sink.taken) == 2
    assert [each.state for each in mails(sessions)] == [MailState.SENT, MailState.SENT]


def test_the_hour_is_on_the_persons_own_clocks(sessions: sessionmaker[Session], sent: Panel, sink: Sink) -> None:
    wants(sessions, sent.planner, Wish(MailWish.DIGEST, 8, "Asia/Seoul"))
    eight = datetime(2027, 3, 1, 23, tzinfo=UTC)
    with at(eight - timedelta(hours=9)):  # 23:00 of the day before: that day's hour is past, and its mail goes out
        tell(sessions, sent.planner, sent.project_id)
        go_round(sessions, sink)
    with at(eight - timedelta(seconds=1)):
        tell(sessions, sent.planner, sent.project_id, "next")
        go_round(sessions, sink)
    assert len(sink.taken) == 1
    with at(eight):
        go_round(sessions, sink)
    assert len(sink.taken) == 2


def test_who_wants_it_at_once_gets_it_with_the_event(sessions: sessionmaker[Session], sent: Panel, sink: Sink) -> None:
    wants(sessions, sent.planner, Wish(MailWish.IMMEDIATE))
    with sessions() as session, session.begin():
        notifying.tell(session, [sent.planner.account_id], Notice.TRANSFERRED, "never", sent.project_id)
        session.rollback()
    assert mails(sessions) == []
    for _ in range(2):
        tell(sessions, sent.planner, sent.project_id)
    (mail,) = mails(sessions)
    go_round(sessions, sink)
    message = sink.taken[0]
    assert "was handed to you." in message["Subject"]
    assert message["Message-ID"] == f"<{mail.id.hex}@haneul.example>"
    assert message["From"] == "appraisal@haneul.example"


def test_who_wants_none_and_who_is_closed_get_none(sessions: sessionmaker[Session], sent: Panel, sink: Sink) -> None:
    appraiser = sent.appraiser("a")
    wants(sessions, sent.planner, Wish(MailWish.NONE))
    wants(sessions, appraiser, Wish(MailWish.IMMEDIATE))
    tell(sessions, appraiser, sent.project_id)
    with sessions.begin() as session:
        session.get_one(Account, appraiser.account_id).disabled = True
    with at(now() + timedelta(days=1)):
        go_round(sessions, sink)
    assert sink.taken == []
    assert [each.state for each in mails(sessions)] == [MailState.DROPPED]


def test_what_may_no_longer_be_seen_or_was_read_is_not_sent(sessions: sessionmaker[Session], sent: Panel) -> None:
    first, second = sent.appraiser("a"), sent.appraiser("b")
    for each in (first, second):
        wants(sessions, each, Wish(MailWish.IMMEDIATE))
        tell(sessions, each, sent.project_id)
    with sessions() as session:
        assigning.unassign(session, OPERATOR, sent.project_id, cast("UUID", first.account_id))
    with sessions() as session:
        notifying.mark_read(session, second)
    mailing.send_waiting(sessions, lambda message: pytest.fail(str(message)), Links(), "a@b.example")
    assert {each.state for each in mails(sessions)} == {MailState.DROPPED}


def test_a_title_cannot_write_headers(sessions: sessionmaker[Session], sent: Panel, sink: Sink) -> None:
    wants(sessions, sent.planner, Wish(MailWish.IMMEDIATE))
    with sessions.begin() as session:
        session.get_one(Project, sent.project_id).title = "하나\r\nBcc: all@example.org <b> =1+1 😀" + "x" * 150
    tell(sessions, sent.planner, sent.project_id)
    go_round(sessions, sink)
    (message,) = sink.taken
    assert message["Bcc"] is None
    assert message["Subject"].startswith("“하나")
    assert sink.recipients == [address(sessions, sent.planner)]


def test_a_mail_that_is_not_taken_is_tried_again_as_the_same_message(
    sessions: sessionmaker[Session], sent: Panel, sink: Sink
) -> None:
    wants(sessions, sent.planner, Wish(MailWish.IMMEDIATE))
    begun = now()
    with at(begun):
        tell(sessions, sent.planner, sent.project_id)
    sink.refusals.append("451 come back later")
    for moment, taken in ((0, 0), (59, 0), (60, 1), (3600, 1)):
        with at(begun + timedelta(seconds=moment)):
            mailing.send_waiting(sessions, lambda message: hand_over(sink.settings, message), Links(), "a@b.example")
        assert len(sink.taken) == taken
    (mail,) = mails(sessions)
    assert (mail.state, mail.attempts, mail.problem) == (MailState.SENT, 2, "")


def test_what_is_refused_for_good_waits_for_an_administrator(
    sessions: sessionmaker[Session], sent: Panel, sink: Sink
) -> None:
    wants(sessions, sent.planner, Wish(MailWish.IMMEDIATE))
    tell(sessions, sent.planner, sent.project_id)
    sink.refusals.append("550 no such user")
    go_round(sessions, sink)
    (mail,) = mails(sessions)
    assert (mail.state, mail.problem) == (MailState.FAILED, "550: no such user")
    admin = factories.actor(sessions, Role.ADMIN, factories.organisation(sessions, "Office"))
    with sessions() as session, pytest.raises(NotAllowed):
        outbox.resend(session, sent.planner, mail.id)
    with sessions() as session:
        assert [each.account.id for each in outbox.post_of(session, admin).failed] == [sent.planner.account_id]
    with sessions() as session:
        outbox.resend(session, admin, mail.id)
    go_round(sessions, sink)
    assert sink.taken[0]["Message-ID"] == f"<{mail.id.hex}@haneul.example>"
    with sessions() as session:
        found = outbox.post_of(session, admin)
    assert (found.sent, found.waiting, found.failed) == (1, 0, [])


def test_a_server_that_is_down_is_waited_for_and_given_up(sessions: sessionmaker[Session], sent: Panel) -> None:
    wants(sessions, sent.planner, Wish(MailWish.IMMEDIATE))
    begun = now()
    with at(begun):
        tell(sessions, sent.planner, sent.project_id)
    nobody = Sink(port=free_port()).settings
    tried = 0
    for hours in range(24):
        with at(begun + timedelta(hours=hours)):
            mailing.send_waiting(sessions, lambda message: hand_over(nobody, message), Links(), "a@b.example")
        (mail,) = mails(sessions)
        tried = max(tried, mail.attempts)
    assert (mail.state, tried) == (MailState.FAILED, len(mailing.WAITS) + 1)
    assert mail.problem.startswith("the mail server could not be reached")


def test_a_mail_of_a_killed_server_is_sent_by_another_once_its_lease_is_over(
    sessions: sessionmaker[Session], sent: Panel
) -> None:
    wants(sessions, sent.planner, Wish(MailWish.IMMEDIATE))
    begun = now()
    with at(begun):
        tell(sessions, sent.planner, sent.project_id)

    class Killed(BaseException):
        pass

    def kill(_message: object) -> None:
        raise Killed

    with at(begun), pytest.raises(Killed):
        mailing.send_waiting(sessions, kill, Links(), "a@b.example")
    found: list[str] = []
    for seconds in (60, 121, 122):
        with at(begun + timedelta(seconds=seconds)):
            mailing.send_waiting(sessions, lambda message: found.append(message["Message-ID"]), Links(), "a@b.example")
    assert found == [f"<{mails(sessions)[0].id.hex}@b.example>"]


def test_a_request_for_a_new_password_is_answered_by_a_link_that_works_once(
    sessions: sessionmaker[Session], sent: Panel, sink: Sink
) -> None:
    known = address(sessions, sent.planner)
    for email in (f" {known.upper()}", "nobody@example.org"):
        with sessions() as session:
            resets.ask_for_link(session, email)
    assert mails(sessions) == []
    go_round(sessions, sink)
    (message,) = sink.taken
    text = message.get_content()
    secret = text.partition("/join/")[2].split()[0]
    with sessions() as session:
        assert session.scalars(select(ResetRequest)).all() == []
        rows = [session.execute(select(kept.__table__)).all() for kept in (Mail, AccountLink, AuditEntry)]
        assert secret not in str(rows)
        assert session.scalars(select(AuditEntry.action)).all().count("account.link-mailed") == 1
    with sessions() as session:
        assert invitations.invited(session, secret).email == known


def test_a_stranger_cannot_fill_a_letter_box_or_invite_anybody(
    sessions: sessionmaker[Session], sent: Panel, sink: Sink
) -> None:
    invited = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Office"))
    with sessions.begin() as session:
        session.get_one(Account, invited.account_id).password_hash = NO_PASSWORD
    for actor in (sent.planner, invited):
        for _ in range(5):
            with sessions() as session:
                resets.ask_for_link(session, address(sessions, actor))
    go_round(sessions, sink)
    assert sink.recipients == [address(sessions, sent.planner)] * resets.MOST_A_DAY
    with at(now() - timedelta(hours=2)), sessions() as session:
        resets.ask_for_link(session, address(sessions, sent.planner))
    with at(now() + timedelta(days=1, seconds=1)):
        go_round(sessions, sink)
    assert len(sink.taken) == resets.MOST_A_DAY
