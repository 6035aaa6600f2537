"""Publishing at a time: exactly what was seen, exactly once, or nothing and a message; on both databases."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
import simplejson
from sqlalchemy import select, update

from appraisal.canonical import sha256_of
from appraisal.models import (
    Account,
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
from appraisal.models.tables import clock, now
from appraisal.policy import Actor, NotAllowed, NotFound
from appraisal.services import deciding, drafting, notifying, publishing, scheduling, timetable
from appraisal.services.deciding import Refused
from appraisal.services.errors import AlreadyThere, DomainError
from appraisal.services.scheduling import NotThen
from forms.local_time import LocalTime, on_clocks_of, read_local
from scoring.result import GateStatus
from tests import factories
from tests.services.deciding.cases import (
    APPROVE,
    CONDITIONAL,
    DEFER,
    REJECT,
    Sessions,
    appraise,
    appraised,
    chosen,
    decide,
    entries,
    prepare,
    publish,
    state,
    with_gates,
)

SEOUL = "Asia/Seoul"


def soon(hours: int = 48) -> LocalTime:
    """A whole minute to come, on the clocks of Seoul."""
    return on_clocks_of(SEOUL, (now() + timedelta(hours=hours)).replace(second=0, microsecond=0))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with clock(lambda: moment):
        yield


def schedule(sessions: Sessions, actor: Actor, due: LocalTime | None = None, key: UUID | None = None) -> UUID:
    wanted = chosen(sessions, actor)
    with sessions() as session:
        return scheduling.schedule(session, actor, key or uuid4(), wanted, due or soon()).id


def row_of(sessions: Sessions, scheduled_id: UUID) -> ScheduledPublication:
    with sessions() as session:
        return session.get_one(ScheduledPublication, scheduled_id)


def carried_out(sessions: Sessions, scheduled_id: UUID) -> ScheduledPublication:
    with at(row_of(sessions, scheduled_id).due.moment):
        timetable.carry_out(sessions)
    return row_of(sessions, scheduled_id)


def told(sessions: Sessions, actor: Actor) -> list[str]:
    with sessions() as session:
        return [
            each.sentence
            for each in notifying.messages(session, actor, size=10).rows
            if each.kind is Notice.NOT_PUBLISHED
        ]


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


def _appraised_again(sessions: Sessions, _planner: Actor, _approver: Actor, project: Project) -> None:
    appraise(sessions, project)


def _withdrawn(sessions: Sessions, planner: Actor, _approver: Actor, project: Project) -> None:
    with sessions() as session:
        drafting.withdraw(session, planner, project.id)


def _taken_back(sessions: Sessions, planner: Actor, _approver: Actor, project: Project) -> None:
    with sessions() as session:
        drafting.take_back(session, planner, project.id)


def _decided_by_another(sessions: Sessions, _planner: Actor, _approver: Actor, project: Project) -> None:
    other = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Bank"))
    decide(sessions, other, DEFER, project)


def _gates_fail(sessions: Sessions, _planner: Actor, _approver: Actor, project: Project) -> None:
    with_gates(sessions, project, GateStatus.FAILED)


def _owned_by_the_approver(sessions: Sessions, _planner: Actor, approver: Actor, project: Project) -> None:
    with sessions.begin() as session:
        session.execute(update(Project).where(Project.id == project.id).values(owner_id=approver.account_id))


def _pending_no_more(sessions: Sessions, _planner: Actor, _approver: Actor, project: Project) -> None:
    with sessions.begin() as session:
        changed = update(PendingDecision).where(PendingDecision.project_id == project.id)
        session.execute(changed.values(text="Other words.", version=PendingDecision.version + 1))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_appraised_again, "appraised again since you looked: run 3"),
        (_withdrawn, "It is withdrawn now"),
        (_taken_back, "taken back or sent again"),
        (_decided_by_another, "changed or decided since you looked"),
        (_gates_fail, "no condition can stand in|approved only with conditions"),
        (_owned_by_the_approver, "you own, sent or scored it"),
        (_pending_no_more, "is not what was seen"),
    ],
    ids=lambda each: each.__name__.strip("_") if callable(each) else "",
)
def test_whatever_changed_nothing_is_published_and_the_approver_is_told(
    sessions: Sessions,
    planner: Actor,
    approver: Actor,
    project: Project,
    change: Callable[[Sessions, Actor, Actor, Project], None],
    why: str,
) -> None:
    other = appraised(sessions, planner, "opal-lakes-3-percent")
    for each in (project, other):
        prepare(sessions, approver, APPROVE if each is project else REJECT, each)
    key = schedule(sessions, approver)
    change(sessions, planner, approver, project)
    decided = entries(sessions, "decisions.published")
    row = carried_out(sessions, key)
    assert row.state is ScheduleState.REFUSED
    (said,) = row.problems
    assert re.search(why, said)
    assert state(sessions, other) is ProjectState.SUBMITTED  # also what nothing happened to waits
    assert entries(sessions, "decisions.published") == decided
    assert told(sessions, approver) == [f"Nothing was published on {row.due}: {project.reference} changed since."]
    with sessions() as session:
        (shown,) = scheduling.standing(session, approver)
        assert shown.id == key
    with sessions() as session:
        assert {each.row.scheduled for each in deciding.pending_of(session, approver)} == {None}
    with at(row.due.moment + timedelta(days=31)), sessions() as session:
        assert scheduling.standing(session, approver) == []


@pytest.mark.parametrize("lost", ["account", "role"])
def test_whoever_lost_the_right_publishes_nothing_and_those_who_have_it_are_told(
    sessions: Sessions, approver: Actor, project: Project, lost: str
) -> None:
    prepare(sessions, approver, REJECT, project)
    key = schedule(sessions, approver)
    other = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Bank"))
    with sessions.begin() as session:
        values = {"disabled": True} if lost == "account" else {"role": Role.ANALYST}
        session.execute(update(Account).where(Account.id == approver.account_id).values(**values))
    row = carried_out(sessions, key)
    assert row.problems == ["whoever scheduled it may no longer decide"]
    assert state(sessions, project) is ProjectState.SUBMITTED
    assert told(sessions, other) == [f"Nothing was published on {row.due}: whoever scheduled it may no longer decide."]
    assert told(sessions, approver) == []


def test_what_the_budget_no_longer_holds_is_not_published(
    sessions: Sessions, planner: Actor, approver: Actor, project: Project
) -> None:
    """250 million; each of the two costs 160.84, and each was seen alone."""
    other = appraised(sessions, planner, "opal-lakes-3-percent")
    prepare(sessions, approver, CONDITIONAL, project)
    key = schedule(sessions, approver)
    another = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Bank"))
    decide(sessions, another, CONDITIONAL, other)
    row = carried_out(sessions, key)
    assert row.problems == ["the budget no longer holds what would be approved"]
    assert state(sessions, project) is ProjectState.SUBMITTED


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
    (seen,) = scheduling.decisions_seen(row)
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
