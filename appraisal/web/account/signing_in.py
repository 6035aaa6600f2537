"""Signing in, with a second step where the account has one, and out."""

import logging
from dataclasses import dataclass
from time import time
from uuid import UUID

from flask import current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from appraisal.models import Account
from appraisal.services import accounts, demonstration, live_sessions, second_steps
from appraisal.services.errors import DomainError
from appraisal.services.live_sessions import SignInRefused
from appraisal.web.account.sealed import seal
from appraisal.web.carrying import carried_for, owner_mark
from appraisal.web.identity import current_actor, current_session, safe_next, sessions, sign_in
from appraisal.web.noting import note
from forms.account import CodeForm, SignInForm

REFUSED = 422
PATIENCE = 600
"""Seconds between the password and the code."""


@dataclass(frozen=True, slots=True)
class Pending:
    """An account whose password was right, and whose code is still to come."""

    account_id: UUID
    epoch: int
    how: str


def sign_in_page() -> ResponseReturnValue:
    form, sealed = SignInForm(), request.form.get("carried", "")
    if form.validate_on_submit():
        try:
            with sessions()() as database:
                found = accounts.authenticate(database, form.email.data or "", form.password.data or "")
            if found.second_step:
                await_code(found.account)
                if sealed:
                    return render_template("account/code.html", form=CodeForm(formdata=None), carried=sealed)
                return redirect(url_for(".code", next=request.args.get("next")))
            sign_in(found.account)
        except SignInRefused as refused:
            form.email.errors = [str(refused)]
        else:
            return _onwards(found.account.id, sealed)
    status = REFUSED if form.is_submitted() else 200
    return render_template("account/sign_in.html", form=form, carried=sealed, **beside_password()), status


def await_code(account: Account, *, how: str = "password") -> None:
    """Remember in this browser whose code is still to come, and what was right before it.

    The session that it had opens nothing meanwhile, and ends once another begins.
    """
    had = session.get("key") or session.get("had")
    session.clear()
    session["had"] = had
    session["pending"] = [str(account.id), account.session_epoch, int(time()), how]
    g.pop("csrf_token", None)  # made for the session that ends here


def _onwards(account_id: UUID, sealed: str) -> ResponseReturnValue:
    """Where one was going, or back to what was typed before the session ended, if it is this account's."""
    if not sealed:
        return redirect(safe_next(request.args.get("next")))
    carried = carried_for(account_id, sealed)
    if carried is None:
        flash("What was typed before signing in belongs to another account: it is not shown here.", "warn")
        return redirect(url_for("start"))
    return render_template("account/resume.html", carried=carried, owner=owner_mark())


def beside_password() -> dict[str, object]:
    """What else the sign-in page offers: the office's service, and the accounts of a demonstration."""
    found, left = current_app.extensions["sign_in_service"], None
    if found is not None and session.pop("left", False):
        left = found.sign_out_address(f"{found.settings.address}{url_for('account.sign_in')}")
    return {"demo": demo_accounts(), "oidc": found.settings if found is not None else None, "sign_out_too": left}


def demo_accounts() -> dict[str, object] | None:
    """The accounts that anyone may use, where the settings say that this is a demonstration."""
    if not current_app.extensions["settings"].demo:
        return None
    with sessions()() as database:
        return {"accounts": accounts.demo_accounts(database), "password": demonstration.PASSWORD}


def pending_or_none() -> Pending | None:
    """Whose code is awaited in this browser; None once that took too long."""
    match session.get("pending"):
        case [str(account), int(epoch), int(at), str(how)] if 0 <= time() - at < PATIENCE:
            return Pending(UUID(account), epoch, how)
    return None


def code_page() -> ResponseReturnValue:
    pending = pending_or_none()
    if pending is None:
        session.pop("pending", None)
        return redirect(url_for(".sign_in", next=request.args.get("next")))
    form, sealed = CodeForm(), request.form.get("carried", "")
    if form.validate_on_submit():
        try:
            with sessions()() as database:
                account, by = second_steps.passed(
                    database, pending.account_id, pending.epoch, form.code.data or "", seal()
                )
            sign_in(account, how=f"{pending.how} and {by}")
        except SignInRefused:
            session.clear()
            flash("The account was changed meanwhile. Sign in again.", "error")
            return redirect(url_for(".sign_in"))
        except DomainError as refused:
            form.code.errors = [str(refused)]
        else:
            if by == second_steps.BY_RECOVERY:
                flash("That recovery code is used up. Your account says how many are left.", "warn")
            return _onwards(account.id, sealed)
    return render_template("account/code.html", form=form, carried=sealed), REFUSED if form.is_submitted() else 200


def sign_out() -> ResponseReturnValue:
    with sessions()() as database:
        live_sessions.sign_out(database, current_actor(), current_session())
    note("signed out", logging.INFO)
    service = current_app.extensions["sign_in_service"] if session.get("by_service") else None
    session.clear()
    if service is not None and service.sign_out_address("") is not None:
        session["left"] = True
    response = redirect(url_for(".sign_in"))
    response.headers["Clear-Site-Data"] = '"storage"'  # what the page's own script deletes too, where it runs
    return response
