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
from appraisal.models.framework import FrameworkVersion
from appraisal.models.obligation import Obligation, ObligationState
from appraisal.models.portfolio import Round
from appraisal.models.project import (
    Answer,
    CashFlowAmount,
    CashFlowLine,
    FlowMeasure,
    Project,
    ProjectState,
    Submission,
)
from appraisal.models.run import AppraisalRun, RunCriterion, RunGate
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
    "ConflictKind",
    "Declaration",
    "FlowMeasure",
    "FrameworkVersion",
    "Interest",
    "Obligation",
    "ObligationState",
    "Organisation",
    "Project",
    "ProjectState",
    "Reconciliation",
    "Role",
    "Round",
    "RunCriterion",
    "RunGate",
    "Score",
    "ScoreStage",
    "Submission",
    "Table",
]
