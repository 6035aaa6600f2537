"""Decisions and moves fired at the same time: one of them is made; on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import select

from appraisal.models import (
    Decision,
    Project,
    ProjectState,
    Role,
)
from appraisal.policy import OPERATOR, Actor, NotAllowed, WrongState
from appraisal.services import (
    appraising,
    drafting,
    publishing,
    registration,
)
from appraisal.services.errors import DomainError
from tests import factories
from tests.services.deciding.cases import (
    REJECT,
    Sessions,
    chosen,
    decide,
    entries,
    prepare,
    state,
)


def test_a_late_appraisal_cannot_change_what_is_decided(
    sessions: Sessions, approver: Actor, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is computed before the decision and comes to be stored after it."""
    computed = appraising.computed_of

    def slow(*arguments: object, **options: object) -> object:
        result = computed(*arguments, **options)  # type: ignore[arg-type]
        decide(sessions, approver, REJECT, project)
        return result

    monkeypatch.setattr(appraising, "computed_of", slow)
    analyst = factories.actor(sessions, Role.ANALYST, factories.organisation(sessions, "Office"))
    with sessions() as session, pytest.raises(WrongState):
        appraising.appraise_project(session, analyst, project.id, seed=2, draws=100)
    with sessions() as session, pytest.raises(WrongState):  # nor can the owner of the machine
        appraising.appraise_project(session, OPERATOR, project.id, seed=2, draws=100)
    with sessions() as session:
        assert len(session.scalars(select(appraising.AppraisalRun)).all()) == 1


EIGHT = 8


def at_once(attempt: Callable[[int], object]) -> list[object]:
    """What each of eight threads got, the exception where it got one."""

    def one(number: int) -> object:
        try:
            return attempt(number)
        except (DomainError, NotAllowed) as error:
            return error

    with ThreadPoolExecutor(EIGHT) as pool:
        return list(pool.map(one, range(EIGHT)))


@pytest.mark.parametrize("name", ["withdraw", "take_back"])
def test_a_move_fired_eight_times_is_made_once(sessions: Sessions, planner: Actor, project: Project, name: str) -> None:
    def fire(_number: int) -> object:
        with sessions() as session:
            return getattr(drafting, name)(session, planner, project.id)

    # what is withdrawn can still be taken back, so only a second withdrawal is refused by its state
    outcomes = at_once(fire)
    assert sum(isinstance(each, Project) for each in outcomes) == 1
    assert entries(sessions, {"withdraw": "project.withdrawn", "take_back": "project.taken-back"}[name]) == 1


@pytest.mark.asvs("2.3.4")
def test_a_submission_fired_eight_times_is_made_once(sessions: Sessions, planner: Actor) -> None:
    with sessions() as session:
        draft = registration.register_project(session, planner, factories.published_project())

    def fire(_number: int) -> object:
        with sessions() as session:
            return registration.submit_project(session, planner, draft.id, draft.version)

    assert sum(not isinstance(each, Exception) for each in at_once(fire)) == 1
    assert entries(sessions, "project.submitted") == 1


@pytest.mark.parametrize("one_key", [True, False], ids=["one form sent again", "eight windows"])
@pytest.mark.asvs("2.3.4")
def test_a_publication_fired_eight_times_is_made_once(
    sessions: Sessions, approver: Actor, project: Project, one_key: bool
) -> None:
    prepare(sessions, approver, REJECT, project)
    wanted, key = chosen(sessions, approver), uuid4()

    def fire(_number: int) -> object:
        with sessions() as session:
            return publishing.publish(session, approver, key if one_key else uuid4(), wanted)

    made = [each for each in at_once(fire) if isinstance(each, publishing.Published)]
    assert len(made) == (EIGHT if one_key else 1)
    assert entries(sessions, "project.decided") == entries(sessions, "decisions.published") == 1
    with sessions() as session:
        assert len(session.scalars(select(Decision)).all()) == 1


def test_a_decision_and_a_withdrawal_at_once_leave_one_of_them(
    sessions: Sessions, planner: Actor, approver: Actor, project: Project
) -> None:
    prepare(sessions, approver, REJECT, project)
    wanted = chosen(sessions, approver)

    def fire(number: int) -> object:
        with sessions() as session:
            if number % 2:
                return drafting.withdraw(session, planner, project.id)
            return publishing.publish(session, approver, uuid4(), wanted)

    outcomes = at_once(fire)
    assert sum(not isinstance(each, Exception) for each in outcomes) == 1
    decided, withdrawn = entries(sessions, "project.decided"), entries(sessions, "project.withdrawn")
    assert {decided, withdrawn} == {0, 1}
    assert state(sessions, project) is (ProjectState.REJECTED if decided else ProjectState.WITHDRAWN)
