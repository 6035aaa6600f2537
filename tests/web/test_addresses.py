"""Where a request comes from: proxies are believed where they are trusted, and nobody else is."""

from collections.abc import Iterable
from ipaddress import ip_network
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from flask import Flask
from werkzeug.test import create_environ

from appraisal.web.addresses import BehindProxies, client_network

TRUSTED = (ip_network("10.0.0.0/24"), ip_network("fd00::/64"))


def seen(environ: WSGIEnvironment) -> tuple[str, str]:
    """Address and scheme that the application is told."""
    told: list[tuple[str, str]] = []

    def application(environ: WSGIEnvironment, _start: StartResponse) -> Iterable[bytes]:
        told.append((environ.get("REMOTE_ADDR", ""), environ["wsgi.url_scheme"]))
        return []

    BehindProxies(application, TRUSTED)(environ, lambda *_: lambda _: None)
    return told[0]


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("10.0.0.5", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "198.51.100.1, 203.0.113.9, 10.0.0.6", "203.0.113.9"),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
        ("10.0.0.5", "10.0.0.6", "10.0.0.6"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5", "203.0.113.9, nonsense", "10.0.0.5"),
        ("10.0.0.5", "203.0.113.9, ", "10.0.0.5"),
        ("203.0.113.66", "198.51.100.1", "203.0.113.66"),
        ("", "198.51.100.1", ""),
    ],
)
@pytest.mark.asvs("4.1.3", "15.3.4")
def test_only_trusted_proxies_say_who_asks(peer: str, forwarded: str, address: str) -> None:
    environ = create_environ(headers={"X-Forwarded-For": forwarded}, environ_overrides={"REMOTE_ADDR": peer})
    assert seen(environ)[0] == address


@pytest.mark.parametrize(
    ("peer", "proto", "scheme"),
    [
        ("10.0.0.5", "https", "https"),
        ("10.0.0.5", "gopher", "http"),
        ("203.0.113.66", "https", "http"),
    ],
)
@pytest.mark.asvs("4.1.3")
def test_only_trusted_proxies_say_that_it_came_encrypted(peer: str, proto: str, scheme: str) -> None:
    environ = create_environ(headers={"X-Forwarded-Proto": proto}, environ_overrides={"REMOTE_ADDR": peer})
    assert seen(environ)[1] == scheme


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", ""),
    ],
)
def test_whoever_owns_a_network_of_addresses_is_limited_as_one(address: str, network: str) -> None:
    with Flask(__name__).test_request_context(environ_overrides={"REMOTE_ADDR": address}):
        assert client_network() == network
