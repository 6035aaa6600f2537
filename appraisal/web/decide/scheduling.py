"""Publishing at a time: scheduling what was reviewed, looking at it, cancelling it."""

from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.models import ProjectState
from appraisal.policy import Action
from appraisal.services import scheduling
from appraisal.services.errors import DomainError
from appraisal.services.scheduling import NotThen
from appraisal.web.decide.publishing import REFUSED, chosen_of, review_page, settings
from appraisal.web.identity import current_actor, sessions
from forms.administration import ClosingForm
from forms.deciding import OUTCOMES, PublishForm
from forms.scheduling import ScheduleForm


def schedule() -> ResponseReturnValue:
    form = ScheduleForm(prefix="at")
    if not form.validate_on_submit() or form.at is None:
        return review_page(PublishForm(formdata=None), form, REFUSED)
    try:
        with sessions()() as database:
            row = scheduling.schedule(
                database,
                current_actor(),
                form.key.key,
                chosen_of(request.form.getlist("chosen")),
                form.at,
                typed=form.typed.data or "",
                confirm_above=settings().confirm_above,
            )
    except NotThen as refused:
        form.day.errors = [str(refused)]
        return review_page(PublishForm(formdata=None), form, REFUSED)
    except DomainError as refused:
        return review_page(PublishForm(formdata=None), form, REFUSED, str(refused))
    current_app.extensions["timetable"].wake()
    flash(f"To be published on {row.due}. Until then any approver can cancel it.", "good")
    return redirect(url_for(".scheduled", scheduled_id=row.id))


def scheduled(scheduled_id: UUID) -> ResponseReturnValue:
    with sessions()() as database:
        row = scheduling.scheduled(database, current_actor(), scheduled_id)
        decisions = scheduling.decisions_seen(database, row)
    may_cancel = policy.allows(current_actor(), Action.DECIDE_PROJECT, project_state=ProjectState.SUBMITTED)
    return render_template(
        "decide/scheduled.html",
        row=row,
        decisions=decisions,
        budget=scheduling.budget_seen(row),
        late=scheduling.late(row),
        outcomes=OUTCOMES,
        may_cancel=may_cancel,
    )


def cancel(scheduled_id: UUID) -> ResponseReturnValue:
    if ClosingForm().validate_on_submit():
        with sessions()() as database:
            cancelled = scheduling.cancel(database, current_actor(), scheduled_id)
        if cancelled:
            flash("It is cancelled: its decisions are pending as before, and nobody is told.", "good")
        else:
            flash("It no longer waited: read below what became of it.", "warn")
    return redirect(url_for(".scheduled", scheduled_id=scheduled_id))
