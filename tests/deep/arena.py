"""The application on a world that is put back whenever something may have been kept, and what may not be kept."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar

from flask import Flask, Request
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.test import TestResponse

from appraisal.database import create_engine_for, sessions_on
from appraisal.policy import OPERATOR
from appraisal.services import verifying
from forms.texts import refused_character
from tests.applications import application
from tests.databases import tables
from tests.deep.covering import Sent, quoted
from tests.deep.forms import Answer, Target
from tests.deep.places import Place
from tests.web.policy_world import ACTORS, World
from tests.web.test_policy_matrix import Idle, client_of

FAULT, REFUSED = 500, 400
FORM = "application/x-www-form-urlencoded"
COMPARED = 10
"""Of so many changes that were kept, one is compared with the trail: each of the first few, then every tenth."""
_ESCAPED = re.compile(
    r"(?<!\\)(?:\\\\)*\\u(?:00(?:0[0-8b-f]|1[0-9a-f]|7f)|202[a-e]|206[6-9]|d[89a-f][0-9a-f]{2})", re.IGNORECASE
)
"""In a document, the same characters written as JSON writes them."""
AS_TYPED = frozenset({("kept_text", "fields")})
"""What does not read yet is kept as it was typed, whatever it is, to be shown again at its field (services/keeping)."""
_WRITES = re.compile(r"\s*(?:INSERT|DELETE|UPDATE(?! live_session))", re.IGNORECASE)


class Asked(ImmutableMultiDict[str, str]):
    """The fields of a request, which remember for what they were asked."""

    names: ClassVar[set[str]] = set()

    def __getitem__(self, key: str) -> str:
        self.names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)

    def getlist(self, key: str, type: Any = None) -> list[Any]:  # noqa: A002 -- its name there
        self.names.add(key)
        return super().getlist(key, type) if type else super().getlist(key)


class Remembering(Request):
    parameter_storage_class = Asked


@dataclass(slots=True)
class Arena:
    place: Place
    world: World = field(init=False)
    app: Flask = field(init=False)
    cookies: dict[str, str] = field(default_factory=dict)
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    written: bool = False
    kept: Counter[str] = field(default_factory=Counter)
    """Changes by the endpoint that kept them."""
    known: frozenset[str] = frozenset()
    """What the trail does not know of the world itself: rows that tests wrote past it."""

    def __post_init__(self) -> None:
        self.world = self.place.world
        self.app = application(create_engine_for("sqlite://"))
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.app.request_class = Remembering
        self.app.extensions["worker"] = Idle()
        self.app.extensions["sessions"] = sessions_on(self.place.engine)
        for actor in ACTORS:
            cookie = client_of(self.app, self.world, actor).get_cookie(self.app.config["SESSION_COOKIE_NAME"])
            assert cookie is not None
            self.cookies[actor] = cookie.value
        self.place.keep()
        self.known = self._past_the_trail()
        event.listen(self.place.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.written = self.written or _WRITES.match(statement) is not None

    def put_back(self) -> None:
        """Everything as it was, everybody as they had signed in, where anything was written."""
        if self.written:
            self.place.put_back()
        self.written = False
        self.clients.clear()

    def client(self, actor: str) -> FlaskClient:
        if actor not in self.clients:
            self.clients[actor] = self.app.test_client()
            if actor in self.cookies:
                self.clients[actor].set_cookie(self.app.config["SESSION_COOKIE_NAME"], self.cookies[actor])
        return self.clients[actor]

    def ask(self, actor: str, method: str, path: str) -> Answer:
        Asked.names.clear()
        with self.client(actor).open(path, method=method) as answer:
            page = answer.text if answer.mimetype == "text/html" else ""
        self.put_back()
        return Answer(answer.status_code if page else 204, page, frozenset(Asked.names))

    def send(self, target: Target, sent: Sent) -> int:
        """The status, after what was kept is looked through."""
        pairs = [(name, sent.get(name, value)) for name, value in target.pairs]
        body = "&".join(f"{quoted(name)}={quoted(value)}" for name, value in pairs)
        client = self.client(target.actor)
        if target.method == "GET":
            answer = client.get(f"{target.path}{'&' if '?' in target.path else '?'}{body}")
        else:
            answer = client.post(target.path, data=body.encode(), content_type=FORM)
        said = f"{target.method} {target.path} as {target.actor}: " + ", ".join(
            f"{name}={value[:40]!r}" for name, value in sent.items()
        )
        return self.judged(answer, target.endpoint, said)

    def judged(self, answer: TestResponse, endpoint: str, said: str) -> int:
        status = self.note(answer, said)
        if self.written and status < REFUSED:
            self.look_through(endpoint, said)
        if self.written:
            self.put_back()
        return status

    def note(self, answer: TestResponse, said: str) -> int:
        """The status, counted, and among what is wrong where it is a fault."""
        with answer:
            status = answer.status_code
        self.answers[status] += 1
        if status >= FAULT:
            self.wrong.append(f"{status} {said[:2000]}")
        return status

    def look_through(self, endpoint: str, said: str) -> None:
        self.kept[endpoint] += 1
        self.wrong += [f"{said[:2000]} {found}" for found in kept_wrong(self.place.engine)]
        if self.kept[endpoint] <= COMPARED or self.kept[endpoint] % COMPARED == 0:
            self.wrong += [f"{said[:2000]}: {found}" for found in self._past_the_trail() - self.known]

    def _past_the_trail(self) -> frozenset[str]:
        with self.app.extensions["sessions"]() as session:
            return frozenset(map(str, verifying.verify(session, OPERATOR).findings))


def kept_wrong(engine: Engine) -> Iterator[str]:
    """Cells of the database that hold what may not be kept."""
    with engine.connect() as connection:
        for table in sorted(tables(engine)):
            rows = connection.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608 -- its own names
            names = list(rows.keys())
            for row in rows:
                for column, value in zip(names, row, strict=True):
                    if (table, column) not in AS_TYPED and (found := _bad_cell(value)) is not None:
                        yield f"left {found} in {table}.{column}"


def _bad_cell(value: object) -> str | None:
    if isinstance(value, str):
        return _bad(value)
    if isinstance(value, dict | list):  # a document, which PostgreSQL gives as it reads it
        return _bad(json.dumps(value, ensure_ascii=False))
    if isinstance(value, int | bytes) or value is None:
        return None
    return str(value) if not _is_finite(value) else None


def _is_finite(value: Any) -> bool:
    try:
        return math.isfinite(value)
    except TypeError:
        return True  # a date, a key


@lru_cache(maxsize=200_000)
def _bad(value: str) -> str | None:
    if (found := refused_character(value, prose=True)) is not None:
        return found
    if value[:1] in "{[" and (match := _ESCAPED.search(value)) is not None:
        return match[0]
    if value[:1] in "{[" and re.search(r"\b(?:NaN|Infinity)\b", value) and not _is_strict(value):
        return "a figure that is none"
    return None


def _is_strict(value: str) -> bool:
    """Whether a document has no NaN among its figures; it may be a word of a text."""
    found: list[str] = []
    json.loads(value, parse_constant=found.append)
    return not found
