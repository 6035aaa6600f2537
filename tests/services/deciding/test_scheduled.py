"""Publishing at a time: exactly what was seen, exactly once, or not at all; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
import simplejson
from sqlalchemy import select

from appraisal.canonical import sha256_of
from appraisal.models import (
    Decision,
    Notice,
    Notification,
    PendingDecision,
    Project,
    ProjectState,
    Publication,
    Role,
    ScheduledPublication,
    ScheduleState,
)
from appraisal.policy import Actor, NotAllowed, NotFound
from appraisal.services import deciding, publishing, scheduling, timetable
from appraisal.services.deciding import Refused
from appraisal.services.errors import AlreadyThere, DomainError
from appraisal.services.scheduling import NotThen
from forms.local_time import read_local
from tests import factories
from tests.services.deciding.cases import (
    CONDITIONAL,
    DEFER,
    REJECT,
    Sessions,
    appraise,
    appraised,
    chosen,
    entries,
    prepare,
    publish,
    state,
)
from tests.services.deciding.times import SEOUL, at, carried_out, row_of, schedule, soon


def test_it_is_published_at_its_time_as_it_was_seen(
    sessions: Sessions, planner: Actor, approver: Actor, project: Project
) -> None:
    prepare(sessions, approver, REJECT, project)
    due = soon()
    key = schedule(sessions, approver, due)
    row = row_of(sessions, key)
    document = simplejson.loads(row.document)
    assert row.sha256 == sha256_of(document)
    (seen,) = document["decisions"]
    with at(due.moment - timedelta(seconds=1)):
        assert timetable.carry_out(sessions) == 0
    assert state(sessions, project) is ProjectState.SUBMITTED
    with at(due.moment):
        assert timetable.carry_out(sessions) == 1
        assert timetable.carry_out(sessions) == 0
    assert state(sessions, project) is ProjectState.REJECTED
    with sessions() as session:
        decision = session.scalars(select(Decision)).one()
    with sessions() as session:
        publication, scheduled = publishing.receipt(session, approver, key)
    assert scheduled is not None
    assert (scheduled.account.name, scheduled.due) == (approver.name, due)
    assert (publication.published_at, publication.published_by_id) == (due.moment, approver.account_id)
    assert simplejson.loads(publication.document)["scheduled"] == {
        "by": str(approver.account_id),
        "at": row.scheduled_at.isoformat(),
        "for": due.wall.isoformat(timespec="minutes"),
        "zone": SEOUL,
        "sha256": row.sha256,
    }
    assert publication.sha256 == sha256_of(simplejson.loads(publication.document))
    made = simplejson.loads(decision.document)
    assert {name: made[name] for name in seen if name != "pending"} == {
        name: value for name, value in seen.items() if name != "pending"
    }
    assert row_of(sessions, key).state is ScheduleState.PUBLISHED
    assert entries(sessions, "decisions.published") == entries(sessions, "publication.scheduled") == 1
    with sessions() as session:
        assert session.scalars(select(PendingDecision)).all() == []
        kinds = session.scalars(select(Notification.kind).where(Notification.account_id == planner.account_id)).all()
    assert kinds.count(Notice.DECIDED) == 1


def test_many_servers_at_its_time_publish_it_once(sessions: Sessions, approver: Actor, project: Project) -> None:
    prepare(sessions, approver, REJECT, project)
    key = schedule(sessions, approver)
    due = row_of(sessions, key).due.moment

    def look(_number: int) -> int:
        with at(due):
            return timetable.carry_out(sessions)

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(look, range(6))) == 1
    with sessions() as session:
        assert len(session.scalars(select(Decision)).all()) == 1
    assert entries(sessions, "decisions.published") == 1


def test_a_kill_in_the_midst_leaves_nothing_and_the_next_look_does_it_whole(
    sessions: Sessions, approver: Actor, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(sessions, approver, REJECT, project)
    key = schedule(sessions, approver)
    due = row_of(sessions, key).due.moment

    class Killed(BaseException):
        pass

    def kill(*_arguments: object) -> None:
        raise Killed

    with monkeypatch.context() as patched, at(due):
        patched.setattr(timetable, "end", kill)  # after everything else was written
        with pytest.raises(Killed):
            timetable.carry_out(sessions)
    with sessions() as session:
        assert session.scalars(select(Publication)).all() == []
    assert (state(sessions, project), row_of(sessions, key).state) == (ProjectState.SUBMITTED, ScheduleState.WAITING)
    with at(due + timedelta(minutes=5)):  # the server was down at the very moment
        assert scheduling.late(row_of(sessions, key))
        assert timetable.carry_out(sessions) == 1
    assert state(sessions, project) is ProjectState.REJECTED
    assert entries(sessions, "decisions.published") == 1


def test_one_that_fails_keeps_no_other_from_its_time(
    sessions: Sessions, planner: Actor, approver: Actor, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = appraised(sessions, planner, "opal-lakes-3-percent")
    prepare(sessions, approver, REJECT, project)
    first = schedule(sessions, approver)
    prepare(sessions, approver, REJECT, other)
    second = schedule(sessions, approver, soon(49))
    make_known = publishing.make_known

    def broken(session: object, actor: object, key: UUID, *rest: object) -> None:
        if key == first:
            raise RuntimeError
        make_known(session, actor, key, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(timetable, "make_known", broken)
    with at(soon(50).moment):
        assert timetable.carry_out(sessions) == 1
    assert [row_of(sessions, key).state for key in (first, second)] == [ScheduleState.WAITING, ScheduleState.PUBLISHED]


def test_any_approver_cancels_it_until_then(sessions: Sessions, approver: Actor, project: Project) -> None:
    prepare(sessions, approver, REJECT, project)
    key = schedule(sessions, approver)
    other = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Bank"))
    analyst = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Office"))
    with sessions() as session, pytest.raises(NotAllowed):
        scheduling.cancel(session, analyst, key)
    with sessions() as session, pytest.raises(NotAllowed):  # what is pending is not for everybody in the office
        scheduling.scheduled(session, analyst, key)
    with sessions() as session:
        assert scheduling.standing(session, analyst) == ()
    with sessions() as session:
        assert [each.id for each in scheduling.standing(session, other)] == [key]
    with sessions() as session, pytest.raises(NotFound):
        scheduling.cancel(session, other, uuid4())
    with sessions() as session:
        assert scheduling.cancel(session, other, key)
    with sessions() as session:
        assert not scheduling.cancel(session, other, key)
    row = carried_out(sessions, key)
    assert (row.state, row.cancelled_by_id) == (ScheduleState.CANCELLED, other.account_id)
    assert state(sessions, project) is ProjectState.SUBMITTED
    assert entries(sessions, "publication.cancelled") == 1
    assert publish(sessions, approver).count == 1  # it is pending as before


def test_cancelling_at_the_very_moment_does_one_of_the_two(
    sessions: Sessions, approver: Actor, project: Project
) -> None:
    prepare(sessions, approver, REJECT, project)
    key = schedule(sessions, approver)
    due = row_of(sessions, key).due.moment

    def fire(number: int) -> int:
        with at(due), sessions() as session:
            return scheduling.cancel(session, approver, key) if number % 2 else timetable.carry_out(sessions)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(fire, range(4))) == 1
    published = state(sessions, project) is ProjectState.REJECTED
    assert row_of(sessions, key).state is (ScheduleState.PUBLISHED if published else ScheduleState.CANCELLED)
    assert entries(sessions, "decisions.published") + entries(sessions, "publication.cancelled") == 1


def test_what_is_scheduled_is_neither_changed_nor_published_before(
    sessions: Sessions, approver: Actor, project: Project
) -> None:
    prepare(sessions, approver, REJECT, project)
    wanted = chosen(sessions, approver)
    key = schedule(sessions, approver)
    with pytest.raises(Refused, match="Cancel that first"):
        prepare(sessions, approver, DEFER, project)
    with sessions() as session:
        deciding.drop(session, approver, project.id)
    assert entries(sessions, "decision.dropped") == 0
    with sessions() as session, pytest.raises(DomainError, match="cancel that first"):
        publishing.publish(session, approver, uuid4(), wanted)
    with sessions() as session, pytest.raises(DomainError, match="is scheduled already"):
        scheduling.schedule(session, approver, uuid4(), wanted, soon())
    with sessions() as session:
        assert publishing.review(session, approver).sound == ()
    assert carried_out(sessions, key).state is ScheduleState.PUBLISHED


def test_what_is_not_as_reviewed_is_not_scheduled(sessions: Sessions, approver: Actor, project: Project) -> None:
    prepare(sessions, approver, REJECT, project)
    wanted = chosen(sessions, approver)
    for other in ({}, {uuid4(): 1}, {key: version + 1 for key, version in wanted.items()}):
        with sessions() as session, pytest.raises(DomainError, match="changed in another window"):
            scheduling.schedule(session, approver, uuid4(), other, soon())
    appraise(sessions, project)
    with sessions() as session, pytest.raises(DomainError, match="It was appraised again"):
        scheduling.schedule(session, approver, uuid4(), wanted, soon())
    with sessions() as session:
        assert session.scalars(select(ScheduledPublication)).all() == []


def test_a_form_sent_twice_schedules_once(sessions: Sessions, approver: Actor, project: Project) -> None:
    prepare(sessions, approver, REJECT, project)
    wanted, key = chosen(sessions, approver), uuid4()
    for _ in range(2):
        with sessions() as session:
            assert scheduling.schedule(session, approver, key, wanted, soon()).id == key
    assert entries(sessions, "publication.scheduled") == 1
    other = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Bank"))
    with sessions() as session, pytest.raises(AlreadyThere):
        scheduling.schedule(session, other, key, wanted, soon())


def test_a_large_sum_and_a_wrong_time_are_refused(sessions: Sessions, approver: Actor, project: Project) -> None:
    prepare(sessions, approver, CONDITIONAL, project)
    wanted, limit = chosen(sessions, approver), Decimal(160_839_999)
    moment = datetime(2026, 12, 3, tzinfo=UTC)
    due = read_local(date(2026, 12, 3), "09:00", SEOUL, later=False)  # midnight in UTC
    assert str(due) == "3 Dec 2026, 09:00 Asia/Seoul (UTC+09:00)"
    for when, message in ((moment, "is past already"), (moment - timedelta(days=367), "more than a year away")):
        with at(when), sessions() as session, pytest.raises(NotThen, match=message):
            scheduling.schedule(session, approver, uuid4(), wanted, due)
    with sessions() as session, pytest.raises(DomainError, match="type “publish”"):
        scheduling.schedule(session, approver, uuid4(), wanted, soon(), confirm_above=limit)
    with sessions() as session:
        row = scheduling.schedule(session, approver, uuid4(), wanted, soon(), typed="Publish", confirm_above=limit)
    budget = scheduling.budget_seen(row)
    assert budget is not None
    assert [budget.budget, budget.before, budget.after] == [250_000_000, 0, 160_840_000]
    with sessions() as session:
        (seen,) = scheduling.decisions_seen(session, row)
    assert [each.owner for each in seen.letter.conditions] == ["Data office", "Treasury"]


def test_the_thread_sleeps_no_longer_than_until_the_next(sessions: Sessions, approver: Actor, project: Project) -> None:
    prepare(sessions, approver, REJECT, project)
    watch = timetable.Timetable(sessions)
    assert watch.pause() == timetable.LOOK_AGAIN
    due = row_of(sessions, schedule(sessions, approver)).due.moment
    assert watch.pause() == timetable.LOOK_AGAIN
    for before, expected in ((timedelta(seconds=4), 4), (timedelta(seconds=-9), timetable.LOOK_AGAIN)):
        with at(due - before):
            assert watch.pause() == expected
