"""Signing in by the office's own sign-in service: sent there, and back with its answer."""

from time import time
from typing import cast

from flask import current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from appraisal.policy import NotFound
from appraisal.services import vouching
from appraisal.services.errors import DomainError
from appraisal.services.sign_in_service import Asked, NotVouchedFor, ServiceUnreachable, SignInService, Vouched
from appraisal.web.account.signing_in import await_code
from appraisal.web.identity import safe_next, sessions, sign_in
from appraisal.web.noting import note

PATIENCE = 600
"""Seconds that signing in at the service may take."""
HOW = "sign-in service"
LONGEST_WAY = 2_000
"""Letters of the page that one was going to: a cookie of more than 4,096 is kept by no browser."""


class Stopped(DomainError):
    """The service sent its visitor back without an answer."""

    def __init__(self) -> None:
        super().__init__("You were not signed in at the sign-in service. Try again, or sign in here.")


def _service() -> SignInService:
    """The office's; raises NotFound where none is set."""
    found = cast("SignInService | None", current_app.extensions["sign_in_service"])
    if found is None:
        raise NotFound
    return found


def _back(service: SignInService) -> str:
    return f"{service.settings.address}{url_for('.service_back')}"


def leave_for_service() -> ResponseReturnValue:
    """To the service, with what only this browser and this request know."""
    service, asked = _service(), Asked.anew()
    try:
        address = service.address(asked, _back(service))
    except ServiceUnreachable as failed:
        return _refused(failed, failed.why)
    onwards = safe_next(request.args.get("next"))
    if len(onwards) > LONGEST_WAY:
        onwards = url_for("start")
    session["service"] = [asked.state, asked.nonce, asked.verifier, int(time()), onwards]
    return redirect(address)


def back_from_service() -> ResponseReturnValue:
    """The service's answer: it counts once, in the browser that asked, and not for long."""
    service = _service()
    try:
        asked, code, onwards = _answered(service)
        return _entered(service, service.redeem(asked, code, _back(service)), onwards)
    except (ServiceUnreachable, NotVouchedFor) as failed:
        return _refused(failed, failed.why)
    except DomainError as refused:
        return _refused(refused, type(refused).__name__)


def _answered(service: SignInService) -> tuple[Asked, str, str]:
    """What this browser asked, the code that it brings, and where it was going; raises NotVouchedFor, Stopped."""
    match session.pop("service", None):
        case [str(state), str(nonce), str(verifier), int(at), str(onwards)] if 0 <= time() - at < PATIENCE:
            asked = Asked(state, nonce, verifier)
        case _:
            raise NotVouchedFor("not asked for here")
    if request.args.get("state") != asked.state:
        raise NotVouchedFor("the answer to another request")
    if request.args.get("iss", service.settings.issuer) != service.settings.issuer:
        raise NotVouchedFor("the answer of another service")
    if not (code := request.args.get("code")):
        raise Stopped
    return asked, code, onwards


def _entered(service: SignInService, who: Vouched, onwards: str) -> ResponseReturnValue:
    with sessions()() as database:
        found = vouching.recognise(database, who)
    asked = service.settings.second_step
    stepped = asked == "trusted" or (asked == "amr" and who.second_step)
    if found.second_step and not stepped:
        await_code(found.account, how=HOW)
        return redirect(url_for(".code", next=onwards))
    sign_in(found.account, how=HOW)
    session["stepped"], session["by_service"] = stepped, True
    return redirect(onwards)


def _refused(said: DomainError, why: str) -> ResponseReturnValue:
    note("attempt failed", by=HOW, why=why)
    flash(str(said), "error")
    return redirect(url_for(".sign_in"))
