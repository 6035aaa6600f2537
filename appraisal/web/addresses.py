"""Where a request comes from: what a proxy says counts only where the settings trust the proxy."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from flask import request

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Network = IPv4Network | IPv6Network
NEIGHBOURS = 64
"""Of an IPv6 address, the bits that one customer's addresses share."""


class BehindProxies:
    """Gives the application the address of the person, not of the proxies in between, and the scheme that they used.

    Read from the right of `X-Forwarded-For`, where the nearest proxy wrote: the first address that no trusted proxy
    has. Whatever stands left of it anyone may have made up.
    """

    def __init__(self, application: "WSGIApplication", trusted: tuple[Network, ...]) -> None:
        self._application, self._trusted = application, trusted

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if self._trusts(environ.get("REMOTE_ADDR", "")):
            environ["REMOTE_ADDR"] = self._origin(environ)
            if (scheme := environ.get("HTTP_X_FORWARDED_PROTO")) in ("http", "https"):
                environ["wsgi.url_scheme"] = scheme
        return self._application(environ, start_response)

    def _origin(self, environ: "WSGIEnvironment") -> str:
        nearest = str(environ["REMOTE_ADDR"])
        for said in reversed(environ.get("HTTP_X_FORWARDED_FOR", "").split(",")):
            if not _is_address(said.strip()):
                break
            nearest = said.strip()
            if not self._trusts(nearest):
                break
        return nearest

    def _trusts(self, address: str) -> bool:
        return _is_address(address) and any(ip_address(address) in network for network in self._trusted)


def client_address() -> str:
    """The address of whoever asks; empty where the server does not know it."""
    return request.remote_addr or ""


def client_network() -> str:
    """What is limited as one: an IPv4 address, or the network that an IPv6 address is one of 2^64 in."""
    address = client_address()
    if not _is_address(address) or (found := ip_address(address)).version == 4:  # noqa: PLR2004
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((int(found), NEIGHBOURS), strict=False))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
