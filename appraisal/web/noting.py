"""Putting down in the log what someone tried: who, from where, at which route; never what was sent."""

import logging
from uuid import UUID

from flask import g, request

from appraisal import journal
from appraisal.web.addresses import client_address

KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})


def note(event: str, level: int = logging.WARNING, **facts: object) -> None:
    """An event of this request. The route is logged by its pattern: an address that was typed may hold a secret."""
    actor = g.get("actor")  # as far as it was asked for: a log entry reads no database
    journal.note(
        event,
        level,
        method=request.method if request.method in KNOWN_METHODS else "other",
        route=request.url_rule.rule if request.url_rule is not None else None,
        objects={name: str(value) for name, value in (request.view_args or {}).items() if isinstance(value, UUID | int)}
        or None,
        account=str(actor.account_id) if actor is not None else None,
        address=client_address(),
        **facts,
    )
