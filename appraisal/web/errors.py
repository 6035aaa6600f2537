"""Every failure gives a page that says what happened and what to do, never a trace."""

from secrets import token_hex

from flask import Flask, Response, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from appraisal.policy import NotAllowed, NotFound
from appraisal.services.errors import DomainError, StaleVersion

PAGES = (400, 403, 404, 405, 409, 413, 415, 422, 429, 500)
SERVER_FAULT = 500


def register(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SecurityError, _other_host)
    app.register_error_handler(Exception, _unexpected)
    app.register_error_handler(NotFound, lambda _error: _page(404))
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(StaleVersion, lambda error: _page(409, message=str(error)))
    app.register_error_handler(DomainError, lambda error: _page(422, message=str(error)))
    app.register_error_handler(
        CSRFError, lambda _error: _page(400, message="The form has expired. Go back and send it again.")
    )


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or SERVER_FAULT
    return error if status < 400 else _page(status if status in PAGES else 400, status=status)  # noqa: PLR2004


def _other_host(_error: SecurityError) -> ResponseReturnValue:
    """Asked under a name that is not this server's: no page can be built, since no address of it is known."""
    return Response("This server does not answer to that name.\n", 400, mimetype="text/plain")


def _not_allowed(error: NotAllowed) -> ResponseReturnValue:
    roles = " or ".join(error.granters)
    return _page(403, message=f"This is for the role {roles}.")


def _unexpected(error: Exception) -> ResponseReturnValue:
    reference = token_hex(4)
    current_app.logger.error("unexpected failure %s", reference, exc_info=error)
    return render_template("errors/500.html", reference=reference), SERVER_FAULT


def _page(name: int, *, status: int | None = None, **values: str) -> ResponseReturnValue:
    return render_template(f"errors/{name}.html", **values), status or name
