"""`make bench`: what the tool must do in time, in seconds and as ratios to a baseline measured in the same run.

Answers are asserted before times are printed. Times are never tested: machines are shared and noisy.
"""

import io
import subprocess
import sys
import tempfile
import time
from contextlib import redirect_stderr
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from appraisal import create_app
from appraisal.database import create_engine_for, migrate, sessions_on
from appraisal.models import Account, AppraisalRun, Project, ProjectState, Role
from appraisal.policy import OPERATOR, Actor
from appraisal.reports.document import appraisal_pdf
from appraisal.services import demonstration, ranking, reporting
from appraisal.services.batches import appraise_all
from appraisal.warming import warm_up
from config import Settings
from tests.bench import engine as engine_bench
from tests.bench import selection as selection_bench
from tests.bench.timing import REPEATS, at_most, baseline, seconds
from tests.databases import AUDIT_KEY
from tests.web.people import let_in

DRAWS = 10_000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine_for(f"sqlite:///{Path(folder) / 'bench.db'}", AUDIT_KEY)
        migrate(engine)
        sessions = sessions_on(engine)
        with redirect_stderr(io.StringIO()):
            demonstration.load_demo(sessions, lambda _done, _of: None, draws=100)
        warm_up()
        unit = baseline()
        print(f"baseline: {unit:.3f} s to draw and sort 2,000,000 numbers on one core\n")
        _appraising(sessions, unit)
        _portfolio(sessions, unit)
        _report(sessions, unit)
        engine.dispose()
    print()
    engine_bench.main()
    sys.stdout.flush()
    subprocess.run([sys.executable, "-m", "tests.bench.many"], check=True)
    print(flush=True)
    subprocess.run([sys.executable, "-m", "tests.bench.bulk"], check=True)
    print(flush=True)
    subprocess.run([sys.executable, "-m", "tests.bench.ranked"], check=True)
    print(flush=True)
    subprocess.run([sys.executable, "-m", "tests.bench.aggregation"], check=True)
    print()
    selection_bench.main()


def _appraising(sessions: sessionmaker[Session], unit: float) -> None:
    with sessions() as session:
        appraised = select(AppraisalRun.project_id).join(AppraisalRun.project)
        keys = list(dict.fromkeys(session.scalars(appraised.where(Project.state == ProjectState.SUBMITTED))))
    start = time.perf_counter()
    outcomes = appraise_all(sessions, OPERATOR, keys, seed=1, draws=DRAWS)
    took = time.perf_counter() - start
    assert all(outcome.run for outcome in outcomes), [outcome.problem for outcome in outcomes if not outcome.run]
    with sessions() as session:
        drawn = session.scalars(select(AppraisalRun.draws).order_by(AppraisalRun.number.desc()).limit(len(keys)))
        assert set(drawn) == {DRAWS}
    at_most(f"{len(keys)} projects x {DRAWS:,} draws appraised and stored", took, unit, 5.0)


def _portfolio(sessions: sessionmaker[Session], unit: float) -> None:
    settings = Settings(environment="testing", secret_key="k" * 40, database_url="sqlite://")
    client = create_app(settings, sessions.kw["bind"]).test_client()
    with sessions() as session:
        account = session.scalars(select(Account).where(Account.role == Role.ANALYST)).one()
    with sessions() as session:
        first = ranking.ranked_portfolio(session, OPERATOR).rows[0]
    let_in(client, sessions, Actor.of(account))
    page = client.get("/portfolio")
    assert first.title.encode() in page.data
    assert b"strong on both value and return" in page.data
    at_most("portfolio page of 47 projects with its map", seconds(lambda: client.get("/portfolio")), unit, 0.1)


def _report(sessions: sessionmaker[Session], unit: float) -> None:
    with sessions() as session:
        numbers = session.scalars(select(AppraisalRun.number).order_by(AppraisalRun.number.desc()).limit(REPEATS)).all()
    waiting = iter(numbers)

    def one() -> None:
        with sessions() as session:
            material = reporting.report_of(session, OPERATOR, next(waiting))
        assert appraisal_pdf(material).startswith(b"%PDF-")

    at_most("report as PDF, replayed and set, each of another project", seconds(one, len(numbers)), unit, 1.0)


if __name__ == "__main__":
    sys.exit(main())
