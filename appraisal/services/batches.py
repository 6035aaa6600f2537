"""Many appraisals at once: on every core, each in transactions of its own, one failure never stopping the others."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from appraisal.policy import Actor, NotAllowed, NotFound
from appraisal.services import appraising
from appraisal.services.errors import DomainError
from scoring.errors import InputError

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one project: the number of its run, or why there is none."""

    project_id: UUID
    run: int | None
    problem: str = ""


def appraise_all(
    sessions: sessionmaker[Session],
    actor: Actor,
    project_ids: Sequence[UUID],
    *,
    seed: int,
    draws: int,
    progress: Progress = lambda _done, _of: None,
) -> tuple[Outcome, ...]:
    """Appraise each project; outcomes in the order given. The numbers do not depend on how many cores there are."""

    def one(project_id: UUID) -> Outcome:
        try:
            with sessions() as session:
                return Outcome(
                    project_id,
                    appraising.appraise_project(session, actor, project_id, seed=seed, draws=draws).number,
                )
        except (DomainError, InputError, NotAllowed, NotFound) as error:
            return Outcome(project_id, None, str(error))

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        running = [pool.submit(one, project_id) for project_id in project_ids]
        for done, _ in enumerate(as_completed(running), start=1):
            progress(done, len(running))
        return tuple(future.result() for future in running)
