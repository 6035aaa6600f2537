"""The queue, and the declaration without which nothing opens."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from appraisal.models import ConflictKind, Interest
from appraisal.services import assessing
from appraisal.services.queue import CardState, queue_of
from appraisal.web.identity import current_actor, sessions
from forms.assessing import DeclarationForm

REFUSED = 422
KINDS = {
    CardState.NOT_STARTED: "neutral",
    CardState.DRAFT: "progress",
    CardState.RETURNED: "condition",
    CardState.CONFLICT: "draft",
    CardState.AGAIN: "condition",
    CardState.TAKEN_BACK: "stale",
    CardState.CLOSED: "stale",
    CardState.DONE: "done",
}


def queue() -> ResponseReturnValue:
    with sessions()() as database:
        return render_template("assess/queue.html", queue=queue_of(database, current_actor()), kinds=KINDS)


def declare(project_id: UUID) -> ResponseReturnValue:
    with sessions()() as database:
        summary = assessing.summary_of(database, current_actor(), project_id)
    form = DeclarationForm()
    if form.validate_on_submit():
        interest = Interest(form.interest.data)
        kind = ConflictKind(form.kind.data) if interest is Interest.CONFLICT else None
        with sessions()() as database:
            assessing.declare(database, current_actor(), project_id, interest, kind=kind, text=form.text.data or "")
        if interest is Interest.NONE:
            return redirect(url_for("assess.sheet", project_id=project_id))
        flash(f"Declared. {summary.title} stays closed to you; the administrator sees why.", "good")
        return redirect(url_for("assess.queue"))
    status = REFUSED if form.is_submitted() else 200
    return render_template("assess/declare.html", form=form, summary=summary), status
