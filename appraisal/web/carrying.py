"""What was typed is carried past signing in again: sealed for the account whose page it was, and shown to no other.

The pages of the journey hold a mark of whom they were made for. A form that arrives without a living session is
answered with the sign-in page, which carries its fields in one sealed input; signed in as the same account, one comes
back to the page as it was typed. Nothing of it is stored on the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import current_app, flash, request
from itsdangerous import BadData, URLSafeSerializer, URLSafeTimedSerializer

from appraisal.web.identity import actor_or_none

LONGEST = 400_000
"""Characters that are carried; a longer form stays in the browser's own history."""
HOURS_KEPT = 12
AUTOSAVE, STORED = "autosave", "stored"
_OWN = frozenset({"csrf_token", "step", "carried"})


@dataclass(frozen=True, slots=True)
class Carried:
    path: str
    fields: Sequence[tuple[str, str]]


def owner_mark() -> str:
    """The mark of who is signed in, for the forms of a page."""
    actor = actor_or_none()
    return "" if actor is None else _owners().dumps(str(actor.account_id))


def owner_of_form() -> str | None:
    """The account whose page was sent, None where the page does not say or was not made here."""
    try:
        return str(_owners().loads(request.form.get("owner", "")))
    except BadData:
        return None


def someone_elses() -> bool:
    """Whether a page made for one account was sent under another."""
    actor = actor_or_none()
    return bool(request.form.get("owner")) and actor is not None and owner_of_form() != str(actor.account_id)


def sealed_form() -> str | None:
    """The form that was sent, sealed for its owner; None where there is none or it is too long."""
    owner = owner_of_form()
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in _OWN]
    if owner is None or sum(len(name) + len(value) for name, value in fields) > LONGEST:
        return None
    return _forms().dumps({"owner": owner, "path": request.path, "fields": fields})


def carried_for(account_id: UUID, sealed: str) -> Carried | None:
    """What was carried, if it is this account's and not too old."""
    try:
        found: Any = _forms().loads(sealed, max_age=HOURS_KEPT * 3600)
    except BadData:
        return None
    if found["owner"] != str(account_id):
        return None
    return Carried(found["path"], [(name, value) for name, value in found["fields"]])


def told_to_browser(path: str) -> None:
    """Let the next page tell the browser that it need not keep what was typed at this address any longer."""
    flash(path, STORED)


def _owners() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="whose page")


def _forms() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="carried form")
