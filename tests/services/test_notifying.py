"""People are told of what concerns them, once, with the event, and only while they may see it; on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import cast
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import DecisionOutcome, Interest, Notice, Notification, Project, Role
from appraisal.policy import OPERATOR, Actor, NotFound
from appraisal.services import (
    accepting,
    appraising,
    assigning,
    drafting,
    notifying,
    reconciling,
    registration,
    reminders,
    rounds,
    transferring,
)
from appraisal.services.deciding import Wish
from appraisal.services.errors import StaleVersion
from forms.local_time import read_local
from tests import factories
from tests.framework_moves import handed_in, moving, other_criteria
from tests.panel import level, panel
from tests.rounds import CLOSES, LAST, SEOUL, TIMES, TOO_LATE, WHILE_OPEN, at, held
from tests.services.deciding.cases import decide


def told(sessions: sessionmaker[Session], actor: Actor) -> list[tuple[Notice, str]]:
    """What the actor reads, the oldest first."""
    with sessions() as session:
        found = notifying.messages(session, actor, size=50)
    with sessions() as session:
        assert notifying.unread(session, actor) == found.unread
    return [(each.kind, each.sentence) for each in reversed(found.rows)]


def test_sending_and_assigning_tell_who_is_concerned(sessions: sessionmaker[Session]) -> None:
    sent = panel(sessions)
    appraiser = sent.appraiser("a", declared=False)
    with sessions() as session:
        title, reference = session.execute(select(Project.title, Project.reference)).one()
    assert told(sessions, sent.planner) == [(Notice.SENT, f"“{title}” is sent. Your reference is {reference}.")]
    assert told(sessions, appraiser) == [(Notice.ASSIGNED, f"“{title}” is assigned to you to appraise.")]
    with sessions() as session:
        assigning.assign(session, OPERATOR, sent.project_id, cast("UUID", appraiser.account_id))
    assert len(told(sessions, appraiser)) == 1


def test_who_may_no_longer_see_it_reads_nothing_of_it(sessions: sessionmaker[Session]) -> None:
    sent = panel(sessions)
    appraiser, tied = sent.appraiser("a"), sent.appraiser("b", declared=False)
    with sessions() as session:
        drafting.take_back(session, sent.planner, sent.project_id)
    assert told(sessions, appraiser) == []
    sent_again = session_version(sessions, sent.project_id)
    with sessions() as session:
        registration.submit_project(session, sent.planner, sent.project_id, sent_again)
    sent.declare(tied, Interest.NOT_COMPETENT)
    assert len(told(sessions, tied)) == 1  # it stays in the queue, by its name
    with sessions() as session:
        assigning.unassign(session, OPERATOR, sent.project_id, cast("UUID", appraiser.account_id))
    assert told(sessions, appraiser) == []


def session_version(sessions: sessionmaker[Session], project_id: UUID) -> int:
    with sessions() as session:
        return session.get_one(Project, project_id).version


def test_a_change_that_fails_tells_nobody(sessions: sessionmaker[Session]) -> None:
    sent = panel(sessions)
    receiver = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Baran"))
    with sessions() as session, pytest.raises(StaleVersion):
        transferring.transfer(session, OPERATOR, sent.project_id, cast("UUID", receiver.account_id), 1)
    with sessions.begin() as session:
        key = (session.get_one(Project, sent.project_id), receiver.account_id)
        notifying.tell(session, [key[1]], Notice.TRANSFERRED, "x", sent.project_id)
        session.rollback()
    assert told(sessions, receiver) == []
    with sessions() as session:
        version = session.get_one(Project, sent.project_id).version
    with sessions() as session:
        transferring.transfer(session, OPERATOR, sent.project_id, cast("UUID", receiver.account_id), version)
    assert [kind for kind, _ in told(sessions, receiver)] == [Notice.TRANSFERRED]
    assert told(sessions, sent.planner) == []  # no longer theirs to know


def test_of_one_event_a_person_is_told_once(sessions: sessionmaker[Session]) -> None:
    sent = panel(sessions)
    counts = []
    for _ in range(2):
        with sessions.begin() as session:
            people = [sent.planner.account_id, sent.planner.account_id, None]
            counts.append(notifying.tell(session, people, Notice.TRANSFERRED, "the same", sent.project_id))
    assert counts == [1, 0]


def test_decisions_conditions_and_agreements(sessions: sessionmaker[Session]) -> None:
    sent = panel(sessions)
    first, second = sent.appraiser("a"), sent.appraiser("b")
    late = sent.appraiser("c")
    for each in (first, second):
        sent.fill(each)
        sent.submit(each)
    with sessions() as session:
        reconciling.reconcile(session, first, sent.project_id, "DS1", 0, level(2))
    assert [kind for kind, _ in told(sessions, second)] == [Notice.ASSIGNED, Notice.AGREED]
    assert [kind for kind, _ in told(sessions, first)] == [Notice.ASSIGNED]
    assert [kind for kind, _ in told(sessions, late)] == [Notice.ASSIGNED]  # learns of no score before the own are in
    approver = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Council"))
    with sessions() as session:
        run = appraising.appraise_project(session, OPERATOR, sent.project_id, seed=1, draws=100)
    assert run.number
    with sessions() as session:
        row = session.get_one(Project, sent.project_id)
    decide(sessions, approver, Wish(DecisionOutcome.RETURNED, "figures", "Mend the figures."), row)
    kind, sentence = told(sessions, sent.planner)[-1]
    assert (kind, sentence) == (Notice.DECIDED, f"“{row.title}” was returned to you to be changed.")
    with sessions() as session:
        decided = session.scalars(select(Notification).where(Notification.kind == Notice.DECIDED)).one()
        assert decided.subject_id is not None


def test_a_framework_move_tells_whose_scores_are_wanted(sessions: sessionmaker[Session]) -> None:
    move = moving(sessions)
    appraiser = handed_in(move, "A", 2)
    move.move(other_criteria)
    assert [kind for kind, _ in told(sessions, appraiser)] == [Notice.ASSIGNED, Notice.SCORE_AGAIN]


def test_an_obligation_is_told_when_it_is_accepted_and_when_it_falls_due(sessions: sessionmaker[Session]) -> None:
    sent = panel(sessions)
    approver = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Council"))
    with sessions() as session:
        appraising.appraise_project(session, OPERATOR, sent.project_id, seed=1, draws=100)
    due = date.today() + timedelta(days=60)  # noqa: DTZ011 -- only far from now
    with sessions() as session:
        owner = cast("UUID", sent.planner.account_id)
        accepting.accept_condition(session, approver, sent.project_id, "NE3", owner_id=owner, due=due)
    assert [kind for kind, _ in told(sessions, sent.planner)] == [Notice.SENT, Notice.OWED]
    noon = datetime(due.year, due.month, due.day, 12, tzinfo=UTC)
    late = noon + timedelta(days=1)
    for moment, more in ((noon - timedelta(days=15), 0), (noon - timedelta(days=14), 1), (noon, 0), (late, 1)):
        with at(moment), sessions() as session:
            assert reminders.remind(session) == more
    with at(late + timedelta(days=30)), sessions() as session:
        assert reminders.remind(session) == 0
    written = f"{due.day} {due:%b %Y}"
    *sentences, last = [sentence for _, sentence in told(sessions, sent.planner)]
    assert last.endswith(f"was due on {written} and is not recorded as met: Readiness of prerequisites.")
    assert sentences[-2].endswith(f": Readiness of prerequisites, by {written}.")
    assert sentences[-1].endswith(f"is due on {written}: Readiness of prerequisites.")
    assert notifying.WORDS[Notice.OWED]("It", {"gate": "NE3", "due": "2027-03-01"}).endswith(": NE3, by 1 Mar 2027.")


def test_deadlines_that_are_near(sessions: sessionmaker[Session]) -> None:
    made = held(sessions)
    with at(WHILE_OPEN):
        sent = panel(sessions)
        with sessions() as session:
            registration.register_project(session, sent.planner, factories.published_project("zurich-tunnel"))
        waiting, done, tied = (sent.appraiser(name) for name in "abc")
        sent.declare(tied, Interest.NOT_COMPETENT)
        sent.fill(done)
        sent.submit(done)
    near = datetime(2027, 3, 28, 15, tzinfo=UTC)  # three days before the end of the 31st in Seoul
    for moment, more in ((near - timedelta(seconds=1), 0), (near, 1), (LAST, 0), (TOO_LATE, 0)):
        with at(moment), sessions() as session:
            assert reminders.remind(session) == more
    assert told(sessions, sent.planner)[-1][1].endswith(f"Round 2027 closes on {TIMES.closes}.")
    with at(LAST), sessions() as session:
        rounds.extend(session, OPERATOR, made.id, 1, read_local(CLOSES + timedelta(days=9), "24:00", SEOUL), "Storm")
    assert told(sessions, sent.planner)[-1][0] is Notice.EXTENDED
    scoring = datetime(2027, 4, 30, 8, tzinfo=UTC)
    with at(scoring - timedelta(days=2)), sessions() as session:
        assert reminders.remind(session) == 1
    assert told(sessions, waiting)[-1][0] is Notice.SCORING_SOON
    assert all(kind is not Notice.SCORING_SOON for actor in (done, tied) for kind, _ in told(sessions, actor))


def test_reading_is_noted_for_oneself_alone(sessions: sessionmaker[Session]) -> None:
    sent = panel(sessions)
    appraiser = sent.appraiser("a")
    with sessions() as session:
        own = notifying.messages(session, appraiser, size=1).rows[0].id
    with sessions() as session, pytest.raises(NotFound):
        notifying.mark_read(session, sent.planner, own)
    for actor, one in ((appraiser, own), (sent.planner, None)):
        with sessions() as session:
            notifying.mark_read(session, actor, one)
        with sessions() as session:
            assert notifying.unread(session, actor) == 0
    stranger = replace(appraiser, account_id=sent.planner.account_id, role=Role.APPRAISER)
    assert told(sessions, stranger) == []
