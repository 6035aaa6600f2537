"""What a page costs: milliseconds of processor time, statements and transactions, in the process itself.

Each page is asked for by a planner who is signed in, and its answer is checked: for the first time, again while nothing
happens, and after a save of a draft of the same organisation. The least of several is printed: whatever else keeps the
machine busy adds to a time and takes nothing from it.
"""

import argparse
import cProfile
import pstats
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine
from werkzeug.test import EnvironBuilder, run_wsgi_app

from appraisal.database import create_engine_for, migrate, sessions_on
from appraisal.services import drafting
from tests.applications import application
from tests.crash.run import database
from tests.databases import AUDIT_KEY
from tests.load.city import Town, town
from tests.statements import counted_on
from tests.web.people import let_in

BATCHES, EACH = 6, 4
WARM = 3
"""Requests before the first that counts."""


def asking(app: Flask, made: Town, path: str, says: str) -> Callable[[], None]:
    """A request for the page by the town's planner, without what a client costs; fails where it does not say this."""
    client = app.test_client()
    let_in(client, made.sessions, made.planner)
    client.get("/messages")  # the cookie then has what forms are checked by, and stays as it is
    cookie = client.get_cookie("session")
    assert cookie is not None
    address, _, query = path.partition("?")
    environ = EnvironBuilder(address, query_string=query, headers={"Cookie": f"session={cookie.value}"}).get_environ()

    def ask() -> None:
        parts, status, _headers = run_wsgi_app(app, dict(environ))
        body = b"".join(parts).decode()
        assert status.startswith("200"), (path, status)
        assert says in body, (path, says)

    return ask


def pages(made: Town) -> list[tuple[str, str, str]]:
    """Name, address, and something that its answer says."""
    shown = f"/projects/{made.ranked[0]}"
    return [
        ("/health", "/health", "ok"),
        ("/portfolio", "/portfolio", "Ranked projects"),
        ("/projects", "/projects", "Lights of quarter"),
        ("a project", shown, "<title>Overview: "),
        ("its money", f"{shown}/returns", "<title>Money: "),
        ("its risk", f"{shown}/risk", "<title>Risk: "),
        ("its record", f"{shown}/record", "Sent once"),
        ("its history", f"{shown}/history", "on record"),
        ("a draft's parts", f"/projects/{made.drafts[0].key}/tasks", "Lights of quarter"),
        ("a draft's first part", f"/projects/{made.drafts[0].key}/project", "Lights of quarter"),
        ("/completed", "/completed", "Completed"),
        ("/frameworks", "/frameworks", "Framework"),
        ("/messages", "/messages", "Messages"),
    ]


def measured(engine: Engine, only: str = "", profiled: int = 0) -> None:
    sessions = sessions_on(engine)
    made = town(sessions, drafts=24, to_send=1)
    app, titles = application(engine), count(1)

    def save() -> None:
        """What happens meanwhile: somebody of the same organisation saves a draft."""
        title, draft = f"Lights of quarter {next(titles)} by night", made.drafts[0]
        with sessions() as session:
            change = partial(replace, title=title)
            draft.version = drafting.edit_project(
                session, made.planner, draft.key, draft.version, change, part="project"
            ).version

    print(f"{'':24}{'first':>9}{'then':>9}{'after a save':>14}  ms{'statements':>14}{'transactions':>14}")
    for name, path, says in pages(made):
        if only and only not in name:
            continue
        ask = asking(app, made, path, says)
        first = _processor(ask, 1)
        _processor(ask, WARM)
        with counted_on(engine) as sent:
            ask()
        then = min(_processor(ask, EACH) for _ in range(BATCHES))
        after = min(_processor_after(save, ask) for _ in range(BATCHES))
        numbers = f"{sent.statements:14}{sent.transactions:14}"
        print(f"  {name:22}{first:9.1f}{then:9.1f}{after:14.1f}    {numbers}", flush=True)
        if profiled:
            _profile(ask, profiled)


def _processor_after(act: Callable[[], None], ask: Callable[[], None]) -> float:
    act()
    return _processor(ask, 1)


def _processor(ask: Callable[[], None], times: int) -> float:
    """Milliseconds of this thread's processor time for one."""
    began = time.thread_time()
    for _ in range(times):
        ask()
    return (time.thread_time() - began) / times * 1000


def _profile(ask: Callable[[], None], lines: int) -> None:
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(EACH):
        ask()
    profile.disable()
    pstats.Stats(profile, stream=sys.stdout).sort_stats("tottime").print_stats(lines).sort_stats(
        "cumulative"
    ).print_stats(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--only", default="", help="pages whose name has this in it")
    parser.add_argument("--profile", type=int, default=0, metavar="LINES", help="of the profile of each page")
    asked = parser.parse_args()
    for kind in asked.database or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as url:
            engine = create_engine_for(url, AUDIT_KEY)
            migrate(engine)
            print(f"{kind}:")
            measured(engine, asked.only, asked.profile)
            engine.dispose()


if __name__ == "__main__":
    main()
