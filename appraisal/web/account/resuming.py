"""A form that arrived without a living session or token: what was typed is carried past signing in, and comes back."""

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal.web.account.signing_in import beside_password
from appraisal.web.carrying import AUTOSAVE, Carried, owner_mark, owner_of_form, sealed_form, someone_elses
from appraisal.web.identity import actor_or_none, token_sent
from appraisal.web.noting import note
from forms.account import SignInForm

SIGN_IN_NEEDED, EXPIRED = 401, 400


def sign_in_again() -> ResponseReturnValue:
    """The answer to a form that arrives without a living session: the sign-in page, with the form in it."""
    if request.form.get("step") == AUTOSAVE:
        return "", SIGN_IN_NEEDED
    sealed = sealed_form()
    if sealed is None:
        return redirect(url_for("account.sign_in"))
    form = SignInForm(formdata=None)
    return render_template("account/sign_in.html", form=form, carried=sealed, **beside_password()), SIGN_IN_NEEDED


def form_expired() -> ResponseReturnValue:
    """The answer to a form whose token is no longer good: the same page again as it was typed, or signing in first."""
    note("form refused", status=EXPIRED, why="without its token")
    if token_sent() is not None:
        return jsonify(error="A form takes no token: it is for people who are signed in."), EXPIRED
    if actor_or_none() is None and owner_of_form():
        return sign_in_again()
    if request.form.get("step") == AUTOSAVE or someone_elses() or not owner_of_form():
        return render_template("errors/400.html", message="The form has expired. Go back and send it again."), EXPIRED
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "step")]
    return render_template("account/resume.html", carried=Carried(request.path, fields), owner=owner_mark()), EXPIRED
