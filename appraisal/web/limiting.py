"""Pages whose forms can be used to guess: after too many failures they check nothing for a while."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from hmac import new
from typing import ParamSpec

from flask import current_app, make_response, request
from flask.typing import ResponseReturnValue

from appraisal.services import attempts
from appraisal.services.password_turns import TooManyAtOnce
from appraisal.web.identity import sessions
from appraisal.web.noting import note

P = ParamSpec("P")
REFUSED = 422
SHOWN = 16
"""Letters of a key in the log: enough to see what was tried at the same account or from the same address."""


def limited(
    *whose: Callable[[], str], limit: attempts.Limit = attempts.GUESSES, every: bool = False
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Limit what is sent and refused, by each of these names: an account, an address. TooManyAttempts gives a 429.

    every: what is sent and taken counts as well.
    """

    def decorated(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def wrapped(*arguments: P.args, **options: P.kwargs) -> ResponseReturnValue:
            if request.method != "POST":
                return view(*arguments, **options)
            keys = [_key(name()) for name in whose]
            with sessions()() as database:
                begun = attempts.begin(database, keys, limit)
            failed = True
            try:
                response = make_response(view(*arguments, **options))
                if response.status_code == REFUSED:
                    note("attempt failed", status=REFUSED, counted=[key[:SHOWN] for key in keys])
                failed = every or response.status_code == REFUSED
            except TooManyAtOnce:
                failed = False
                raise
            finally:
                with sessions()() as database:
                    attempts.settle(database, begun, failed=failed)
            return response

        return wrapped

    return decorated


def _key(name: str) -> str:
    """Keyed, since there are few enough addresses to try them all."""
    secret: str = current_app.extensions["settings"].secret_key
    return new(secret.encode(), f"attempts {name}".encode("utf-8", "surrogatepass"), sha256).hexdigest()
