"""One's own account: signing in and out, password, second step, sessions, tokens; and joining by a link."""

from datetime import timedelta

from flask import Blueprint, request, session
from flask_wtf.csrf import CSRFError

from appraisal.services.attempts import Limit
from appraisal.web.account import joining, mail, own, resuming, second_step, service, signing_in, tokens
from appraisal.web.addresses import client_network
from appraisal.web.identity import SignInNeeded, present_or_none, signed_in
from appraisal.web.limiting import limited

REQUESTS = Limit(10, timedelta(hours=1))
"""For a new password by mail, from one address: each of them writes to somebody."""
READ, CHANGE, BOTH = ("GET",), ("POST",), ("GET", "POST")


def blueprint() -> Blueprint:
    """Failed attempts are limited: signing in by address and by account, all else by account or by address.

    So is every request for a mail.
    """
    pages = Blueprint("account", __name__)
    secret = limited(_account_signed_in)
    sign_in = limited(_address, _account_named)(signing_in.sign_in_page)
    forgotten = limited(_address_asking, limit=REQUESTS, every=True)(mail.forgotten)
    for rule, view, endpoint, methods in (
        ("/sign-in", sign_in, "sign_in", BOTH),
        ("/sign-in/code", limited(_account_pending)(signing_in.code_page), "code", BOTH),
        ("/sign-in/service", service.leave_for_service, "service", READ),
        ("/sign-in/service/back", service.back_from_service, "service_back", READ),
        ("/join/<secret>", joining.follow, "join_link", READ),
        ("/join", limited(_address)(joining.join), "join", BOTH),
        ("/sign-out", signed_in(signing_in.sign_out), "sign_out", CHANGE),
        ("/account", signed_in(own.account_page), "own", READ),
        ("/account/data.json", signed_in(own.data), "data", READ),
        ("/account/password", secret(signed_in(own.password_page)), "password", BOTH),
        ("/account/sessions/<uuid:session_id>/end", secret(signed_in(own.end_session)), "end_session", BOTH),
        ("/account/sessions/end-others", secret(signed_in(own.end_others)), "end_others", BOTH),
        ("/account/second-step", secret(signed_in(second_step.set_up)), "second_step", BOTH),
        ("/account/second-step/confirm", secret(signed_in(second_step.confirm)), "confirm_step", BOTH),
        ("/account/second-step/off", secret(signed_in(second_step.turn_off)), "step_off", BOTH),
        ("/account/mail", signed_in(mail.mail_page), "mail", BOTH),
        ("/forgotten", forgotten, "forgotten", BOTH),
        ("/account/tokens/new", secret(signed_in(tokens.new)), "new_token", BOTH),
        ("/account/tokens/<uuid:token_id>/revoke", signed_in(tokens.revoke), "revoke_token", CHANGE),
    ):
        pages.add_url_rule(rule, endpoint, view, methods=methods)
    pages.app_errorhandler(SignInNeeded)(lambda _error: resuming.sign_in_again())
    pages.app_errorhandler(CSRFError)(lambda _error: resuming.form_expired())
    return pages


def _address() -> str:
    return f"address {client_network()}"


def _address_asking() -> str:
    return f"asking {client_network()}"


def _account_named() -> str:
    """One account from one address: a stranger elsewhere cannot lock its owner out."""
    return f"account {request.form.get('email', '').strip().lower()[:254]} {client_network()}"


def _account_pending() -> str:
    """By account wherever the codes come from: who gets here knows the password."""
    pending = signing_in.pending_or_none()
    return f"code {pending.account_id if pending else client_network()}"


def _account_signed_in() -> str:
    there = present_or_none()
    return f"secret {there.actor.account_id if there else session.get('key', '')}"
