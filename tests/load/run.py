"""`make load`: the last hour before a deadline at a real server, for some seconds, and what slows whom down.

Every answer is checked and every acknowledged write is looked for afterwards: a fault or a loss fails the run. Times
and ratios are printed beside their targets and never fail it: machines are shared.
"""

import argparse
import os
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from appraisal.database import create_engine_for, migrate, sessions_on
from appraisal.models import Project, ProjectState, Submission
from appraisal.policy import OPERATOR
from appraisal.services import verifying
from tests.applications import application
from tests.crash.run import Server, database
from tests.databases import AUDIT_KEY
from tests.load.city import PASSWORD, Draft, Town, town
from tests.load.client import Client, signed_in

DONE, FAULT = 302, 500
SUBMISSIONS, WRITES, READS = 5, 60, 150
"""A second."""
WRITERS, READERS = 8, 8
SAID = 10_000
"""Characters of the server's log that are shown where something failed."""
FIELDS: dict[str, object] = {
    "summary": "Lights with sensors.", "city": "Haneul", "areas": ["mobility"], "stage": "feasibility",
    "first_year": "2027", "years": "10", "currency": "usd", "unit": "1000000", "price_basis": "real",
    "price_year": "2026",
}  # fmt: skip


@dataclass(slots=True)
class Load:
    """One database under load, and what went wrong."""

    town: Town
    app: Flask
    server: Server
    bare: Server
    problems: list[str] = field(default_factory=list)

    def planner(self) -> Client:
        return signed_in(self.app, self.town.sessions, self.server.port, self.town.planner, "/projects/start")

    def save(self, client: Client, draft: Draft) -> None:
        """Change the draft's title, and note what was acknowledged."""
        title = f"Lights of quarter {draft.key.hex[:6]}, {draft.saves + 1}"
        status, said = client.post(
            f"/projects/{draft.key}/project", {**FIELDS, "title": title, "version": draft.version}
        )
        if status == DONE:
            draft.saves, draft.title, draft.version = draft.saves + 1, title, draft.version + 1
        else:
            self.problems.append(f"a save gave {status}: {said[:200] if status >= FAULT else ''}")

    def submit(self, client: Client, draft: Draft) -> None:
        status, _ = client.post(f"/projects/{draft.key}/submit", {"version": draft.version})
        if status == DONE:
            draft.sent = True
        else:
            self.problems.append(f"a submission gave {status}")

    def read(self, client: Client, path: str) -> None:
        status, _ = client.get(path)
        if status != 200:
            self.problems.append(f"{path} gave {status}")

    def pages(self) -> list[str]:
        return ["/portfolio", "/projects", *(f"/projects/{key}" for key in self.town.ranked), "/health"]


Request = tuple[float, str, Callable[[Client], None]]
"""When it is due, in seconds from the beginning; its kind; what is done."""


def planned(load: Load, seconds: float) -> tuple[list[Request], list[Request]]:
    """What is read and what is written in that time, each in order."""
    pages, drafts, to_send = cycle(load.pages()), cycle(load.town.drafts), iter(load.town.to_send)
    locks = {draft.key: threading.Lock() for draft in load.town.drafts}

    def reading(page: str) -> Callable[[Client], None]:
        return lambda client: load.read(client, page)

    def saving(draft: Draft) -> Callable[[Client], None]:
        def save(client: Client) -> None:
            with locks[draft.key]:  # one person a draft
                load.save(client, draft)

        return save

    def sending(draft: Draft) -> Callable[[Client], None]:
        return lambda client: load.submit(client, draft)

    reads: list[Request] = [(number / READS, "read", reading(next(pages))) for number in range(int(READS * seconds))]
    writes: list[Request] = [(number / WRITES, "save", saving(next(drafts))) for number in range(int(WRITES * seconds))]
    writes += [
        (number / SUBMISSIONS, "submission", sending(next(to_send))) for number in range(int(SUBMISSIONS * seconds))
    ]
    return reads, sorted(writes, key=lambda each: each[0])


def deadline_hour(load: Load, seconds: float) -> None:
    """Requests begin when their time has come, whether or not those before them are answered."""
    took: dict[str, list[float]] = {"read": [], "save": [], "submission": []}
    lines = [(deque(plan), people) for plan, people in zip(planned(load, seconds), (READERS, WRITERS), strict=True)]
    people = [(line, load.planner()) for line, many in lines for _ in range(many)]
    began = time.perf_counter() + 0.2

    def work(line: deque[Request], client: Client) -> None:
        while line:
            try:
                at, kind, act = line.popleft()
            except IndexError:  # someone else took the last one
                return
            time.sleep(max(0.0, began + at - time.perf_counter()))
            act(client)
            took[kind].append(time.perf_counter() - began - at)

    threads = [threading.Thread(target=work, args=each) for each in people]
    before, driver = _processor(load.server), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    span = time.perf_counter() - began
    worked = _processor(load.server) - before, time.process_time() - driver
    told = "; ".join(
        f"{len(times) / span:.0f} {kind}s/s, p50 {at_share(times, 0.5):.0f} ms, p99 {at_share(times, 0.99):.0f} ms"
        for kind, times in took.items()
    )
    print(f"  deadline hour, {seconds:.0f} s of requests answered in {span:.1f} s: {told}", flush=True)
    print(f"    of two processors the server took {worked[0]:.1f} s and who asks {worked[1]:.1f} s", flush=True)


def at_share(times: list[float], share: float) -> float:
    """Milliseconds within which this share was answered, from when it was due."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def save_against_bare(load: Load, rounds: int = 5, each: int = 10) -> None:
    client, bare, draft = load.planner(), Client(load.bare.port), load.town.drafts[0]
    ours, theirs = [], []
    for _ in range(each):  # what a process loads and compiles for its first requests is not what a save costs
        load.save(client, draft)
        _stored(load, bare)
    before = [_processor(server) for server in (load.server, load.bare)]
    for _ in range(rounds):
        ours.append(_seconds(lambda: load.save(client, draft), each))
        theirs.append(_seconds(lambda: _stored(load, bare), each))
    worked = [_processor(server) - was for server, was in zip((load.server, load.bare), before, strict=True)]
    ratio = statistics.median(theirs) / statistics.median(ours)
    print(
        f"  a draft saved with its entry in the trail: {statistics.median(ours) / each * 1000:.1f} ms, "
        f"a bare insert: {statistics.median(theirs) / each * 1000:.1f} ms; ratio {ratio:.2f} (target >= 0.35)"
    )
    mine, bares = (each_took / (rounds * each) * 1000 for each_took in worked)
    print(f"    of the processor: {mine:.1f} ms and {bares:.1f} ms, whatever else keeps the machine busy")


def _seconds(act: Callable[[], None], times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        act()
    return time.perf_counter() - began


def _processor(server: Server) -> float:
    """Seconds of processor time that the processes which answer have taken so far."""
    ticks = 0
    for pid in server.workers():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _stored(load: Load, bare: Client) -> None:
    if bare.post("/row", {}) != (200, "stored"):
        load.problems.append("the bare insert failed")


@contextmanager
def meanwhile(act: Callable[[], None], threads: int) -> Iterator[None]:
    """Have others act over and over."""
    stop = threading.Event()

    def over_and_over() -> None:
        while not stop.is_set():
            act()

    others = [threading.Thread(target=over_and_over) for _ in range(threads)]
    for other in others:
        other.start()
    try:
        yield
    finally:
        stop.set()
        for other in others:
            other.join()


def measured(act: Callable[[], None], seconds: float) -> list[float]:
    """How long each took, one after the other."""
    times, until = [], time.perf_counter() + seconds
    while time.perf_counter() < until:
        times.append(_seconds(act, 1))
    return times


def log_ins_against_saves(load: Load, seconds: float) -> None:
    client, drafts = load.planner(), cycle(load.town.drafts)
    emails, answers = cycle(load.town.emails), Counter[int]()

    def log_in() -> None:
        someone = Client(load.server.port)
        someone.learn_token("/sign-in")
        answers[someone.post("/sign-in", {"email": next(emails), "password": PASSWORD})[0]] += 1

    alone = measured(lambda: load.save(client, next(drafts)), seconds)
    with meanwhile(log_in, 16):
        time.sleep(1)
        beside = measured(lambda: load.save(client, next(drafts)), seconds)
    _tell("saves while 16 people log in over and over", alone, beside)
    print(f"    answers to the log-ins: {dict(answers)}")
    load.problems += [f"a log-in gave {status}" for status in answers if status >= FAULT and status != 503]


def simulations_against_pages(load: Load, seconds: float) -> None:
    client, pages = load.planner(), cycle(load.pages())
    analyst = signed_in(load.app, load.town.sessions, load.server.port, load.town.analyst, "/portfolio")
    ran = Counter[int]()

    def simulate() -> None:
        ran[analyst.post(f"/portfolio/scenario-runs/{load.town.scenario}/run", {})[0]] += 1
        time.sleep(0.2)

    alone = measured(lambda: load.read(client, next(pages)), seconds)
    with meanwhile(simulate, 1):
        time.sleep(1)
        beside = measured(lambda: load.read(client, next(pages)), seconds)
    _tell("pages while simulations run (target <= 2 x)", alone, beside)
    print(f"    answers to the requests for simulations: {dict(ran)}")


def _tell(what: str, alone: list[float], beside: list[float]) -> None:
    ratio = at_share(beside, 0.99) / at_share(alone, 0.99)
    print(
        f"  {what}: p50 {at_share(alone, 0.5):.0f} to {at_share(beside, 0.5):.0f} ms, "
        f"p99 {at_share(alone, 0.99):.0f} to {at_share(beside, 0.99):.0f} ms, {ratio:.1f} x"
    )


def lost(load: Load) -> list[str]:
    """What is not as it was acknowledged."""
    problems = []
    with load.town.sessions() as session:
        for draft in (*load.town.drafts, *load.town.to_send):
            row = session.get_one(Project, draft.key)
            sent = session.scalar(select(func.count()).select_from(Submission).where(Submission.project_id == row.id))
            if (row.title, sent) != (draft.title, int(draft.sent)):
                problems.append(
                    f"acknowledged as {draft.title!r}, sent {draft.sent}; stored {row.title!r}, sent {sent}"
                )
            if draft.sent and row.state is not ProjectState.SUBMITTED:
                problems.append(f"{row.reference} was sent and is {row.state}")
        session.rollback()
        findings = verifying.verify(session, OPERATOR).findings
    # The accounts of the driver stand in no entry of the trail.
    problems += [str(each) for each in findings if not each.place.startswith(("organisation", "account"))]
    return problems


def under_load(kind: str, seconds: float, folder: Path) -> list[str]:
    with database(kind, folder) as url:
        engine = create_engine_for(url, AUDIT_KEY)
        migrate(engine)
        sessions = sessions_on(engine)
        made = town(sessions, drafts=24, to_send=int(SUBMISSIONS * seconds) + 1)
        with ExitStack() as running:
            servers = []
            for module in ("tests.crash.server", "tests.load.bare"):
                servers.append(Server(url, module))
                running.callback(servers[-1].kill)
            load = Load(made, application(engine), *servers)
            print(f"{kind}:", flush=True)
            save_against_bare(load)
            deadline_hour(load, seconds)
            log_ins_against_saves(load, seconds / 2)
            simulations_against_pages(load, seconds / 2)
        if load.problems:
            load.server.log.seek(0)
            print(load.server.log.read()[-SAID:], file=sys.stderr)
        load.problems += lost(load)
        saves = sum(draft.saves for draft in made.drafts)
        sent = sum(draft.sent for draft in made.to_send)
        print(f"  {saves} saves and {sent} submissions acknowledged, {len(load.problems)} faults or losses")
        engine.dispose()
    return load.problems


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0, help="of the deadline hour")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # and the servers with it
    problems = []
    for kind in asked.database or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder:
            problems += [f"{kind}: {problem}" for problem in under_load(kind, asked.seconds, Path(folder))]
    for problem, times in Counter(problems).most_common(20):
        print(f"{problem} ({times} times)", file=sys.stderr)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
