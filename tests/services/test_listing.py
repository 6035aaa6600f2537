"""What was sent of a project and which project a run is of, for those who may know."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Role
from appraisal.policy import OPERATOR, NotFound
from appraisal.services import appraising, drafting, listing, registration
from tests import factories


def test_submissions_are_listed_newest_first_and_runs_lead_to_their_project(sessions: sessionmaker[Session]) -> None:
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    rival = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Elsewhere"))
    with sessions() as session:
        project = registration.register_project(session, planner, factories.published_project())
    with sessions() as session:
        assert listing.submissions_of(session, planner, project.id) == ()
    for number in (1, 2):
        with sessions() as session:
            version = drafting.draft_of(session, planner, project.id).version
        with sessions() as session:
            registration.submit_project(session, planner, project.id, version)
        if number == 1:
            with sessions() as session:
                drafting.take_back(session, planner, project.id)
    with sessions() as session:
        sent = listing.submissions_of(session, planner, project.id)
    assert [(each.number, each.by) for each in sent] == [(2, planner.name), (1, planner.name)]
    with sessions() as session:
        run = appraising.appraise_project(session, OPERATOR, project.id, seed=1, draws=200)
    with sessions() as session:
        assert listing.project_of_run(session, planner, run.number) == project.id
    for refused in (run.number, run.number + 1):
        with sessions() as session, pytest.raises(NotFound):
            listing.project_of_run(session, rival, refused)
    with sessions() as session, pytest.raises(NotFound):
        listing.submissions_of(session, rival, project.id)
