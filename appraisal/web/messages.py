"""What one is told of: the list, each with its link, and noting that it was read."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal.models import Notice
from appraisal.services import notifying
from appraisal.web.identity import current_actor, sessions, signed_in
from forms.administration import ClosingForm
from forms.ids import whole

pages = Blueprint("messages", __name__, url_prefix="/messages")
A_PAGE = 50
MOST_PAGES = 1000
PLACES = {
    Notice.SENT: "register.sent",
    Notice.DECIDED: "decide.letter",
    Notice.ASSIGNED: "assess.sheet",
    Notice.SCORE_AGAIN: "assess.sheet",
    Notice.AGREED: "assess.compared",
    Notice.OWED: "decide.conditions",
    Notice.OWED_SOON: "decide.conditions",
    Notice.TRANSFERRED: "projects.shown",
    Notice.CLOSES_SOON: "register.tasks",
    Notice.SCORING_SOON: "assess.sheet",
    Notice.EXTENDED: "register.tasks",
    Notice.NOT_PUBLISHED: "decide.scheduled",
    Notice.IMPORTED: "importing.review",
    Notice.NOT_IMPORTED: "importing.review",
}
"""Where each leads: the page asks in turn who may see it."""


@pages.get("")
@signed_in
def listed() -> ResponseReturnValue:
    page = min(max(request.args.get("page", 1, type=whole), 1), MOST_PAGES)
    with sessions()() as database:
        found = notifying.messages(database, current_actor(), size=A_PAGE, skip=(page - 1) * A_PAGE)
    return render_template("messages/listed.html", found=found, page=page, place=place)


@pages.post("/<uuid:notification_id>/read")
@signed_in
def read(notification_id: UUID) -> ResponseReturnValue:
    return _read(notification_id)


@pages.post("/read")
@signed_in
def read_all() -> ResponseReturnValue:
    return _read(None)


def _read(notification_id: UUID | None) -> ResponseReturnValue:
    if ClosingForm().validate_on_submit():
        with sessions()() as database:
            notifying.mark_read(database, current_actor(), notification_id)
    return redirect(url_for(".listed"))


def place(kind: Notice, project_id: UUID | None, subject_id: UUID | None) -> str:
    """The address on this site of what a message is about."""
    endpoint, values = target(kind, project_id, subject_id)
    return url_for(endpoint, **values)


def target(kind: Notice, project_id: UUID | None, subject_id: UUID | None) -> tuple[str, dict[str, Any]]:
    """Its endpoint, and the parts of its address."""
    match PLACES[kind]:
        case "decide.letter" as endpoint:
            return endpoint, {"decision_id": subject_id}
        case "decide.scheduled" as endpoint:
            return endpoint, {"scheduled_id": subject_id}
        case "importing.review" as endpoint:
            return endpoint, {"key": subject_id}
        case "decide.conditions" as endpoint:
            return endpoint, {}
        case endpoint:
            return endpoint, {"project_id": project_id}
