"""Who may do what, to which object, in which state: the only place that decides.

A query that lists objects uses `visible_projects`; a single object uses `require`. What an actor may not know exists
is answered with NotFound, never with NotAllowed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, false, select, true

from appraisal.models import (
    DECIDED,
    AppraisalRun,
    Assignment,
    Project,
    ProjectState,
    Role,
    Submission,
)


class Action(StrEnum):
    READ_PROJECT = "read-project"
    CREATE_PROJECT = "create-project"
    EDIT_PROJECT = "edit-project"
    SUBMIT_PROJECT = "submit-project"
    TAKE_BACK_PROJECT = "take-back-project"
    WITHDRAW_PROJECT = "withdraw-project"
    ASSIGN_PROJECT = "assign-project"
    APPRAISE_PROJECT = "appraise-project"
    READ_PORTFOLIO = "read-portfolio"
    EXPORT = "export"
    MANAGE_ACCOUNTS = "manage-accounts"
    READ_AUDIT = "read-audit"
    MANAGE_ROUNDS = "manage-rounds"
    READ_COMPLETED = "read-completed"
    RECORD_COMPLETED = "record-completed"
    DECIDE_PROJECT = "decide-project"
    READ_DECISIONS = "read-decisions"
    MEET_CONDITION = "meet-condition"


class NotAllowed(Exception):
    """The actor may know of the object but not do this; `granters` says which role may."""

    def __init__(self, action: Action) -> None:
        super().__init__(f"not allowed: {action}")
        self.action = action
        self.granters = tuple(sorted(ALLOWED[action]))


class WrongState(NotAllowed):
    """The role may do this, but not to a project in this state."""

    def __init__(self, action: Action, state: ProjectState | None) -> None:
        super().__init__(action)
        self.state = state


class NotFound(Exception):
    """There is no such object, or the actor may not know of it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account, or the tool itself from the command line of its owner (`account_id` None, role admin)."""

    account_id: UUID | None
    role: Role
    organisation_id: UUID | None
    name: str


OPERATOR = Actor(None, Role.ADMIN, None, "operator")
"""Someone with the rights of the machine's owner: the command line."""

_EVERYONE = frozenset(Role)
ALLOWED: Mapping[Action, frozenset[Role]] = {
    Action.READ_PROJECT: _EVERYONE,
    Action.CREATE_PROJECT: frozenset({Role.PLANNER}),
    Action.EDIT_PROJECT: frozenset({Role.PLANNER}),
    Action.SUBMIT_PROJECT: frozenset({Role.PLANNER}),
    Action.TAKE_BACK_PROJECT: frozenset({Role.PLANNER}),
    Action.WITHDRAW_PROJECT: frozenset({Role.PLANNER}),
    Action.ASSIGN_PROJECT: frozenset({Role.ADMIN}),
    Action.APPRAISE_PROJECT: frozenset({Role.APPRAISER, Role.ANALYST, Role.ADMIN}),
    Action.READ_PORTFOLIO: _EVERYONE,
    Action.EXPORT: _EVERYONE,
    Action.MANAGE_ACCOUNTS: frozenset({Role.ADMIN}),
    Action.READ_AUDIT: frozenset({Role.ADMIN}),
    Action.MANAGE_ROUNDS: frozenset({Role.ADMIN}),
    Action.READ_COMPLETED: _EVERYONE,
    Action.RECORD_COMPLETED: frozenset({Role.ANALYST, Role.ADMIN}),
    Action.DECIDE_PROJECT: frozenset({Role.APPROVER}),
    Action.READ_DECISIONS: frozenset({Role.APPROVER, Role.ANALYST, Role.ADMIN}),
    Action.MEET_CONDITION: frozenset({Role.APPROVER}),
}
DECIDABLE = frozenset({ProjectState.SUBMITTED, *DECIDED})
_IN_STATE: Mapping[Action, frozenset[ProjectState]] = {
    Action.EDIT_PROJECT: frozenset({ProjectState.DRAFT}),
    Action.SUBMIT_PROJECT: frozenset({ProjectState.DRAFT}),
    Action.TAKE_BACK_PROJECT: frozenset({ProjectState.SUBMITTED, ProjectState.WITHDRAWN}),
    Action.WITHDRAW_PROJECT: frozenset({ProjectState.SUBMITTED}),
    Action.ASSIGN_PROJECT: frozenset({ProjectState.SUBMITTED}),
    Action.APPRAISE_PROJECT: frozenset({ProjectState.SUBMITTED}),
    Action.DECIDE_PROJECT: DECIDABLE,
}
"""In which states of a project an action is done to it; an action that is not listed asks no state. What was decided
is changed by a new decision alone."""


def visible_projects(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Project` under which the actor may know that a project exists."""
    if actor.account_id is None:
        return true()
    if actor.role is Role.PLANNER:
        return Project.organisation_id == actor.organisation_id
    submitted = Project.state != ProjectState.DRAFT
    if actor.role is Role.APPRAISER:
        assigned = select(Assignment.project_id).where(Assignment.account_id == actor.account_id)
        return submitted & Project.id.in_(assigned)
    if actor.role in (Role.APPROVER, Role.ANALYST, Role.ADMIN):
        return submitted
    return false()


def allows(actor: Actor, action: Action, *, project_state: ProjectState | None = None) -> bool:
    """Whether the role may do it, to an object the actor can see, in this state."""
    if actor.account_id is None:
        return True
    if actor.role not in ALLOWED[action]:
        return False
    return action not in _IN_STATE or project_state in _IN_STATE[action]


def had_a_part(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Project` under which the actor owns it, sent it or scores it, and so may not decide on it."""
    of = Project.id
    return (
        (Project.owner_id == actor.account_id)
        | of.in_(select(Submission.project_id).where(Submission.submitted_by_id == actor.account_id))
        | of.in_(select(Assignment.project_id).where(Assignment.account_id == actor.account_id))
        | of.in_(select(AppraisalRun.project_id).where(AppraisalRun.created_by_id == actor.account_id))
    )


def require_role(actor: Actor, action: Action) -> None:
    """Raise NotAllowed unless the role may do it to some project; its state is asked once it is at hand."""
    if actor.account_id is not None and actor.role not in ALLOWED[action]:
        raise NotAllowed(action)


def require(actor: Actor, action: Action, project: Project | None = None) -> None:
    """Raise NotAllowed unless the actor may. A project must have been loaded under `visible_projects`."""
    require_in_state(actor, action, project.state if project is not None else None)


def require_in_state(actor: Actor, action: Action, state: ProjectState | None) -> None:
    """The same for a project of which only the state is at hand."""
    if allows(actor, action, project_state=state):
        return
    raise WrongState(action, state) if actor.role in ALLOWED[action] else NotAllowed(action)
