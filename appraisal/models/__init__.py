"""The tables, one module an aggregate."""

from appraisal.models.account import Account, Organisation, Role
from appraisal.models.assessment import (
    Assessment,
    AssessmentState,
    Assignment,
    ConflictKind,
    Declaration,
    Interest,
    Reconciliation,
    Score,
    ScoreStage,
)
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
from appraisal.models.framework import FrameworkDraft, FrameworkVersion
from appraisal.models.importing import ImportAction, ImportChange, ImportMapping, ImportState, ProjectImport
from appraisal.models.meeting import MeetingNote
from appraisal.models.obligation import Obligation, ObligationState
from appraisal.models.portfolio import Round, Scenario
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
    "Assessment",
    "AssessmentState",
    "Assignment",
    "AuditEntry",
    "CashFlowAmount",
    "CashFlowLine",
    "CompletedProject",
    "ConditionMet",
    "ConflictKind",
    "Decision",
    "DecisionCondition",
    "DecisionOutcome",
    "Declaration",
    "FlowMeasure",
    "FrameworkDraft",
    "FrameworkVersion",
    "ImportAction",
    "ImportChange",
    "ImportMapping",
    "ImportState",
    "Interest",
    "MeetingNote",
    "Obligation",
    "ObligationState",
    "Organisation",
    "OwnRecordVersion",
    "PendingDecision",
    "Project",
    "ProjectImport",
    "ProjectState",
    "Publication",
    "Reconciliation",
    "Role",
    "Round",
    "RunCriterion",
    "RunGate",
    "RunOwnRecord",
    "Scenario",
    "Score",
    "ScoreStage",
    "Submission",
    "Table",
]
