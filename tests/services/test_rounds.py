"""Rounds open and close on the clocks of their zone: what is sent, taken back and withdrawn in time, and what not."""

from contextvars import copy_context
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Thread
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AuditEntry, DecisionOutcome, Project, ProjectState, Role, Round, Submission
from appraisal.policy import OPERATOR, Actor, NotAllowed
from appraisal.services import appraising, drafting, registration, rounds, verifying
from appraisal.services.deciding import Wish
from appraisal.services.errors import AlreadyThere, DomainError, StaleVersion
from appraisal.services.rounds import Terms, Times
from appraisal.services.windows import OutsideWindow
from forms.local_time import read_local
from tests import factories
from tests.rounds import BEFORE, CLOSES, LAST, OPENS, SEOUL, TIMES, TOO_LATE, WHILE_OPEN, at, held
from tests.services.deciding.cases import decide


@pytest.fixture
def planner(sessions: sessionmaker[Session]) -> Actor:
    return factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))


def draft(sessions: sessionmaker[Session], planner: Actor, case: str = "opal-lakes") -> UUID:
    with sessions() as session:
        return registration.register_project(session, planner, factories.published_project(case)).id


def send(sessions: sessionmaker[Session], planner: Actor, project_id: UUID) -> Submission:
    with sessions() as session:
        version = session.get_one(Project, project_id).version
    with sessions() as session:
        return registration.submit_project(session, planner, project_id, version)


def test_a_second_before_the_deadline_counts_and_the_deadline_itself_does_not(
    sessions: sessionmaker[Session], planner: Actor
) -> None:
    admin = factories.actor(sessions, Role.ADMIN, factories.organisation(sessions, "Office"))
    held(sessions)
    with at(WHILE_OPEN):
        one, other = draft(sessions, planner), draft(sessions, planner, "zurich-tunnel")
    with at(LAST):
        assert send(sessions, planner, one).submitted_at == LAST
    with at(TOO_LATE), pytest.raises(OutsideWindow) as refused:
        send(sessions, planner, other)
    said = str(refused.value)
    assert "Round 2027 closed on 31 Mar 2027, 24:00 Asia/Seoul (UTC+09:00)." in said
    assert "The draft is kept and can still be changed." in said
    assert said.endswith(f"Only an administrator can extend the round: {admin.name}.")
    with sessions() as session:
        assert session.get_one(Project, other).state is ProjectState.DRAFT
        assert len(session.scalars(select(Submission)).all()) == 1
    with at(TOO_LATE), sessions() as session:
        drafting.edit_project(session, planner, other, 1, lambda file: replace(file, title="Another"), part="project")


def test_it_opens_at_its_time_and_not_before(sessions: sessionmaker[Session], planner: Actor) -> None:
    held(sessions)
    with at(BEFORE):
        project = draft(sessions, planner)
        with pytest.raises(OutsideWindow, match=r"opens on 1 Mar 2027, 09:00 Asia/Seoul \(UTC\+09:00\)"):
            send(sessions, planner, project)
    with at(BEFORE + timedelta(seconds=1)):
        assert send(sessions, planner, project).number == 1


def test_what_was_sent_is_taken_back_and_withdrawn_until_the_deadline(
    sessions: sessionmaker[Session], planner: Actor
) -> None:
    held(sessions)
    with at(WHILE_OPEN):
        project = draft(sessions, planner)
        send(sessions, planner, project)
    with at(LAST):
        with sessions() as session:
            drafting.withdraw(session, planner, project)
        with sessions() as session:
            drafting.take_back(session, planner, project)
        send(sessions, planner, project)
    for change in (drafting.take_back, drafting.withdraw):
        with at(TOO_LATE), sessions() as session, pytest.raises(OutsideWindow, match="stays in the round as it was"):
            change(session, planner, project)
    with sessions() as session:
        assert session.get_one(Project, project).state is ProjectState.SUBMITTED


def test_an_idea_joins_the_round_that_is_open_when_it_is_sent(sessions: sessionmaker[Session], planner: Actor) -> None:
    first = held(sessions)
    with at(TOO_LATE):
        project = draft(sessions, planner)
        with sessions() as session:
            assert session.get_one(Project, project).round_id is None
        with pytest.raises(OutsideWindow, match="No round is open"):
            send(sessions, planner, project)
    with at(WHILE_OPEN):
        missed = draft(sessions, planner, "zurich-tunnel")
    times = Times(
        zone="Europe/Paris",
        opens=read_local(date(2028, 1, 1), "00:00", "Europe/Paris", later=False),
        closes=read_local(date(2028, 2, 1), "12:00", "Europe/Paris"),
    )
    second = held(sessions, "Round 2028", times)
    with at(datetime(2028, 1, 15, tzinfo=UTC)):
        send(sessions, planner, project)
        send(sessions, planner, missed)
    with sessions() as session:
        assert {session.get_one(Project, key).round_id for key in (project, missed)} == {second.id}
        assert first.id != second.id


def test_a_returned_project_has_days_of_its_own(sessions: sessionmaker[Session], planner: Actor) -> None:
    """Returned on 10 May at 03:00 in UTC, noon in Seoul: thirty days end with 9 June there, at 15:00 UTC."""
    approver = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Council"))
    held(sessions)
    with at(WHILE_OPEN):
        project = draft(sessions, planner)
        send(sessions, planner, project)
        with sessions() as session:
            appraising.appraise_project(session, OPERATOR, project, seed=1, draws=100)
    with at(datetime(2027, 5, 10, 3, tzinfo=UTC)):
        with sessions() as session:
            row = session.get_one(Project, project)
        decide(sessions, approver, Wish(DecisionOutcome.RETURNED, "figures", "Mend the figures."), row)
        with sessions() as session:
            window = drafting.window_of(session, planner, project)
    assert window.sentence == "It was returned, and can be sent again until 9 Jun 2027, 24:00 Asia/Seoul (UTC+09:00)."
    last = datetime(2027, 6, 9, 14, 59, 59, tzinfo=UTC)
    with at(last):
        send(sessions, planner, project)
        with sessions() as session:
            drafting.take_back(session, planner, project)
    with at(last + timedelta(seconds=1)), pytest.raises(OutsideWindow, match="closed to projects that were returned"):
        send(sessions, planner, project)


def test_without_a_round_or_a_deadline_nothing_closes(sessions: sessionmaker[Session], planner: Actor) -> None:
    project = draft(sessions, planner)
    assert send(sessions, planner, project).number == 1
    held(sessions, "Open end", Times())
    other = draft(sessions, planner, "zurich-tunnel")
    assert send(sessions, planner, other).number == 1
    with sessions() as session:
        assert drafting.window_of(session, planner, other).sentence == "Open end is open; it has no deadline."


def test_a_deadline_is_extended_with_a_reason_even_after_it_passed(
    sessions: sessionmaker[Session], planner: Actor
) -> None:
    made = held(sessions)
    later = read_local(date(2027, 4, 2), "12:00", SEOUL)
    with at(WHILE_OPEN):
        project = draft(sessions, planner)
    with at(TOO_LATE):
        with sessions() as session, pytest.raises(NotAllowed):
            rounds.extend(session, planner, made.id, 1, later, "Storm")
        with sessions() as session:
            changed = rounds.extend(session, OPERATOR, made.id, 1, later, "The storm cut the lines.")
        assert (str(changed.closes), changed.version) == ("2 Apr 2027, 12:00 Asia/Seoul (UTC+09:00)", 2)
        send(sessions, planner, project)
        with sessions() as session, pytest.raises(StaleVersion):
            rounds.extend(session, OPERATOR, made.id, 1, read_local(date(2027, 5, 1), "24:00", SEOUL), "Again")
        with sessions() as session, pytest.raises(DomainError, match="choose a later one"):
            rounds.extend(session, OPERATOR, made.id, 2, read_local(date(2027, 4, 1), "24:00", SEOUL), "Back")
    with sessions() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "round.extended")).one()
        assert entry.details["reason"] == "The storm cut the lines."
        assert entry.details["before"] == "31 Mar 2027, 24:00 Asia/Seoul (UTC+09:00)"
    with sessions() as session:
        found = verifying.verify(session, OPERATOR).findings
        assert [each.place for each in found if each.place.startswith("round")] == []


def test_of_an_extension_and_a_submission_at_once_one_comes_first(
    sessions: sessionmaker[Session], planner: Actor
) -> None:
    """The submission waits for the extension that is being stored, and is decided by what it stored."""
    made = held(sessions)
    with at(WHILE_OPEN):
        project = draft(sessions, planner)
    context, outcomes = copy_context(), []

    def late() -> None:
        with at(TOO_LATE):
            outcomes.append(send(sessions, planner, project).submitted_at)

    with sessions.begin() as session:
        row = session.get_one(Round, made.id, with_for_update={"of": Round})
        row.closes_local = row.closes_local + timedelta(days=1) if row.closes_local else None
        session.flush()
        sending = Thread(target=context.run, args=(late,))
        sending.start()
        sending.join(0.3)
    sending.join()
    assert outcomes == [TOO_LATE]


def test_what_people_rely_on_does_not_change_once_it_is_open(sessions: sessionmaker[Session]) -> None:
    made = held(sessions)
    terms = Terms(
        name="Round 2027", place="Haneul", budget=Decimal(12), currency="USD", unit=1_000_000, price_year=2026,
        times=TIMES,
    )  # fmt: skip
    sooner = replace(TIMES, closes=read_local(CLOSES - timedelta(days=1), "24:00", SEOUL))
    with at(BEFORE), sessions() as session:
        assert rounds.change_round(session, OPERATOR, made.id, 1, replace(terms, times=sooner)).version == 2
    with at(BEFORE), sessions() as session:
        rounds.change_round(session, OPERATOR, made.id, 2, terms)
    with at(WHILE_OPEN):
        for wrong in (
            replace(terms, times=sooner),
            replace(terms, currency="KRW"),
            replace(terms, times=replace(TIMES, zone="UTC")),
            replace(terms, times=replace(TIMES, opens=read_local(OPENS, "10:00", SEOUL, later=False))),
        ):
            with sessions() as session, pytest.raises(DomainError, match="is open"):
                rounds.change_round(session, OPERATOR, made.id, 3, wrong)
        with sessions() as session:
            changed = rounds.change_round(session, OPERATOR, made.id, 3, replace(terms, budget=Decimal(15)))
        assert changed.budget == Decimal(15)
        with sessions() as session, pytest.raises(StaleVersion):
            rounds.change_round(session, OPERATOR, made.id, 3, terms)


def test_names_and_order_are_checked_and_a_key_makes_it_once(sessions: sessionmaker[Session]) -> None:
    key, terms = uuid4(), Terms(name="A", place="", budget=Decimal(1), currency="USD", unit=1, price_year=2026)
    for _ in range(2):
        with sessions() as session:
            assert rounds.make_round(session, OPERATOR, terms, key=key).id == key
    with sessions() as session, pytest.raises(AlreadyThere):
        rounds.make_round(session, OPERATOR, terms, key=uuid4())
    upside_down = replace(TIMES, opens=TIMES.closes, closes=TIMES.opens)
    with sessions() as session, pytest.raises(DomainError, match="after the opening"):
        rounds.make_round(session, OPERATOR, replace(terms, name="B", times=upside_down))


def test_the_database_refuses_a_round_that_closes_before_it_opens(sessions: sessionmaker[Session]) -> None:
    held(sessions)
    with pytest.raises(IntegrityError), sessions.begin() as session:
        session.execute(text("UPDATE round SET closes_local = '2020-01-01 00:00:00'"))


def test_the_round_that_runs_is_the_one_that_opened_last(sessions: sessionmaker[Session]) -> None:
    held(sessions)
    next_year = replace(
        TIMES,
        opens=read_local(date(2028, 3, 1), "09:00", SEOUL, later=False),
        closes=read_local(date(2028, 3, 31), "24:00", SEOUL),
    )
    held(sessions, "Round 2028", next_year)
    found = []
    for moment in (BEFORE, WHILE_OPEN, TOO_LATE, datetime(2028, 3, 1, 0, 0, tzinfo=UTC)):
        with at(moment), sessions() as session, session.begin():
            running = rounds.round_named(session)
            found.append(running.name if running else None)
    assert found == [None, "Round 2027", "Round 2027", "Round 2028"]
    with sessions() as session:
        assert len(session.scalars(select(Round)).all()) == 2
