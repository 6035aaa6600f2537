"""Who is asking: read from the session at each request, so that a right withdrawn ends at once."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, cast
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Account
from appraisal.policy import Actor
from appraisal.services import accounts

P = ParamSpec("P")


def sessions() -> sessionmaker[Session]:
    """A fresh database session for each service call: every service begins its own transaction."""
    return cast("sessionmaker[Session]", current_app.extensions["sessions"])


def sign_in(account: Account) -> None:
    session.clear()
    session["account"], session["epoch"] = str(account.id), account.session_epoch


def actor_or_none() -> Actor | None:
    if "actor" not in g:
        g.actor = None
        if "account" in session:
            with sessions()() as database:
                g.actor = accounts.signed_in_actor(database, UUID(session["account"]), session["epoch"])
    return cast("Actor | None", g.actor)


def current_actor() -> Actor:
    actor = actor_or_none()
    if actor is None:
        raise RuntimeError("a page without @signed_in asked who is there")
    return actor


def signed_in(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Send people who are not signed in to the sign-in page, and back here afterwards."""

    @wraps(view)
    def wrapped(*arguments: P.args, **options: P.kwargs) -> ResponseReturnValue:
        if actor_or_none() is None:
            return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")))
        return view(*arguments, **options)

    return wrapped


def safe_next(target: str | None) -> str:
    """An address on this site, or the start page."""
    parts = urlsplit(target or "")
    inside = target and target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if inside and target and not parts.netloc and not parts.scheme else url_for("start")


def register(app: Flask) -> None:
    app.context_processor(_frame)


def _frame() -> dict[str, object]:
    actor = actor_or_none()
    if actor is None:
        return {"sign_in_url": url_for("account.sign_in")}
    here = (request.endpoint or "").split(".")[0]
    return {
        "navigation": [{"text": "Portfolio", "href": url_for("portfolio.ranked"), "current": here == "portfolio"}],
        "account": {"name": actor.name, "role": actor.role.value, "sign_out_url": url_for("account.sign_out")},
    }
