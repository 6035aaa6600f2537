"""Every form and every question that the pages of a world hold, as its people find them: what can be sent at all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Protocol
from urllib.parse import parse_qsl, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import MethodNotAllowed

from tests.web.policy_world import World
from tests.web.test_policy_matrix import DENIED, address

PUBLIC = "public"
OK = 200
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Target:
    """What somebody can send: to which address, by which method, and the fields as they stand."""

    actor: str
    endpoint: str
    method: str
    path: str
    pairs: tuple[tuple[str, str], ...]
    numbers: tuple[str, ...] = ()
    """The fields that say that a number is meant."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name, _ in self.pairs))


@dataclass(frozen=True, slots=True)
class Answer:
    """To a request without any field."""

    status: int
    page: str
    asked: frozenset[str]
    """The names that the view asked the request for."""


class Asking(Protocol):
    """The application on the world, as it answers one of its people; nothing stays changed."""

    app: Flask
    world: World

    def ask(self, actor: str, method: str, path: str) -> Answer: ...


@dataclass(slots=True)
class _Form:
    action: str
    method: str
    pairs: Pairs = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)


class _Forms(HTMLParser):
    """The forms of a page with what a browser would send of them, unticked boxes and empty fields included."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[_Form] = []
        self.open: _Form | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = _Form(said.get("action", ""), said.get("method", "get").upper())
            self.found.append(self.open)
        elif self.open is None:
            return
        elif tag == "button" and said.get("formaction"):
            method = said.get("formmethod", self.open.method).upper()
            self.found.append(_Form(said["formaction"], method, self.open.pairs, self.open.numbers))
        elif tag in ("input", "textarea", "button") and said.get("name"):
            self.open.pairs.append((said["name"], said.get("value", "")))
            if said.get("type") == "number" or said.get("inputmode") in ("numeric", "decimal"):
                self.open.numbers.append(said["name"])
        elif tag == "select":
            self.select = said.get("name", "")
        elif tag == "option" and self.select and "selected" in said:
            self.open.pairs.append((self.select, said.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select" and self.open is not None and self.select:
            if all(name != self.select for name, _ in self.open.pairs):
                self.open.pairs.append((self.select, ""))
            self.select = ""


def targets(asking: Asking, endpoints: Sequence[str], *, everyone: bool = True) -> list[Target]:
    """One for each address and set of fields on the pages of these endpoints, sent by the first who finds it; and every
    address with the names that its view asks for, by somebody who may open it.

    everyone: ask the pages as each role and of each project, and not only until one is shown.
    """
    found: dict[tuple[str, str, frozenset[str]], Target] = {}
    for endpoint in endpoints:
        for target in _of_endpoint(asking, endpoint, everyone=everyone):
            found.setdefault((target.endpoint, target.method, frozenset(target.names)), target)
    return sorted(found.values(), key=lambda target: (target.endpoint, target.method, target.names))


def endpoints_of(app: Flask) -> list[str]:
    return sorted({rule.endpoint for rule in app.url_map.iter_rules()} - {"static", "account.sign_out"})


def _of_endpoint(asking: Asking, endpoint: str, *, everyone: bool) -> Iterator[Target]:
    shown = False
    methods = {method for rule in asking.app.url_map.iter_rules(endpoint) for method in rule.methods or ()}
    for path in _addresses(asking.app, asking.world, endpoint):
        for actor in ("planner", "admin", "approver", "analyst", "appraiser", PUBLIC):
            if shown and not everyone:
                return
            page = ""
            if "GET" in methods:
                answer = asking.ask(actor, "GET", path)
                shown, page = answer.status == OK, answer.page
            if "POST" in methods and (shown or "GET" not in methods):
                yield from _by_names(actor, endpoint, "POST", path, asking.ask(actor, "POST", path))
            if shown:
                yield from _by_names(actor, endpoint, "GET", path, answer)
                yield from _of_page(asking.app, actor, path, page)


def _by_names(actor: str, endpoint: str, method: str, path: str, answer: Answer) -> Iterator[Target]:
    if answer.status not in DENIED:
        yield Target(actor, endpoint, method, path, tuple((name, "") for name in sorted(answer.asked)))


def _addresses(app: Flask, world: World, endpoint: str) -> list[str]:
    (rule, *_) = app.url_map.iter_rules(endpoint)
    about = (world.sent, world.draft, world.approved) if "project_id" in rule.arguments else (world.sent,)
    return [address(app, world, endpoint, project) for project in about]


def _of_page(app: Flask, actor: str, path: str, page: str) -> Iterator[Target]:
    forms = _Forms()
    forms.feed(page)
    at = app.url_map.bind("localhost")
    for form in forms.found:
        parts = urlsplit(urljoin(path, form.action))
        try:
            endpoint = at.match(parts.path, method=form.method)[0]
        except MethodNotAllowed:
            continue  # every button of it leads elsewhere
        if endpoint != "account.sign_out":
            query = parse_qsl(parts.query) if form.method == "GET" else []
            to = parts.path if form.method == "GET" or not parts.query else f"{parts.path}?{parts.query}"
            numbers = tuple(dict.fromkeys(form.numbers))
            yield Target(actor, endpoint, form.method, to, tuple(query + form.pairs), numbers)
