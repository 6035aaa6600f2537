"""A process that draws charts and does nothing else, each once for all processes of a server.

Started by `appraisal.reports.charts.sharing`, which asks it. It knows no setting, no database and no secret, only the
charts it is given and the pictures it made of them, in memory. It ends when no process of the server is left.
"""

import os
import signal
import socket
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from hashlib import sha256
from queue import SimpleQueue

from appraisal.reports.charts import sharing

if sys.platform != "win32":
    import fcntl

KEPT = 32 * 1024 * 1024
"""Characters of finished pictures; what was asked for longest ago goes first."""
LONGEST = 10.0
"""Seconds of processor time for one picture; the process dies over one that takes longer, and another is started."""
SIGN = 1.0
"""Seconds after which somebody who waits gets a sign of life."""


class Board:
    """Pictures that are finished, and those that are asked for."""

    def __init__(self, draw: Callable[[str], str], kept: int = KEPT) -> None:
        self._draw, self._kept = draw, kept
        self._guard = threading.Lock()
        self._finished: OrderedDict[bytes, str] = OrderedDict()
        self._size = 0
        self._begun: dict[bytes, Future[str]] = {}
        self._asked: SimpleQueue[tuple[bytes, str, Future[str]]] = SimpleQueue()

    def picture(self, text: str) -> "Future[str]":
        """The picture, now or later; whoever asks for the same meanwhile gets the same."""
        key = sha256(text.encode("utf-8", "surrogatepass")).digest()
        with self._guard:
            if key in self._finished:
                self._finished.move_to_end(key)
                done = Future[str]()
                done.set_result(self._finished[key])
                return done
            if key not in self._begun:
                self._begun[key] = Future()
                self._asked.put((key, text, self._begun[key]))
            return self._begun[key]

    def work(self) -> None:
        """Draw the next one, once it is asked for."""
        key, text, wanted = self._asked.get()
        try:
            svg = self._draw(text)
        except BaseException as problem:  # also what the renderer panics with; whoever asked will see it
            with self._guard:
                del self._begun[key]
            wanted.set_exception(problem)
            return
        with self._guard:
            del self._begun[key]
            self._finished[key] = svg
            self._size += len(svg)
            while self._size > self._kept:
                self._size -= len(self._finished.popitem(last=False)[1])
        wanted.set_result(svg)


def answer(board: Board, asker: socket.socket) -> None:
    """Hear one question and answer it: with the picture and an end, or with the end alone where it cannot be drawn."""
    with asker, suppress(OSError):  # whoever asked is gone
        asker.settimeout(sharing.SILENCE)
        text = b"".join(iter(lambda: asker.recv(1 << 16), b"")).decode("utf-8", "surrogatepass")
        wanted = board.picture(text)
        while True:
            try:
                failed = wanted.exception(SIGN)
            except TimeoutError:
                asker.sendall(b" ")
                continue
            svg = "" if failed else wanted.result()
            asker.sendall(svg.encode("utf-8", "surrogatepass") + sharing.END)
            return


def in_time(draw: Callable[[str], str]) -> Callable[[str], str]:
    """The same, but the process dies over a picture that takes too long: the renderer cannot be stopped otherwise."""

    def drawn(text: str) -> str:
        _dies_in(LONGEST)
        try:
            return draw(text)
        finally:
            _dies_in(0)

    return drawn


def _dies_in(seconds: float) -> None:
    """Of the process's processor time; 0 takes it back. Nobody handles the signal."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)


def main(door: int, turn: int, draw: Callable[[str], str]) -> None:
    """Answer who comes to the door, until nobody can come any more.

    turn: a file that the one which draws has locked.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # sent to a whole terminal
    if not _has(turn):
        return
    board = Board(in_time(draw))

    def work() -> None:
        while True:
            board.work()

    threading.Thread(target=work, daemon=True).start()
    entrance = socket.socket(fileno=door)
    while True:
        knock, files, *_ = socket.recv_fds(entrance, 1, 1)
        if not knock:
            os._exit(0)  # whatever it draws, nobody wants it
        for each in files:
            threading.Thread(target=answer, args=(board, socket.socket(fileno=each)), daemon=True).start()


def _has(turn: int) -> bool:
    """Whether this is the one; tried for a second, as those who look whether there is one hold it for a moment."""
    if sys.platform == "win32":
        return False
    for _ in range(20):
        try:
            fcntl.lockf(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False


def begin(draw: Callable[[str], str]) -> None:
    main(int(sys.argv[1]), int(sys.argv[2]), draw)


if __name__ == "__main__":
    from appraisal.reports.charts.render import drawn

    begin(drawn)
