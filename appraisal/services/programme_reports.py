"""The report of a programme: what it rests on in the record, its seal, and whether both still hold (ADR 32)."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import AppraisalRun, Round
from appraisal.policy import Action, Actor
from appraisal.services.appraising import changed_input
from appraisal.services.errors import DomainError
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.ranked_runs import runs_behind
from appraisal.services.verifying import current_head, in_chain
from appraisal.trail.chain import key_of, read_anchor
from appraisal.transactions import reading

if TYPE_CHECKING:
    from appraisal.reports.programme_report import Footing, ProgrammeReport
    from appraisal.reports.sealed import ReportKind, SealedProgramme

AT_ONCE = 500
UNANCHORED = "The audit trail no longer holds the entry that was its head at the export."


def footing_of(session: Session, actor: Actor, held: Round, rows: Sequence[PortfolioRow]) -> "Footing":
    """The runs behind ranked projects, by number; raises NotAllowed, and DomainError where one is not as stored."""
    with reading(session):
        policy.require(actor, Action.EXPORT)
        return _footing(held.id, list(runs_behind(session, actor, rows).values()))


def sealed_programme(session: Session, actor: Actor, report: "ProgrammeReport", kind: "ReportKind") -> bytes:
    """The report as a file that carries the head of the audit chain and a seal; nothing is stored (ADR 15)."""
    from appraisal.reports.sealed import written_programme  # noqa: PLC0415 -- only where a report is made

    with reading(session):
        policy.require(actor, Action.EXPORT)
        anchor, key = current_head(session), key_of(session.connection())
    return written_programme(replace(report, audit_anchor=str(anchor)), kind, key)


def problems_of(session: Session, found: "SealedProgramme") -> list[str]:
    """What the record no longer says of what the report rests on. Inside the caller's transaction."""
    problems = [] if in_chain(session, read_anchor(found.anchor)) else [UNANCHORED]
    runs: list[AppraisalRun] = []
    for start in range(0, len(found.runs), AT_ONCE):
        wanted = found.runs[start : start + AT_ONCE]
        runs += session.scalars(select(AppraisalRun).where(AppraisalRun.number.in_(wanted)))
    if len(runs) != len(found.runs):
        return [*problems, "Runs that the report was made from are no longer in the record."]
    try:
        same = _footing(found.round_id, runs).digest == found.data
    except DomainError as error:
        return [*problems, str(error)]
    return problems if same else [*problems, "The record no longer says what the report was made from."]


def _footing(round_id: UUID, runs: Sequence[AppraisalRun]) -> "Footing":
    from appraisal.reports.programme_report import Footing, Run  # noqa: PLC0415

    found = []
    for run in sorted(runs, key=lambda run: run.number):
        if changed_input(run) is not None or sha256(run.result.encode()).hexdigest() != run.result_sha256:
            raise DomainError(f"Run {run.number} no longer holds what it was stored with. Tell an administrator.")
        found.append(Run(number=run.number, input_sha256=run.input_sha256, result_sha256=run.result_sha256))
    return Footing(round_id=round_id, runs=tuple(found), engines=tuple(sorted({run.engine for run in runs})))
