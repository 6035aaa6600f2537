"""Why this score: what would lift it, what is unknown, which gates stand, and every answer down to its evidence."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from appraisal.services import explaining
from appraisal.web.charts import drawn
from appraisal.web.identity import current_actor, sessions
from scoring.criteria.levers import FULL


def why(project_id: UUID) -> ResponseReturnValue:
    from appraisal.reports.charts import score_waterfall  # noqa: PLC0415 -- the charts only where one is shown

    asked = request.args.get("target", explaining.TARGET, type=int)
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
        titles={item.id: item for item in report.framework.indicators},
        chart=drawn(lambda width: score_waterfall(report.result.criteria, report.framework, width=width)),
    )
