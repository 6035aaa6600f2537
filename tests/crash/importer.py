"""A planner who has files of many projects stored in the background, one after the other, while workers are killed."""

import http.client
import re
import threading
import time
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.demo import example_project
from appraisal.models import ImportState, Notice, Notification, Project, ProjectImport
from appraisal.reading.project_file import read_project
from appraisal.reports.project_sheets import projects_workbook
from tests.crash.browser import Browser
from tests.crash.people import Planner

PROJECTS = 100
"""Of a file: more rows than are stored while a page waits."""
DIGEST = re.compile(r'name="digest"[^>]*value="([0-9a-f]{64})"')
PAGE = "/projects/import"
PATIENCE = 180.0
"""Seconds in which a job whose worker was killed is done by another: a lease, and the work."""


@dataclass(slots=True)
class Importer:
    browser: Browser
    stop: threading.Event
    asked: set[UUID] = field(default_factory=set)
    """Imports whose storing was acknowledged: each must be stored, once, by whichever worker is left."""
    perhaps: set[UUID] = field(default_factory=set)
    """Storing was asked for and not answered."""
    person: Planner = field(init=False)

    def __post_init__(self) -> None:
        self.person = Planner(self.browser, self.stop)

    def work(self) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            self._one(number)

    def _one(self, number: int) -> None:
        key, file = uuid4(), workbook(number)
        sent = self.person.ask(
            "import", lambda: self.browser.send_file(PAGE, {"key": str(key)}, "file", ("Many.xlsx", file))
        )
        if sent is None or (digest := self._looked_at(key)) is None:
            return
        asked = {"digest": digest, "rule": "all"}
        if self.person.ask("import", lambda: self.browser.post(f"{PAGE}/{key}/store", asked)) is None:
            self.perhaps.add(key)
        else:
            self.asked.add(key)

    def _looked_at(self, key: UUID) -> str | None:
        """What the look in the background found; a worker that was killed is waited for."""
        self.person.doing = "look"
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            time.sleep(0.2)
            try:
                _, text = self.browser.get(f"{PAGE}/{key}")
            except (OSError, http.client.HTTPException):
                continue
            if (found := DIGEST.search(text)) is not None:
                return found[1]
        return None


def workbook(number: int) -> bytes:
    example = read_project(example_project())
    return projects_workbook(
        [
            replace(example, reference=f"IMP-{number}-{each}", title=f"Lights {number}-{each}")
            for each in range(1, PROJECTS + 1)
        ]
    )


def settled(session: Session, importer: Importer) -> bool:
    """Whether every import that was asked for is stored."""
    state = select(ProjectImport.state).where(ProjectImport.id.in_(importer.asked))
    done = all(each is ImportState.STORED for each in session.scalars(state))
    session.rollback()
    return done


def lost_imports(session: Session, importer: Importer) -> tuple[list[str], int]:
    """What is not as it was acknowledged, and how many imports were stored."""
    problems, stored = [], 0
    for row in session.scalars(select(ProjectImport)):
        stored += row.state is ImportState.STORED
        if row.id in importer.asked and row.state is not ImportState.STORED:
            problems.append(f"the import {row.id} was acknowledged and is {row.state}")
        elif row.id not in importer.asked | importer.perhaps and row.state is not ImportState.READ:
            problems.append(f"the import {row.id} is {row.state}, and nobody asked for it")
    made = session.scalar(select(func.count()).where(Project.reference.like("IMP-%"))) or 0
    if made != stored * PROJECTS:
        problems.append(f"{stored} imports of {PROJECTS} projects are stored, and {made} projects are there")
    told = session.scalar(select(func.count()).where(Notification.kind == Notice.IMPORTED)) or 0
    if told != stored:
        problems.append(f"{stored} imports are stored, and {told} messages say so")
    session.rollback()
    return problems, stored
