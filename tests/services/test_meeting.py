"""The agenda of a meeting, what the appraisers' spread is, and notes that stay on record."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AuditEntry, MeetingNote, Role
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound
from appraisal.services import appraising, drafting, meeting, ranking, rounds
from appraisal.services.errors import DomainError
from appraisal.services.meeting import ordered
from appraisal.services.spreads import disputes, panel_spreads
from tests import factories
from tests.panel import Panel, level, panel
from tests.services.portfolios import portfolio

SCORES: dict[str, Sequence[float | None]] = {f"P-{at}": (90.0 - 10 * at,) * 4 for at in range(6)}


@pytest.fixture
def haneul(sessions: sessionmaker[Session]) -> Panel:
    return panel(sessions)


def of(haneul: Panel, role: Role) -> Actor:
    return factories.actor(haneul.sessions, role, factories.organisation(haneul.sessions, f"Bank {role.value}"))


def opened(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        rounds.open_round(
            session, OPERATOR, name="2027", place="", budget=Decimal(118), currency="AUD", unit=1, price_year=2026
        )


def test_the_agenda_starts_where_the_panel_is_apart_and_the_line_is_near() -> None:
    rows = portfolio(SCORES, dict.fromkeys(SCORES, 1.0), 3.0).everyone
    points = ordered(rows, {"P-0": 4.0, "P-3": 1.0, "P-2": 1.5, "P-5": 1.0}, 3)
    # P-0 is three places inside the line: 4 / 3; P-2 the last one in: 1.5; P-3 the first one out: 1; P-5 two on: 1 / 3.
    assert [(point.row.reference, round(point.urgency, 3)) for point in points[:4]] == [
        ("P-2", 1.5),
        ("P-0", 1.333),
        ("P-3", 1.0),
        ("P-5", 0.333),
    ]
    assert [(point.row.reference, point.distance) for point in points[4:]] == [("P-1", 1), ("P-4", 1)]


def test_without_a_line_the_spread_alone_orders() -> None:
    rows = portfolio(SCORES, dict.fromkeys(SCORES, 1.0), 9.0).everyone
    points = ordered(rows, {"P-4": 1.0, "P-5": 2.0}, None)
    assert [point.row.reference for point in points] == ["P-5", "P-4", "P-0", "P-1", "P-2", "P-3"]
    assert points[0].distance is None


def test_the_spread_is_of_the_last_words_and_seen_by_whom_the_panel_is(haneul: Panel) -> None:
    ana, ben, cho = (haneul.appraiser(name) for name in ("Ana", "Ben", "Cho"))
    haneul.fill(ana, {"DS1": level(4), "DS2": level(1)})
    haneul.fill(ben, {"DS1": level(1), "DS2": level(1)})
    haneul.fill(cho, {})
    with haneul.sessions() as session:
        appraising.appraise_project(session, OPERATOR, haneul.project_id, seed=1, draws=100)

    def disputed(actor: Actor) -> list[tuple[str, tuple[float, ...]]]:
        with haneul.sessions() as session:
            row = ranking.ranked_portfolio(session, OPERATOR).everyone[0]
        with haneul.sessions() as session:
            return [(each.indicator, each.levels) for each in disputes(session, actor, row)]

    def seen(actor: Actor) -> list[float]:
        with haneul.sessions() as session:
            rows = ranking.ranked_portfolio(session, actor).everyone
        with haneul.sessions() as session:
            return list(panel_spreads(session, actor, rows).values())

    analyst = of(haneul, Role.ANALYST)
    assert seen(analyst) == []  # nobody has handed anything in
    haneul.submit(ana)
    assert seen(analyst) == []  # one alone is no spread
    assert disputed(analyst) == []
    haneul.submit(ben)
    assert seen(analyst) == [pytest.approx((3 + 0) / 2)]
    assert seen(ana) == [pytest.approx(1.5)]
    assert seen(cho) == []  # the own scores are not in
    assert seen(haneul.planner) == []
    assert disputed(analyst) == disputed(ana) == [("DS1", (1.0, 4.0))]  # DS2 is no dispute
    assert disputed(cho) == disputed(haneul.planner) == []


def test_a_note_is_kept_once_with_its_entry_and_never_changed(haneul: Panel) -> None:
    sessions, chair = haneul.sessions, of(haneul, Role.APPROVER)
    with sessions() as session, pytest.raises(DomainError, match="no round is open"):
        meeting.add_note(session, chair, haneul.project_id, "Ask for the tender.")
    opened(sessions)
    for _ in range(2):
        with sessions() as session:
            note = meeting.add_note(session, chair, haneul.project_id, "Ask for the tender.")
    with sessions() as session:
        meeting.add_note(session, chair, haneul.project_id, "Costs are checked.")
    with sessions() as session:
        found = meeting.notes_of(session, chair, haneul.project_id)
    assert [(each.text, each.author) for each in found] == [
        ("Ask for the tender.", chair.name),
        ("Costs are checked.", chair.name),
    ]
    with sessions() as session:
        assert session.scalar(select(func.count()).where(AuditEntry.action == "meeting.noted")) == 2
        first = session.scalars(select(AuditEntry).where(AuditEntry.action == "meeting.noted")).first()
        assert first is not None
        assert (first.object_id, first.details["note"]) == (str(haneul.project_id), str(note))
    for change in ("UPDATE meeting_note SET text = 'other'", "DELETE FROM meeting_note"):
        with pytest.raises(DatabaseError, match="rows are only ever added"), sessions.begin() as session:
            session.execute(text(change))
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(MeetingNote)) == 2


@pytest.mark.parametrize("role", [Role.PLANNER, Role.APPRAISER])
def test_a_meeting_is_for_those_who_see_every_project(haneul: Panel, role: Role) -> None:
    opened(haneul.sessions)
    actor = of(haneul, role)
    with haneul.sessions() as session, pytest.raises(NotAllowed):
        meeting.add_note(session, actor, haneul.project_id, "Mine.")
    with haneul.sessions() as session, pytest.raises(NotAllowed):
        meeting.notes_of(session, actor, haneul.project_id)
    with haneul.sessions() as session:
        found = ranking.ranked_portfolio(session, actor)
    with haneul.sessions() as session, pytest.raises(NotAllowed):
        meeting.agenda(session, actor, found)


def test_no_note_on_what_may_not_be_known(haneul: Panel) -> None:
    opened(haneul.sessions)
    chair = of(haneul, Role.APPROVER)
    with haneul.sessions() as session:
        drafting.take_back(session, haneul.planner, haneul.project_id)
    with haneul.sessions() as session, pytest.raises(NotFound):
        meeting.add_note(session, chair, haneul.project_id, "A draft by now.")
