"""What gunicorn answers by itself, to requests that it cannot read, with the headers of every other answer."""

from collections.abc import Mapping
from typing import Any

from gunicorn.workers.gthread import ThreadWorker


def worker_with(headers: Mapping[str, str]) -> type[ThreadWorker]:
    """A worker whose refusals (400, 414, 431 and the like) carry these headers."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("ascii")

    class Worker(ThreadWorker):  # type: ignore[misc]
        def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
            super().handle_error(req, _WithLines(client, lines), addr, exc)

    return Worker


class _WithLines:
    """The connection to a client; what is sent over it, a whole answer, gets the lines behind its first."""

    def __init__(self, connection: Any, lines: bytes) -> None:
        self._connection, self._lines = connection, lines

    def sendall(self, answer: bytes) -> None:
        first, mark, rest = answer.partition(b"\r\n")
        self._connection.sendall(first + mark + self._lines + rest)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)
