"""Every failure gives a page that says what happened and what to do, never a trace; programs get it as JSON."""

from http import HTTPStatus
from secrets import token_hex

from flask import Flask, Response, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge, SecurityError

from appraisal.policy import NotAllowed, NotFound, WrongState
from appraisal.services.api_tokens import OutOfScope, TokenRefused
from appraisal.services.errors import DomainError, StaleVersion
from appraisal.web.formatting import file_size
from appraisal.web.identity import NotForPrograms, token_sent

PAGES = (400, 403, 404, 405, 409, 413, 415, 422, 429, 500)
SERVER_FAULT = 500


def register(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(MethodNotAllowed, _wrong_method)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(SecurityError, _other_host)
    app.register_error_handler(Exception, _unexpected)
    app.register_error_handler(NotFound, lambda _error: _page(404))
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(StaleVersion, lambda error: _page(409, message=str(error)))
    app.register_error_handler(DomainError, lambda error: _page(422, message=str(error)))
    app.register_error_handler(TokenRefused, _who_are_you)
    app.register_error_handler(OutOfScope, lambda error: _said(403, str(error), scope=error.scope.value))
    app.register_error_handler(
        NotForPrograms, lambda _error: _said(403, "This address takes no tokens: it is for people who are signed in.")
    )
    app.register_error_handler(
        CSRFError, lambda _error: _page(400, message="The form has expired. Go back and send it again.")
    )


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or SERVER_FAULT
    return error if status < 400 else _page(status if status in PAGES else 400, status=status)  # noqa: PLR2004


def _other_host(_error: SecurityError) -> ResponseReturnValue:
    """Asked under a name that is not this server's: no page can be built, since no address of it is known."""
    return Response("This server does not answer to that name.\n", 400, mimetype="text/plain")


def _wrong_method(error: MethodNotAllowed) -> ResponseReturnValue:
    body, status = _page(405)
    return body, status, {"Allow": ", ".join(sorted(error.valid_methods or ()))}


def _too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    return _page(413, limit=file_size(request.max_content_length or 0))


def _not_allowed(error: NotAllowed) -> ResponseReturnValue:
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


def _who_are_you(error: TokenRefused) -> ResponseReturnValue:
    answer, status = _said(401, str(error))
    return answer, status, {"WWW-Authenticate": "Bearer"}


def _said(status: int, error: str, **more: object) -> tuple[Response, int]:
    return jsonify(error=error, **more), status


def _page(name: int, *, status: int | None = None, **values: str) -> tuple[str | Response, int]:
    if token_sent() is not None:
        return _said(status or name, values.get("message") or HTTPStatus(status or name).phrase)
    return render_template(f"errors/{name}.html", **values), status or name
