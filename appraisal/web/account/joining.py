"""Setting one's password by a link that was handed over: to join, or after it was lost."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from appraisal.policy import NotFound
from appraisal.services import invitations
from appraisal.services.errors import DomainError
from appraisal.services.invitations import LinkOver
from appraisal.web.identity import sessions
from forms.account import JoinForm

REFUSED, NOT_FOUND, GONE = 422, 404, 410


def join(secret: str) -> ResponseReturnValue:
    form = JoinForm()
    try:
        with sessions()() as database:
            who = invitations.invited(database, secret)
        if form.validate_on_submit():
            with sessions()() as database:
                invitations.accept(database, secret, form.new.data or "")
            flash("Your password is set. Sign in with it.", "good")
            return redirect(url_for(".sign_in"))
    except NotFound:
        return _over("There is no such link. Copy the whole address, or ask an administrator for a new one.", NOT_FOUND)
    except LinkOver as over:
        return _over(str(over), GONE)
    except DomainError as refused:
        form.new.errors = [str(refused)]
    return render_template("account/join.html", form=form, who=who), REFUSED if form.is_submitted() else 200


def _over(why: str, status: int) -> ResponseReturnValue:
    return render_template("account/link_over.html", why=why), status
