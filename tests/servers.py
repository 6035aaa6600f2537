"""The application behind a port of its own, for tests that drive a browser at it, and a port for a server to kill."""

import logging
import random
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from sqlalchemy import Engine
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

from appraisal.services import accounts
from tests.applications import application
from tests.web.people import let_in

_SERVED: dict[str, Flask] = {}
"""The applications that are served, by address."""


@contextmanager
def serving(engine: Engine) -> Iterator[str]:
    """The address of a server on that database."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = application(engine)
    server = make_server("127.0.0.1", 0, _whole(app), threaded=True)
    running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    running.start()
    address = f"http://127.0.0.1:{server.port}"
    _SERVED[address] = app
    try:
        yield address
    finally:
        del _SERVED[address]
        server.shutdown()
        running.join()
        server.server_close()


def session_at(address: str, email: str) -> dict[str, str]:
    """The cookie of a browser in which this person is signed in at that server, without the form and its password."""
    app = _SERVED[address]
    client, sessions = app.test_client(), app.extensions["sessions"]
    with sessions() as session:
        actor = accounts.account_of(session, email)
    let_in(client, sessions, actor)
    cookie = client.get_cookie("session")
    assert cookie is not None
    return {"name": cookie.key, "value": cookie.value, "url": address}


def _whole(app: WSGIApplication) -> WSGIApplication:
    """Answers are read and closed before they are sent: the server leaves one open if the browser hangs up on it."""

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as answer:
            return list(answer)

    return answered


def free_port() -> int:
    """A port that stays this server's while it is down.

    The system hands the ports it chooses itself to whoever asks next, and may even connect one to itself, which looks
    like a server that answers; ports below that range are taken by nobody unasked.
    """
    for port in random.SystemRandom().sample(range(20_000, 32_000), 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise AssertionError("no free port was found")
