"""Which kinds of long work this application does, and the worker that does them."""

from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import JobKind
from appraisal.services import import_jobs, scenario_runs
from appraisal.services.worker import Worker


def worker_on(sessions: sessionmaker[Session]) -> Worker:
    """A worker of this process; it starts nothing until it is woken."""
    kinds = {JobKind.SCENARIO: scenario_runs.perform, JobKind.IMPORT: import_jobs.perform}
    return Worker(sessions, kinds, {JobKind.IMPORT: import_jobs.tell_failed})
