"""Deciding: what waits, what is pending, the review, publishing, letters, and what follows: conditions and delivery."""

from flask import Blueprint

from appraisal.web.decide import conditions, delivery, letters, pending, publishing, scheduling
from appraisal.web.identity import signed_in

READ, FILL, CHANGE = ("GET",), ("GET", "POST"), ("POST",)
ROUTES = (
    ("", pending.listed, READ),
    ("/prepare", pending.prepare, FILL),
    ("/<uuid:project_id>/drop", pending.drop, CHANGE),
    ("/review", publishing.review, READ),
    ("/review/<uuid:project_id>/letter.pdf", letters.pending_pdf, READ),
    ("/publish", publishing.publish, CHANGE),
    ("/schedule", scheduling.schedule, CHANGE),
    ("/scheduled/<uuid:scheduled_id>", scheduling.scheduled, READ),
    ("/scheduled/<uuid:scheduled_id>/cancel", scheduling.cancel, CHANGE),
    ("/publications/<uuid:publication_id>", publishing.receipt, READ),
    ("/publications/<uuid:publication_id>/resend", publishing.resend, CHANGE),
    ("/published", letters.published, READ),
    ("/letters/<uuid:decision_id>", letters.letter, READ),
    ("/letters/<uuid:decision_id>/letter.pdf", letters.pdf, READ),
    ("/letters/<uuid:decision_id>/decision.json", letters.document, READ),
    ("/delivery", delivery.delivered, READ),
    ("/delivery.csv", delivery.delivered_csv, READ),
    ("/conditions", conditions.conditions, READ),
    ("/conditions/<uuid:condition_id>", conditions.meet, FILL),
)


def blueprint() -> Blueprint:
    """Every page asks who is there; what they may do, the services ask."""
    pages = Blueprint("decide", __name__, url_prefix="/decisions")
    for rule, view, methods in ROUTES:
        pages.add_url_rule(rule, view.__name__, signed_in(view), methods=methods)
    return pages
