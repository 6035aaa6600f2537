"""What gunicorn does by itself: it refuses requests that it cannot read, with the headers of every other answer, and
waits for nobody who sends them too slowly."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from gunicorn.http.errors import ParseException
from gunicorn.workers import gthread

from appraisal.connections import Connection

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

FIRST_LETTER = 0.05
"""Seconds for which a thread waits whether anything is sent at all."""


def worker_with(headers: Mapping[str, str]) -> type[gthread.ThreadWorker]:
    """A worker whose refusals (400, 414, 431 and the like) carry these headers."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("ascii")

    class Worker(gthread.ThreadWorker):  # type: ignore[misc]
        def handle(self, conn: Any) -> Any:
            if not isinstance(conn.sock, Connection):
                conn.sock = Connection(conn.sock)
                if not conn.wait_for_data(FIRST_LETTER):
                    return gthread._DEFER  # back to where many are watched by one thread
            conn.sock.begin()
            return super().handle(conn)

        def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
            super().handle_error(req, _WithLines(client, lines), addr, exc)

    return Worker


def readable(application: "WSGIApplication") -> "WSGIApplication":
    """The application, to which a body that breaks off in a way that only gunicorn knows is one that breaks off."""

    def answered(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ["wsgi.input"] = _Body(environ["wsgi.input"])
        return application(environ, start_response)

    return answered


class _Body:
    """What a client sends behind the head of its request."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, size: int | None = None) -> bytes:
        """Raises OSError, as from a client that hung up, where it is not sent as it was said to be."""
        try:
            sent: bytes = self._body.read(size)
        except ParseException as broken:
            raise OSError(str(broken)) from broken
        return sent


class _WithLines:
    """The connection to a client; what is sent over it, a whole answer, gets the lines behind its first."""

    def __init__(self, connection: Any, lines: bytes) -> None:
        self._connection, self._lines = connection, lines

    def sendall(self, answer: bytes) -> None:
        first, mark, rest = answer.partition(b"\r\n")
        self._connection.sendall(first + mark + self._lines + rest)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)
