"""Tokens by which programs act for one's account: made, shown once, revoked."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from appraisal.models import Scope
from appraisal.services import api_tokens
from appraisal.services.accounts import WrongPassword
from appraisal.services.errors import DomainError
from appraisal.web.identity import current_actor, sessions
from forms.account import TokenForm
from forms.administration import ClosingForm

REFUSED = 422


def new() -> ResponseReturnValue:
    form = TokenForm()
    if form.validate_on_submit():
        try:
            with sessions()() as database:
                token, secret = api_tokens.make_token(
                    database,
                    current_actor(),
                    password=form.current.data or "",
                    name=form.name.data or "",
                    scopes=[Scope(value) for value in form.scopes.data or ()],
                    days=int(form.days.data),
                )
        except WrongPassword as refused:
            form.current.errors = [str(refused)]
        except DomainError as refused:
            form.name.errors = [str(refused)]
        else:
            return render_template("account/token_made.html", token=token, secret=secret)
    return render_template("account/new_token.html", form=form), REFUSED if form.is_submitted() else 200


def revoke(token_id: UUID) -> ResponseReturnValue:
    if ClosingForm().validate_on_submit():
        with sessions()() as database:
            api_tokens.revoke(database, current_actor(), token_id)
        flash("The token is revoked: programs that use it are refused from now on.", "good")
    return redirect(url_for(".own"))
