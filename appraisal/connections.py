"""Connections to clients that send or read so slowly that a thread would wait for them for ever.

Sixteen threads of a process answer; whoever sends half a request and then nothing keeps one of them. Here such a client
is taken for one that hung up, which everything above knows how to answer (docs/security/limits.md).
"""

import socket
import struct
import time
from typing import Any

GRACE = 10.0
"""Seconds that may be waited for what a request still has to send, at any speed."""
SLOWEST = 16_384
"""Bytes a second: so many more buy another second."""
UNREAD = 30
"""Seconds within which something of an answer has to be taken."""


class Connection:
    """A socket on which nobody waits long for a request. Only waiting counts, not what is done in between."""

    def __init__(self, connected: Any) -> None:
        self._connected = connected
        self._waited = 0.0
        self._allowed = GRACE
        self._gone = False
        if hasattr(socket, "SO_SNDTIMEO"):
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", UNREAD, 0))

    def begin(self) -> None:
        """Another request is read; whoever was too slow once does not come back."""
        self._waited, self._allowed = 0.0, GRACE

    def recv(self, size: int) -> bytes:
        """What was sent; nothing, as from a client that hung up, once it was waited too long for."""
        left = self._allowed - self._waited
        if self._gone or left <= 0:
            self._gone = True
            return b""
        sooner: float | None = self._connected.gettimeout()
        began = time.monotonic()
        try:
            self._connected.settimeout(left if sooner is None else min(left, sooner))
            sent: bytes = self._connected.recv(size)
        except TimeoutError:
            if sooner is not None and sooner <= left:
                raise
            self._gone, sent = True, b""
        finally:
            self._connected.settimeout(sooner)
        self._waited += time.monotonic() - began
        self._allowed += len(sent) / SLOWEST
        return sent

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connected, name)
