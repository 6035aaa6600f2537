"""Planners who register projects, send evidence, submit and take back over HTTP, and remember what they were told was
done."""

import http.client
import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from tests.crash.browser import DONE, Browser

EVIDENCE = 200_000
"""Bytes of a file, so that it is on its way for a while."""


@dataclass(slots=True)
class Project:
    """What was acknowledged of one project, and what was asked for without an answer."""

    sent: int = 0
    taken_back: int = 0
    file: str = ""
    """SHA-256 of the evidence that was acknowledged; it goes with every submission after it."""
    unanswered: str = ""


@dataclass(slots=True)
class Planner:
    """One person. What is not answered is never asked again: it may be there or not, but then whole."""

    browser: Browser
    stop: threading.Event
    projects: dict[UUID, Project] = field(default_factory=dict)
    doing: str = ""
    """What was asked for and is not answered yet."""
    unanswered: int = 0
    """Registrations without an answer: of those nobody knows the project."""
    acknowledged: int = 0
    refused: list[str] = field(default_factory=list)
    """Answers that are neither done nor the page of a database that is away."""

    def work(self) -> None:
        """Until told to stop: register, send evidence, submit, take back, submit again."""
        while not self.stop.is_set():
            if (key := self.register()) is not None:
                self.projects[key].unanswered = self._life(key, self.projects[key])

    def register(self) -> UUID | None:
        """A new project; None where there was no answer."""
        made = self.ask("register", lambda: self.browser.post("/projects/example", {}))
        if made is None:
            self.unanswered += 1
            return None
        found = re.search(r"/projects/([0-9a-f-]{36})/tasks", made)
        if found is None:
            self.refused.append(f"registered as {made}")
            return None
        self.projects[UUID(found[1])] = Project()
        return UUID(found[1])

    def _life(self, key: UUID, project: Project) -> str:
        """What of it was not answered."""
        content = os.urandom(EVIDENCE // 2).hex().encode()
        file = ("Minutes.txt", content)
        if self.ask("upload", lambda: self.browser.send_file(f"/projects/{key}/evidence", {}, "files", file)) is None:
            return "upload"
        project.file = sha256(content).hexdigest()
        for what, version in (("submit", 2), ("take-back", 3), ("submit", 4)):
            asked = {"version": version}
            if self.ask(what, lambda: self.browser.post(f"/projects/{key}/{what}", asked)) is None:  # noqa: B023
                return what
            if what == "submit":
                project.sent += 1
            else:
                project.taken_back += 1
        return ""

    def ask(self, doing: str, act: Callable[[], tuple[int, str]]) -> str | None:
        """Where the answer leads; None where there was none, or the database was away."""
        self.doing = doing
        try:
            while True:
                try:
                    status, location = act()
                    break
                except ConnectionRefusedError:  # the server is away, and never heard of it
                    if self.stop.wait(0.05):
                        return None
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
            return None
        finally:
            self.doing = ""
        if status == DONE:
            self.acknowledged += 1
            return location
        if status not in (502, 503):
            self.refused.append(f"{doing} gave {status}")
        time.sleep(0.05)
        return None
