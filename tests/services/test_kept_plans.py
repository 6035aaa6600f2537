"""Storing a file uses the plan that was looked at exactly as long as looking again would give the same."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import ImportState, Project, ProjectImport
from appraisal.policy import Actor
from appraisal.services import importing, kept_plans
from appraisal.services.background import worker_on
from tests.services.import_work import looked, order, stored
from tests.services.imports import files, planner, row, send, table, taken


@pytest.fixture
def read_again(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """The files that were read and checked since the look."""
    found: list[UUID] = []
    planned = importing.planned

    def noted(session: Session, actor: Actor, key: UUID, seen: Any = None) -> Any:
        found.append(key)
        return planned(session, actor, key, seen)

    monkeypatch.setattr(importing, "planned", noted)
    return found


def look_and_order(sessions: sessionmaker[Session], actor: Actor, content: bytes) -> UUID:
    key = send(sessions, actor, content)
    order(sessions, actor, key, looked(sessions, actor, key).digest)
    return key


def test_what_was_looked_at_is_stored_without_reading_it_again_and_is_the_same(
    sessions: sessionmaker[Session], engine: Engine, read_again: list[UUID]
) -> None:
    content = table(*(row(number) for number in range(205)), row(900, currency="??"))
    actor = planner(sessions)
    key = look_and_order(sessions, actor, content)
    read_again.clear()
    worker_on(sessions).work()
    assert read_again == []
    assert stored(sessions, key).state is ImportState.STORED
    assert stored(sessions, key).counts == {"create": 205, "update": 0, "unchanged": 0, "cannot": 1}
    as_kept = files(sessions)
    with sessions() as session:
        assert importing.undo(session, actor, key).edited == ()
    key = look_and_order(sessions, actor, content)
    kept_plans.forget(engine)
    read_again.clear()
    worker_on(sessions).work()
    assert read_again == [key]
    assert files(sessions) == as_kept


def test_it_is_let_go_of_once_it_is_stored(sessions: sessionmaker[Session], engine: Engine) -> None:
    actor = planner(sessions)
    key = look_and_order(sessions, actor, table(row(0)))
    with sessions() as session, session.begin():
        mark = importing.mark_of(session, actor, key)
    assert kept_plans.kept_plan(engine, key, mark) is not None
    assert kept_plans.kept_plan(engine, key, "read otherwise") is None
    worker_on(sessions).work()
    assert kept_plans.kept_plan(engine, key, mark) is None


def test_it_is_made_anew_where_projects_came_in(sessions: sessionmaker[Session], read_again: list[UUID]) -> None:
    key = look_and_order(sessions, planner(sessions), table(row(0)))
    taken(sessions, planner(sessions, "Elsewhere"), table(row(5)))
    read_again.clear()
    worker_on(sessions).work()
    assert read_again == [key]
    assert sorted(files(sessions)) == ["R-0", "R-5"]


def test_it_is_made_anew_where_the_content_is_another(sessions: sessionmaker[Session], read_again: list[UUID]) -> None:
    key = look_and_order(sessions, planner(sessions), table(row(0)))
    with sessions() as session, session.begin():
        session.get_one(ProjectImport, key).content = table(row(0, cost=77))
    read_again.clear()
    worker_on(sessions).work()
    assert read_again == [key]


def test_plans_with_stored_projects_are_not_kept(sessions: sessionmaker[Session], read_again: list[UUID]) -> None:
    actor = planner(sessions)
    taken(sessions, actor, table(row(0)))
    key = look_and_order(sessions, actor, table(row(0, cost=99), row(1)))
    read_again.clear()
    worker_on(sessions).work()
    assert read_again == [key]
    with sessions() as session:
        assert session.query(Project).count() == 2


def test_a_full_disk_only_keeps_nothing(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch, read_again: list[UUID]
) -> None:
    def full() -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(kept_plans.tempfile, "TemporaryFile", full)
    key = look_and_order(sessions, planner(sessions), table(row(0)))
    read_again.clear()
    worker_on(sessions).work()
    assert read_again == [key]
    assert stored(sessions, key).state is ImportState.STORED
