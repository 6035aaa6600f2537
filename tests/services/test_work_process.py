"""Long work is done in a process of its own, which is replaced where it dies and ends with the one that started it."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from os import kill
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.database import sessions_on
from appraisal.models import Job, JobState
from appraisal.services import portfolio_scenarios, scenario_outcomes, scenario_runs, work_process
from appraisal.services.work_process import WorkProcess
from scoring.scenarios import Changes
from tests.databases import AUDIT_KEY, sqlite_database
from tests.services.cities import City, city

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them")
HEALTH = "HAN-06"


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def url_of(sessions: sessionmaker[Session]) -> str:
    return str(sessions.kw["bind"].url.render_as_string(hide_password=False))


@pytest.fixture
def process(sessions: sessionmaker[Session]) -> Iterator[WorkProcess]:
    made = WorkProcess(sessions, url_of(sessions), [AUDIT_KEY])
    yield made
    made.close()


def asked(sessions: sessionmaker[Session]) -> tuple[City, str]:
    """One project is ranked, and a scenario over it is asked for."""
    made = city(sessions, (HEALTH,), budget=20)
    with sessions() as session:
        key = portfolio_scenarios.add_scenario(
            session, made.analyst, name="Slump", reason="Fewer users", changes=Changes(use=0.8)
        )
    with sessions() as session:
        scenario_runs.request_run(session, made.analyst, key)
    return made, key


def states(sessions: sessionmaker[Session]) -> list[JobState]:
    with sessions() as session:
        return list(session.scalars(select(Job.state)))


def test_what_is_asked_for_is_done_elsewhere_whoever_is_killed(
    sessions: sessionmaker[Session], process: WorkProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_process, "LATER", 0.05)
    made, key = asked(sessions)
    process.go_on()
    first = process.pid
    assert first is not None
    kill(first, signal.SIGKILL)  # it has not even begun
    until(lambda: process.pid not in (None, first))
    until(lambda: states(sessions) == [JobState.DONE])
    with sessions() as session:
        outcome = scenario_outcomes.look(session, made.analyst, key).outcome
    assert outcome is not None
    assert process.pid is not None  # it lingers for what is asked for next


def test_its_settings_stand_where_nobody_can_list_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPRAISAL_AUDIT_KEY", AUDIT_KEY)
    with sqlite_database() as engine:
        process = WorkProcess(sessions_on(engine), url_of(sessions_on(engine)), [AUDIT_KEY])
        process.go_on()
        assert process.pid is None, "nothing was to be done"
        process.wake()
        for name in ("environ", "cmdline"):
            told = Path(f"/proc/{process.pid}/{name}").read_bytes()
            assert AUDIT_KEY.encode() not in told
            assert b"APPRAISAL_" not in told
        process.close()


def test_it_ends_with_whoever_started_it(tmp_path: Path) -> None:
    program = (
        "import sys, time\n"
        "from appraisal.database import create_engine_for, sessions_on\n"
        "from appraisal.services.work_process import WorkProcess\n"
        f"url = 'sqlite:///{tmp_path / 'none.db'}'\n"
        "made = WorkProcess(sessions_on(create_engine_for(url)), url, ['k'])\n"
        "made.wake()\n"
        "print(made.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        parent.kill()
    until(lambda: not _lives(pid))


def _lives(pid: int) -> bool:
    """A dead child that nobody has asked after yet lives no longer."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
