"""`make deep`: every text in every field of every form, and in every question that a view asks, as who may send it.

No answer is a fault, and nothing is kept that may not be: no character that is refused, no figure that is none, and
nothing that the trail does not know. It takes hours; `--part 3/8` does an eighth of the addresses.
"""

import argparse
import json
import logging
import math
import random
import re
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote_plus

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from appraisal.database import create_engine_for, sessions_on
from appraisal.policy import OPERATOR
from appraisal.services import accounts, verifying
from forms.texts import refused_character
from tests.applications import application
from tests.databases import AUDIT_KEY
from tests.deep.forms import Pairs, Target, endpoints_of, targets
from tests.deep.texts import texts
from tests.web import policy_world
from tests.web.policy_world import World
from tests.web.test_policy_matrix import Idle, client_of

FAULT = 500
SAMPLED = 12
"""Pages whose forms a sample is taken of."""
FORM = "application/x-www-form-urlencoded"
_ESCAPED = re.compile(r"\\u(?:00(?:0[0-8b-f]|1[0-9a-f]|7f)|202[a-e]|206[6-9]|d[89a-f][0-9a-f]{2})", re.IGNORECASE)
"""In a document, the same characters written as JSON writes them."""


@dataclass(slots=True)
class Arena:
    """The application on a copy of the world, which is put back whenever something may have been kept."""

    world: World
    folder: Path
    app: Flask = field(init=False)
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    known: frozenset[str] = frozenset()
    """What the trail does not know of the world itself: rows that tests wrote past it."""

    def __post_init__(self) -> None:
        self.app = application(create_engine_for("sqlite://"))
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.app.extensions["worker"] = Idle()
        self.put_back()
        self.known = self._past_the_trail()

    @property
    def path(self) -> Path:
        return self.folder / "deep.db"

    def put_back(self) -> None:
        """Everything as it was, and everybody signed in anew."""
        if (sessions := self.app.extensions.get("sessions")) is not None:
            sessions.kw["bind"].dispose()
        for name in ("deep.db-wal", "deep.db-shm"):
            (self.folder / name).unlink(missing_ok=True)
        shutil.copyfile(self.world.file, self.path)
        self.app.extensions["sessions"] = sessions_on(create_engine_for(f"sqlite:///{self.path}", AUDIT_KEY))
        self.clients.clear()

    def client(self, actor: str) -> FlaskClient:
        if actor not in self.clients:
            self.clients[actor] = client_of(self.app, self.world, actor)
        return self.clients[actor]

    def send(self, target: Target, name: str, text: str) -> int:
        """The status, after what was kept is looked through."""
        status = self._sent(target, [(each, text if each == name else value) for each, value in target.pairs])
        self.answers[status] += 1
        if status >= FAULT:
            self.wrong.append(f"{status} {target.method} {target.path} as {target.actor}: {name}={text[:80]!r}")
        if target.method == "POST" and status < 400:
            self.wrong += [
                f"{target.method} {target.path}: {name}={text[:80]!r} {found}" for found in kept_wrong(self.path)
            ]
            self.wrong += [f"{target.path}: {found}" for found in self._past_the_trail() - self.known]
            self.put_back()
        return status

    def _sent(self, target: Target, pairs: Pairs) -> int:
        body = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)
        client = self.client(target.actor)
        if target.method == "GET":
            if len(body) > 8000:
                return 414
            mark = "&" if "?" in target.path else "?"
            with client.get(f"{target.path}{mark}{body}") as answer:
                return answer.status_code
        with client.post(target.path, data=body.encode(), content_type=FORM) as answer:
            return answer.status_code

    def _past_the_trail(self) -> frozenset[str]:
        with self.app.extensions["sessions"]() as session:
            return frozenset(map(str, verifying.verify(session, OPERATOR).findings))


def _quoted(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))


def kept_wrong(path: Path) -> Iterator[str]:
    """Cells of the database that hold what may not be kept."""
    with closing(sqlite3.connect(path)) as connection:
        connection.text_factory = lambda content: content.decode("utf-8", "surrogatepass")
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            rows = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 -- its own names
            for row in rows:
                for column, value in zip(rows.description, row, strict=True):
                    if isinstance(value, float) and not math.isfinite(value):
                        yield f"left {value} in {table}.{column[0]}"
                    elif isinstance(value, str) and (bad := _bad(value)):
                        yield f"left {bad} in {table}.{column[0]}"


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


def sample(arena: Arena, tries: int, seed: int) -> None:
    """So many texts in fields taken by chance, every address in turn."""
    chance = random.Random(seed)  # noqa: S311 -- repeatable
    some = chance.sample(endpoints_of(arena.app), SAMPLED)
    all_targets = [each for each in targets(arena.app, arena.world, some, everyone=False) if each.pairs]
    chance.shuffle(all_targets)
    hostile = [text for text in texts(500, seed) if len(text) < 100_000]
    for number in range(tries):
        target = all_targets[number % len(all_targets)]
        arena.send(target, chance.choice(target.names), chance.choice(hostile))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=500, help="in every field")
    parser.add_argument("--part", default="1/1", help="of the addresses, such as 3/8")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    part, of = map(int, asked.part.split("/"))
    logging.disable(logging.CRITICAL)
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    accounts._hasher = lambda: quick
    began, chance = time.monotonic(), random.Random(asked.seed)  # noqa: S311
    with tempfile.TemporaryDirectory() as folder:
        world = policy_world.made(Path(folder) / "world.db")
        arena = Arena(world, Path(folder))
        chosen = targets(arena.app, world, endpoints_of(arena.app)[part - 1 :: of])
        hostile = texts(asked.texts, asked.seed)
        for target in chosen:
            for name in target.names:
                for text in chance.sample(hostile, len(hostile)):
                    arena.send(target, name, text)
    fields = sum(len(target.names) for target in chosen)
    said = ", ".join(f"{count} of {status}" for status, count in sorted(arena.answers.items()))
    print(f"{len(chosen)} forms and addresses, {fields} fields, {arena.answers.total()} requests in "
          f"{time.monotonic() - began:.0f} s: {said}; {len(arena.wrong)} wrong")  # fmt: skip
    for wrong in dict.fromkeys(arena.wrong):
        print(wrong, file=sys.stderr)
    sys.exit(bool(arena.wrong))


if __name__ == "__main__":
    main()
