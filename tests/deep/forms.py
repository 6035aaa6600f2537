"""Every form and every question that the pages of a world hold, as its people find them: what can be sent at all."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from werkzeug.exceptions import MethodNotAllowed

from tests.web.policy_world import ACTORS, World
from tests.web.test_policy_matrix import METHODS, address, client_of

SOURCE = Path(__file__).parents[2] / "appraisal" / "web"
ASKED = re.compile(r'request\.(?:args|form)\.(?:get|getlist)\(\s*"([a-z_-]+)"')
PUBLIC = "public"
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Target:
    """What somebody can send: to which address, by which method, and the fields as they stand."""

    actor: str
    endpoint: str
    method: str
    path: str
    pairs: tuple[tuple[str, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name, _ in self.pairs))


@dataclass(slots=True)
class _Form:
    action: str
    method: str
    pairs: Pairs = field(default_factory=list)


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
            self.found.append(_Form(said["formaction"], method, self.open.pairs))
        elif tag in ("input", "textarea", "button") and said.get("name"):
            self.open.pairs.append((said["name"], said.get("value", "")))
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


def targets(app: Flask, world: World, endpoints: Sequence[str], *, everyone: bool = True) -> list[Target]:
    """One for each address and set of fields on the pages of these endpoints, sent by the first who finds it; and every
    address with the names that views ask for, by somebody who may open it.

    everyone: ask the pages as each role and of each project, and not only until one is shown.
    """
    found: dict[tuple[str, str, frozenset[str]], Target] = {}
    for endpoint in endpoints:
        for target in _of_endpoint(app, world, endpoint, everyone=everyone):
            found.setdefault((target.endpoint, target.method, frozenset(target.names)), target)
    return sorted(found.values(), key=lambda target: (target.endpoint, target.method, target.names))


def endpoints_of(app: Flask) -> list[str]:
    return sorted({rule.endpoint for rule in app.url_map.iter_rules()} - {"static", "account.sign_out"})


def _of_endpoint(app: Flask, world: World, endpoint: str, *, everyone: bool) -> Iterator[Target]:
    shown = False
    for path in _addresses(app, world, endpoint):
        for actor in ("planner", "admin", "approver", "analyst", "appraiser", PUBLIC):
            if shown and not everyone:
                return
            client = client_of(app, world, actor if actor in ACTORS else PUBLIC)
            with client.get(path) as answer:
                shown = answer.status_code == 200 and answer.mimetype == "text/html"
                page = answer.text if shown else ""
            if shown or answer.status_code == 405:
                yield from _by_names(app, actor, endpoint, path)
            yield from _of_page(app, actor, path, page)


def _addresses(app: Flask, world: World, endpoint: str) -> list[str]:
    (rule, *_) = app.url_map.iter_rules(endpoint)
    about = (world.sent, world.draft, world.approved) if "project_id" in rule.arguments else (world.sent,)
    return [address(app, world, endpoint, project) for project in about]


def _by_names(app: Flask, actor: str, endpoint: str, path: str) -> Iterator[Target]:
    methods = {method for rule in app.url_map.iter_rules(endpoint) for method in rule.methods or ()} & METHODS
    names = asked_by_views()
    for method in sorted(methods & {"GET", "POST"}):
        yield Target(actor, endpoint, method, path, tuple((name, "") for name in names))


def _of_page(app: Flask, actor: str, path: str, page: str) -> Iterator[Target]:
    forms = _Forms()
    forms.feed(page)
    at = app.url_map.bind("localhost")
    for form in forms.found:
        parts = urlsplit(form.action or path)
        try:
            endpoint = at.match(parts.path, method=form.method)[0]
        except MethodNotAllowed:
            continue  # every button of it leads elsewhere
        if endpoint != "account.sign_out":
            query = parse_qsl(parts.query) if form.method == "GET" else []
            to = parts.path if form.method == "GET" or not parts.query else f"{parts.path}?{parts.query}"
            yield Target(actor, endpoint, form.method, to, tuple(query + form.pairs))


def asked_by_views() -> tuple[str, ...]:
    """Names that views ask requests for, besides the fields of forms."""
    return tuple(sorted({name for file in SOURCE.rglob("*.py") for name in ASKED.findall(file.read_text())}))
