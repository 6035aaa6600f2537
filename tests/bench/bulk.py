"""Ten thousand projects from one workbook, in a process of its own, so that its memory is its own."""

import io
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import xlsxwriter
from sqlalchemy import Connection, Engine, event

from appraisal.database import create_engine_for, migrate, sessions_on
from appraisal.models import Role
from appraisal.services import import_jobs, importing
from appraisal.services.background import worker_on
from appraisal.transactions import READS_ONLY
from tests import factories
from tests.bench.timing import at_most, baseline
from tests.databases import AUDIT_KEY

ROWS, YEARS = 10_000, range(2027, 2037)
MOST_SECONDS, MOST_WAIT, MOST_MEMORY = 20, 10, 300


def workbook(rows: int) -> bytes:
    """Each project with two lines of ten years."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Projects")
        sheet.write_row(0, 0, ["Reference", "Name of the project", "What it does", "City or district", "Country code",
                               "Currency", "Figures are in", "How far it has come", "Action areas",
                               "First year of spending"])  # fmt: skip
        for number in range(rows):
            said = f"Adaptive signals at {number} junctions of the east corridor."
            place = ["Pune", "IND", "INR", "millions", "Design", "Mobility", YEARS[0]]
            sheet.write_row(number + 1, 0, [f"R-{number}", f"Works {number}", said, *place])
        figures = book.add_worksheet("Figures")
        figures.write_row(0, 0, ["Reference", "Line", "Kind", *YEARS])
        for number in range(rows):
            name = f"R-{number}"
            amounts = [number % 97 + period for period in range(len(YEARS))]
            figures.write_row(2 * number + 1, 0, [name, "Signals", "Capital cost: IT, sensors, equipment", *amounts])
            figures.write_row(2 * number + 2, 0, [name, "Care", "Running cost", *(0.5 + each for each in amounts)])
    return out.getvalue()


def _longest_write(engine: Engine) -> list[float]:
    """Becomes the longest time, in seconds, for which a transaction held SQLite's only writer."""
    longest, begun = [0.0], {}

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        if not connection.get_execution_options().get(READS_ONLY):
            begun[id(connection)] = time.perf_counter()

    @event.listens_for(engine, "commit")
    def _done(connection: Connection) -> None:
        longest[0] = max(longest[0], time.perf_counter() - begun.pop(id(connection), time.perf_counter()))

    return longest


def _highest_memory() -> float:
    """MiB that the process ever held, not its parent, from which ru_maxrss begins."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024


def main() -> None:
    unit = baseline()
    content = workbook(ROWS)
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine_for(f"sqlite:///{Path(folder) / 'bulk.db'}", AUDIT_KEY)
        migrate(engine)
        sessions = sessions_on(engine)
        planner = factories.actor(sessions, Role.PLANNER, factories.organisation(sessions, "Haneul"))
        key = uuid4()
        with sessions() as session:
            importing.send_file(session, planner, key, "bulk.xlsx", content)
        worker = worker_on(sessions)
        with sessions() as session:
            import_jobs.ask_to_look(session, planner, key)
        start = time.perf_counter()
        worker.work()
        looked = time.perf_counter() - start
        with sessions() as session:
            look = import_jobs.standing(session, planner, key).look
        assert look is not None
        assert look.counts == {"create": ROWS, "update": 0, "unchanged": 0, "cannot": 0}
        with sessions() as session:
            import_jobs.ask_to_store(session, planner, key, look.digest, all_or_nothing=True)
        longest = _longest_write(engine)
        start = time.perf_counter()
        worker.work()
        took = time.perf_counter() - start
        with sessions() as session:
            assert importing.result_of(session, planner, key).row.counts == look.counts
        written = longest[0]
        start = time.perf_counter()
        with sessions() as session:
            assert importing.undo(session, planner, key).edited == ()
        undone = time.perf_counter() - start
        engine.dispose()
    at_most("10,000 projects of 20 figures looked at", looked, unit, MOST_SECONDS)
    at_most("and validated once more and stored", took, unit, MOST_SECONDS)
    at_most("both together", looked + took, unit, MOST_SECONDS)
    at_most("of this, nobody else could write", written, unit, MOST_WAIT)
    at_most("and undone", undone, unit, MOST_SECONDS)
    peak = _highest_memory()
    verdict = "met" if peak <= MOST_MEMORY else f"missed by {peak - MOST_MEMORY:.0f} MiB"
    print(f"{'memory of the process, at its highest':<66} {peak:7.0f} MiB   at most {MOST_MEMORY} MiB: {verdict}")


if __name__ == "__main__":
    main()
