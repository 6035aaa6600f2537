"""Publishing a draft, or throwing it away."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from appraisal.services import framework_drafts
from appraisal.services.errors import StaleVersion
from appraisal.web.frameworks.drafts import opened, page
from appraisal.web.identity import current_actor, sessions
from appraisal.web.register.journey import CONFLICT, REFUSED
from forms.administration import ClosingForm
from forms.frameworks.life import PublishForm


def publish(draft_id: UUID) -> ResponseReturnValue:
    """Show what publishing means, and do it."""
    shown = opened(draft_id)
    form = PublishForm(data={"version": str(shown.version)})
    status = REFUSED if form.is_submitted() else 200
    stale = False
    if form.validate_on_submit():
        try:
            with sessions()() as database:
                row = framework_drafts.publish_draft(
                    database, current_actor(), draft_id, form.version.number, note=form.note.data or ""
                )
        except StaleVersion:
            form.version.data, status, stale = str(shown.version), CONFLICT, True
        else:
            flash(f"{row.name} is published. It never changes again; rounds can be moved to it.", "good")
            return redirect(url_for(".version", version_id=row.id))
    return page("publish.html", shown, "publish", status, form=form, stale=stale)


def discard(draft_id: UUID) -> ResponseReturnValue:
    if ClosingForm().validate_on_submit():
        with sessions()() as database:
            title = framework_drafts.discard(database, current_actor(), draft_id)
        flash(f"The draft of {title} is gone. What was published stays.", "good")
        return redirect(url_for(".listed"))
    return redirect(url_for(".draft", draft_id=draft_id))
