"""Scenarios are kept once, under a name of their round, by those who see every project."""

from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AuditEntry, Role, Scenario
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound
from appraisal.services import rounds, scenarios
from appraisal.services.errors import AlreadyThere, DomainError
from forms.what_if import WhatIf
from tests import factories

CUT = WhatIf(budget=Decimal(80), must=("P-1",))


@pytest.fixture
def chair(sessions: sessionmaker[Session]) -> Actor:
    with sessions() as session:
        rounds.open_round(
            session, OPERATOR, name="2027", place="", budget=Decimal(118), currency="USD", unit=1, price_year=2026
        )
    return factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Bank"))


def save(sessions: sessionmaker[Session], actor: Actor, what_if: WhatIf = CUT, name: str = "Cut", reason: str = "Tax"):
    with sessions() as session:
        return scenarios.save_scenario(session, actor, what_if, name=name, reason=reason)


def test_what_is_saved_is_listed_and_opened_as_its_address(sessions: sessionmaker[Session], chair: Actor) -> None:
    kept_id = save(sessions, chair)
    with sessions() as session:
        held, kept = scenarios.scenarios_of_round(session, chair)
    with sessions() as session:
        assert scenarios.scenario(session, chair, kept_id) == kept[0]
    assert held is not None
    assert (kept[0].name, kept[0].reason, kept[0].author) == ("Cut", "Tax", chair.name)
    assert kept[0].parameters == (("budget", "80"), ("must", "P-1"))
    with sessions() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "scenario.saved")).one()
    assert entry.details == {"name": "Cut", "round": "2027", "reason": "Tax"}


def test_a_form_sent_twice_keeps_one_and_another_needs_another_name(
    sessions: sessionmaker[Session], chair: Actor
) -> None:
    first = save(sessions, chair)
    assert save(sessions, chair) == first
    with pytest.raises(AlreadyThere, match="already a what-if called Cut in 2027"):
        save(sessions, chair, WhatIf(budget=Decimal(60)))
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(Scenario)) == 1
        assert session.scalar(select(func.count()).where(AuditEntry.action == "scenario.saved")) == 1


def test_nothing_explored_and_no_round_are_refused(sessions: sessionmaker[Session], chair: Actor) -> None:
    with pytest.raises(DomainError, match="Nothing differs from the record"):
        save(sessions, chair, WhatIf())
    with pytest.raises(DomainError, match="belongs to a round and to a person"):
        save(sessions, OPERATOR)


@pytest.mark.parametrize("role", [Role.PLANNER, Role.APPRAISER])
def test_who_sees_only_some_projects_neither_saves_nor_reads(
    sessions: sessionmaker[Session], chair: Actor, role: Role
) -> None:
    kept_id = save(sessions, chair)
    other = factories.actor(sessions, role, factories.organisation(sessions, "Elsewhere"))
    with pytest.raises(NotAllowed):
        save(sessions, other)
    with sessions() as session, pytest.raises(NotAllowed):
        scenarios.scenarios_of_round(session, other)
    with sessions() as session, pytest.raises(NotAllowed):
        scenarios.scenario(session, other, kept_id)


def test_an_unknown_scenario_is_not_found(sessions: sessionmaker[Session], chair: Actor) -> None:
    with sessions() as session, pytest.raises(NotFound):
        scenarios.scenario(session, chair, UUID(int=1))


def test_a_saved_scenario_never_changes(sessions: sessionmaker[Session], chair: Actor) -> None:
    save(sessions, chair)
    with pytest.raises(DatabaseError, match="rows are only ever added"), sessions.begin() as session:
        session.execute(text("UPDATE scenario SET reason = 'other'"))


def test_no_round_has_no_scenarios(sessions: sessionmaker[Session]) -> None:
    actor = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Bank"))
    with sessions() as session:
        assert scenarios.scenarios_of_round(session, actor) == (None, ())
