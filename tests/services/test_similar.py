"""Names that look alike, among the projects that one may know of."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Role
from appraisal.policy import Actor
from appraisal.services import drafting
from appraisal.services.similar import MOST_SHOWN, similar_projects
from tests import factories

SIGNALS = "Adaptive traffic signals, east corridor"


@pytest.fixture
def planner(sessions: sessionmaker[Session]) -> Actor:
    return factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))


def registered(sessions: sessionmaker[Session], planner: Actor, title: str) -> UUID:
    file = replace(factories.published_project(), title=title)
    with sessions() as session:
        return drafting.start_project(session, planner, uuid4(), file, years=20).id


def found(sessions: sessionmaker[Session], actor: Actor, name: str, but: UUID | None = None) -> list[str]:
    with sessions() as session:
        return [each.title for each in similar_projects(session, actor, name, but=but)]


def test_a_name_begun_or_misspelt_finds_it_and_another_does_not(
    sessions: sessionmaker[Session], planner: Actor
) -> None:
    own = registered(sessions, planner, SIGNALS)
    registered(sessions, planner, "A bicycle bridge")
    for name in ("adaptive  TRAF", "traffic signals", SIGNALS, "Adaptve trafic signals, east coridor"):
        assert found(sessions, planner, name) == [SIGNALS], name
    for name in ("", "Ada", "adaptive", "bus signals", "\x00" * 9, "%_" * 300):
        assert found(sessions, planner, name) == [], name
    assert found(sessions, planner, SIGNALS, but=own) == []


def test_the_most_alike_come_first_and_few_are_named(sessions: sessionmaker[Session], planner: Actor) -> None:
    for number in range(MOST_SHOWN + 2):
        registered(sessions, planner, f"Street lights phase {number}, with {'much ' * number}more to say")
    names = found(sessions, planner, "Street lights phase 0, with more to say")
    assert names[0] == "Street lights phase 0, with more to say"
    assert len(found(sessions, planner, "street lights")) == MOST_SHOWN


def test_nobody_learns_of_a_draft_they_may_not_know(sessions: sessionmaker[Session], planner: Actor) -> None:
    registered(sessions, planner, SIGNALS)
    stranger = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Elsewhere"))
    analyst = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Bank"))
    assert found(sessions, stranger, SIGNALS) == []
    assert found(sessions, analyst, SIGNALS) == []
