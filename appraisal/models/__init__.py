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
from appraisal.models.framework import FrameworkDraft, FrameworkVersion
from appraisal.models.importing import ImportAction, ImportChange, ImportMapping, ImportState, ProjectImport
from appraisal.models.obligation import Obligation, ObligationState
from appraisal.models.portfolio import Round, Scenario
from appraisal.models.project import (
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
    "ConflictKind",
    "Declaration",
    "FlowMeasure",
    "FrameworkDraft",
    "FrameworkVersion",
    "ImportAction",
    "ImportChange",
    "ImportMapping",
    "ImportState",
    "Interest",
    "Obligation",
    "ObligationState",
    "Organisation",
    "OwnRecordVersion",
    "Project",
    "ProjectImport",
    "ProjectState",
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
