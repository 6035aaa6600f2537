"""The tables, one module an aggregate."""

from appraisal.models.account import Account, Organisation, Role
from appraisal.models.assessment import Assignment
from appraisal.models.audit import AuditEntry
from appraisal.models.completed import CompletedProject, OwnRecordVersion
from appraisal.models.framework import FrameworkVersion
from appraisal.models.importing import ImportAction, ImportChange, ImportMapping, ImportState, ProjectImport
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
from appraisal.models.run import AppraisalRun, RunCriterion, RunGate, RunOwnRecord
from appraisal.models.tables import Table

__all__ = [
    "Account",
    "Answer",
    "AppraisalRun",
    "Assignment",
    "AuditEntry",
    "CashFlowAmount",
    "CashFlowLine",
    "CompletedProject",
    "FlowMeasure",
    "FrameworkVersion",
    "ImportAction",
    "ImportChange",
    "ImportMapping",
    "ImportState",
    "Organisation",
    "OwnRecordVersion",
    "Project",
    "ProjectImport",
    "ProjectState",
    "Role",
    "Round",
    "RunCriterion",
    "RunGate",
    "RunOwnRecord",
    "Submission",
    "Table",
]
