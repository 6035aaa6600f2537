"""Handing a project over: who sees it afterwards, who may, and what stands in the way."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Account, Obligation, ObligationState, Project, Role
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound
from appraisal.services import assigning, auditing, drafting, registration, transferring
from appraisal.services.errors import DomainError, StaleVersion
from tests import factories
from tests.at_once import at_once


class City:
    """A submitted project of one organisation, and people of three."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self.sessions = sessions
        here, elsewhere, office = (factories.organisation(sessions, name) for name in ("Haneul", "Bada", "Office"))
        self.owner = factories.actor(sessions, Role.PLANNER, here)
        self.colleague = factories.actor(sessions, Role.PLANNER, here, email="colleague@example.org")
        self.receiver = factories.actor(sessions, Role.PLANNER, elsewhere)
        self.appraiser = factories.actor(sessions, Role.APPRAISER, elsewhere)
        self.admin = factories.actor(sessions, Role.ADMIN, office)
        with sessions() as session:
            self.project = registration.register_project(session, self.owner, factories.published_project()).id
        self.send()

    def send(self) -> None:
        with self.sessions() as session:
            registration.submit_project(session, self.owner, self.project, self.version)

    @property
    def version(self) -> int:
        with self.sessions() as session:
            return session.get_one(Project, self.project).version

    def hand(self, to: Actor, *, by: Actor | None = None, version: int | None = None) -> Account:
        with self.sessions() as session:
            return transferring.transfer(
                session, by or self.admin, self.project, key(to), self.version if version is None else version
            )

    def seen_by(self, actor: Actor) -> bool:
        with self.sessions() as session:
            try:
                return bool(drafting.draft_of(session, actor, self.project))
            except NotFound:
                return False


def key(actor: Actor) -> UUID:
    assert actor.account_id is not None
    return actor.account_id


@pytest.fixture
def city(sessions: sessionmaker[Session]) -> City:
    return City(sessions)


def test_it_leaves_the_former_organisation_at_once(city: City) -> None:
    assert (city.seen_by(city.owner), city.seen_by(city.receiver)) == (True, False)
    assert city.hand(city.receiver).id == city.receiver.account_id
    assert not city.seen_by(city.owner)
    assert not city.seen_by(city.colleague)
    assert city.seen_by(city.receiver)
    with city.sessions() as session, pytest.raises(NotFound):
        drafting.take_back(session, city.owner, city.project)
    with city.sessions() as session:
        (entry,) = auditing.entries(session, OPERATOR, limit=1)
    with city.sessions() as session:
        held = transferring.ownership_of(session, city.admin, city.project)
    assert (entry.action, entry.actor_id) == ("project.transferred", city.admin.account_id)
    assert entry.details["from_account"] == str(city.owner.account_id)
    assert entry.details["to_organisation"] == str(city.receiver.organisation_id)
    assert (held.owner.id, held.organisation) == (city.receiver.account_id, "Bada")
    assert {person.id for person in held.receivers} == {city.owner.account_id, city.colleague.account_id}


def test_within_an_organisation_everyone_keeps_seeing_it(city: City) -> None:
    city.hand(city.colleague)
    assert city.seen_by(city.owner)
    version = city.version
    city.hand(city.colleague)  # it is there already
    assert city.version == version


def test_only_administrators_and_only_to_planners(city: City, sessions: sessionmaker[Session]) -> None:
    for other in (city.owner, city.appraiser):
        with pytest.raises((NotAllowed, NotFound)):
            city.hand(city.receiver, by=other)
    with pytest.raises(DomainError, match="Choose a planner"):
        city.hand(city.appraiser)
    with sessions.begin() as session:
        session.get_one(Account, city.receiver.account_id).disabled = True
    with pytest.raises(DomainError, match="Choose a planner"):
        city.hand(city.receiver)
    assert city.seen_by(city.owner)


def test_a_draft_is_not_an_administrators_to_see(city: City) -> None:
    with city.sessions() as session:
        drafting.take_back(session, city.owner, city.project)
    with pytest.raises(NotFound):
        city.hand(city.receiver)


def test_nobody_comes_to_appraise_a_project_of_the_own_organisation(city: City) -> None:
    with city.sessions() as session:
        assigning.assign(session, city.admin, city.project, key(city.appraiser))
    with pytest.raises(DomainError, match="own organisation"):
        city.hand(city.receiver)
    with city.sessions() as session:
        assigning.unassign(session, city.admin, city.project, key(city.appraiser))
    city.hand(city.receiver)
    with city.sessions() as session, pytest.raises(DomainError, match="belongs to the organisation"):
        assigning.assign(session, city.admin, city.project, key(city.appraiser))


def test_what_is_owed_goes_along_and_what_was_met_stays(city: City) -> None:
    with city.sessions.begin() as session:
        for gate, state in (("DS1", ObligationState.OPEN), ("DS2", ObligationState.MET)):
            session.add(
                Obligation(
                    project_id=city.project,
                    gate=gate,
                    title=gate,
                    condition="",
                    owner_id=city.owner.account_id,
                    due=datetime(2027, 1, 1, tzinfo=UTC).date(),
                    state=state,
                    met_at=datetime(2026, 11, 1, tzinfo=UTC) if state is ObligationState.MET else None,
                    accepted_by_id=city.admin.account_id,
                )
            )
    city.hand(city.receiver)
    with city.sessions() as session:
        owners = {row.gate: row.owner_id for row in session.query(Obligation)}
    assert owners == {"DS1": city.receiver.account_id, "DS2": city.owner.account_id}


def test_of_two_who_hand_it_over_at_once_one_is_told(city: City) -> None:
    version = city.version

    def tries(to: Actor) -> str:
        try:
            return str(city.hand(to, version=version).id)
        except StaleVersion:
            return "stale"

    said = at_once(lambda: tries(city.receiver), lambda: tries(city.colleague))
    assert said.count("stale") == 1
    with city.sessions() as session:
        assert str(session.get_one(Project, city.project).owner_id) in said
