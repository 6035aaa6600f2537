"""The material of an appraisal report and of a project's pages, from a stored run."""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

import simplejson
from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.evidence import Evidence
from appraisal.models import AppraisalRun, Obligation, ObligationState, Organisation, Project, Round, Submission
from appraisal.models.tables import now
from appraisal.policy import Action, Actor, NotFound
from appraisal.reading.project_file import read_project
from appraisal.services import programme_reports
from appraisal.services.appraising import changed_input, recomputed, visible_run
from appraisal.services.errors import DomainError
from appraisal.services.frameworks import framework_of
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.programme_reports import UNANCHORED
from appraisal.services.ranking import Portfolio, ranked_by_project, ranked_portfolio
from appraisal.services.sent_copies import copy_of
from appraisal.services.sent_evidence import files_of
from appraisal.services.verifying import current_head, in_chain
from appraisal.trail.chain import key_of, read_anchor
from appraisal.transactions import reading
from scoring.criteria.consistency import inconsistencies
from scoring.criteria.value_of_information import ValueOfAnswer, value_of_answers
from scoring.frameworks.framework import Framework
from scoring.project_file import ProjectFile

if TYPE_CHECKING:
    from appraisal.reports.report import AppraisalReport, RankRange, StandIn
    from appraisal.reports.sealed import ReportKind, SealedCopy, SealedProgramme
    from scoring.criteria.consistency import Finding
    from scoring.result import CriteriaResult, Result


NO_SEAL = "This file carries no seal of an appraisal report: it is another file, or was saved anew by a program."
TOUCHED = "The file was changed after it was exported, or was sealed by another installation."


def report_of(session: Session, actor: Actor, number: int) -> "AppraisalReport":
    """Everything a report of this run says; raises NotFound, and DomainError where the run no longer replays.

    The result is computed again and must have the stored digest, so that no report says what the record does not.
    """
    from appraisal.canonical import sha256_of  # noqa: PLC0415
    from scoring.result_document import to_document  # noqa: PLC0415

    rank = rank_in(ranked_portfolio(session, actor), number)
    run, files = _exported(session, actor, number)
    result = recomputed(run)
    if sha256_of(to_document(result)) != run.result_sha256:
        raise DomainError(
            f"Run {number} gives other figures with this version of the engine. Appraise the project again."
        )
    return _report(run, result, rank, files, _stand_ins(session, run))


def sealed_report(session: Session, actor: Actor, number: int, kind: "ReportKind") -> bytes:
    """The report of this run as a file that carries the head of the audit chain and a seal; raises as `report_of`.

    Nothing is stored: the seal alone shows later that the file is ours and untouched (ADR 15).
    """
    from appraisal.reports.sealed import written  # noqa: PLC0415 -- only where a report is made

    report = report_of(session, actor, number)
    with reading(session):
        anchor, key = current_head(session), key_of(session.connection())
    return written(replace(report, audit_anchor=str(anchor)), kind, key)


def reference_of(session: Session, actor: Actor, number: int) -> str:
    """The reference of the run's project; raises NotFound, NotAllowed."""
    with reading(session):
        policy.require(actor, Action.EXPORT)
        return visible_run(session, actor, number).project.reference


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """Whether a file is the report that was exported, and whether the record still says the same."""

    run: int | None
    anchor: str | None
    untouched: bool
    problems: tuple[str, ...]
    submission: str | None = None
    """Of a copy of what was sent: which submission it shows."""
    programme: str | None = None
    """Of the report of a programme: of which round."""


def verify_report(session: Session, actor: Actor, content: bytes) -> CheckedReport:
    """Check a file by its seal, then what it says by the run it names and by the audit chain; raises NotAllowed."""
    from appraisal.reports.sealed import SealedCopy, SealedProgramme, read  # noqa: PLC0415

    policy.require(actor, Action.READ_AUDIT)
    with reading(session):
        found = read(content, key_of(session.connection()))
        if found is None:
            return CheckedReport(None, None, untouched=False, problems=(NO_SEAL,))
        if isinstance(found, SealedCopy):
            return _checked_copy(session, found)
        if isinstance(found, SealedProgramme):
            return _checked_programme(session, found)
        if not found.untouched:
            return CheckedReport(found.run, found.anchor, untouched=False, problems=(TOUCHED,))
        anchored = in_chain(session, read_anchor(found.anchor))
    problems = [] if anchored else [UNANCHORED]
    try:
        if recorded_of(session, actor, found.run).digest != found.data:
            problems.append(f"Run {found.run} no longer says what the report was made from.")
    except (NotFound, DomainError) as error:
        problems.append(str(error))
    return CheckedReport(found.run, found.anchor, untouched=True, problems=tuple(problems))


def _checked_copy(session: Session, found: "SealedCopy") -> CheckedReport:
    """The same for a copy of what was sent. Inside the caller's transaction."""
    row = session.get(Submission, found.submission)
    shown = None if row is None else f"{row.project.reference}, submission {row.number}"
    problems = [] if found.untouched else [TOUCHED]
    if found.untouched and not in_chain(session, read_anchor(found.anchor)):
        problems.append(UNANCHORED)
    if found.untouched and (row is None or _digest_of(session, row) != found.data):
        problems.append("The record no longer says what the copy was made from.")
    return CheckedReport(None, found.anchor, untouched=found.untouched, problems=tuple(problems), submission=shown)


def _checked_programme(session: Session, found: "SealedProgramme") -> CheckedReport:
    """The same for the report of a programme. Inside the caller's transaction."""
    held = session.get(Round, found.round_id)
    problems = programme_reports.problems_of(session, found) if found.untouched else [TOUCHED]
    return CheckedReport(
        None,
        found.anchor,
        untouched=found.untouched,
        problems=tuple(problems),
        programme=f"the programme of {held.name if held else 'a round that is gone'}",
    )


def _digest_of(session: Session, row: Submission) -> str | None:
    """Of what the record says was sent; None where the document is not the one that was frozen."""
    if sha256(row.document.encode()).hexdigest() != row.sha256:
        return None
    return copy_of(session, row.project, row).digest


def recorded_of(session: Session, actor: Actor, number: int, rank: "RankRange | None" = None) -> "AppraisalReport":
    """The same from the record itself, for a page: nothing is drawn again, and the rank is the one given.

    Raises NotFound, and DomainError where the record does not have its digest or is of a layout no longer read.
    """
    from scoring.stored_result import UnreadableResult  # noqa: PLC0415

    with reading(session):
        run, files = _exported(session, actor, number)
        stand_ins = _stand_ins(session, run)
    if sha256(run.result.encode()).hexdigest() != run.result_sha256:
        raise DomainError(f"Run {number} no longer holds the figures it was stored with. Tell an administrator.")
    try:
        result = _stored_result(run.result)
    except UnreadableResult as error:
        raise DomainError(
            f"Run {number} was stored by an older version and lacks what this page shows ({error}). "
            "Appraise the project again."
        ) from error
    return _report(run, result, rank, files, stand_ins)


@lru_cache(maxsize=32)
def _stored_project(document: str) -> ProjectFile:
    """Kept by the whole text: what was sent and appraised never changes, and page after page is opened about it."""
    return read_project(document)


@lru_cache(maxsize=32)
def _stored_result(document: str) -> "Result":
    """Kept in the same way; raises UnreadableResult."""
    from scoring.stored_result import from_document  # noqa: PLC0415

    return from_document(simplejson.loads(document))


def valued_answers(report: "AppraisalReport") -> tuple[ValueOfAnswer, ...]:
    """What each answer that the run lacks would narrow, without regard to other projects."""
    criteria = report.result.criteria
    return _valued(_Digested(report.result_sha256, tuple(criteria.by_criterion), criteria))


@dataclass(frozen=True, slots=True)
class _Digested:
    """The criteria of a stored result, told apart by its digest and by their order."""

    digest: str
    order: tuple[str, ...]
    criteria: "CriteriaResult" = field(compare=False)


@lru_cache(maxsize=32)
def _valued(result: _Digested) -> tuple[ValueOfAnswer, ...]:
    return value_of_answers(result.criteria)


def _exported(session: Session, actor: Actor, number: int) -> tuple[AppraisalRun, tuple[Evidence, ...]]:
    with reading(session):
        policy.require(actor, Action.EXPORT)
        run = visible_run(session, actor, number)
        files = files_of(session, run.submission_id)
    if changed_input(run) is not None:
        raise DomainError(f"Run {number} no longer holds the submission it was computed from. Tell an administrator.")
    return run, files


def rank_in(portfolio: Portfolio, number: int) -> "RankRange | None":
    """Where the run of that number ranks; None where it does not, or a later one of its project does."""
    row = next((row for row in portfolio.rows if row.run == number), None)
    return None if row is None else _range(row, portfolio.ranked)


@dataclass(frozen=True, slots=True)
class Placed:
    """Which run of a project is ranked, and where."""

    run: int
    rank: "RankRange"


def placed(session: Session, actor: Actor, project_id: UUID) -> Placed | None:
    """None where no run of the project is ranked; raises NotAllowed."""
    rows = ranked_by_project(session, actor)
    row = rows.get(project_id)
    return None if row is None else Placed(row.run, _range(row, len(rows)))


def _range(row: PortfolioRow, of: int) -> "RankRange":
    from appraisal.reports.report import RankRange  # noqa: PLC0415

    return RankRange(rank=row.rank, low=row.rank_low, high=row.rank_high, of=of)


def _stand_ins(session: Session, run: AppraisalRun) -> "tuple[StandIn, ...]":
    """The conditions that are owed in place of gates, without the names of persons, as in a decision's letter."""
    from appraisal.reports.report import StandIn  # noqa: PLC0415

    with reading(session):
        query = (
            select(Obligation.gate, Organisation.name, Obligation.due)
            .join(Obligation.project)
            .join(Organisation, Project.organisation_id == Organisation.id)
            .where(Obligation.project_id == run.project_id, Obligation.state == ObligationState.OPEN)
            .order_by(Obligation.gate)
        )
        return tuple(StandIn(gate=gate, owner=owner, due=due) for gate, owner, due in session.execute(query))


def _report(
    run: AppraisalRun,
    result: "Result",
    rank: "RankRange | None",
    files: tuple[Evidence, ...],
    stand_ins: "tuple[StandIn, ...]",
) -> "AppraisalReport":
    from appraisal.reports.report import AppraisalReport  # noqa: PLC0415

    sent, framework = _stored_project(run.submission.document), framework_of(run.framework_version)
    return AppraisalReport(
        project=_stored_project(run.snapshot),
        result=_in_order(result, framework),
        framework=framework,
        run_id=str(run.id),
        run_number=run.number,
        appraised_at=run.created_at,
        appraised_by=run.created_by.name,
        input_sha256=run.input_sha256,
        result_sha256=run.result_sha256,
        generated_at=now(),
        rank=rank,
        appraisers=run.appraisers,
        findings=_contradictions(_Sent(run.submission.document, str(run.framework_version_id), sent, framework)),
        stand_ins=stand_ins,
        files=files,
    )


@dataclass(frozen=True, slots=True)
class _Sent:
    """What was sent and what it was asked by, told apart by its whole text and the version of the framework."""

    document: str
    version: str
    file: ProjectFile = field(compare=False)
    framework: Framework = field(compare=False)


@lru_cache(maxsize=32)
def _contradictions(sent: _Sent) -> "tuple[Finding, ...]":
    return inconsistencies(sent.file, sent.framework, explanations=sent.file.explanations)


def _in_order(result: "Result", framework: Framework) -> "Result":
    """The criteria as the framework orders them: a stored document has its keys by their letters."""
    found = result.criteria.by_criterion
    ordered = {criterion.id: found[criterion.id] for criterion in framework.criteria if criterion.id in found}
    return replace(result, criteria=replace(result.criteria, by_criterion=ordered))
