"""Scores are handed in by the date of the round, unless an administrator sets a later one."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AssessmentState, Interest, Round
from appraisal.policy import OPERATOR, Actor
from appraisal.services import assessing, queue, rounds
from appraisal.services.rounds import Terms
from appraisal.services.sheets import ScoringOver
from forms.local_time import read_local
from tests.applications import application
from tests.panel import UNKNOWN, Panel, level, panel
from tests.rounds import SEOUL, TIMES, WHILE_OPEN, at, held
from tests.web.people import let_in, token

UNTIL = read_local(date(2027, 4, 30), "17:00", SEOUL).moment
SAID = "Scores were to be handed in by 30 Apr 2027, 17:00 Asia/Seoul (UTC+09:00). An administrator can set a later"


@pytest.fixture
def sent(sessions: sessionmaker[Session]) -> Iterator[Panel]:
    """A project sent while its round was open."""
    held(sessions)
    with at(WHILE_OPEN):
        yield panel(sessions)


def test_until_the_last_second_scores_are_handed_in_and_after_it_nothing_changes(sent: Panel) -> None:
    early, late = sent.appraiser("A"), sent.appraiser("B")
    indicator = sent.sheet(late).asked[0].id
    with at(UNTIL - timedelta(seconds=1)):
        sent.fill(early)
        sent.submit(early)
        sent.save(late, indicator, level(3))
        assert sent.sheet(late).over == ""
    with at(UNTIL):
        for attempt in (
            lambda: sent.save(late, indicator, UNKNOWN),
            lambda: sent.fill(late),
            lambda: sent.submit(late),
            lambda: reopen(sent, early),
        ):
            with pytest.raises(ScoringOver, match=re.escape(SAID)):
                attempt()
        kept = sent.sheet(late)
        assert (kept.writable, kept.closed.startswith(SAID)) == (False, True)
        assert kept.entries[indicator].level == 3
        assert sent.sheet(early).state is AssessmentState.SUBMITTED
        with sent.sessions() as session:
            (card,) = queue.queue_of(session, late).cards
        assert (card.late, card.over) == (True, True)


def reopen(sent: Panel, actor: Actor) -> None:
    with sent.sessions() as session:
        assessing.reopen(session, actor, sent.project_id, sent.sheet(actor).version)


def test_an_administrator_who_sets_a_later_date_opens_it_again(sent: Panel, sessions: sessionmaker[Session]) -> None:
    late = sent.appraiser("B")
    with at(UNTIL + timedelta(days=2)):
        with pytest.raises(ScoringOver):
            sent.fill(late)
        with sessions() as session:
            row = session.scalars(select(Round)).one()
        later = replace(TIMES, scoring=read_local(date(2027, 5, 14), "17:00", SEOUL))
        move(sessions, row.id, row.version, later)
        sent.fill(late)
        sent.submit(late)
        assert sent.sheet(late).state is AssessmentState.SUBMITTED


def move(sessions: sessionmaker[Session], round_id: UUID, version: int, times: rounds.Times) -> None:
    with sessions() as session:
        row = rounds.round_with(session, OPERATOR, round_id)
        terms = Terms(
            name=row.name, place=row.place, budget=row.budget, currency=row.currency, unit=row.unit,
            price_year=row.price_year, times=times,
        )  # fmt: skip
    with sessions() as session:
        rounds.change_round(session, OPERATOR, round_id, version, terms)


def test_what_is_sent_again_after_the_date_is_scored_without_one(sent: Panel, sessions: sessionmaker[Session]) -> None:
    """A returned project has days of its own: its appraisers are not held to a date before it came back."""
    person = sent.appraiser("A")
    with sessions.begin() as session:
        session.scalars(select(Round)).one().closes_local = None  # so that it can be taken back and sent at any time
    with at(UNTIL + timedelta(days=30)):
        sent.send_again()
        with sessions() as session:
            assessing.start(session, person, sent.project_id)
        sent.fill(person)
        sent.submit(person)


def test_a_page_that_comes_too_late_shows_what_was_typed_and_stores_nothing(
    sent: Panel, sessions: sessionmaker[Session]
) -> None:
    person, client = sent.appraiser("A"), application(sessions.kw["bind"]).test_client()
    page = f"/assess/{sent.project_id}/score/{sent.sheet(person).asked[0].id}"
    with at(UNTIL):
        let_in(client, sessions, person)
        assert "Nothing can be handed in any more" in client.get("/assess").text
        assert "to be handed in by 30 Apr 2027, 17:00 Asia/Seoul" in client.get(f"/assess/{sent.project_id}").text
        typed = {"reason": "Typed <late>", "csrf_token": token(client, "/account/password"), "version": "1"}
        answer = client.post(page, data=typed)
    assert (answer.status_code, "Typed &lt;late&gt;" in answer.text) == (409, True)
    assert sent.sheet(person).entries == {}


def test_a_conflict_is_declared_whenever_it_is_found(sent: Panel) -> None:
    person = sent.appraiser("A", declared=False)
    with at(UNTIL + timedelta(days=1)):
        sent.declare(person, Interest.NOT_COMPETENT)
