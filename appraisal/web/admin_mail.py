"""Whether mail is sent, what waits, and what the mail server did not take, for administrators."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from appraisal.services import outbox
from appraisal.web.identity import current_actor, sessions, signed_in
from forms.administration import ClosingForm

pages = Blueprint("admin_mail", __name__, url_prefix="/admin/mail")


@pages.get("")
@signed_in
def shown() -> ResponseReturnValue:
    with sessions()() as database:
        found = outbox.post_of(database, current_actor())
    return render_template("admin/mail.html", found=found, smtp=current_app.extensions["settings"].smtp)


@pages.post("/<uuid:mail_id>/resend")
@signed_in
def resend(mail_id: UUID) -> ResponseReturnValue:
    if ClosingForm().validate_on_submit():
        with sessions()() as database:
            outbox.resend(database, current_actor(), mail_id)
        current_app.extensions["post"].wake()
        flash("It is tried again now.", "good")
    return redirect(url_for(".shown"))
