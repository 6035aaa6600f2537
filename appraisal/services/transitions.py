"""A project's way from state to state: one place, compare-and-set, each step in the trail with what it was before."""

from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from appraisal import policy
from appraisal.models import Project, ProjectState
from appraisal.models.tables import now
from appraisal.policy import Action, Actor
from appraisal.services import auditing
from appraisal.services.errors import StaleVersion

RECORDED_AS = {
    Action.SUBMIT_PROJECT: "project.submitted",
    Action.TAKE_BACK_PROJECT: "project.taken-back",
    Action.WITHDRAW_PROJECT: "project.withdrawn",
    Action.DECIDE_PROJECT: "project.decided",
}


def move(session: Session, actor: Actor, project: Project, action: Action, to: ProjectState, **details: Any) -> None:
    """Take the project to the state inside the caller's transaction.

    Raises NotAllowed where role or state forbid it, and StaleVersion where someone moved or changed the project since
    it was read: the update asks for the version that was read, with or without a lock.
    """
    policy.require(actor, action, project)
    before = project.state
    project.state, project.changed_at = to, now()
    try:
        session.flush()
    except StaleDataError:
        raise StaleVersion(f"{project.reference} was changed since you opened it. Read it again.") from None
    details |= {"reference": project.reference, "from": before.value, "to": to.value}
    auditing.record(session, actor, RECORDED_AS[action], "project", project.id, **details)
