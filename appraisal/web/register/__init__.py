"""Registering a project: the routes of the journey, from the start page to the reference."""

from flask import Blueprint

from appraisal.web.carrying import owner_mark
from appraisal.web.identity import signed_in
from appraisal.web.register import (
    answers,
    evidence,
    facts,
    financing,
    live,
    money,
    saving,
    sending,
    similar,
    start,
    uncertainty,
    undoing,
    workbooks,
)

READ, FILL, CHANGE = ("GET",), ("GET", "POST"), ("POST",)
ROUTES = (
    ("", start.mine, READ),
    ("/start", start.start, READ),
    ("/new", start.new, FILL),
    ("/similar", similar.similar_names, READ),
    ("/example", start.example, CHANGE),
    ("/<uuid:project_id>/tasks", sending.tasks, READ),
    ("/<uuid:project_id>/project", facts.project, FILL),
    ("/<uuid:project_id>/data-facts", facts.data_facts, FILL),
    ("/<uuid:project_id>/money", money.table, READ),
    ("/<uuid:project_id>/money/typed", money.typed, FILL),
    ("/<uuid:project_id>/money/figures", live.figures, CHANGE),
    ("/<uuid:project_id>/money/paste", money.paste, FILL),
    ("/<uuid:project_id>/money/store", money.store, FILL),
    ("/<uuid:project_id>/money/workbook", workbooks.workbook, FILL),
    ("/<uuid:project_id>/money/cells", workbooks.cells, FILL),
    ("/<uuid:project_id>/money/undo", undoing.undo_paste, CHANGE),
    ("/<uuid:project_id>/financing", financing.financing, FILL),
    ("/<uuid:project_id>/uncertainty", uncertainty.uncertainty, FILL),
    ("/<uuid:project_id>/answers/<criterion>", answers.answers, FILL),
    ("/<uuid:project_id>/evidence", evidence.evidence, READ),
    ("/<uuid:project_id>/evidence", evidence.send_files, CHANGE),
    ("/<uuid:project_id>/evidence/<uuid:file_id>/title", evidence.rename_file, CHANGE),
    ("/<uuid:project_id>/evidence/<uuid:file_id>/link", evidence.link_file, CHANGE),
    ("/<uuid:project_id>/evidence/<uuid:file_id>/unlink", evidence.unlink_file, CHANGE),
    ("/<uuid:project_id>/evidence/<uuid:file_id>/remove", evidence.remove_file, CHANGE),
    ("/<uuid:project_id>/check", sending.check, READ),
    ("/<uuid:project_id>/explain", sending.explain, CHANGE),
    ("/<uuid:project_id>/submit", sending.submit, CHANGE),
    ("/<uuid:project_id>/sent", sending.sent, READ),
    ("/<uuid:project_id>/take-back", sending.take_back, CHANGE),
    ("/<uuid:project_id>/withdraw", sending.withdraw, CHANGE),
    ("/<uuid:project_id>/discard", sending.discard, CHANGE),
    ("/<uuid:project_id>/kept/<part>/discard", saving.discard_text, CHANGE),
)


def blueprint() -> Blueprint:
    """Every page asks who is there; what they may do, the services ask."""
    pages = Blueprint("register", __name__, url_prefix="/projects")
    for rule, view, methods in ROUTES:
        pages.add_url_rule(rule, view.__name__, signed_in(view), methods=methods)
    pages.url_value_preprocessor(evidence.room_for_files)
    pages.url_value_preprocessor(workbooks.room_for_the_file)
    pages.app_context_processor(lambda: {"owner_mark": owner_mark})
    return pages
