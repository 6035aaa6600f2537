"""Planners who register, submit and take back projects over HTTP, and remember what they were told was done."""

import http.client
import re
import threading
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode
from uuid import UUID

DONE = 302
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(slots=True)
class Project:
    """What was acknowledged of one project, and what was asked for without an answer."""

    sent: int = 0
    taken_back: int = 0
    unanswered: str = ""


@dataclass(slots=True)
class Planner:
    """One person. What is not answered is never asked again: it may be there or not, but then whole."""

    port: int
    email: str
    password: str
    stop: threading.Event
    projects: dict[UUID, Project] = field(default_factory=dict)
    unanswered: int = 0
    """Registrations without an answer: of those nobody knows the project."""
    acknowledged: int = 0
    refused: list[str] = field(default_factory=list)
    """Answers that are neither done nor the page of a database that is away."""
    _cookies: SimpleCookie = field(default_factory=SimpleCookie)
    _token: str = ""

    def sign_in(self) -> None:
        self._token = self._token_of("/sign-in")
        status, _ = self._post("/sign-in", {"email": self.email, "password": self.password})
        if status != DONE:
            raise RuntimeError(f"signing in gave {status}")
        self._token = self._token_of("/projects/start")

    def work(self) -> None:
        """Until told to stop: register, submit, take back, submit again."""
        while not self.stop.is_set():
            made = self._ask("/projects/example", {})
            if made is None:
                self.unanswered += 1
                continue
            found = re.search(r"/projects/([0-9a-f-]{36})/tasks", made)
            if found is None:
                self.refused.append(f"registered as {made}")
                continue
            project = self.projects[UUID(found[1])] = Project()
            for what, version in (("submit", 1), ("take-back", 2), ("submit", 3)):
                if self._ask(f"/projects/{found[1]}/{what}", {"version": version}) is None:
                    project.unanswered = what
                    break
                if what == "submit":
                    project.sent += 1
                else:
                    project.taken_back += 1

    def _ask(self, path: str, data: dict[str, object]) -> str | None:
        """Where the answer leads; None where there was none, or the database was away."""
        try:
            while True:
                try:
                    status, location = self._post(path, data)
                    break
                except ConnectionRefusedError:  # the server is away, and never heard of it
                    if self.stop.wait(0.05):
                        return None
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
            return None
        if status == DONE:
            self.acknowledged += 1
            return location
        if status not in (502, 503):
            self.refused.append(f"{path} gave {status}")
        time.sleep(0.05)
        return None

    def _post(self, path: str, data: dict[str, object]) -> tuple[int, str]:
        return self._send("POST", path, urlencode({"csrf_token": self._token, **data}))[:2]

    def _token_of(self, path: str) -> str:
        found = TOKEN.search(self._send("GET", path, "")[2])
        if found is None:
            raise RuntimeError(f"{path} holds no token")
        return found[1]

    def _send(self, method: str, path: str, body: str) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in self._cookies.items())
            connection.request(method, path, body, {**FORM, "Cookie": cookie})
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for header in answer.headers.get_all("Set-Cookie", []):
            self._cookies.load(header)
        return answer.status, answer.headers.get("Location", ""), text
