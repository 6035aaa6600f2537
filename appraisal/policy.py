"""Who may do what, to which object, in which state: the only place that decides.

A query that lists objects uses `visible_projects` (runs: `visible_runs` as well); a single object uses `require`. What
an actor may not know exists is answered with NotFound, never with NotAllowed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, select, true

from appraisal.models import (
    APPROVED,
    DECIDED,
    Account,
    AppraisalRun,
    Assessment,
    AssessmentState,
    AssessmentTask,
    Assignment,
    Declaration,
    Interest,
    Project,
    ProjectState,
    Reconciliation,
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
    TRANSFER_PROJECT = "transfer-project"
    APPRAISE_PROJECT = "appraise-project"
    SCORE_PROJECT = "score-project"
    READ_QUEUE = "read-queue"
    READ_PANEL = "read-panel"
    RECONCILE = "reconcile"
    ACCEPT_CONDITION = "accept-condition"
    READ_OBLIGATIONS = "read-obligations"
    MEET_OBLIGATION = "meet-obligation"
    READ_PORTFOLIO = "read-portfolio"
    READ_SCENARIOS = "read-scenarios"
    SAVE_SCENARIO = "save-scenario"
    READ_MEETING = "read-meeting"
    NOTE_IN_MEETING = "note-in-meeting"
    READ_SCENARIO_RUNS = "read-scenario-runs"
    RUN_SCENARIO = "run-scenario"
    EXPORT = "export"
    MANAGE_ACCOUNTS = "manage-accounts"
    READ_AUDIT = "read-audit"
    MANAGE_ROUNDS = "manage-rounds"
    READ_COMPLETED = "read-completed"
    RECORD_COMPLETED = "record-completed"
    READ_FRAMEWORKS = "read-frameworks"
    MANAGE_FRAMEWORKS = "manage-frameworks"
    DECIDE_PROJECT = "decide-project"
    READ_DECISIONS = "read-decisions"
    MEET_CONDITION = "meet-condition"
    REPORT_DELIVERY = "report-delivery"


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
        if state is not None:
            self.args = (f"The project is {state.words}: this cannot be done to it now.",)


class NotFound(Exception):
    """There is no such object, or the actor may not know of it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account, or the tool itself from the command line of its owner (`account_id` None, role admin)."""

    account_id: UUID | None
    role: Role
    organisation_id: UUID | None
    name: str

    @classmethod
    def of(cls, account: Account) -> "Actor":
        return cls(account.id, account.role, account.organisation_id, account.name)


OPERATOR = Actor(None, Role.ADMIN, None, "operator")
"""Someone with the rights of the machine's owner: the command line."""

_EVERYONE = frozenset(Role)
_SEES_EVERY_PROJECT = frozenset({Role.APPROVER, Role.ANALYST, Role.ADMIN})
"""Of the submitted ones: a scenario names projects, and so does a meeting, whoever opens it."""
ALLOWED: Mapping[Action, frozenset[Role]] = {
    Action.READ_PROJECT: _EVERYONE,
    Action.CREATE_PROJECT: frozenset({Role.PLANNER}),
    Action.EDIT_PROJECT: frozenset({Role.PLANNER}),
    Action.SUBMIT_PROJECT: frozenset({Role.PLANNER}),
    Action.TAKE_BACK_PROJECT: frozenset({Role.PLANNER}),
    Action.WITHDRAW_PROJECT: frozenset({Role.PLANNER}),
    Action.ASSIGN_PROJECT: frozenset({Role.ADMIN}),
    Action.TRANSFER_PROJECT: frozenset({Role.ADMIN}),
    Action.APPRAISE_PROJECT: frozenset({Role.APPRAISER, Role.ANALYST, Role.ADMIN}),
    Action.SCORE_PROJECT: frozenset({Role.APPRAISER}),
    Action.READ_QUEUE: frozenset({Role.APPRAISER}),
    Action.READ_PANEL: frozenset({Role.APPRAISER, Role.APPROVER, Role.ANALYST, Role.ADMIN}),
    Action.RECONCILE: frozenset({Role.APPRAISER, Role.ADMIN}),
    Action.ACCEPT_CONDITION: frozenset({Role.APPROVER}),
    Action.READ_OBLIGATIONS: _EVERYONE,
    Action.MEET_OBLIGATION: frozenset({Role.PLANNER, Role.APPROVER}),
    Action.READ_PORTFOLIO: _EVERYONE,
    Action.READ_SCENARIOS: _SEES_EVERY_PROJECT,
    Action.SAVE_SCENARIO: _SEES_EVERY_PROJECT,
    Action.READ_MEETING: _SEES_EVERY_PROJECT,
    Action.NOTE_IN_MEETING: _SEES_EVERY_PROJECT,
    Action.READ_SCENARIO_RUNS: _SEES_EVERY_PROJECT | {Role.APPRAISER},
    Action.RUN_SCENARIO: _SEES_EVERY_PROJECT,
    Action.EXPORT: _EVERYONE,
    Action.MANAGE_ACCOUNTS: frozenset({Role.ADMIN}),
    Action.READ_AUDIT: frozenset({Role.ADMIN}),
    Action.MANAGE_ROUNDS: frozenset({Role.ADMIN}),
    Action.READ_COMPLETED: _EVERYONE,
    Action.RECORD_COMPLETED: frozenset({Role.ANALYST, Role.ADMIN}),
    Action.READ_FRAMEWORKS: _EVERYONE,
    Action.MANAGE_FRAMEWORKS: frozenset({Role.ADMIN}),
    Action.DECIDE_PROJECT: frozenset({Role.APPROVER}),
    Action.READ_DECISIONS: frozenset({Role.APPROVER, Role.ANALYST, Role.ADMIN}),
    Action.MEET_CONDITION: frozenset({Role.APPROVER}),
    Action.REPORT_DELIVERY: frozenset({Role.PLANNER, Role.ANALYST, Role.ADMIN}),
}
_DRAFT, _SUBMITTED = frozenset({ProjectState.DRAFT}), frozenset({ProjectState.SUBMITTED})
DECIDABLE = _SUBMITTED | DECIDED
_IN_STATE: Mapping[Action, frozenset[ProjectState]] = {
    Action.EDIT_PROJECT: _DRAFT,
    Action.SUBMIT_PROJECT: _DRAFT,
    Action.TAKE_BACK_PROJECT: _SUBMITTED | {ProjectState.WITHDRAWN},
    Action.WITHDRAW_PROJECT: _SUBMITTED,
    Action.ASSIGN_PROJECT: _SUBMITTED,
    Action.APPRAISE_PROJECT: _SUBMITTED,
    Action.SCORE_PROJECT: _SUBMITTED,
    Action.RECONCILE: _SUBMITTED,
    Action.ACCEPT_CONDITION: DECIDABLE,
    Action.DECIDE_PROJECT: DECIDABLE,
    Action.REPORT_DELIVERY: APPROVED,
}
"""In which states of a project an action is done to it; an action that is not listed asks no state. What was decided
is changed by a new decision alone."""
_CLOSED = DECIDED | {ProjectState.WITHDRAWN}


def visible_projects(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Project` under which the actor may know that a project exists."""
    if actor.account_id is None:
        return true()
    if actor.role is Role.PLANNER:
        return Project.organisation_id == actor.organisation_id
    submitted = Project.state != ProjectState.DRAFT
    if actor.role is Role.APPRAISER:
        return submitted & knows_what_was_sent(actor)
    if actor.role in (Role.APPROVER, Role.ANALYST, Role.ADMIN):
        return submitted
    return false()


def knows_what_was_sent(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Project` under which the actor may read what was sent of it: an appraiser who declared no
    interest also once the planner has taken it back."""
    if actor.account_id is None or actor.role is not Role.APPRAISER:
        return visible_projects(actor)
    free = select(Declaration.project_id).where(
        Declaration.account_id == actor.account_id, Declaration.interest == Interest.NONE
    )
    return assigned_projects(actor) & Project.id.in_(free)


def assigned_projects(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Project` under which an appraiser has it in the queue: its name, not yet its contents."""
    if actor.account_id is None or actor.role is not Role.APPRAISER:
        return false()
    return Project.id.in_(select(Assignment.project_id).where(Assignment.account_id == actor.account_id))


@dataclass(frozen=True, slots=True)
class Sight:
    """What `visible_projects` and `visible_runs` depend on: whoever has the same sees the same projects and runs."""

    account_id: UUID | None = None
    """Of an appraiser, whose assignments, declarations and scores decide."""
    organisation_id: UUID | None = None
    """Of a planner."""
    submitted: bool = False
    """Everything but drafts."""
    everything: bool = False

    @property
    def drafts(self) -> bool:
        """Whether drafts are among what is seen."""
        return self.everything or self.organisation_id is not None


def sight_of(actor: Actor) -> Sight:
    """Under which of these the actor sees."""
    if actor.account_id is None:
        return Sight(everything=True)
    if actor.role is Role.APPRAISER:
        return Sight(account_id=actor.account_id)
    if actor.role is Role.PLANNER:
        return Sight(organisation_id=actor.organisation_id)
    return Sight(submitted=actor.role in (Role.APPROVER, Role.ANALYST, Role.ADMIN))


def visible_runs(actor: Actor) -> ColumnElement[bool]:
    """The condition on `AppraisalRun` under which its figures may be known, besides `visible_projects`.

    What was computed from a panel's scores stays hidden from an appraiser until the own ones are in, those
    included that the framework has asked for since.
    """
    if actor.account_id is None or actor.role is not Role.APPRAISER:
        return true()
    own = select(Assessment.submission_id).where(
        Assessment.account_id == actor.account_id, Assessment.state == AssessmentState.SUBMITTED
    )
    asked_again = (
        select(AssessmentTask.id)
        .join(Assessment, AssessmentTask.assessment_id == Assessment.id)
        .where(
            Assessment.account_id == actor.account_id,
            Assessment.submission_id == AppraisalRun.submission_id,
            AssessmentTask.done_at.is_(None),
            AssessmentTask.created_at < AppraisalRun.created_at,
        )
        .correlate(AppraisalRun)
    )
    return (AppraisalRun.appraisers == 0) | (AppraisalRun.submission_id.in_(own) & ~asked_again.exists())


def allows(actor: Actor, action: Action, *, project_state: ProjectState | None = None) -> bool:
    """Whether the role may do it, to an object the actor can see, in this state; closed binds the operator too."""
    if actor.account_id is None and project_state not in _CLOSED:
        return True
    if actor.account_id is not None and actor.role not in ALLOWED[action]:
        return False
    return action not in _IN_STATE or project_state in _IN_STATE[action]


def had_a_part(actor: Actor) -> ColumnElement[bool]:
    """The condition on `Project` under which the actor may not decide on it: owns it, sent it, scores it, or declared a
    conflict over it."""
    of = Project.id
    return (
        (Project.owner_id == actor.account_id)
        | of.in_(select(Submission.project_id).where(Submission.submitted_by_id == actor.account_id))
        | of.in_(select(Assignment.project_id).where(Assignment.account_id == actor.account_id))
        | of.in_(_of_submissions(select(Assessment.submission_id).where(Assessment.account_id == actor.account_id)))
        | of.in_(
            _of_submissions(select(Reconciliation.submission_id).where(Reconciliation.agreed_by_id == actor.account_id))
        )
        | of.in_(
            select(Declaration.project_id).where(
                Declaration.account_id == actor.account_id, Declaration.interest == Interest.CONFLICT
            )
        )
        | of.in_(select(AppraisalRun.project_id).where(AppraisalRun.created_by_id == actor.account_id))
    )


def _of_submissions(submissions: Select[UUID]) -> Select[UUID]:
    return select(Submission.project_id).where(Submission.id.in_(submissions))


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
    bound = actor.account_id is None or actor.role in ALLOWED[action]
    raise WrongState(action, state) if bound else NotAllowed(action)
