"""One project's pages: overview, money, risk, delivery, record, their files, and what is done there."""

from flask import Blueprint

from appraisal.models import Scope
from appraisal.web.identity import open_to_tokens, signed_in
from appraisal.web.project import changes, delivery, evidence, exports, record, sent, shown, transfer

READ, FILL, CHANGE = ("GET",), ("GET", "POST"), ("POST",)
NUMBER = "<int(max=2147483647):number>"
"""Of a run or a submission, as far as a database counts them."""
ROUTES = (
    ("/projects/<uuid:project_id>", shown.overview, "shown", READ),
    ("/projects/<uuid:project_id>/returns", shown.money, "money", READ),
    ("/projects/<uuid:project_id>/risk", shown.risk, "risk", READ),
    ("/projects/<uuid:project_id>/delivery", delivery.delivery, "delivery", READ),
    ("/projects/<uuid:project_id>/delivery/years/<int(max=9999):year>", delivery.year, "year", FILL),
    ("/projects/<uuid:project_id>/delivery/dates", delivery.dates, "dates", FILL),
    ("/projects/<uuid:project_id>/delivery/benefit", delivery.benefit, "benefit", FILL),
    ("/projects/<uuid:project_id>/record", record.record, "record", READ),
    ("/projects/<uuid:project_id>/history", record.history, "history", READ),
    ("/projects/<uuid:project_id>/compare", record.compare, "compare", READ),
    ("/projects/<uuid:project_id>/sent/changes", sent.compare, "sent_changes", READ),
    ("/projects/<uuid:project_id>/sent/changes.csv", sent.as_csv, "sent_csv", READ),
    ("/projects/<uuid:project_id>/evidence/<uuid:file_id>", evidence.evidence, "evidence", READ),
    (f"/projects/<uuid:project_id>/sent/{NUMBER}.pdf", exports.sent_copy, "sent_copy", READ),
    ("/projects/<uuid:project_id>/transfer", transfer.transfer, "transfer", FILL),
    (f"/runs/{NUMBER}/replay", record.replay, "replay", CHANGE),
    ("/projects/<uuid:project_id>/assign", changes.assign, "assign", CHANGE),
    ("/projects/<uuid:project_id>/unassign", changes.unassign, "unassign", CHANGE),
    ("/projects/<uuid:project_id>/appraise", changes.appraise, "appraise", CHANGE),
)
FILES = (
    ("/projects/<uuid:project_id>/project.json", exports.file, "file"),
    (f"/runs/{NUMBER}/pictures/<name>.svg", exports.picture, "picture"),
    (f"/runs/{NUMBER}/tables/<name>.csv", exports.table, "table"),
)
"""Open to programs as well."""


def blueprint() -> Blueprint:
    """Every page asks who is there; what they may do, the services ask."""
    pages = Blueprint("projects", __name__)
    for rule, view, endpoint, methods in ROUTES:
        pages.add_url_rule(rule, endpoint, signed_in(view), methods=methods)
    for rule, file, endpoint in FILES:
        pages.add_url_rule(rule, endpoint, open_to_tokens(Scope.READ_PROJECTS)(file), methods=READ)
    return pages
