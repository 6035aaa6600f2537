"""Whom a trial of a draft ranks: the open candidates of one round, or a round that is over as it stood."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Project, ProjectState, Role
from appraisal.policy import OPERATOR, Actor, NotFound
from appraisal.services import framework_drafts, framework_trial, frameworks, rounds
from appraisal.services.framework_trial import Trial
from scoring.frameworks import Aggregation, Method
from tests import factories
from tests.services.deciding.cases import appraised

Sessions = sessionmaker[Session]


def opened(sessions: Sessions, name: str) -> UUID:
    with sessions() as session:
        return rounds.open_round(
            session, OPERATOR, name=name, place="Haneul", budget=Decimal(250_000), currency="AUD", unit=1000,
            price_year=2026,
        ).id  # fmt: skip


def draft(sessions: Sessions, admin: Actor, method: Method = Method.WEIGHTED_SUM) -> UUID:
    with sessions.begin() as session:
        version = frameworks.published_built_in(session, OPERATOR).id
    with sessions() as session:
        key = framework_drafts.clone(session, admin, version, uuid4(), title="Ours", new_key=False)
    if method is not Method.WEIGHTED_SUM:
        with sessions() as session:
            framework_drafts.edit_draft(
                session, admin, key, 1, lambda old: replace(old, aggregation=Aggregation(method=method)),
                part="aggregation",
            )  # fmt: skip
    return key


def tried(sessions: Sessions, admin: Actor, key: UUID, round_id: UUID | None = None) -> Trial:
    with sessions() as session:
        return framework_trial.try_draft(session, admin, key, round_id)


def references(trial: Trial) -> tuple[set[str], set[str]]:
    return {run.project.reference for run in trial.field.runs}, {project.reference for project in trial.field.out}


def test_the_open_candidates_of_one_round_are_ranked_and_a_round_that_is_over_as_it_stood(sessions: Sessions) -> None:
    admin = factories.actor(sessions, Role.ADMIN, factories.organisation(sessions, "Office"))
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    past = opened(sessions, "Round 2026")
    old, rejected = (appraised(sessions, planner, case).reference for case in ("opal-lakes", "opal-lakes-3-percent"))
    present = opened(sessions, "Round 2027")
    open_one, decided = (appraised(sessions, planner, case).reference for case in ("zurich-tunnel", "sports-arena"))
    opened(sessions, "Round 2028")  # nothing is appraised in it yet
    states = {old: ProjectState.APPROVED, rejected: ProjectState.REJECTED, decided: ProjectState.DEFERRED}
    with sessions.begin() as session:
        for project in session.query(Project):
            project.state = states.get(project.reference, project.state)
    with sessions() as session:
        assert [held.name for held in framework_trial.rounds_to_try(session, admin)] == ["Round 2027", "Round 2026"]
    key = draft(sessions, admin, Method.TOPSIS)
    for found in (tried(sessions, admin, key), tried(sessions, admin, key, present)):
        assert references(found) == ({open_one}, {decided})
        assert [item.reference for item in found.projects] == [open_one]
        assert found.field.round is not None
        assert (found.field.round.id, found.field.over) == (present, False)
        assert (found.method_before, found.method_after) == (Method.WEIGHTED_SUM, Method.TOPSIS)
    before = tried(sessions, admin, key, past)
    assert references(before) == ({old, rejected}, set())
    assert before.field.over
    with pytest.raises(NotFound):
        tried(sessions, admin, key, uuid4())
