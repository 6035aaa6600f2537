"""Scenarios of a round: the built-in ones that its framework allows, and those that people keep and change."""

from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AuditEntry, PortfolioScenario, Role
from appraisal.policy import OPERATOR, Actor, NotFound
from appraisal.services import portfolio_scenarios, rounds
from appraisal.services.errors import AlreadyThere, DomainError, StaleVersion
from scoring.errors import InputError
from scoring.scenarios import Changes, built_in_scenarios
from tests import factories

HALF = Changes(use=0.5, weights={"bankability": 0.4, "safeguards": 0.2, "inclusiveness": 0.2, "needs": 0.2})


@pytest.fixture
def chair(sessions: sessionmaker[Session]) -> Actor:
    open_round(sessions)
    return factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Bank"))


def open_round(sessions: sessionmaker[Session], framework: str = "") -> None:
    with sessions() as session:
        rounds.open_round(
            session,
            OPERATOR,
            name=f"2027 {framework}",
            place="",
            budget=Decimal(118),
            currency="USD",
            unit=1,
            price_year=2026,
            framework=framework,
        )


def add(sessions: sessionmaker[Session], actor: Actor, changes: Changes = HALF, name: str = "Half") -> str:
    with sessions() as session:
        return portfolio_scenarios.add_scenario(session, actor, name=name, reason="A slump", changes=changes)


def change(sessions: sessionmaker[Session], actor: Actor, key: str, version: int, **changed: object) -> None:
    values = {"name": "Half", "reason": "A slump", "changes": HALF} | changed
    with sessions() as session:
        portfolio_scenarios.change_scenario(session, actor, UUID(key), version, **values)  # type: ignore[arg-type]


def test_built_in_ones_come_first_then_those_of_the_round(sessions: sessionmaker[Session], chair: Actor) -> None:
    key = add(sessions, chair)
    with sessions() as session:
        found = portfolio_scenarios.defined(session, chair)
    assert [item.key for item in found.definitions] == [*(item.key for item in built_in_scenarios()), key]
    own = found.named(key)
    assert (own.title, own.summary, own.author, own.version, own.built_in) == ("Half", "A slump", chair.name, 1, False)
    assert own.changes == HALF
    assert found.criteria[0][::2] == ("bankability", 0.25)


def test_another_framework_is_offered_no_weights_for_criteria_it_has_not(sessions: sessionmaker[Session]) -> None:
    open_round(sessions, "korea-preliminary-feasibility-2019@1")
    actor = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Bank"))
    with sessions() as session:
        found = portfolio_scenarios.defined(session, actor)
    assert [item.key for item in found.definitions] == [
        item.key for item in built_in_scenarios() if not item.changes.weights
    ]
    with pytest.raises(InputError, match="other criteria"):
        add(sessions, actor)


def test_sent_twice_it_is_kept_once_and_a_name_is_taken_once(sessions: sessionmaker[Session], chair: Actor) -> None:
    key = add(sessions, chair)
    assert add(sessions, chair) == key
    with pytest.raises(AlreadyThere, match="already a scenario called Half"):
        add(sessions, chair, Changes(use=0.6))
    other = add(sessions, chair, Changes(delay=1), "Late")
    with pytest.raises(AlreadyThere):
        change(sessions, chair, other, 1)
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(PortfolioScenario)) == 2
        actions = session.scalars(select(AuditEntry.action)).all()
    assert actions.count("scenario.added") == 2


def test_the_second_of_two_who_change_it_is_told(sessions: sessionmaker[Session], chair: Actor) -> None:
    key = add(sessions, chair)
    change(sessions, chair, key, 1, changes=Changes(use=0.4))
    with pytest.raises(StaleVersion):
        change(sessions, chair, key, 1, name="Other")
    change(sessions, chair, key, 2, changes=Changes(use=0.4))  # nothing differs: nothing is recorded
    with sessions() as session:
        row = session.get_one(PortfolioScenario, UUID(key))
        actions = session.scalars(select(AuditEntry.action)).all()
    assert (row.version, actions.count("scenario.changed")) == (2, 1)
    with pytest.raises(NotFound):
        change(sessions, chair, str(uuid4()), 1)


def test_a_scenario_changes_something_in_a_round(sessions: sessionmaker[Session], chair: Actor) -> None:
    with pytest.raises(DomainError, match="Nothing differs"):
        add(sessions, chair, Changes())
    with pytest.raises(DomainError, match="nobody is signed in"):
        add(sessions, OPERATOR)


def test_without_a_round_there_are_none(sessions: sessionmaker[Session]) -> None:
    actor = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Bank"))
    with sessions() as session:
        found = portfolio_scenarios.defined(session, actor)
    assert (found.held, found.definitions) == (None, ())
    with pytest.raises(DomainError, match="no round is open"):
        add(sessions, actor)
