"""Asks the one process that draws charts for all processes of a server; elsewhere nobody is asked.

The renderer keeps Python's lock while it draws and takes a second to start: in a process that answers, sixteen threads
would wait for one picture, and every such process would draw it for itself. `appraisal.drawing` is what is asked. It is
reached through a pair of sockets without a name, opened before the processes of the server are forked, so nobody else
on the machine can ask it. Each question hands it one end of a pair of its own (docs/adr/0043).
"""

import logging
import socket
import subprocess
import sys
import tempfile
import threading
from time import monotonic

from appraisal import children

if sys.platform != "win32":
    import fcntl

PROCESS = "appraisal.drawing"
"""The module that draws."""
END = b"\0"
"""After a whole answer: none is in a picture."""
SILENCE = 15.0
"""Seconds without a sign of life after which a picture is drawn here; while it has others to draw it gives signs."""
LOOK_AGAIN = 1.0
"""Seconds of silence after which somebody looks whether it was killed."""
REST = 60.0
"""Seconds in which nobody asks after that, or where it died twice."""


def open_door() -> None:
    """From now on the pictures of this process and of those forked from it are drawn by one process."""
    global _door  # noqa: PLW0603 -- one of a server
    if sys.platform != "win32":  # one process answers there
        _door = Door()


def picture(text: str) -> str | None:
    """The picture of a specification's canonical text; None where it is to be drawn here."""
    return _door.picture(text) if _door else None


class Door:
    """Where the drawing process of a server is asked. The first who asks starts it, or whoever finds it dead."""

    def __init__(self) -> None:
        self._outside, self._inside = socket.socketpair()
        self._outside.setblocking(False)
        self._turn = tempfile.TemporaryFile()  # noqa: SIM115 -- open for as long as the server
        self._starting = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._rests_until = 0.0

    def picture(self, text: str) -> str | None:
        """None where it cannot be drawn, or not there."""
        if monotonic() < self._rests_until:
            return None
        question = text.encode("utf-8", "surrogatepass")
        try:
            answer = self._asked(question) or self._asked(question)
        except TimeoutError:
            answer = b""
        if not answer:
            self._rests_until = monotonic() + REST
            logging.getLogger(__name__).warning("the drawing process does not answer: charts are drawn where shown")
            return None
        return answer.removesuffix(END).decode("utf-8", "surrogatepass") or None

    def _asked(self, question: bytes) -> bytes:
        """Its whole answer; empty where it died over it. Raises TimeoutError where it keeps silent."""
        try:
            with self._handed_over() as own:
                own.settimeout(SILENCE)
                own.sendall(question)
                own.shutdown(socket.SHUT_WR)
                own.settimeout(LOOK_AGAIN)
                return self._heard(own)
        except TimeoutError:
            raise
        except OSError:  # it was killed, or more wait at the door than have room
            return b""

    def _handed_over(self) -> socket.socket:
        """One end of a new pair, whose other end the drawing process gets."""
        self._see_to_it()
        own, other = socket.socketpair()
        with other:
            try:
                socket.send_fds(self._outside, [b"?"], [other.fileno()])
            except OSError:
                own.close()
                raise
        return own

    def _heard(self, own: socket.socket) -> bytes:
        answer, silent_since = bytearray(), monotonic()
        while monotonic() < silent_since + SILENCE:
            try:
                part = own.recv(1 << 16)
            except TimeoutError:
                self._see_to_it()  # another goes on with what nobody listened to yet
                continue
            if not part:
                return bytes(answer).lstrip() if answer.endswith(END) else b""
            answer += part
            silent_since = monotonic()
        raise TimeoutError

    def _see_to_it(self) -> None:
        with self._starting:
            if self._running is not None and self._running.poll() is None:
                return
            if self._is_there():
                self._running = None
                return
            inside, turn = self._inside.fileno(), self._turn.fileno()
            self._running = children.start(PROCESS, str(inside), str(turn), files=(inside, turn))

    def _is_there(self) -> bool:
        """Whether a process draws: it holds a lock of the kernel's, which is free when it dies."""
        if sys.platform == "win32":
            return False
        try:
            fcntl.lockf(self._turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        fcntl.lockf(self._turn, fcntl.LOCK_UN)
        return False


_door: Door | None = None
