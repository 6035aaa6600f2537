"""Frameworks in the browser: the list, a version as published, and a draft from its first change to its publication."""

from flask import Blueprint

from appraisal.web.frameworks import (
    aggregation,
    economics,
    listing,
    parts,
    publishing,
    references,
    rounds,
    transfer,
    trial,
    weights,
)
from appraisal.web.identity import signed_in

READ, FILL, CHANGE = ("GET",), ("GET", "POST"), ("POST",)
DRAFT, VERSION = "/drafts/<uuid:draft_id>", "/versions/<uuid:version_id>"
ROUTES = (
    ("", listing.listed, READ),
    ("/built-in/<key>", listing.take_into_use, CHANGE),
    ("/import", listing.import_file, FILL),
    (VERSION, listing.version, READ),
    (f"{VERSION}/framework.json", listing.version_file, READ),
    (f"{VERSION}/clone", listing.clone, FILL),
    (f"{VERSION}/retire", listing.retire, CHANGE),
    (f"{VERSION}/reinstate", listing.reinstate, CHANGE),
    (DRAFT, parts.draft, READ),
    (f"{DRAFT}/framework.json", parts.draft_file, READ),
    (f"{DRAFT}/whole", parts.whole, FILL),
    (f"{DRAFT}/economics", economics.economics, FILL),
    (f"{DRAFT}/references", references.references, FILL),
    (f"{DRAFT}/criteria", parts.new_criterion, FILL),
    (f"{DRAFT}/criteria/<name>", parts.criterion, FILL),
    (f"{DRAFT}/criteria/<criterion>/indicators", parts.new_indicator, FILL),
    (f"{DRAFT}/indicators/<name>", parts.indicator, FILL),
    (f"{DRAFT}/indicators/<name>/criterion", transfer.transfer, FILL),
    (f"{DRAFT}/parts/<name>/<step>", parts.move, CHANGE),
    (f"{DRAFT}/weights", weights.groups, READ),
    (f"{DRAFT}/weights/<group>/<method>", weights.weigh, FILL),
    (f"{DRAFT}/method", aggregation.aggregated, FILL),
    (f"{DRAFT}/thresholds/<name>", trial.thresholds, FILL),
    (f"{DRAFT}/trial", trial.tried, READ),
    (f"{DRAFT}/publish", publishing.publish, FILL),
    (f"{DRAFT}/discard", publishing.discard, CHANGE),
    ("/rounds", rounds.listed_rounds, READ),
    ("/rounds/<uuid:round_id>", rounds.choices, READ),
    ("/rounds/<uuid:round_id>/<uuid:version_id>", rounds.move_round, FILL),
)


def blueprint() -> Blueprint:
    """Every page asks who is there; what they may do, the services ask."""
    pages = Blueprint("frameworks", __name__, url_prefix="/frameworks")
    for rule, view, methods in ROUTES:
        pages.add_url_rule(rule, view.__name__, signed_in(view), methods=methods)
    return pages
