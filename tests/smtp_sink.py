"""A mail server of a test's own on the loopback: it takes what comes, or says what it is told to say."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from config import Smtp


@dataclass
class Sink:
    port: int = 0
    refusals: list[str] = field(default_factory=list)
    """Answers to the next recipients, instead of taking them."""
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    @property
    def settings(self) -> Smtp:
        return Smtp(
            host="127.0.0.1",
            port=self.port,
            security="none",
            sender="appraisal@haneul.example",
            address="https://appraisal.haneul.example",
        )

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One conversation (RFC 5321), as far as a client of ours goes."""
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            words = line.decode("ascii").strip()
            command = words[:4].upper()
            if command == "DATA":
                writer.write(b"354 go on\r\n")
                body = await reader.readuntil(b"\r\n.\r\n")
                text = body[:-3].replace(b"\r\n..", b"\r\n.")
                self.taken.append(cast("EmailMessage", message_from_bytes(text, policy=policy.default)))
            if command == "RCPT" and self.refusals:
                writer.write(f"{self.refusals.pop(0)}\r\n".encode())
                continue
            if command == "RCPT":
                self.recipients.append(words[9:-1])
            writer.write(b"221 bye\r\n" if command == "QUIT" else b"250 ok\r\n")
            if command == "QUIT":
                break
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@contextmanager
def mail_server() -> Iterator[Sink]:
    """It answers in a thread of its own."""
    sink, loop, ready = Sink(), asyncio.new_event_loop(), threading.Event()

    async def serve() -> None:
        server = await asyncio.start_server(sink.talk, "127.0.0.1", 0)
        sink.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            await stopping.wait()

    stopping = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    try:
        yield sink
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join()
        loop.close()
