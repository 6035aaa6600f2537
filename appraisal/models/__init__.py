"""The tables, one module an aggregate."""

from appraisal.models.account import Account, Organisation, Role
from appraisal.models.assessment import Assignment
from appraisal.models.audit import AuditEntry
from appraisal.models.framework import FrameworkVersion
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
from appraisal.models.run import AppraisalRun, RunCriterion, RunGate
from appraisal.models.tables import Table

__all__ = [
    "Account",
    "Answer",
    "AppraisalRun",
    "Assignment",
    "AuditEntry",
    "CashFlowAmount",
    "CashFlowLine",
    "FlowMeasure",
    "FrameworkVersion",
    "Organisation",
    "Project",
    "ProjectState",
    "Role",
    "Round",
    "RunCriterion",
    "RunGate",
    "Scenario",
    "Submission",
    "Table",
]
