"""A kept ranking is what would be computed now: for everybody, after everything that happens."""

from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import ConflictKind, Interest, Role
from appraisal.policy import OPERATOR, Actor, sight_of
from appraisal.services import (
    appraising,
    assessing,
    assigning,
    auditing,
    backups,
    drafting,
    ranking,
    registration,
    rounds,
    scenarios,
    standings,
    verifying,
)
from appraisal.services.portfolio_rows import SORTS, PortfolioView, sort_value
from appraisal.services.ranking import Portfolio
from appraisal.services.row_index import RowIndex
from forms.what_if import WhatIf
from tests import factories
from tests.many_projects import fill
from tests.panel import Panel, panel
from tests.services.portfolios import portfolio


def ranked(sessions: sessionmaker[Session], actor: Actor) -> Portfolio:
    with sessions() as session:
        return ranking.ranked_portfolio(session, actor)


def afresh(sessions: sessionmaker[Session], actor: Actor) -> Portfolio:
    """As a process would compute it that has kept nothing."""
    kept, standings._shelves = standings._shelves, type(standings._shelves)()
    try:
        return ranked(sessions, actor)
    finally:
        standings._shelves = kept


def told(found: Portfolio) -> list[object]:
    own = found.round.budget if found.round else None
    return [own, *(getattr(found, field.name) for field in fields(found) if field.name != "round")]


@pytest.fixture
def haneul(sessions: sessionmaker[Session]) -> Panel:
    return panel(sessions)


def test_everybody_sees_now_what_is_computed_now(haneul: Panel) -> None:
    sessions, who = haneul.sessions, [OPERATOR, haneul.planner]
    who += [
        factories.actor(sessions, role, factories.organisation(sessions, f"Bank {role.value}"))
        for role in (Role.ANALYST, Role.APPROVER, Role.PLANNER)
    ]
    ana, ben = haneul.appraiser("Ana"), haneul.appraiser("Ben", declared=False)
    who += [ana, ben]

    def check() -> None:
        for actor in who:
            with sessions() as session:
                rows = ranking.ranked_by_project(session, actor)  # may leave what waits as it was
            now = afresh(sessions, actor)
            assert told(ranked(sessions, actor)) == told(now), actor
            assert list(rows.values()) == list(now.everyone), actor

    def appraise() -> None:
        with sessions() as session:
            appraising.appraise_project(session, OPERATOR, haneul.project_id, seed=1, draws=100)

    def take_back() -> None:
        with sessions() as session:
            drafting.take_back(session, haneul.planner, haneul.project_id)

    def register() -> None:
        with sessions() as session:
            registration.register_project(session, haneul.planner, factories.published_project("opal-lakes-3-percent"))

    def unassign() -> None:
        assert ben.account_id is not None
        with sessions() as session:
            assigning.unassign(session, OPERATOR, haneul.project_id, ben.account_id)

    check()
    for happens in (
        appraise,
        lambda: haneul.declare(ben, Interest.NONE),
        lambda: haneul.fill(ana),
        lambda: haneul.submit(ana),
        appraise,
        register,
        lambda: conflicted(haneul, ana),
        unassign,
        take_back,
        lambda: other_round(sessions),
    ):
        happens()
        check()


def conflicted(haneul: Panel, actor: Actor) -> None:
    with haneul.sessions() as session:
        assessing.declare(session, actor, haneul.project_id, Interest.CONFLICT, kind=ConflictKind.WORK)


def other_round(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        rounds.open_round(
            session, OPERATOR, name="2099", place="", budget=Decimal(7), currency="EUR", unit=1, price_year=2098
        )


def test_what_changes_no_ranking_lets_it_be_kept(sessions: sessionmaker[Session]) -> None:
    fill(sessions, 3, budget=5.0)
    analyst = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Bank"))
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Elsewhere"))
    first, own = ranked(sessions, analyst), ranked(sessions, planner)
    with sessions() as session:
        scenarios.save_scenario(session, analyst, WhatIf(budget=Decimal(3)), name="Cut", reason="Tax")
    with sessions() as session:
        registration.register_project(session, planner, factories.published_project())
    assert ranked(sessions, analyst) is first
    assert ranked(sessions, planner) is not own
    with sessions.begin() as session:
        auditing.record(session, OPERATOR, "something.new", "test", "1")
    assert ranked(sessions, analyst) is not first


def test_an_entry_of_a_transaction_that_lasts_is_seen_when_it_comes(sessions: sessionmaker[Session]) -> None:
    """An entry gets its number as it is committed: none comes late with a lower one."""
    if sessions.kw["bind"].dialect.name == "sqlite":
        pytest.skip("SQLite lets one write at a time")
    fill(sessions, 1, budget=5.0)
    slow = sessions()
    slow.begin()
    auditing.record(slow, OPERATOR, "something.slow", "test", "1")
    slow.flush()
    with sessions.begin() as quick:
        auditing.record(quick, OPERATOR, "something.quick", "test", "2")
    first = ranked(sessions, OPERATOR)
    assert ranked(sessions, OPERATOR) is first
    slow.commit()
    slow.close()
    assert ranked(sessions, OPERATOR) is not first


def test_the_oldest_rankings_go_where_too_much_is_kept(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(sessions, 3, budget=5.0)
    monkeypatch.setattr(standings, "MOST_ROWS", 5)
    analyst = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Bank"))
    first = ranked(sessions, OPERATOR)
    second = ranked(sessions, analyst)
    assert sight_of(OPERATOR) != sight_of(analyst)
    assert ranked(sessions, analyst) is second
    assert ranked(sessions, OPERATOR) is not first


def test_a_database_restored_under_a_process_is_ranked_again(haneul: Panel, tmp_path: Path) -> None:
    """It can have as many entries as what was ranked, all of them old: their seals tell them apart."""
    engine = haneul.sessions.kw["bind"]
    if engine.dialect.name != "sqlite":
        pytest.skip("needs PostgreSQL's own programs; the stamp is the same")
    with engine.begin() as connection:
        verifying.attest(connection, "trail.tables-attested")
    backups.backup(engine, tmp_path / "kept.backup")
    with haneul.sessions() as session:
        appraising.appraise_project(session, OPERATOR, haneul.project_id, seed=1, draws=100)
    assert ranked(haneul.sessions, OPERATOR).ranked == 1
    backups.restore(engine, tmp_path / "kept.backup")
    assert ranked(haneul.sessions, OPERATOR).ranked == 0


SCORES = st.lists(
    st.tuples(*[st.one_of(st.none(), st.integers(0, 4).map(lambda level: 25.0 * level))] * 4), min_size=1, max_size=12
)
VIEWS = st.builds(
    PortfolioView,
    sort=st.sampled_from(SORTS),
    descending=st.booleans(),
    area=st.sampled_from(["", "mobility", "water"]),
    gate=st.sampled_from(["", "clear", "blocked"]),
    text=st.sampled_from(["", "p", "P-0", "project 1", "HANEUL 2", "none"]),
)


@given(scores=SCORES, view=VIEWS, blocked=st.integers(0, 11))
def test_an_index_filters_and_sorts_as_reading_every_row_does(
    scores: list[tuple[float | None, ...]], view: PortfolioView, blocked: int
) -> None:
    named = {f"P-{at}": values for at, values in enumerate(scores)}
    rows = portfolio(named, dict.fromkeys(named, 2.0), 9.0, blocked=(f"P-{blocked}",)).everyone
    kept = [
        row
        for row in rows
        if (not view.area or view.area in row.areas)
        and (not view.gate or row.blocked == (view.gate == "blocked"))
        and all(word in f"{row.reference} {row.title} {row.city}".casefold() for word in view.text.casefold().split())
    ]
    known = [row for row in kept if sort_value(row, view.sort) is not None]
    known.sort(key=lambda row: (sort_value(row, view.sort), row.reference), reverse=view.descending)
    expected = [*known, *(row for row in kept if sort_value(row, view.sort) is None)]
    index = RowIndex(rows)
    assert list(index.viewed(view)) == expected
    assert list(index.viewed(view)) == expected  # from what the first look left behind
