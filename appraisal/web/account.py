"""Signing in and out, and one's own password."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from appraisal.services import accounts, demonstration, personal_data
from appraisal.services.errors import DomainError
from appraisal.web.downloads import attachment
from appraisal.web.identity import current_actor, safe_next, sessions, sign_in, signed_in
from forms.account import PasswordForm, SignInForm

ATTEMPTS = "10 per 5 minutes"
REFUSED = 422


def blueprint(limiter: Limiter) -> Blueprint:
    """The pages of one's own account; failed sign-ins are limited by address and by account."""
    pages = Blueprint("account", __name__)
    by_account = limiter.limit(ATTEMPTS, key_func=_account_named, methods=["POST"], deduct_when=_refused)
    by_address = limiter.limit(ATTEMPTS, methods=["POST"], deduct_when=_refused)
    view = by_account(by_address(sign_in_page))
    pages.add_url_rule("/sign-in", "sign_in", view, methods=["GET", "POST"])
    own_password = limiter.limit(ATTEMPTS, key_func=_account_signed_in, methods=["POST"], deduct_when=_refused)
    pages.add_url_rule("/account/password", "password", own_password(signed_in(password_page)), methods=["GET", "POST"])
    pages.add_url_rule("/account/data.json", "data", signed_in(own_data))
    pages.add_url_rule("/sign-out", "sign_out", signed_in(sign_out), methods=["POST"])
    return pages


def _account_named() -> str:
    """One account from one address: a stranger elsewhere cannot lock its owner out."""
    return f"account {request.form.get('email', '').strip().lower()[:254]} {get_remote_address()}"


def _account_signed_in() -> str:
    return f"password {session.get('account', '')}"


def _refused(response: Response) -> bool:
    return response.status_code == REFUSED


def sign_in_page() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate_on_submit():
        try:
            with sessions()() as database:
                account = accounts.authenticate(database, form.email.data or "", form.password.data or "")
        except accounts.SignInRefused as refused:
            form.email.errors = [str(refused)]
        else:
            sign_in(account)
            return redirect(safe_next(request.args.get("next")))
    status = REFUSED if form.is_submitted() else 200
    return render_template("account/sign_in.html", form=form, demo=_demo()), status


def _demo() -> dict[str, object] | None:
    """The accounts that anyone may use, where the settings say that this is a demonstration."""
    if not current_app.extensions["settings"].demo:
        return None
    with sessions()() as database:
        return {"accounts": accounts.demo_accounts(database), "password": demonstration.PASSWORD}


def password_page() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            with sessions()() as database:
                account = accounts.change_password(
                    database, current_actor(), current=form.current.data or "", new=form.new.data or ""
                )
        except DomainError as refused:
            form.current.errors = [str(refused)]
        else:
            sign_in(account)
            flash("The password is changed. Every other session of yours has ended.", "good")
            return redirect(url_for("account.password"))
    return render_template("account/password.html", form=form), REFUSED if form.is_submitted() else 200


def own_data() -> ResponseReturnValue:
    """What is stored about oneself, as a file."""
    actor = current_actor()
    if actor.account_id is None:
        raise RuntimeError("only an account signs in")
    with sessions()() as database:
        found = personal_data.about(database, actor, actor.account_id)
    return attachment(personal_data.as_json(found).encode(), "personal-data.json", "application/json")


def sign_out() -> ResponseReturnValue:
    with sessions()() as database:
        accounts.end_sessions(database, current_actor())
    session.clear()
    return redirect(url_for("account.sign_in"))
