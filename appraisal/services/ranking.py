"""The ranked portfolio: the latest run of every project, in order, with how sure the order is (METHOD 10)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session, contains_eager, defer, joinedload

from appraisal import policy
from appraisal.models import DECIDED, OUT_OF_RANK, AppraisalRun, Project, Round, Submission
from appraisal.policy import Action, Actor
from appraisal.services.frameworks import scoring_alike
from appraisal.services.panels import panel_moments
from appraisal.services.portfolio_rows import PortfolioRow, PortfolioView, Waiting, viewed
from appraisal.services.rank_and_cut import counts, ranked_and_cut
from appraisal.services.rounds import round_named
from appraisal.transactions import reading
from scoring import ENGINE_VERSION
from scoring.ranking import budget_line
from scoring.result import GateStatus

SAFE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    round: Round | None
    rows: tuple[PortfolioRow, ...]
    """As filtered and sorted by the view."""
    everyone: tuple[PortfolioRow, ...]
    """All that are ranked, by rank."""
    waiting: tuple[Waiting, ...]
    asked: Decimal
    """Sum of costs in the round's currency, single units."""
    funded: int
    first_out: PortfolioRow | None
    left_out: tuple[str, ...]
    """References in another currency, for which no exchange rate is stored: not counted against the budget."""
    return_line: float | None
    score_line: float | None
    """What the last project inside the budget reaches on each index, where that index alone decides (METHOD 10)."""

    @property
    def ranked(self) -> int:
        return len(self.everyone)

    @property
    def safe(self) -> int:
        """How many of the first ranks the budget reaches in at least 95 of 100 draws."""
        eligible = [row for row in self.everyone if row.funded]
        return next((place for place, row in enumerate(eligible) if (row.inside or 0) < SAFE), len(eligible))


def ranked_portfolio(session: Session, actor: Actor, view: PortfolioView | None = None) -> Portfolio:
    """Rank what the actor may see of the round, and what is in no round; raises NotAllowed.

    Reads only stored headline figures.
    """
    shown = view or PortfolioView()
    with reading(session):
        policy.require(actor, Action.READ_PORTFOLIO)
        held = round_named(session)
        listed = policy.visible_projects(actor) & _in_round(held) & Project.state.not_in(OUT_OF_RANK)
        runs = _of_one_framework(session, _latest_runs(session, actor, listed), held)
        unranked = _rows(runs, _latest_submissions(session), panel_moments(session))
        waiting = _waiting(session, listed, {row.project_id for row in unranked})
        session.expunge_all()
    currency = held.currency if held else None
    rows, first_out = ranked_and_cut(unranked, held)
    return Portfolio(
        round=held,
        rows=viewed(rows, shown),
        everyone=tuple(rows),
        waiting=waiting,
        asked=sum((row.cost for row in rows if row.currency == currency), Decimal(0)),
        funded=sum(row.funded for row in rows),
        first_out=first_out,
        left_out=tuple(row.reference for row in rows if currency is not None and row.currency != currency),
        return_line=index_line(rows, held, lambda row: row.risk_adjusted_return),
        score_line=index_line(rows, held, lambda row: row.score),
    )


def index_line(
    rows: Sequence[PortfolioRow],
    held: Round | None,
    index: Callable[[PortfolioRow], float | None],
    budget: Decimal | None = None,
) -> float | None:
    """Where the budget, the round's if none is given, ends when this index alone orders what no gate blocks."""
    if held is None:
        return None
    counted = [(value, float(row.cost)) for row in rows if counts(row, held) and (value := index(row)) is not None]
    money = float((held.budget if budget is None else budget) * held.unit)
    return budget_line([value for value, _ in counted], [cost for _, cost in counted], money)


def _in_round(held: Round | None) -> ColumnElement[bool]:
    """One budget is for one round: another round's projects neither rank nor count here."""
    return true() if held is None else (Project.round_id == held.id) | Project.round_id.is_(None)


def _latest_runs(session: Session, actor: Actor, listed: ColumnElement[bool]) -> list[AppraisalRun]:
    newest = select(func.max(AppraisalRun.number)).where(policy.visible_runs(actor)).group_by(AppraisalRun.project_id)
    query = (
        select(AppraisalRun)
        .join(AppraisalRun.project)
        .where(AppraisalRun.number.in_(newest), listed)
        .options(
            defer(AppraisalRun.snapshot, raiseload=True),
            defer(AppraisalRun.result, raiseload=True),
            contains_eager(AppraisalRun.project),
            joinedload(AppraisalRun.submission).defer(Submission.document, raiseload=True),
        )
        .order_by(AppraisalRun.number)
    )
    return list(session.scalars(query))


def _of_one_framework(session: Session, runs: list[AppraisalRun], held: Round | None) -> list[AppraisalRun]:
    """Only scores by the same framework compare: the round's, else that of the newest run. The others wait.

    Versions that differ in words only score alike.
    """
    if not runs:
        return []
    version = held.framework_version if held else runs[-1].framework_version
    alike = scoring_alike(session, version)
    return [run for run in runs if run.framework_version_id in alike]


def _latest_submissions(session: Session) -> dict[UUID, int]:
    query = select(Submission.project_id, func.max(Submission.number).label("newest")).group_by(Submission.project_id)
    return {row.project_id: row.newest for row in session.execute(query)}


def _rows(runs: list[AppraisalRun], newest: dict[UUID, int], panels: dict[UUID, datetime]) -> list[PortfolioRow]:
    """What the runs say, not ranked yet."""
    return [
        PortfolioRow(
            project_id=run.project_id,
            reference=run.project.reference,
            title=run.project.title,
            city=run.project.city,
            areas=tuple(run.project.action_areas),
            run=run.number,
            rank=0,
            rank_low=0,
            rank_high=0,
            score=run.score,
            completeness=run.completeness,
            low=run.score_low,
            high=run.score_high,
            criteria=tuple(run.criteria),
            risk_adjusted_return=run.risk_adjusted_return,
            economic_npv_p50=run.economic_npv_p50,
            prob_negative=run.prob_negative,
            cost=run.cost,
            currency=run.project.currency,
            unit=run.project.unit,
            failed=tuple(gate.gate for gate in run.gates if gate.status is GateStatus.FAILED),
            open=tuple(gate.gate for gate in run.gates if gate.status is GateStatus.OPEN),
            stale=run.submission.number < newest[run.project_id]
            or (
                run.project.state not in DECIDED
                and (run.engine != ENGINE_VERSION or panels.get(run.submission_id) != run.panel_at)
            ),
            state=run.project.state,
        )
        for run in runs
    ]


def _waiting(session: Session, listed: ColumnElement[bool], ranked: set[UUID]) -> tuple[Waiting, ...]:
    query = (
        select(Project.id, Project.reference, Project.title, Project.state).where(listed).order_by(Project.reference)
    )
    return tuple(
        Waiting(project.id, project.reference, project.title, project.state)
        for project in session.execute(query)
        if project.id not in ranked
    )
