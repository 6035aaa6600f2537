"""One project's pages: overview, money, risk and record, their pictures and tables as files, and what is done there."""

from flask import Blueprint

from appraisal.web.identity import signed_in
from appraisal.web.project import changes, exports, record, shown

READ, CHANGE = ("GET",), ("POST",)
ROUTES = (
    ("/projects/<uuid:project_id>", shown.overview, "shown", READ),
    ("/projects/<uuid:project_id>/returns", shown.money, "money", READ),
    ("/projects/<uuid:project_id>/risk", shown.risk, "risk", READ),
    ("/projects/<uuid:project_id>/record", record.record, "record", READ),
    ("/projects/<uuid:project_id>/history", record.history, "history", READ),
    ("/projects/<uuid:project_id>/compare", record.compare, "compare", READ),
    ("/projects/<uuid:project_id>/project.json", exports.file, "file", READ),
    ("/runs/<int:number>/pictures/<name>.svg", exports.picture, "picture", READ),
    ("/runs/<int:number>/tables/<name>.csv", exports.table, "table", READ),
    ("/runs/<int:number>/replay", record.replay, "replay", CHANGE),
    ("/projects/<uuid:project_id>/assign", changes.assign, "assign", CHANGE),
    ("/projects/<uuid:project_id>/unassign", changes.unassign, "unassign", CHANGE),
    ("/projects/<uuid:project_id>/appraise", changes.appraise, "appraise", CHANGE),
)


def blueprint() -> Blueprint:
    """Every page asks who is there; what they may do, the services ask."""
    pages = Blueprint("projects", __name__)
    for rule, view, endpoint, methods in ROUTES:
        pages.add_url_rule(rule, endpoint, signed_in(view), methods=methods)
    return pages
