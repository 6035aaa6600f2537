"""One's own account on one page: who one is, in which browsers, with which tokens; and the password."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from appraisal.models.tables import now
from appraisal.policy import NotFound
from appraisal.services import accounts, api_tokens, live_sessions, outbox, personal_data, second_steps
from appraisal.services.accounts import PasswordRefused, WrongPassword
from appraisal.services.errors import DomainError
from appraisal.web.account.devices import device_name
from appraisal.web.downloads import attachment
from appraisal.web.identity import current_actor, current_session, sessions, sign_in
from forms.account import EndSessionForm, PasswordForm

REFUSED = 422


def account_page() -> ResponseReturnValue:
    actor = current_actor()
    with sessions()() as database:
        shown = accounts.own_account(database, actor)
    with sessions()() as database:
        live = live_sessions.own_sessions(database, actor)
    with sessions()() as database:
        step = second_steps.state_of(database, actor.account_id)
    with sessions()() as database:
        tokens = api_tokens.own_tokens(database, actor)
    with sessions()() as database:
        wish = outbox.wish_of(database, actor)
    return render_template(
        "account/own.html",
        shown=shown,
        live=[(row, device_name(row.device)) for row in live],
        here=current_session(),
        step=step,
        tokens=tokens,
        mail=wish,
        at=now(),
    )


def password_page() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            with sessions()() as database:
                account = accounts.change_password(
                    database, current_actor(), current=form.current.data or "", new=form.new.data or ""
                )
        except PasswordRefused as refused:
            form.new.errors = [str(refused)]
        except DomainError as refused:
            form.current.errors = [str(refused)]
        else:
            sign_in(account, how="password change")
            flash("The password is changed. Every other session of yours has ended.", "good")
            return redirect(url_for(".own"))
    return render_template("account/password.html", form=form), REFUSED if form.is_submitted() else 200


def data() -> ResponseReturnValue:
    """What is stored about oneself, as a file."""
    actor = current_actor()
    if actor.account_id is None:
        raise RuntimeError("only an account signs in")
    with sessions()() as database:
        found = personal_data.about(database, actor, actor.account_id)
    return attachment(personal_data.as_json(found).encode(), "personal-data.json", "application/json")


def end_session(session_id: UUID) -> ResponseReturnValue:
    """End one of one's own sessions, once the password was entered again."""
    actor, form = current_actor(), EndSessionForm()
    with sessions()() as database:
        row = next((each for each in live_sessions.own_sessions(database, actor) if each.id == session_id), None)
    if row is None:
        raise NotFound
    if _password_again(form):
        with sessions()() as database:
            live_sessions.end_one(database, actor, session_id)
        flash("That session has ended.", "good")
        return redirect(url_for(".own"))
    page = render_template("account/end_sessions.html", form=form, row=row, device=device_name(row.device))
    return page, REFUSED if form.is_submitted() else 200


def end_others() -> ResponseReturnValue:
    form = EndSessionForm()
    if _password_again(form):
        with sessions()() as database:
            ended = live_sessions.end_others(database, current_actor(), current_session())
        flash("1 other session has ended." if ended == 1 else f"{ended} other sessions have ended.", "good")
        return redirect(url_for(".own"))
    page = render_template("account/end_sessions.html", form=form, row=None, device="")
    return page, REFUSED if form.is_submitted() else 200


def _password_again(form: EndSessionForm) -> bool:
    """Whether the form was sent with the actor's password; else it says what is wrong."""
    if not form.validate_on_submit():
        return False
    try:
        with sessions()() as database:
            accounts.require_password(database, current_actor(), form.current.data or "")
    except WrongPassword as refused:
        form.current.errors = [str(refused)]
        return False
    return True
