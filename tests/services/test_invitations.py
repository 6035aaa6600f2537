"""Links by which people set their own password: once, in time, and saying plainly what became of them."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Account, AccountLink, LinkKind, Role
from appraisal.policy import OPERATOR, Actor, NotAllowed, NotFound
from appraisal.services import accounts, administering, auditing, invitations
from appraisal.services.errors import AlreadyThere, DomainError
from appraisal.services.invitations import Handed, LinkOver
from tests import factories
from tests.at_once import at_once

PASSWORD = "correct horse battery"


@pytest.fixture
def admin(sessions: sessionmaker[Session]) -> Actor:
    return factories.actor(sessions, Role.ADMIN, factories.organisation(sessions, "Office"))


def invite(sessions: sessionmaker[Session], by: Actor, email: str = "New@example.org") -> Handed:
    with sessions() as session:
        return invitations.invite(session, by, email=email, name="Ana", role=Role.PLANNER, organisation="Haneul")


def accept(sessions: sessionmaker[Session], secret: str, password: str = PASSWORD) -> Account:
    with sessions() as session:
        return invitations.accept(session, secret, password)


@pytest.mark.asvs("6.4.1")
def test_the_invited_set_their_own_password_once(sessions: sessionmaker[Session], admin: Actor) -> None:
    made = invite(sessions, admin)
    assert (made.kind, made.account.password_hash) == (LinkKind.INVITATION, accounts.NO_PASSWORD)
    with sessions() as session:
        link = session.scalars(select(AccountLink)).one()
        assert made.secret not in (link.secret_hash, str(link.id))
        assert link.expires_at - link.created_at == pytest.approx(timedelta(days=7), abs=timedelta(seconds=5))
    with sessions() as session:
        assert invitations.invited(session, made.secret).email == "new@example.org"
    with pytest.raises(DomainError, match="12 to 200"):
        accept(sessions, made.secret, "short")
    joined = accept(sessions, made.secret)
    assert joined.session_epoch == 1
    with sessions() as session:
        assert accounts.authenticate(session, "new@example.org", PASSWORD).account.id == joined.id
    with pytest.raises(LinkOver, match="was used"):
        accept(sessions, made.secret)
    with sessions() as session:
        said = [(entry.action, entry.actor_id) for entry in auditing.entries(session, OPERATOR)]
    assert said == [("account.joined", joined.id), ("account.invited", admin.account_id)]


def test_of_two_who_use_a_link_at_once_one_sets_the_password(sessions: sessionmaker[Session], admin: Actor) -> None:
    made = invite(sessions, admin)

    def uses(password: str) -> str:
        try:
            return accept(sessions, made.secret, password).password_hash
        except LinkOver:
            return "over"

    said = at_once(lambda: uses("the first password"), lambda: uses("the second password"))
    assert said.count("over") == 1
    with sessions() as session:
        assert session.get_one(Account, made.account.id).password_hash in said


def test_a_link_that_is_over_says_why(sessions: sessionmaker[Session], admin: Actor) -> None:
    first = invite(sessions, admin)
    with sessions() as session:
        second = invitations.renew(session, admin, first.account.id)
    with pytest.raises(LinkOver, match="newer one took its place"):
        accept(sessions, first.secret)
    with sessions() as session:
        assert invitations.withdraw(session, admin, first.account.id)
    with sessions() as session:
        assert not invitations.withdraw(session, admin, first.account.id)
        assert invitations.open_link(session, admin, first.account.id) is None
    with pytest.raises(LinkOver, match="withdrawn"):
        accept(sessions, second.secret)
    with sessions() as session:
        third = invitations.renew(session, admin, first.account.id)
    with sessions.begin() as session:
        for link in session.scalars(select(AccountLink).where(AccountLink.withdrawn_at.is_(None))):
            link.expires_at -= timedelta(days=7, minutes=1)
    with pytest.raises(LinkOver, match="expired"):
        accept(sessions, third.secret)
    with sessions() as session:
        fourth = invitations.renew(session, admin, first.account.id)
    with sessions() as session:
        administering.set_disabled(session, admin, first.account.id, disabled=True)
    with pytest.raises(LinkOver, match="closed"):
        accept(sessions, fourth.secret)
    with sessions() as session, pytest.raises(DomainError, match="closed"):
        invitations.renew(session, admin, first.account.id)
    for unknown in ("", "x", first.secret + "x", "\ud800"):
        with pytest.raises(NotFound):
            accept(sessions, unknown)


@pytest.mark.asvs("6.4.3", "6.4.1")
def test_a_lost_password_is_replaced_by_a_link_of_a_day(sessions: sessionmaker[Session], admin: Actor) -> None:
    account = accept(sessions, invite(sessions, admin).secret)
    with sessions() as session:
        made = invitations.renew(session, admin, account.id)
    assert made.kind is LinkKind.PASSWORD_RESET
    assert invitations.GOOD_FOR[made.kind] == timedelta(days=1)
    changed = accept(sessions, made.secret, "quite another one")
    assert changed.session_epoch == 2
    with sessions() as session:
        assert accounts.authenticate(session, "new@example.org", "quite another one").account.id == account.id
    with sessions() as session:
        assert auditing.entries(session, OPERATOR, limit=1)[0].action == "account.password-reset"


def test_who_may_not_and_what_is_there(sessions: sessionmaker[Session], admin: Actor) -> None:
    planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
    assert planner.account_id is not None
    with pytest.raises(NotAllowed):
        invite(sessions, planner)
    for refused in (invitations.renew, invitations.withdraw, invitations.open_link):
        with sessions() as session, pytest.raises(NotAllowed):
            refused(session, planner, planner.account_id)
    invite(sessions, admin)
    with pytest.raises(AlreadyThere, match="already an account for new@"):
        invite(sessions, admin, "NEW@example.org ")
    with pytest.raises(DomainError, match="not an e-mail"):
        invite(sessions, admin, "nowhere")


def test_two_who_invite_the_same_at_once_make_one_account(sessions: sessionmaker[Session], admin: Actor) -> None:
    factories.organisation(sessions, "Haneul")

    def tries() -> str:
        try:
            return invite(sessions, admin).account.email
        except AlreadyThere as told:
            return str(told)

    assert sorted(at_once(tries, tries)) == ["There is already an account for new@example.org.", "new@example.org"]
