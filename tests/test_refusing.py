"""Requests that the server refuses before the application is asked: the answer carries the headers all the same."""

import socket

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.http import RequestParser
from gunicorn.http.errors import ParseException

from appraisal.refusing import worker_with
from appraisal.web.application import POLICY, guards

HEADERS = {**guards(production=True), "Cache-Control": "no-store"}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /%s HTTP/1.1\r\n\r\n" % (b"a" * 5000), 414),
        (b"GET / HTTP/1.1\r\nX: %s\r\n\r\n" % (b"a" * 9000), 431),
        (b"GET / HTTP/1.1\r\nX<script>: 1\r\n\r\n", 400),
        (b"<script>alert(1)</script>\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    ],
)
@pytest.mark.asvs("3.4.3", "3.4.4")
def test_a_request_that_cannot_be_read_is_answered_with_every_header(sent: bytes, status: int) -> None:
    here, there = socket.socketpair()
    with here, there:
        worker = object.__new__(worker_with(HEADERS))
        worker.cfg = Config()
        worker.log = Logger(worker.cfg)
        with pytest.raises(ParseException) as refused:
            next(RequestParser(worker.cfg, iter([sent]), ("127.0.0.1", 1)))
        worker.handle_error(None, here, ("127.0.0.1", 1), refused.value)
        here.close()
        head, _, body = there.makefile("rb").read().decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    assert first.startswith(f"HTTP/1.1 {status} ")
    found = dict(line.split(": ", 1) for line in lines)
    assert found.items() >= HEADERS.items()
    assert found["Content-Security-Policy"] == POLICY
    assert int(found["Content-Length"]) == len(body)
    assert "<script>" not in body
