"""Who is asking: read at each request, from session or token, so that a right withdrawn ends at once."""

import logging
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, cast
from uuid import UUID

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session, sessionmaker

from appraisal import policy
from appraisal.models import Account, ProjectState, Role, Scope
from appraisal.policy import Action, Actor
from appraisal.services import api_tokens, live_sessions, notifying
from appraisal.services.live_sessions import Browser, Present
from appraisal.transactions import reading
from appraisal.web.addresses import client_address
from appraisal.web.noting import note
from scoring import ENGINE_VERSION

P = ParamSpec("P")
SETTING_UP = frozenset({"account.second_step", "account.confirm_step", "account.sign_out", "account.password"})


class NotForPrograms(Exception):
    """A token was sent to an address that takes none."""


def sessions() -> sessionmaker[Session]:
    """A fresh database session for each service call: every service begins its own transaction."""
    return cast("sessionmaker[Session]", current_app.extensions["sessions"])


class SecondStepNeeded(Exception):
    """The office asks for a second step, and the account has none yet."""


class SignInNeeded(Exception):
    """A form arrived and nobody is signed in: what was typed must not be lost over it."""


def sign_in(account: Account, *, how: str = "password") -> None:
    """Begin a session under a new key; the one that this browser had before ends. Raises SignInRefused."""
    browser, had = Browser(request.user_agent.string, client_address()), session.get("key") or session.get("had")
    with sessions()() as database:
        key = live_sessions.start(database, account, browser, how=how, instead_of=had)
    session.clear()
    g.pop("csrf_token", None)  # made for the session that ends here
    session["key"] = key
    note("signed in", logging.INFO, account_in=str(account.id), by=how)


def present_or_none() -> Present | None:
    """The live session that the cookie names."""
    if "present" not in g:
        g.present = None
        if isinstance(key := session.get("key"), str):
            with sessions()() as database:
                with reading(database):
                    g.present = live_sessions.present(database, key)
                    if g.present is not None and request.method == "GET":  # the frame of a page will say it
                        g.unread = notifying.unread(database, g.present.actor)
                if g.present is not None:
                    live_sessions.note_seen(database, g.present)
    return cast("Present | None", g.present)


def actor_or_none() -> Actor | None:
    if "actor" not in g:
        there = present_or_none()
        g.actor = there.actor if there is not None else None
    return cast("Actor | None", g.actor)


def current_actor() -> Actor:
    actor = actor_or_none()
    if actor is None:
        raise RuntimeError("a page without @signed_in asked who is there")
    return actor


def current_session() -> UUID:
    """The live session of whoever is signed in."""
    there = present_or_none()
    if there is None:
        raise RuntimeError("a page without @signed_in asked for the session")
    return there.session_id


def token_sent() -> str | None:
    """The token of a program, which is asked instead of any session."""
    sent = request.authorization
    return (sent.token or "") if sent is not None and sent.type == "bearer" else None


def signed_in(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Send people who are not signed in to the sign-in page, and back here afterwards with what they typed; programs
    are refused."""

    @wraps(view)
    def wrapped(*arguments: P.args, **options: P.kwargs) -> ResponseReturnValue:
        if token_sent() is not None:
            raise NotForPrograms
        if actor_or_none() is None:
            if request.form.get("owner"):
                raise SignInNeeded
            back = request.full_path.rstrip("?") if request.method == "GET" else None  # a form cannot be sent by a link
            return redirect(url_for("account.sign_in", next=back))
        current_app.extensions["pace"].take(current_actor().account_id)
        if _second_step_owed():
            raise SecondStepNeeded
        return view(*arguments, **options)

    return wrapped


def _second_step_owed() -> bool:
    """Whether whoever is there has to set a second step up first; what that takes stays open."""
    there = present_or_none()
    if there is None or there.second_step or session.get("stepped") or request.endpoint in SETTING_UP:
        return False
    return required_of(there.actor)


def required_of(actor: Actor) -> bool:
    """Whether the office asks for a second step of whoever has this role."""
    asked = current_app.extensions["settings"].second_step_for
    return asked == "everyone" or (asked == "office" and actor.role is not Role.PLANNER)


def token_only(scope: Scope) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """For programs alone: raises TokenRefused without a token that is good, OutOfScope without the scope."""

    def decorated(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def wrapped(*arguments: P.args, **options: P.kwargs) -> ResponseReturnValue:
            g.present, g.actor = None, None
            with sessions()() as database:
                g.actor = api_tokens.bearer(database, token_sent() or "", scope)
            current_app.extensions["pace"].take(g.actor.account_id)
            return view(*arguments, **options)

        return wrapped

    return decorated


def open_to_tokens(scope: Scope) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """For people who are signed in, and for programs with a token of this scope. Only for what changes nothing."""

    def decorated(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        for_people, for_programs = signed_in(view), token_only(scope)(view)

        @wraps(view)
        def wrapped(*arguments: P.args, **options: P.kwargs) -> ResponseReturnValue:
            return (for_people if token_sent() is None else for_programs)(*arguments, **options)

        return wrapped

    return decorated


def safe_next(target: str | None) -> str:
    """An address on this site, or the start page. Browsers drop tabs and read a backslash as a slash."""
    if not target or not target.startswith("/") or "\\" in target or not target.isprintable():
        return url_for("start")
    return url_for("start") if target.startswith("//") else target


def register(app: Flask) -> None:
    app.context_processor(_frame)


def _unread(actor: Actor) -> int:
    """Counted once a request, however many templates it takes."""
    if "unread" not in g:
        with sessions()() as database:
            g.unread = notifying.unread(database, actor)
    return cast("int", g.unread)


@lru_cache(maxsize=256)
def _known_address(endpoint: str, _root: str) -> str:
    """Of a page without parts, under the root of the site: the frame of each page has a dozen of them."""
    return url_for(endpoint)


def _address(endpoint: str) -> str:
    return _known_address(endpoint, request.script_root)


def _frame() -> dict[str, object]:
    notes = [
        {"text": f"Engine {ENGINE_VERSION}"},
        {"text": "Help", "href": _address("reading.help_page")},
        {"text": "Privacy", "href": _address("reading.privacy")},
    ]
    actor = actor_or_none()
    if actor is None:
        return {"sign_in_url": _address("account.sign_in"), "footer_notes": notes}
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
                "href": _address(page),
                "current": owed if page == "decide.conditions" else not owed and here == page.split(".")[0],
            }
            for text, page in items
        ],
        "account": {
            "name": actor.name,
            "role": actor.role.value,
            "href": _address("account.own"),
            "messages_url": _address("messages.listed"),
            "unread": _unread(actor),
            "sign_out_url": _address("account.sign_out"),
        },
    }
