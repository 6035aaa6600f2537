"""The ranked portfolio: the latest run of every project, in order, with how sure the order is (METHOD 10)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import count
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import DECIDED, OUT_OF_RANK, FrameworkVersion, Project, ProjectState, Round, Submission
from appraisal.policy import Action, Actor
from appraisal.services.frameworks import framework_of, scoring_alike
from appraisal.services.panels import panel_moments
from appraisal.services.portfolio_rows import PortfolioRow, PortfolioView, Waiting
from appraisal.services.rank_and_cut import counts, cut, ranked_and_cut
from appraisal.services.ranked_runs import RankedRun, criteria_of, gates_of, latest_runs, promised_of, waiting_beside
from appraisal.services.rounds import round_named
from appraisal.services.row_index import RowIndex
from appraisal.services.standings import up_to_date
from appraisal.transactions import reading
from scoring import ENGINE_VERSION
from scoring.frameworks import Aggregation
from scoring.ranking import budget_line
from scoring.result import GateStatus

SAFE = 0.95
_serials = count(1)


@dataclass(frozen=True, kw_only=True)
class Portfolio:
    """What is ranked. It is kept and shared by requests: what is summed over it is summed once."""

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
    aggregation: Aggregation = field(default_factory=Aggregation)
    """How the framework makes one order of its criteria."""
    frameworks: frozenset[UUID] = frozenset()
    """The versions of it by which what is ranked was scored."""

    @cached_property
    def serial(self) -> int:
        """Of this very ranking among all that this process made: what is made of it alone can be kept under it."""
        return next(_serials)

    def beside(self, waiting: tuple[Waiting, ...]) -> "Portfolio":
        """The same ranking, its sums and its serial included, with other projects waiting beside it."""
        made = replace(self, waiting=waiting)
        made.__dict__.update({**self.__dict__, **made.__dict__})
        made.__dict__.pop("due", None)
        return made

    @property
    def ranked(self) -> int:
        return len(self.everyone)

    @cached_property
    def safe(self) -> int:
        """How many of the funded the budget reaches in at least 95 of 100 draws."""
        return sum(row.funded and (row.inside or 0) >= SAFE for row in self.everyone)

    @cached_property
    def safe_come_first(self) -> bool:
        """Whether those stand before all others that are funded."""
        reached = [(row.inside or 0) >= SAFE for row in self.everyone if row.funded]
        return reached == sorted(reached, reverse=True)

    @cached_property
    def taken(self) -> Decimal:
        """What is funded costs, in single units of the round's currency: pins and approvals can pass the budget."""
        return sum((row.cost for row in self.everyone if row.funded), Decimal(0))

    def reached(self, liftable: Collection[str]) -> tuple[PortfolioRow, ...]:
        """What the budget reaches were the gates of these references lifted: cut once, so that it pays for all of them.

        Without a round nothing is cut, and nothing reached.
        """
        held = self.round
        rows = [] if held is None else cut(self.everyone, held, held.budget * held.unit, liftable)[0]
        return tuple(row for row in rows if row.funded)

    @cached_property
    def promised(self) -> Decimal:
        """What is approved costs, in single units of the round's currency."""
        held = self.round
        rows = () if held is None else (row for row in self.everyone if row.committed and counts(row, held))
        return sum((row.cost for row in rows), Decimal(0))

    @cached_property
    def by_reference(self) -> Mapping[str, PortfolioRow]:
        return {row.reference: row for row in self.everyone}

    @cached_property
    def by_project(self) -> Mapping[UUID, PortfolioRow]:
        return {row.project_id: row for row in self.everyone}

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        """By reference, where it stands in `everyone`."""
        return {row.reference: at for at, row in enumerate(self.everyone)}

    @cached_property
    def due(self) -> Mapping[UUID, str]:
        """Titles of what has no run yet, or one that something newer was submitted or said since, by project."""
        waiting = {item.project_id: item.title for item in self.waiting if item.state is ProjectState.SUBMITTED}
        return waiting | {
            row.project_id: row.title for row in self.everyone if row.stale and row.state is ProjectState.SUBMITTED
        }

    @cached_property
    def index(self) -> RowIndex:
        """Filters and orders of everyone."""
        return RowIndex(self.everyone)

    @cached_property
    def expected_losses(self) -> float:
        """How many of the funded are expected to lose for society."""
        return sum(row.prob_negative for row in self.everyone if row.funded and row.prob_negative is not None)

    @cached_property
    def unknown(self) -> float:
        """Share of the framework's weight that is not answered, on average, 0-1; 1 where nothing is ranked."""
        return 1 - sum(row.completeness for row in self.everyone) / max(self.ranked, 1)


def ranked_portfolio(session: Session, actor: Actor, view: PortfolioView | None = None) -> Portfolio:
    """Rank what the actor may see of the round, and what is in no round; raises NotAllowed.

    Reads only stored headline figures, and those only where something that ranks has changed since it was last asked.
    """

    with reading(session):
        found = _up_to_date(session, actor)
    return found if view is None else replace(found, rows=found.index.viewed(view))


def ranked_by_project(session: Session, actor: Actor) -> Mapping[UUID, PortfolioRow]:
    """The same rows alone: what waits beside them, which changes with every draft that is saved, is not read."""
    with reading(session):
        return _up_to_date(session, actor, waiting=False).by_project


def _up_to_date(session: Session, actor: Actor, *, waiting: bool = True) -> Portfolio:
    def waiting_again(kept: Portfolio) -> Portfolio:
        return kept.beside(waiting_beside(session, actor, _listed(actor, kept.round), kept.frameworks))

    policy.require(actor, Action.READ_PORTFOLIO)
    return up_to_date(
        session, actor, lambda: _computed(session, actor), waiting_again, lambda made: made.ranked, waiting=waiting
    )


def _computed(session: Session, actor: Actor) -> Portfolio:
    held = round_named(session)
    listed = _listed(actor, held)
    runs = _of_one_framework(session, latest_runs(session, actor, listed), held)
    stated = Aggregation()
    if runs:
        stated = framework_of(session.get_one(FrameworkVersion, runs[-1].framework_version_id)).aggregation
    unranked = _rows(session, actor, listed, runs) if runs else []
    frameworks = frozenset(run.framework_version_id for run in runs)
    waiting = waiting_beside(session, actor, listed, frameworks)
    session.expunge_all()
    currency = held.currency if held else None
    rows, first_out = ranked_and_cut(unranked, held, stated=stated)
    return Portfolio(
        round=held,
        rows=tuple(rows),
        everyone=tuple(rows),
        waiting=waiting,
        asked=sum((row.cost for row in rows if row.currency == currency), Decimal(0)),
        funded=sum(row.funded for row in rows),
        first_out=first_out,
        left_out=tuple(row.reference for row in rows if currency is not None and row.currency != currency),
        return_line=index_line(rows, held, lambda row: row.risk_adjusted_return),
        score_line=index_line(rows, held, lambda row: row.score),
        aggregation=stated,
        frameworks=frameworks,
    )


def _listed(actor: Actor, held: Round | None) -> ColumnElement[bool]:
    return policy.visible_projects(actor) & _in_round(held) & Project.state.not_in(OUT_OF_RANK)


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


def _of_one_framework(session: Session, runs: list[RankedRun], held: Round | None) -> list[RankedRun]:
    """Only scores by the same framework compare: the round's, else that of the newest run. The others wait.

    Versions that differ in words only score alike.
    """
    if not runs:
        return []
    version = held.framework_version if held else session.get_one(FrameworkVersion, runs[-1].framework_version_id)
    alike = scoring_alike(session, version)
    return [run for run in runs if run.framework_version_id in alike]


def _resubmitted(session: Session) -> dict[UUID, int]:
    """The newest submission of every project that was sent more than once."""
    query = select(Submission.project_id, func.max(Submission.number).label("newest")).group_by(Submission.project_id)
    return {row.project_id: row.newest for row in session.execute(query.having(func.count() > 1))}


def _rows(session: Session, actor: Actor, listed: ColumnElement[bool], runs: Sequence[RankedRun]) -> list[PortfolioRow]:
    """What the runs say, not ranked yet."""
    scored, gates = criteria_of(session, actor, listed), gates_of(session, actor, listed)
    promised = promised_of(session, listed)
    newest, panels = _resubmitted(session), panel_moments(session)
    return [
        PortfolioRow(
            project_id=run.project_id,
            reference=run.reference,
            title=run.title,
            city=run.city,
            areas=run.areas,
            run=run.number,
            rank=0,
            rank_low=0,
            rank_high=0,
            score=run.score,
            completeness=run.completeness,
            low=run.score_low,
            high=run.score_high,
            criteria=scored[run.number],
            risk_adjusted_return=run.risk_adjusted_return,
            economic_npv_p50=run.economic_npv_p50,
            prob_negative=run.prob_negative,
            cost=run.cost,
            currency=run.currency,
            unit=run.unit,
            failed=tuple(gates.get((run.number, GateStatus.FAILED), ())),
            open=tuple(gates.get((run.number, GateStatus.OPEN), ())),
            promised=promised.get(run.project_id, ()),
            stale=run.submission < newest.get(run.project_id, run.submission)
            or (
                run.state not in DECIDED
                and (run.engine != ENGINE_VERSION or panels.get(run.submission_id) != run.panel_at)
            ),
            state=run.state,
        )
        for run in runs
    ]
