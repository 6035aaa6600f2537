"""The pictures and tables of a run as files, and the project file: for whoever may see the project."""

from uuid import UUID

from flask import Response, abort
from flask.typing import ResponseReturnValue

from appraisal.services import drafting, registration, reporting, sent_copies
from appraisal.web.charts import FULL
from appraisal.web.downloads import attachment
from appraisal.web.identity import current_actor, sessions

NOT_FOUND = 404


def picture(number: int, name: str) -> ResponseReturnValue:
    from appraisal.reports.charts import render_svg  # noqa: PLC0415 -- only where a chart is drawn
    from appraisal.reports.pictures import PICTURES  # noqa: PLC0415

    with sessions()() as database:
        report = reporting.recorded_of(database, current_actor(), number)
    made = PICTURES[name](report, FULL) if name in PICTURES else None
    if made is None:
        abort(NOT_FOUND)
    svg = '<?xml version="1.0" encoding="UTF-8"?>\n' + render_svg(made.spec)
    return attachment(svg.encode(), f"{report.project.reference}-run-{number}-{name}.svg", "image/svg+xml")


def table(number: int, name: str) -> ResponseReturnValue:
    """The table of that name, or the one under the picture of that name."""
    from appraisal.reports.open_data import table_csv  # noqa: PLC0415
    from appraisal.reports.pictures import PICTURES  # noqa: PLC0415
    from appraisal.reports.run_tables import TABLES  # noqa: PLC0415

    with sessions()() as database:
        report = reporting.recorded_of(database, current_actor(), number)
    made = TABLES[name](report) if name in TABLES else PICTURES[name](report, FULL) if name in PICTURES else None
    if made is None:
        abort(NOT_FOUND)
    text = table_csv(made.columns, made.rows)
    file = f"{report.project.reference}-run-{number}-{name}.csv"
    return attachment(text.encode("utf-8-sig"), file, "text/csv; charset=utf-8")


def sent_copy(project_id: UUID, number: int) -> Response:
    """What was sent, as a PDF to keep."""
    with sessions()() as database:
        reference, content = sent_copies.sealed_copy(database, current_actor(), project_id, number)
    return attachment(content, f"{reference}-sent-{number}.pdf", "application/pdf")


def file(project_id: UUID) -> Response:
    with sessions()() as database:
        reference = drafting.draft_of(database, current_actor(), project_id).file.reference
    with sessions()() as database:
        text = registration.project_document(database, current_actor(), reference)
    return attachment(text.encode(), f"{reference}.json", "application/json")
