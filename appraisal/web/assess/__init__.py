"""The appraiser's journey: the queue, the declaration, the scores, and what the panel says together."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from appraisal.services.reconciling import OwnFirst
from appraisal.services.sheets import NotDeclared
from appraisal.web.assess import assignments, comparing, conditions, opening, scoring, why
from appraisal.web.identity import signed_in

READ, FILL, CHANGE = ("GET",), ("GET", "POST"), ("POST",)
ROUTES = (
    ("", opening.queue, READ),
    ("/<uuid:project_id>/declare", opening.declare, FILL),
    ("/<uuid:project_id>", scoring.sheet, READ),
    ("/<uuid:project_id>/start", scoring.start, CHANGE),
    ("/<uuid:project_id>/score/<indicator>", scoring.score, FILL),
    ("/<uuid:project_id>/score/<indicator>/draft", scoring.draft, CHANGE),
    ("/<uuid:project_id>/submit", scoring.submit, CHANGE),
    ("/<uuid:project_id>/reopen", scoring.reopen, CHANGE),
    ("/<uuid:project_id>/why", why.why, READ),
    ("/<uuid:project_id>/compare", comparing.compared, READ),
    ("/<uuid:project_id>/compare/<indicator>", comparing.compared_indicator, READ),
    ("/<uuid:project_id>/compare/<indicator>/own", comparing.revise, CHANGE),
    ("/<uuid:project_id>/compare/<indicator>/agreed", comparing.reconcile, CHANGE),
    ("/<uuid:project_id>/conditions/<gate>", conditions.accept, FILL),
    ("/assignments", assignments.assignments, READ),
    ("/assignments", assignments.assign_all, CHANGE),
)


def blueprint() -> Blueprint:
    """Every page asks who is there; what they may do, the services ask."""
    pages = Blueprint("assess", __name__, url_prefix="/assess")
    pages.register_error_handler(NotDeclared, _to_declaration)
    pages.register_error_handler(OwnFirst, _to_own_scores)
    for rule, view, methods in ROUTES:
        pages.add_url_rule(rule, view.__name__, signed_in(view), methods=methods)
    pages.add_url_rule("/obligations", "obligations", signed_in(conditions.listed), methods=READ)
    return pages


def _to_declaration(_error: NotDeclared) -> ResponseReturnValue:
    return redirect(url_for("assess.declare", project_id=_project_asked()))


def _to_own_scores(error: OwnFirst) -> ResponseReturnValue:
    flash(str(error), "warn")
    return redirect(url_for("assess.sheet", project_id=_project_asked()))


def _project_asked() -> object:
    return (request.view_args or {})["project_id"]
