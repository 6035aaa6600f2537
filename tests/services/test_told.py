"""A publication says how many of its mails were sent, and those that failed are sent again from its receipt."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import DecisionOutcome, Mail, MailState, MailWish, Publication, Role
from appraisal.models.tables import now
from appraisal.policy import NotAllowed
from appraisal.services import outbox, told
from appraisal.services.deciding import Wish
from appraisal.services.told import ToldOf
from tests import factories
from tests.services.deciding.cases import appraised, prepare, publish


def test_what_was_not_taken_is_resent_and_nothing_else(sessions: sessionmaker[Session]) -> None:
    planners = [
        factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, name)) for name in ("Haneul", "Baran")
    ]
    approver = factories.actor(sessions, Role.APPROVER, factories.organisation(sessions, "Council"))
    with sessions() as session:
        outbox.choose(session, planners[0], outbox.Wish(MailWish.IMMEDIATE))
    projects = [
        appraised(sessions, planner, case)
        for planner, case in zip(planners, ("opal-lakes", "zurich-tunnel"), strict=True)
    ]
    prepare(sessions, approver, Wish(DecisionOutcome.DEFERRED, "budget", "Later."), *projects)
    publish(sessions, approver)
    with sessions() as session:
        key = session.scalars(select(Publication.id)).one()
    with sessions() as session:
        assert told.told_of(session, approver, key) == ToldOf(2, 0, 0)
    with sessions.begin() as session:
        notice = select(Mail).where(Mail.account_id == planners[0].account_id).order_by(Mail.created_at.desc())
        session.scalars(notice).first().state = MailState.FAILED  # type: ignore[union-attr]
    with sessions() as session:
        assert told.told_of(session, approver, key) == ToldOf(2, 0, 1)
    with sessions() as session, pytest.raises(NotAllowed):
        told.resend_to(session, planners[0], key)
    for count in (1, 0):
        with sessions() as session:
            assert told.resend_to(session, approver, key) == count
    with sessions.begin() as session:
        for mail in session.scalars(select(Mail).where(Mail.state == MailState.WAITING)):
            mail.state, mail.sent_at = MailState.SENT, now()
    with sessions() as session:
        found = told.told_of(session, approver, key)
    assert (found, found.later) == (ToldOf(2, 1, 0), 1)
