"""Every failure gives a page that says what happened and what to do, never a trace; programs get it as JSON."""

from http import HTTPStatus
from secrets import token_hex

from flask import Flask, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge, SecurityError

from appraisal.policy import NotAllowed, NotFound, WrongState
from appraisal.services.api_tokens import OutOfScope, TokenRefused
from appraisal.services.attempts import TooManyAttempts
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.services.password_turns import TooManyAtOnce
from appraisal.trail.chain import OtherKey
from appraisal.web.formatting import file_size
from appraisal.web.identity import NotForPrograms, SecondStepNeeded, token_sent
from appraisal.web.noting import note

PAGES = (400, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503)
SERVER_FAULT = 500
UNAVAILABLE = 503
_FULL = ("disk is full", "no space left", "could not extend", "readonly database", "read-only transaction", "disk i/o")
"""How the databases say that they cannot write, and can be read as before."""

_GONE = (
    *("unable to open database", "database is locked", "locking protocol"),
    *("connection", "the database system is", "too many clients", "deadlock detected", "lock timeout"),
)
"""How they say that they cannot be reached, or that too many wait for each other."""


def register(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(MethodNotAllowed, _wrong_method)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(SecurityError, _other_host)
    app.register_error_handler(Exception, _unexpected)
    app.register_error_handler(DBAPIError, _database_failed)
    app.register_error_handler(NoConnection, lambda error: _try_later(error, full=False))
    app.register_error_handler(OtherKey, _other_key)
    app.register_error_handler(NotFound, _hidden)
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(StaleVersion, lambda error: _page(409, message=str(error)))
    app.register_error_handler(TooManyAttempts, _wait)
    app.register_error_handler(TooManyAtOnce, _busy)
    app.register_error_handler(DomainError, lambda error: _page(422, message=str(error)))
    app.register_error_handler(TokenRefused, _who_are_you)
    app.register_error_handler(SecondStepNeeded, _second_step_first)
    app.register_error_handler(OutOfScope, _out_of_scope)
    app.register_error_handler(NotForPrograms, _not_for_programs)


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or SERVER_FAULT
    if status >= 400:  # noqa: PLR2004
        note("request refused", status=status)
    return error if status < 400 else _page(status if status in PAGES else 400, status=status)  # noqa: PLR2004


def _other_host(_error: SecurityError) -> ResponseReturnValue:
    """Asked under a name that is not this server's: no page can be built, since no address of it is known."""
    note("request refused", status=400, why="another host")
    return Response("This server does not answer to that name.\n", 400, mimetype="text/plain")


def _wrong_method(error: MethodNotAllowed) -> ResponseReturnValue:
    note("request refused", status=405)
    body, status = _page(405)
    return body, status, {"Allow": ", ".join(sorted(error.valid_methods or ()))}


def _too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    note("request refused", status=413)
    return _page(413, limit=file_size(request.max_content_length or 0))


def _wait(error: TooManyAttempts) -> ResponseReturnValue:
    note("limit reached", status=429, wait=error.seconds)
    body, status = _page(429, wait_seconds=error.seconds)
    return body, status, {"Retry-After": str(error.seconds)}


def _busy(_error: TooManyAtOnce) -> ResponseReturnValue:
    page = current_app.jinja_env.get_template("errors/503.html")
    return page.render(busy=True, url_for=url_for), UNAVAILABLE, {"Retry-After": "3"}


def _hidden(_error: NotFound) -> ResponseReturnValue:
    """What is not there, or may not be known to be."""
    note("access refused", status=404)
    return _page(404)


def _second_step_first(_error: SecondStepNeeded) -> ResponseReturnValue:
    """A page leads to where it is set up; a form is not carried there, and stays in the browser one page back."""
    if request.method == "GET":
        return redirect(url_for("account.second_step"))
    return _page(403, message="Set up the second step first, under Your account. Then go back and send this again.")


def _out_of_scope(error: OutOfScope) -> ResponseReturnValue:
    note("access refused", status=403, scope=error.scope.value)
    return _said(403, str(error), scope=error.scope.value)


def _not_for_programs(_error: NotForPrograms) -> ResponseReturnValue:
    note("access refused", status=403, why="takes no token")
    return _said(403, "This address takes no tokens: it is for people who are signed in.")


def _not_allowed(error: NotAllowed) -> ResponseReturnValue:
    note("access refused", status=403, action=error.action.value)
    if isinstance(error, WrongState) and error.state is not None:
        return _page(403, message=str(error))
    roles = " or ".join(error.granters)
    return _page(403, message=f"This is for the role {roles}.")


def _unexpected(error: Exception) -> ResponseReturnValue:
    """Without the frame, which reads from the database who is signed in: that may be what failed."""
    reference = token_hex(4)
    current_app.logger.error("unexpected failure %s", reference, exc_info=error)
    if token_sent() is not None:
        return _said(SERVER_FAULT, f"Something failed here. Say the reference {reference} to whoever runs it.")
    page = current_app.jinja_env.get_template("errors/500.html")
    return page.render(reference=reference, url_for=url_for), SERVER_FAULT


def _database_failed(error: DBAPIError) -> ResponseReturnValue:
    """A database that cannot be reached, or takes nothing more: it passes, and what was sent can be sent again."""
    said = str(error.orig).lower()
    full = any(words in said for words in _FULL)
    if not (full or error.connection_invalidated or any(words in said for words in _GONE)):
        return _unexpected(error)
    return _try_later(error.orig, full=full)


def _try_later(said: object, *, full: bool) -> ResponseReturnValue:
    current_app.logger.error("the database failed: %s", said)
    return _unavailable("The database cannot be reached or takes nothing more just now. Try again.", full=full)


def _other_key(error: OtherKey) -> ResponseReturnValue:
    """Whoever runs the tool reads why in the log; people learn that nothing was stored."""
    current_app.logger.error("nothing is written: %s", error)
    return _unavailable("This server has to be restarted before it stores anything.", restart=True)


def _unavailable(words: str, **why: bool) -> ResponseReturnValue:
    later = {"Retry-After": "30"}
    if token_sent() is not None:
        answer, status = _said(UNAVAILABLE, words)
        return answer, status, later
    page = current_app.jinja_env.get_template("errors/503.html")
    return page.render(**why, url_for=url_for), UNAVAILABLE, later


def _who_are_you(error: TokenRefused) -> ResponseReturnValue:
    note("token refused", status=401)
    answer, status = _said(401, str(error))
    return answer, status, {"WWW-Authenticate": "Bearer"}


def _said(status: int, error: str, **more: object) -> tuple[Response, int]:
    return jsonify(error=error, **more), status


def _page(name: int, *, status: int | None = None, **values: str | int) -> tuple[str | Response, int]:
    if token_sent() is not None:
        return _said(status or name, str(values.get("message") or "") or HTTPStatus(status or name).phrase)
    return render_template(f"errors/{name}.html", **values), status or name
