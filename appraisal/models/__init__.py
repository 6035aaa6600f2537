"""The tables, one module an aggregate."""

from appraisal.models.account import Account, Organisation, Role
from appraisal.models.assessment import Assignment
from appraisal.models.audit import AuditEntry
from appraisal.models.completed import CompletedProject, OwnRecordVersion
from appraisal.models.decision import (
    ConditionMet,
    Decision,
    DecisionCondition,
    DecisionOutcome,
    PendingDecision,
    Publication,
)
from appraisal.models.framework import FrameworkVersion
from appraisal.models.portfolio import Round
from appraisal.models.project import (
    APPROVED,
    DECIDED,
    OUT_OF_RANK,
    Answer,
    CashFlowAmount,
    CashFlowLine,
    FlowMeasure,
    Project,
    ProjectState,
    Submission,
)
from appraisal.models.run import AppraisalRun, RunCriterion, RunGate, RunOwnRecord
from appraisal.models.tables import Table

__all__ = [
    "APPROVED",
    "DECIDED",
    "OUT_OF_RANK",
    "Account",
    "Answer",
    "AppraisalRun",
    "Assignment",
    "AuditEntry",
    "CashFlowAmount",
    "CashFlowLine",
    "CompletedProject",
    "ConditionMet",
    "Decision",
    "DecisionCondition",
    "DecisionOutcome",
    "FlowMeasure",
    "FrameworkVersion",
    "Organisation",
    "OwnRecordVersion",
    "PendingDecision",
    "Project",
    "ProjectState",
    "Publication",
    "Role",
    "Round",
    "RunCriterion",
    "RunGate",
    "RunOwnRecord",
    "Submission",
    "Table",
]
