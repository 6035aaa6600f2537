"""How an import in the background ended is told to who asked, once, in the tool and by mail; on both databases."""

from email.message import EmailMessage

import pytest
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import MailWish
from appraisal.services import (
    import_jobs,
    jobs,
    notifying,
    outbox,
)
from appraisal.services.background import worker_on
from appraisal.services.mailing import send_waiting
from tests.services.import_work import claimed, expired, looked, order, told
from tests.services.imports import files, planner, row, send, table
from tests.services.test_mailing import Links


def test_who_asked_is_told_why_it_was_not_stored(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    key = send(sessions, actor, table(row(0), row(1, currency="??")))
    order(sessions, actor, key, looked(sessions, actor, key).digest, all_or_nothing=True)
    worker_on(sessions).work()
    worker_on(sessions).work()
    (sentence,) = told(sessions, actor)
    assert sentence.startswith("“list.csv” was not imported. Nothing was imported: 1 problem stands in the way")
    with sessions() as session:
        (told_of,) = notifying.messages(session, actor, size=10).rows
    assert (told_of.project_id, told_of.subject_id) == (None, key)


def test_an_unexpected_failure_and_one_that_ends_every_worker_are_told_once(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = planner(sessions)
    key = send(sessions, actor, table(row(0)))
    digest = looked(sessions, actor, key).digest
    order(sessions, actor, key, digest)
    with monkeypatch.context() as patch:
        patch.setattr(import_jobs, "carry_out", lambda *_args, **_options: 1 / 0)
        worker_on(sessions).work()
    assert told(sessions, actor) == [
        "“list.csv” was not imported. It stopped at an unexpected failure. What is done is kept."
    ]
    order(sessions, actor, key, digest)
    for _ in range(jobs.MOST_ATTEMPTS):
        claimed(sessions, "dies")
        expired(sessions)
    worker_on(sessions).work()
    assert len(told(sessions, actor)) == 2
    assert told(sessions, actor)[0].startswith("“list.csv” was not imported. It was begun 3 times")
    assert files(sessions) == {}


def test_a_look_alone_is_told_of_on_its_page_and_nowhere_else(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    key = send(sessions, actor, table(row(0)))
    looked(sessions, actor, key)
    assert told(sessions, actor) == []


def test_the_end_of_an_import_is_mailed_to_who_wants_it_at_once(sessions: sessionmaker[Session]) -> None:
    actor = planner(sessions)
    with sessions() as session:
        outbox.choose(session, actor, outbox.Wish(MailWish.IMMEDIATE))
    key = send(sessions, actor, table(row(0)))
    order(sessions, actor, key, looked(sessions, actor, key).digest)
    worker_on(sessions).work()
    sent: list[EmailMessage] = []
    for _ in range(2):
        send_waiting(sessions, sent.append, Links(), "post@x.example")
    (message,) = sent
    assert message["Subject"] == "“list.csv” is imported: 1 created, 0 updated, 0 unchanged, 0 not taken."
    assert f"https://x.example/imported/{key}" in message.get_content()
