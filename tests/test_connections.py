"""Clients that send or read too slowly keep no thread: they are taken for clients that hung up."""

import socket
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from flask import Flask
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers import gthread

from appraisal import connections
from appraisal.connections import Connection
from appraisal.refusing import readable, worker_with
from appraisal.server import BELIEVING_NOBODY
from tests.applications import application
from tests.databases import migrated_sqlite

HALF = (
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 1000\r\n\r\nemail="
)


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    here, there = socket.socketpair()
    with here, there:
        yield here, there


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "GRACE", 0.2)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    engine = migrated_sqlite(tmp_path_factory.mktemp("connections") / "app.db")
    yield application(engine)
    engine.dispose()


def answered(pair: tuple[socket.socket, socket.socket], sent: bytes, app: Any) -> bytes:
    """What a worker answers to this, from a client that sends no more and hears on."""
    here, there = pair
    worker = object.__new__(worker_with({}))
    worker.cfg = Config()
    for name, value in BELIEVING_NOBODY.items():
        worker.cfg.set(name, value)
    worker.log = Logger(worker.cfg)
    worker.wsgi, worker.nr, worker.max_requests, worker.alive = readable(app), 0, 10, True
    worker.keepalived_conns, worker.max_keepalived = [], 10
    there.sendall(sent)
    worker.handle(gthread.TConn(worker.cfg, here, ("127.0.0.1", 1), ("127.0.0.1", 2)))
    here.shutdown(socket.SHUT_WR)
    with there.makefile("rb") as answer:
        return answer.read()


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.usefixtures("impatient")
@pytest.mark.asvs("15.2.2")
def test_half_a_request_is_not_waited_for(pair: tuple[socket.socket, socket.socket], app: Flask) -> None:
    began = time.monotonic()
    assert status(answered(pair, HALF, app)) == 400
    assert time.monotonic() - began < 5


@pytest.mark.usefixtures("impatient")
def test_half_a_head_is_not_waited_for(pair: tuple[socket.socket, socket.socket], app: Flask) -> None:
    assert answered(pair, HALF[:40], app) == b""


@pytest.mark.usefixtures("impatient")
def test_letters_that_drip_do_not_buy_time_and_a_steady_sender_does(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = pair
    stop = threading.Event()

    def drip() -> None:
        while not stop.wait(0.02):
            there.sendall(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        connection, took = Connection(here), 0
        while connection.recv(1):
            took += 1
        assert 0 < took < 50
        assert connection.recv(1) == b"", "whoever was too slow once stays away"
        monkeypatch.setattr(connections, "SLOWEST", 10)
        steady = Connection(here)
        assert all(steady.recv(1) for _ in range(50))
    finally:
        stop.set()
        dripping.join()


def test_a_sooner_end_that_the_server_set_itself_counts(pair: tuple[socket.socket, socket.socket]) -> None:
    connection = Connection(pair[0])
    connection.settimeout(0.01)
    with pytest.raises(TimeoutError):
        connection.recv(1)
    assert connection.gettimeout() == 0.01


def test_an_answer_that_nobody_reads_is_given_up(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "UNREAD", 1)
    with pytest.raises(BlockingIOError):
        Connection(pair[0]).sendall(b"x" * 2**24)


@pytest.mark.parametrize("body", [b"ZZ\r\nemail=\r\n0\r\n\r\n", b"3\r\na=bXX\r\n0\r\n\r\n", b"5\r\na=b"])
@pytest.mark.asvs("4.2.1")
@pytest.mark.usefixtures("impatient")
def test_a_body_in_broken_pieces_is_the_senders_fault(
    pair: tuple[socket.socket, socket.socket], app: Flask, body: bytes
) -> None:
    sent = HALF.replace(b"Content-Length: 1000\r\n\r\nemail=", b"Transfer-Encoding: chunked\r\n\r\n") + body
    assert status(answered(pair, sent, app)) == 400


@pytest.mark.parametrize("header", ["SCRIPT_NAME: /elsewhere", "PATH_INFO: /elsewhere", "X-Forwarded-Proto: https"])
@pytest.mark.asvs("4.1.3")
def test_nobody_tells_the_server_where_it_is(pair: tuple[socket.socket, socket.socket], header: str) -> None:
    """Behind a proxy on the same machine every client comes from an address that gunicorn would believe."""
    told: dict[str, object] = {}

    def told_app(environ: Any, start_response: Any) -> Iterable[bytes]:
        told.update(environ)
        start_response("200 OK", [("Content-Length", "0")])
        return []

    answer = answered(pair, f"GET /page HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n".encode(), told_app)
    assert status(answer) == 200
    assert (told["SCRIPT_NAME"], told["PATH_INFO"], told["wsgi.url_scheme"]) == ("", "/page", "http")


def test_whoever_only_connects_takes_no_thread(pair: tuple[socket.socket, socket.socket]) -> None:
    worker = object.__new__(worker_with({}))
    worker.cfg = Config()
    began = time.monotonic()
    silent = gthread.TConn(worker.cfg, pair[0], ("127.0.0.1", 1), ("127.0.0.1", 2))
    assert worker.handle(silent) is gthread._DEFER
    assert time.monotonic() - began < 1
