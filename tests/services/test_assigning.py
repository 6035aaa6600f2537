"""Appraisers see what is assigned to them, and nothing of their own organisation; on both databases."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import AuditEntry, Interest, Role
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound
from appraisal.services import assessing, assigning, drafting, ranking, registration
from appraisal.services.batches import appraise_all
from appraisal.services.errors import DomainError
from tests import factories


@pytest.fixture
def planner(sessions: sessionmaker[Session]) -> Actor:
    return factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))


@pytest.fixture
def submitted(sessions: sessionmaker[Session], planner: Actor) -> UUID:
    with sessions() as session:
        project = registration.register_project(session, planner, factories.published_project())
    with sessions() as session:
        registration.submit_project(session, planner, project.id, project.version)
    return project.id


def test_an_appraiser_sees_what_is_assigned_and_no_longer(sessions: sessionmaker[Session], submitted: UUID) -> None:
    office = factories.organisation(sessions, "Office")
    appraiser, admin = (factories.actor(sessions, role, office) for role in (Role.APPRAISER, Role.ADMIN))
    assert appraiser.account_id is not None
    with sessions() as session, pytest.raises(NotFound):
        drafting.draft_of(session, appraiser, submitted)
    for _ in range(2):
        with sessions() as session:
            assigning.assign(session, admin, submitted, appraiser.account_id)
    with sessions() as session, pytest.raises(NotFound):
        drafting.draft_of(session, appraiser, submitted)
    with sessions() as session:
        assessing.declare(session, appraiser, submitted, Interest.NONE)
    with sessions() as session:
        assert drafting.draft_of(session, appraiser, submitted).project_id == submitted
    with sessions() as session:
        found = assigning.appraisers_of(session, admin, submitted)
    assert ([person.id for person in found.assigned], found.free) == ([appraiser.account_id], [])
    for _ in range(2):
        with sessions() as session:
            assigning.unassign(session, admin, submitted, appraiser.account_id)
    with sessions() as session, pytest.raises(NotFound):
        drafting.draft_of(session, appraiser, submitted)
    with sessions() as session:
        trail = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("project.%assigned"))).all()
    assert trail == ["project.assigned", "project.unassigned"], "what changed nothing leaves no trace"


def test_who_cannot_be_assigned_and_who_cannot_assign(
    sessions: sessionmaker[Session], planner: Actor, submitted: UUID
) -> None:
    office = factories.organisation(sessions, "Office")
    analyst, admin = (factories.actor(sessions, role, office) for role in (Role.ANALYST, Role.ADMIN))
    assert planner.organisation_id is not None
    colleague = factories.actor(sessions, Role.APPRAISER, planner.organisation_id)
    for person in (analyst, colleague):
        assert person.account_id is not None
        with sessions() as session, pytest.raises(DomainError):
            assigning.assign(session, admin, submitted, person.account_id)
    with sessions() as session, pytest.raises(DomainError):
        assigning.assign(session, admin, submitted, uuid4())
    for stranger in (analyst, planner):
        with sessions() as session, pytest.raises(NotAllowed):
            assigning.appraisers_of(session, stranger, submitted)


def test_one_failure_stops_no_other_appraisal(sessions: sessionmaker[Session], planner: Actor, submitted: UUID) -> None:
    with sessions() as session:
        draft = drafting.start_project(session, planner, uuid4(), factories.published_project(), years=5)
    steps: list[tuple[int, int]] = []
    found = appraise_all(
        sessions, OPERATOR, [draft.id, submitted], seed=1, draws=100, progress=lambda done, of: steps.append((done, of))
    )
    assert [outcome.run for outcome in found] == [None, 1]
    assert "not submitted" in found[0].problem
    assert steps == [(1, 2), (2, 2)]
    with sessions() as session:
        assert ranking.ranked_portfolio(session, OPERATOR).ranked == 1


def test_a_proposal_is_balanced_and_keeps_ties_apart(sessions: sessionmaker[Session], planner: Actor) -> None:
    for reference in "ABCD":
        file = replace(factories.published_project(), reference=reference)
        with sessions() as session:
            project = registration.register_project(session, planner, file)
        with sessions() as session:
            registration.submit_project(session, planner, project.id, project.version)
    assert planner.organisation_id is not None
    factories.actor(sessions, Role.APPRAISER, planner.organisation_id)
    people = [
        factories.actor(sessions, Role.APPRAISER, factories.organisation(sessions, f"Office {name}")) for name in "XYZ"
    ]
    tied = people[0]
    assert tied.account_id is not None
    with sessions() as session:
        assigning.assign(session, OPERATOR, project.id, tied.account_id)
    with sessions() as session:
        assessing.declare(session, tied, project.id, Interest.NOT_COMPETENT)
    with sessions() as session:
        proposal = assigning.propose(session, OPERATOR, 2)
    assert proposal.short == ()
    assert len(proposal.rows) == 4 * 2
    pairs = [(row.project_id, row.account_id) for row in proposal.rows]
    assert len(set(pairs)) == len(pairs)
    assert (project.id, tied.account_id) not in pairs
    loads = [sum(account == person.account_id for _, account in pairs) for person in people]
    assert sorted(loads) == [2, 3, 3]
    with sessions() as session:
        assert len(assigning.propose(session, OPERATOR, 3).short) == 1, "for one project only two are free"
    with sessions() as session, pytest.raises(NotAllowed):
        assigning.propose(session, planner, 2)
