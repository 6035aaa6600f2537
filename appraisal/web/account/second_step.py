"""The second step of one's own account: set up with an authenticator, confirmed by a code, turned off."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from appraisal.services import second_steps
from appraisal.services.accounts import WrongPassword
from appraisal.services.errors import DomainError
from appraisal.services.second_steps import CodeRefused, StepState
from appraisal.web.account.sealed import seal
from appraisal.web.identity import current_actor, required_of, sessions
from forms.account import ConfirmStepForm, StepOffForm, StepOnForm

REFUSED = 422


def _state() -> StepState:
    with sessions()() as database:
        return second_steps.state_of(database, current_actor().account_id)


def set_up() -> ResponseReturnValue:
    if _state().since is not None:
        return redirect(url_for(".step_off"))
    form = StepOnForm()
    if form.validate_on_submit():
        try:
            with sessions()() as database:
                second_steps.begin(database, current_actor(), form.current.data or "", seal())
        except WrongPassword as refused:
            form.current.errors = [str(refused)]
        else:
            return redirect(url_for(".confirm_step"))
    return render_template(
        "account/second_step.html", form=form, required=required_of(current_actor())
    ), REFUSED if form.is_submitted() else 200


def confirm() -> ResponseReturnValue:
    """The key to scan, until a code of it was entered; then the recovery codes, this once."""
    try:
        with sessions()() as database:
            enrolment = second_steps.enrolment(database, current_actor(), seal())
    except DomainError:
        flash("The server's secret key was changed meanwhile. Set the second step up anew.", "error")
        enrolment = None
    if enrolment is None:
        return redirect(url_for(".second_step"))
    form = ConfirmStepForm()
    if form.validate_on_submit():
        try:
            with sessions()() as database:
                codes = second_steps.confirm(database, current_actor(), form.code.data or "", seal())
        except CodeRefused as refused:
            form.code.errors = [str(refused)]
        else:
            return render_template("account/recovery_codes.html", codes=codes)
    groups = [enrolment.key[at : at + 4] for at in range(0, len(enrolment.key), 4)]
    status = REFUSED if form.is_submitted() else 200
    return render_template(
        "account/confirm_step.html", form=form, key=" ".join(groups), picture=_qr(enrolment.address)
    ), status


def _qr(address: str) -> Markup:
    """A QR code drawn here: the key goes to no other server."""
    import segno  # noqa: PLC0415 -- only where a code is drawn

    drawn = segno.make(address, error="m", micro=False)
    return Markup(drawn.svg_inline(scale=6, light="#fff", omitsize=True, svgclass="qr", lineclass=None))  # noqa: S704  # nosec B704


def turn_off() -> ResponseReturnValue:
    state = _state()
    if state.since is None:
        return redirect(url_for(".second_step"))
    form = StepOffForm()
    if form.validate_on_submit():
        try:
            with sessions()() as database:
                second_steps.turn_off(database, current_actor(), form.current.data or "", form.code.data or "", seal())
        except WrongPassword as refused:
            form.current.errors = [str(refused)]
        except DomainError as refused:
            form.code.errors = [str(refused)]
        else:
            flash("The second step is off. Only the password is asked for from now on.", "warn")
            return redirect(url_for(".own"))
    return render_template("account/step_off.html", form=form, step=state), REFUSED if form.is_submitted() else 200
