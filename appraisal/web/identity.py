"""Who is asking: read from the session at each request, so that a right withdrawn ends at once."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, cast
from uuid import UUID

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session, sessionmaker

from appraisal import policy
from appraisal.models import Account, ProjectState
from appraisal.policy import Action, Actor
from appraisal.services import accounts
from scoring import ENGINE_VERSION

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
            back = request.full_path.rstrip("?") if request.method == "GET" else None  # a form cannot be sent by a link
            return redirect(url_for("account.sign_in", next=back))
        return view(*arguments, **options)

    return wrapped


def safe_next(target: str | None) -> str:
    """An address on this site, or the start page. Browsers drop tabs and read a backslash as a slash."""
    if not target or not target.startswith("/") or "\\" in target or not target.isprintable():
        return url_for("start")
    return url_for("start") if target.startswith("//") else target


def register(app: Flask) -> None:
    app.context_processor(_frame)


def _frame() -> dict[str, object]:
    notes = [
        {"text": f"Engine {ENGINE_VERSION}"},
        {"text": "Help", "href": url_for("reading.help_page")},
        {"text": "Privacy", "href": url_for("reading.privacy")},
    ]
    actor = actor_or_none()
    if actor is None:
        return {"sign_in_url": url_for("account.sign_in"), "footer_notes": notes}
    here = (request.endpoint or "").split(".")[0].split("_")[0].replace("importing", "register")
    items = [
        ("Portfolio", "portfolio.ranked"),
        ("Completed projects", "completed.listed"),
        ("Frameworks", "frameworks.listed"),
    ]
    if policy.allows(actor, Action.CREATE_PROJECT):
        items.insert(0, ("Your projects", "register.mine"))
    if policy.allows(actor, Action.READ_DECISIONS):
        items.insert(1, ("Decisions", "decide.listed"))
    if policy.allows(actor, Action.READ_QUEUE):
        items.insert(0, ("Your queue", "assess.queue"))
    if policy.allows(actor, Action.MEET_OBLIGATION):
        items.append(("Obligations", "decide.conditions"))
    if policy.allows(actor, Action.ASSIGN_PROJECT, project_state=ProjectState.SUBMITTED):
        items.append(("Assignments", "assess.assignments"))
    if policy.allows(actor, Action.MANAGE_ACCOUNTS):
        items.append(("Administration", "admin.accounts"))
    own_entry = any(page == "decide.conditions" for _, page in items)
    owed = own_entry and request.endpoint in ("decide.conditions", "decide.meet")
    return {
        "footer_notes": notes,
        "navigation": [
            {
                "text": text,
                "href": url_for(page),
                "current": owed if page == "decide.conditions" else not owed and here == page.split(".")[0],
            }
            for text, page in items
        ],
        "account": {
            "name": actor.name,
            "role": actor.role.value,
            "href": url_for("account.password"),
            "sign_out_url": url_for("account.sign_out"),
        },
    }
