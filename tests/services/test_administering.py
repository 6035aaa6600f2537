"""What administrators do to accounts, on both databases."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Account, Role
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound
from appraisal.services import administering, auditing, personal_data
from appraisal.services.errors import DomainError
from tests import factories
from tests.at_once import at_once


@pytest.fixture
def admin(sessions: sessionmaker[Session]) -> Actor:
    return factories.actor(sessions, Role.ADMIN, factories.organisation(sessions, "Office"))


@pytest.fixture
def planner(sessions: sessionmaker[Session]) -> Actor:
    return factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))


def identifier(actor: Actor) -> UUID:
    assert actor.account_id is not None
    return actor.account_id


def actions(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as session:
        return [entry.action for entry in auditing.entries(session, OPERATOR)]


@pytest.mark.asvs("7.4.2", "7.4.5")
def test_each_change_ends_sessions_and_is_recorded_once(
    sessions: sessionmaker[Session], admin: Actor, planner: Actor
) -> None:
    target = identifier(planner)
    for _ in range(2):
        with sessions() as session:
            account = administering.set_role(session, admin, target, Role.ANALYST)
        assert (account.role, account.session_epoch) == (Role.ANALYST, 1)
    for disabled, epoch in ((True, 2), (True, 2), (False, 3)):
        with sessions() as session:
            account = administering.set_disabled(session, admin, target, disabled=disabled)
        assert (account.disabled, account.session_epoch) == (disabled, epoch)
    assert actions(sessions) == ["account.enabled", "account.disabled", "account.role-changed"]


@pytest.mark.asvs("8.2.1")
def test_only_administrators_and_never_their_own(sessions: sessionmaker[Session], admin: Actor, planner: Actor) -> None:
    with sessions() as session, pytest.raises(NotAllowed):
        administering.set_role(session, planner, identifier(planner), Role.ADMIN)
    with sessions() as session, pytest.raises(NotAllowed):
        administering.list_accounts(session, planner)
    with sessions() as session, pytest.raises(DomainError, match="another administrator"):
        administering.set_role(session, admin, identifier(admin), Role.ANALYST)
    with sessions() as session, pytest.raises(NotFound):
        administering.set_disabled(session, admin, UUID(int=1), disabled=True)
    assert actions(sessions) == []


@pytest.mark.asvs("16.2.1")
def test_the_trail_names_who_acted(sessions: sessionmaker[Session], admin: Actor, planner: Actor) -> None:
    with sessions() as session:
        administering.set_disabled(session, admin, identifier(planner), disabled=True)
    with sessions() as session:
        administering.set_disabled(session, OPERATOR, identifier(planner), disabled=False)
    with sessions() as session:
        page = auditing.page(session, admin, size=1)
    assert [(entry.action, name) for entry, name in page.lines] == [("account.enabled", None)]
    with sessions() as session:
        page = auditing.page(session, admin, size=1, before=page.older)
    assert [(entry.action, name) for entry, name in page.lines] == [("account.disabled", admin.name)]
    assert (page.older, page.total) == (None, 2)


def close(session: Session, actor: Actor, account_id: UUID) -> None:
    administering.set_disabled(session, actor, account_id, disabled=True)


@pytest.mark.parametrize("attempt", range(5))
@pytest.mark.parametrize("gone", [close, personal_data.erase])
def test_of_administrators_who_close_or_erase_each_other_at_once_one_remains(
    sessions: sessionmaker[Session], admin: Actor, gone: Callable[[Session, Actor, UUID], object], attempt: int
) -> None:
    other = factories.actor(sessions, Role.ADMIN, factories.organisation(sessions, f"Second office {attempt}"))

    def tries(actor: Actor, target: Actor) -> str:
        with sessions() as session:
            try:
                gone(session, actor, identifier(target))
            except NotAllowed:
                return "refused"
        return "done"

    said = at_once(lambda: tries(admin, other), lambda: tries(other, admin))
    assert sorted(said) == ["done", "refused"]
    with sessions() as session:
        open_ones = select(func.count()).select_from(Account).where(Account.role == Role.ADMIN, ~Account.disabled)
        assert session.scalar(open_ones) == 1


def test_one_who_was_an_administrator_a_moment_ago_is_not_obeyed(
    sessions: sessionmaker[Session], admin: Actor, planner: Actor
) -> None:
    with sessions.begin() as session:
        session.get_one(Account, identifier(admin)).role = Role.ANALYST
    with sessions() as session, pytest.raises(NotAllowed):
        administering.set_role(session, admin, identifier(planner), Role.ADMIN)
    assert actions(sessions) == []
