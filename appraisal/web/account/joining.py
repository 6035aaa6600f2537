"""Setting one's password by a link that was handed over: to join, or after it was lost.

The secret leaves the address bar at once, and with it the history, what is told to other sites and what is bookmarked:
the link puts it in the browser's own cookie and leads to a page that has it no longer. Only the form uses it up.
"""

from time import time

from flask import Response, flash, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from appraisal.policy import NotFound
from appraisal.services import invitations
from appraisal.services.errors import DomainError
from appraisal.services.invitations import LinkOver
from appraisal.web.identity import sessions
from forms.account import JoinForm

REFUSED, NOT_FOUND, GONE = 422, 404, 410
PATIENCE = 3600
"""Seconds from following the link to sending the form; then it is followed again."""
_KEPT = "joining"
LONGEST = 100
"""Characters of a secret: several times those of one of ours, and little for a cookie."""


def follow(secret: str) -> Response:
    session[_KEPT] = [secret[:LONGEST], int(time())]
    return _untold(redirect(url_for(".join")))


def join() -> Response:
    return _untold(_page())


def _untold(answer: ResponseReturnValue) -> Response:
    """No other page learns where this one is."""
    response = make_response(answer)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _followed() -> str | None:
    """The secret of the link that this browser followed a short while ago."""
    match session.get(_KEPT):
        case [str(secret), int(at)] if 0 <= time() - at < PATIENCE:
            return secret
    return None


def _page() -> ResponseReturnValue:
    form, secret = JoinForm(), _followed()
    if secret is None:
        return _over("Open the link that you were given: this page alone does not know whose it is.", NOT_FOUND)
    try:
        with sessions()() as database:
            who = invitations.invited(database, secret)
        if form.validate_on_submit():
            with sessions()() as database:
                invitations.accept(database, secret, form.new.data or "")
            session.pop(_KEPT)
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
