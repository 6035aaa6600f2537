"""A real server of two processes: a picture is drawn once, by neither, and a killed drawing process takes no page."""

import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.request import Request, urlopen
from uuid import UUID

import pytest

from appraisal.database import sessions_on
from tests.applications import application
from tests.at_once import at_once
from tests.crash.run import PROCESSES, Server
from tests.databases import migrated_sqlite
from tests.services.cities import city
from tests.web.people import let_in

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it looks at the processes of the server in /proc")
READERS = 4


@dataclass(frozen=True, slots=True)
class Running:
    server: Server
    project: UUID
    cookie: str

    def page(self, name: str) -> str:
        """Of the project; raises HTTPError where it is not whole."""
        address = f"http://127.0.0.1:{self.server.port}/projects/{self.project}{name}"
        with urlopen(Request(address, headers={"Cookie": self.cookie}), timeout=60) as answer:
            told: bytes = answer.read()
        return told.decode()

    def drawn(self) -> Counter[str]:
        """How often it began with each picture."""
        self.server.log.seek(0)
        return Counter(line for line in self.server.log.read().splitlines() if line.startswith("draws "))

    def drawing(self) -> list[int]:
        """The processes that draw."""
        return [pid for pid in self._processes() if b"tests.drawing.counted" in _read(pid, "cmdline").split(b"\0")]

    def with_an_engine(self) -> list[int]:
        return [pid for pid in self._processes() if b"vl_convert" in _read(pid, "maps")]

    def _processes(self) -> list[int]:
        """All of the server's session."""
        pids = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]
        return [pid for pid in pids if _session(pid) == self.server.process.pid]


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:  # it ended
        return b""


def _session(pid: int) -> int | None:
    fields = _read(pid, "stat").rpartition(b")")[2].split()
    return int(fields[3]) if fields else None


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    engine = migrated_sqlite(tmp_path_factory.mktemp("drawing") / "server.db")
    sessions = sessions_on(engine)
    made = city(sessions, ["HAN-01"], budget=50)
    client = application(engine).test_client()
    let_in(client, sessions, made.analyst)
    cookie = client.get_cookie("session")
    assert cookie is not None
    with ExitStack() as started:
        started.callback(engine.dispose)
        server = Server(str(engine.url), "tests.drawing.server")
        started.callback(server.log.close)
        started.callback(server.kill)
        yield Running(server, made.project("HAN-01").id, f"session={cookie.value}")


def test_a_picture_is_drawn_once_for_both_and_by_neither(running: Running) -> None:
    until = time.monotonic() + 60
    while len(workers := running.server.workers()) < PROCESSES and time.monotonic() < until:
        time.sleep(0.01)
    assert len(workers) == PROCESSES
    pages = []
    for other in workers:  # while one is stopped the other answers
        os.kill(other, signal.SIGSTOP)
        try:
            pages += at_once(*[partial(running.page, "/returns")] * READERS)
        finally:
            os.kill(other, signal.SIGCONT)
    drawn = running.drawn()
    assert {text.count('role="img"') for text in pages} == {len(drawn)}, "all of them show each picture"
    assert len(drawn) >= 4, "two charts in two widths at least"
    assert set(drawn.values()) == {1}
    assert running.with_an_engine() == running.drawing()
    assert len(running.drawing()) == 1


def test_a_page_is_whole_though_the_drawing_process_is_killed_while_it_is_asked_for(running: Running) -> None:
    before = sum(running.drawn().values())

    def kill() -> int:
        until = time.monotonic() + 60
        while sum(running.drawn().values()) == before and time.monotonic() < until:
            time.sleep(0.005)
        (pid,) = running.drawing()
        os.kill(pid, signal.SIGKILL)
        return pid

    killed, text = at_once(kill, partial(running.page, "/risk"))
    assert str(text).count('role="img"') >= 8
    assert running.drawing() not in ([], [killed])
    assert running.with_an_engine() == running.drawing(), "another drew it, and no process that answers"
