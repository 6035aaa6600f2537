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
from appraisal.models.assessment_task import AssessmentTask
from appraisal.models.attempt import AttemptWindow
from appraisal.models.audit import AuditEntry, AuditHead
from appraisal.models.completed import CompletedProject, OwnRecordVersion
from appraisal.models.decision import (
    ConditionMet,
    Decision,
    DecisionCondition,
    DecisionOutcome,
    PendingDecision,
    Publication,
    ScheduledPublication,
    ScheduleState,
)
from appraisal.models.delivery import Delivery, RegisteredBenefit, ReportedBenefit, YearReport
from appraisal.models.evidence import EvidenceFile, EvidenceLink, StoredFile, SubmittedFile
from appraisal.models.framework import FrameworkDraft, FrameworkVersion
from appraisal.models.importing import ImportAction, ImportChange, ImportMapping, ImportState, ProjectImport
from appraisal.models.job import UNFINISHED, Job, JobKind, JobState
from appraisal.models.kept_text import KeptText
from appraisal.models.mail import Mail, MailChoice, MailKind, MailState, MailWish, ResetRequest
from appraisal.models.meeting import MeetingNote
from appraisal.models.money_table import ReplacedTable, TableFile
from appraisal.models.notification import Notice, Notification
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
from appraisal.models.scenario_run import PortfolioScenario, ScenarioResult, ScenarioRun
from appraisal.models.sign_in import (
    AccountLink,
    ApiToken,
    LinkKind,
    LiveSession,
    RecoveryCode,
    Scope,
    SecondStep,
    ServiceIdentity,
)
from appraisal.models.tables import Table

__all__ = [
    "APPROVED",
    "DECIDED",
    "OUT_OF_RANK",
    "UNFINISHED",
    "Account",
    "AccountLink",
    "Answer",
    "ApiToken",
    "AppraisalRun",
    "Assessment",
    "AssessmentState",
    "AssessmentTask",
    "Assignment",
    "AttemptWindow",
    "AuditEntry",
    "AuditHead",
    "CashFlowAmount",
    "CashFlowLine",
    "CompletedProject",
    "ConditionMet",
    "ConflictKind",
    "Decision",
    "DecisionCondition",
    "DecisionOutcome",
    "Declaration",
    "Delivery",
    "EvidenceFile",
    "EvidenceLink",
    "FlowMeasure",
    "FrameworkDraft",
    "FrameworkVersion",
    "ImportAction",
    "ImportChange",
    "ImportMapping",
    "ImportState",
    "Interest",
    "Job",
    "JobKind",
    "JobState",
    "KeptText",
    "LinkKind",
    "LiveSession",
    "Mail",
    "MailChoice",
    "MailKind",
    "MailState",
    "MailWish",
    "MeetingNote",
    "Notice",
    "Notification",
    "Obligation",
    "ObligationState",
    "Organisation",
    "OwnRecordVersion",
    "PendingDecision",
    "PortfolioScenario",
    "Project",
    "ProjectImport",
    "ProjectState",
    "Publication",
    "Reconciliation",
    "RecoveryCode",
    "RegisteredBenefit",
    "ReplacedTable",
    "ReportedBenefit",
    "ResetRequest",
    "Role",
    "Round",
    "RunCriterion",
    "RunGate",
    "RunOwnRecord",
    "Scenario",
    "ScenarioResult",
    "ScenarioRun",
    "ScheduleState",
    "ScheduledPublication",
    "Scope",
    "Score",
    "ScoreStage",
    "SecondStep",
    "ServiceIdentity",
    "StoredFile",
    "Submission",
    "SubmittedFile",
    "Table",
    "TableFile",
    "YearReport",
]
