"""The review of everything about to be published, publishing it, and the receipt."""

from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.models import ProjectState
from appraisal.policy import Action
from appraisal.services import decisions, publishing, scheduling, told
from appraisal.services.errors import DomainError
from appraisal.web.identity import current_actor, sessions
from config import Settings
from forms.administration import ClosingForm
from forms.deciding import OUTCOMES, PublishForm
from forms.ids import key_of, whole
from forms.local_time import zones
from forms.scheduling import ScheduleForm

REFUSED = 422


def review() -> ResponseReturnValue:
    return review_page(PublishForm(), None, 200)


def review_page(form: PublishForm, timed: ScheduleForm | None, status: int, problem: str = "") -> ResponseReturnValue:
    """timed: the form for a time as it was sent; None where it was not."""
    with sessions()() as database:
        found = publishing.review(database, current_actor())
    with sessions()() as database:
        standing = scheduling.standing(database, current_actor())
    if timed is None:
        zone = found.budget.round.zone if found.budget else "UTC"
        timed = ScheduleForm(formdata=None, prefix="at", zone=zone)
    return render_template(
        "decide/review.html",
        form=form,
        timed=timed,
        zones=zones(),
        review=found,
        standing=standing,
        outcomes=OUTCOMES,
        problem=problem,
        asks=found.approved > settings().confirm_above,
        limit=settings().confirm_above,
    ), status


def settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def publish() -> ResponseReturnValue:
    form = PublishForm()
    chosen = chosen_of(request.form.getlist("chosen"))
    if not form.validate_on_submit():
        return review_page(form, None, REFUSED)
    try:
        with sessions()() as database:
            done = publishing.publish(
                database,
                current_actor(),
                form.key.key,
                chosen,
                typed=form.typed.data or "",
                confirm_above=settings().confirm_above,
            )
    except DomainError as error:
        return review_page(form, None, REFUSED, str(error))
    for title, why in done.left:
        flash(f"Not published: {title}. {why}", "warn")
    return redirect(url_for(".receipt", publication_id=done.publication_id))


def chosen_of(texts: list[str]) -> dict[UUID, int]:
    """Pending decisions as they were reviewed, `id:version`; what no page of ours wrote is left out."""
    found: dict[UUID, int] = {}
    for text in texts:
        key, _, version = text.partition(":")
        try:
            found[key_of(key)] = whole(version)
        except ValueError:
            continue
    return found


def receipt(publication_id: UUID) -> ResponseReturnValue:
    with sessions()() as database:
        found, scheduled = publishing.receipt(database, current_actor(), publication_id)
    with sessions()() as database:
        said = told.told_of(database, current_actor(), publication_id)
    titles = {each.id: decisions.title_of(each) for each in found.decisions}
    return render_template(
        "decide/receipt.html", receipt=found, scheduled=scheduled, titles=titles, told=said, may_resend=_may_resend()
    )


def _may_resend() -> bool:
    return policy.allows(current_actor(), Action.DECIDE_PROJECT, project_state=ProjectState.SUBMITTED)


def resend(publication_id: UUID) -> ResponseReturnValue:
    if ClosingForm().validate_on_submit():
        with sessions()() as database:
            count = told.resend_to(database, current_actor(), publication_id)
        current_app.extensions["post"].wake()
        flash("1 mail is tried again now." if count == 1 else f"{count} mails are tried again now.", "good")
    return redirect(url_for(".receipt", publication_id=publication_id))
