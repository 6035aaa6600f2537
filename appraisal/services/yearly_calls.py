"""What each ranked project's investment takes by year and by source of funds, from the frozen input of its run."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import simplejson
from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import policy
from appraisal.models import AppraisalRun
from appraisal.policy import Action, Actor
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.transactions import reading
from forms.what_if import Call
from scoring.project_file import FlowKind

Calls = Mapping[Call, float]
"""Money by year and source, in single units of the project's currency; "" is all sources together."""
SOURCES = ("grants", "equity")


AT_ONCE, KEPT = 500, 60_000
_of_run: dict[UUID, Calls] = {}
"""By run: a run never changes."""


def yearly_calls(session: Session, actor: Actor, rows: Iterable[PortfolioRow]) -> dict[str, Calls]:
    """The calls of each project by its reference; raises NotAllowed.

    All sources together is the capital cost of the year. A source has what the financing plan states for the year.
    """
    references = {row.run: row.reference for row in rows}
    numbers, found = list(references), dict[str, Calls]()
    with reading(session):
        policy.require(actor, Action.READ_PORTFOLIO)
        for start in range(0, len(numbers), AT_ONCE):
            query = (
                select(AppraisalRun.id, AppraisalRun.number)
                .join(AppraisalRun.project)
                .where(
                    AppraisalRun.number.in_(numbers[start : start + AT_ONCE]),
                    policy.visible_projects(actor),
                    policy.visible_runs(actor),
                )
            )
            visible = {row.id: row.number for row in session.execute(query)}
            found |= {references[visible[run]]: calls for run, calls in _called(session, list(visible)).items()}
    return found


def _called(session: Session, runs: Sequence[UUID]) -> dict[UUID, Calls]:
    known = {run: calls for run in runs if (calls := _of_run.get(run)) is not None}
    query = select(AppraisalRun.id, AppraisalRun.snapshot)
    missing = session.execute(query.where(AppraisalRun.id.in_([run for run in runs if run not in known])))
    read = {run: calls_of(simplejson.loads(snapshot)) for run, snapshot in missing}
    if len(_of_run) + len(read) > KEPT:
        _of_run.clear()
    _of_run.update(read)
    return known | read


def calls_of(document: Mapping[str, Any]) -> Calls:
    """The calls of one project file, as it was frozen."""
    unit, flows = document.get("unit", 1), document["cash_flows"]
    financing = document.get("financing") or {}
    by_source: dict[str, list[Sequence[float]]] = {source: [financing.get(source) or ()] for source in SOURCES}
    by_source["debt"] = [tranche["amounts"] for tranche in financing.get("debt") or ()]
    by_source[""] = [line.get("amounts") or () for line in flows["lines"] if line["kind"] == FlowKind.CAPEX]
    if not any(by_source["grants"][0]):
        by_source["grants"] = [line.get("amounts") or () for line in flows["lines"] if line["kind"] == FlowKind.GRANT]
    found: dict[Call, float] = {}
    for source, series in by_source.items():
        for amounts in series:
            for year, amount in enumerate(amounts, start=flows["first_year"]):
                if amount:
                    found[year, source] = found.get((year, source), 0.0) + float(amount) * unit
    return found
