"""Why a score is what it is: what would lift it, what is unknown, which gates stand, and what contradicts itself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from appraisal.policy import Actor, NotFound
from appraisal.reading.project_file import read_project
from appraisal.services import drafting, listing, reporting
from appraisal.services.appraising import visible_run
from appraisal.services.errors import DomainError
from appraisal.services.ordering import Contest
from appraisal.services.ranking import Portfolio, ranked_portfolio
from appraisal.services.reconciling import OwnFirst
from appraisal.services.scores import prose
from appraisal.services.sheets import framework_for, scored_by_people
from appraisal.transactions import reading
from scoring.criteria.consistency import Finding, inconsistencies
from scoring.criteria.consistency_rules import load_rules
from scoring.criteria.drawn_score import DRAWS, Rivals
from scoring.criteria.levers import Lever, Reach, levers, reach
from scoring.criteria.value_of_information import ValueOfAnswer, value_of_answers
from scoring.frameworks import Aggregation, Framework
from scoring.project_file import Answer, ProjectFile

if TYPE_CHECKING:
    from appraisal.reports.report import AppraisalReport
    from scoring.result import CriteriaResult

MOST_RIVALS = 2_000
"""Other projects up to which it is worked out what an answer does to the rank."""
TARGET = 70
"""Points of 100 that the page asks for, where nobody says another figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    report: "AppraisalReport"
    planner: Mapping[str, Answer]
    """The planner's own answers, which a panel's replace."""
    levers: tuple[Lever, ...]
    reach: Reach | None
    """None where nothing is answered."""
    unknown: tuple[ValueOfAnswer, ...]
    asked: frozenset[str]
    """Indicators that appraisers are asked by now: those of the run that are not among them have no page of a panel."""


def why(session: Session, actor: Actor, project_id: UUID, *, target: float = TARGET) -> Why:
    """The latest run that the actor may see, explained; raises NotFound where there is none, and OwnFirst where it is
    hidden until the own scores are in."""
    runs = listing.runs_of(session, actor, project_id)
    if not runs and listing.hidden_runs(session, actor, project_id):
        raise OwnFirst
    if not runs:
        raise NotFound("It was not appraised yet.")
    report = reporting.report_of(session, actor, runs[0].number)
    with reading(session):
        submission = visible_run(session, actor, runs[0].number).submission
        asked = frozenset(item.id for item in scored_by_people(framework_for(session, submission.project)))
    criteria = report.result.criteria
    found = levers(criteria)
    return Why(
        report=report,
        planner=read_project(submission.document).answers,
        levers=found,
        reach=reach(criteria, target, found),
        unknown=value_of_answers(criteria, rivals=_rivals(ranked_portfolio(session, actor), project_id, criteria)),
        asked=asked,
    )


def _rivals(portfolio: Portfolio, project_id: UUID, result: "CriteriaResult") -> Rivals | None:
    """The other ranked projects, in the first draws that the ranked list tells its ranges by (ADR 20); None where there
    is none, and where they are too many."""
    rows = sorted(portfolio.everyone, key=lambda row: row.reference)
    others = [at for at, row in enumerate(rows) if row.project_id != project_id]
    order, total_by = tuple(result.by_criterion), portfolio.aggregation.total
    if not 0 < len(others) <= MOST_RIVALS or {item.criterion for item in rows[others[0]].criteria} != set(order):
        return None
    contest = Contest.of(Aggregation(method=total_by), [row.criteria for row in rows])
    drawn = contest.draws(np.array([result.by_criterion[key].weight for key in contest.criteria]))
    columns = [contest.criteria.index(key) for key in order]
    return Rivals(order, drawn.weights[0][:DRAWS, columns], drawn.scores[:DRAWS, others])


def findings_of(file: ProjectFile, framework: Framework) -> tuple[Finding, ...]:
    """Where a project contradicts itself, with what the planner says to it."""
    return inconsistencies(file, framework, explanations=file.explanations)


def explain(session: Session, actor: Actor, project_id: UUID, expected_version: int, rule: str, text: str) -> None:
    """Say why what a check finds is right as it stands; an empty text takes the explanation away.

    Raises NotFound, NotAllowed, StaleVersion, and DomainError for what cannot be explained.
    """
    found = next((each for each in load_rules() if each.id == rule), None)
    if found is None:
        raise NotFound("There is no such check.")
    if not found.explainable:
        raise DomainError("Nothing explains this one: it must be corrected.")
    said = prose(text, "The explanation")

    def change(file: ProjectFile) -> ProjectFile:
        kept = {key: value for key, value in file.explanations.items() if key != rule}
        return replace(file, explanations={**kept, rule: said} if said else kept)

    drafting.edit_project(session, actor, project_id, expected_version, change, part=f"explanation {rule}")
