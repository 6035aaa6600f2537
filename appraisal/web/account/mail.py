"""How one wants mail, and asking for a new password by mail."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from appraisal.models import MailWish
from appraisal.services import outbox, resets, windows
from appraisal.services.outbox import Wish
from appraisal.web.identity import current_actor, sessions
from forms.account import ForgottenForm, MailForm
from forms.local_time import zones

REFUSED = 422


def mail_page() -> ResponseReturnValue:
    actor = current_actor()
    with sessions()() as database:
        held = outbox.wish_of(database, actor)
    form = MailForm(wish=held.wish.value, hour=str(held.hour), zone=held.zone)
    if form.validate_on_submit():
        wish = Wish(MailWish(form.wish.data), int(form.hour.data), form.zone.data or "")
        with sessions()() as database:
            outbox.choose(database, actor, wish)
        flash("Your choice is kept.", "good")
        return redirect(url_for(".own"))
    status = REFUSED if form.is_submitted() else 200
    return render_template("account/mail.html", form=form, zones=zones(), mailing=_mailing()), status


def forgotten() -> ResponseReturnValue:
    """The answer is the same whoever asks about whom: what there is of an account is looked up later."""
    form = ForgottenForm()
    if not _mailing():
        with sessions()() as database:
            contacts = windows.contacts(database)
        return render_template("account/forgotten.html", form=None, contacts=contacts, done=False)
    if form.validate_on_submit():
        with sessions()() as database:
            resets.ask_for_link(database, form.email.data or "")
        current_app.extensions["post"].wake()
        return render_template("account/forgotten.html", form=form, contacts=(), done=True)
    status = REFUSED if form.is_submitted() else 200
    return render_template("account/forgotten.html", form=form, contacts=(), done=False), status


def _mailing() -> bool:
    return bool(current_app.extensions["post"].on)
