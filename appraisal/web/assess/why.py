"""Why this score: what would lift it, what is unknown, which gates stand, and every answer down to its evidence."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.policy import Action
from appraisal.services import explaining
from appraisal.web.charts import drawn
from appraisal.web.formatting import number
from appraisal.web.identity import current_actor, sessions
from forms.ids import whole
from scoring.criteria.unevenness import FULL
from scoring.frameworks.vocabulary import METHODS
from scoring.result import CriteriaResult, Missing


def why(project_id: UUID) -> ResponseReturnValue:
    from appraisal.reports.charts import score_waterfall  # noqa: PLC0415 -- the charts only where one is shown
    from appraisal.reports.findings import likely_note  # noqa: PLC0415

    asked = request.args.get("target", explaining.TARGET, type=whole)
    target = asked if 0 < asked <= FULL else explaining.TARGET
    with sessions()() as database:
        found = explaining.why(database, current_actor(), project_id, target=target)
    report = found.report
    return render_template(
        "assess/why.html",
        why=found,
        report=report,
        project_id=project_id,
        target=target,
        may_see_panel=policy.allows(current_actor(), Action.READ_PANEL),
        method=METHODS[report.result.criteria.aggregation],
        likely=likely_note(report),
        uneven=_unevenness(report.result.criteria),
        titles={item.id: item for item in report.framework.indicators},
        chart=drawn(lambda width: score_waterfall(report.result.criteria, report.framework, width=width)),
    )


def _unevenness(criteria: CriteriaResult) -> str:
    """What the geometric mean takes from the sum of the points, and which criterion bears most of it."""
    rows = [row for row in criteria.by_criterion.values() if not isinstance(row.score, Missing)]
    if criteria.unevenness >= 0 or not rows:
        return ""
    nothing = [row.title for row in rows if row.weight > 0 and row.score == 0]
    if nothing:
        return f"{nothing[0]} scores 0, and nothing makes up for that."
    most = min(rows, key=lambda row: row.adjustment)
    taken, there = number(-criteria.unevenness, 1), number(-most.adjustment, 1)
    return f"Unevenness takes {taken} points of what the criteria give, {there} of them at {most.title}."
