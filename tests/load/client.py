"""A browser without a screen: one connection that stays open, one cookie, the token of forms."""

import http.client
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from appraisal.policy import Actor
from tests.web.people import let_in

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GONE = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)


@dataclass(slots=True)
class Client:
    port: int
    cookie: str = ""
    token: str = ""
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def get(self, path: str) -> tuple[int, str]:
        return self._send("GET", path, None)

    def post(self, path: str, data: dict[str, object]) -> tuple[int, str]:
        """Status, and where the answer leads or what it says."""
        return self._send("POST", path, urlencode({"csrf_token": self.token, **data}, doseq=True))

    def learn_token(self, path: str) -> None:
        status, text = self.get(path)
        found = TOKEN.search(text)
        if found is None:
            raise RuntimeError(f"{path} gave {status} and no token")
        self.token = found[1]

    def _send(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        if self._connection is not None:
            try:
                return self._sent(self._connection, method, path, body)
            except GONE:  # a connection that rested was closed before it was asked
                self._connection.close()
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        return self._sent(self._connection, method, path, body)

    def _sent(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: str | None
    ) -> tuple[int, str]:
        connection.request(method, path, body, {**(FORM if body else {}), "Cookie": self.cookie})
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        if (set_cookie := answer.headers.get("Set-Cookie")) and method == "GET":
            # A person opens the page that a save leads to, and its message goes; here it would pile up in the cookie.
            self.cookie = set_cookie.split(";")[0]
        return answer.status, answer.headers.get("Location") or text


def signed_in(app: Flask, sessions: sessionmaker[Session], port: int, actor: Actor, form: str) -> Client:
    """A client with a live session of the account, and the token of a form."""
    inside = app.test_client()
    let_in(inside, sessions, actor)
    cookie = inside.get_cookie("session")
    assert cookie is not None
    client = Client(port, f"session={cookie.value}")
    client.learn_token(form)
    return client
