"""What the office's sign-in service says counts only where it is signed, for this client, about this request."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from socket import SHUT_RDWR, create_server, socket
from threading import Event, Thread
from time import monotonic, sleep, time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from appraisal.services import sign_in_service
from appraisal.services.sign_in_service import Asked, NotVouchedFor, ServiceUnreachable, SignInService, Vouched
from config import Oidc
from tests.sign_in_service import CLIENT, SECRET, Provider, provider

BACK = "https://appraisal.example.org/sign-in/service/back"


@pytest.fixture(scope="module")
def _running() -> Iterator[Provider]:
    with provider() as held:
        yield held


@pytest.fixture
def other(_running: Provider) -> Provider:
    fresh = Provider(address=_running.address, key=_running.key)
    _running.__dict__.update(fresh.__dict__)
    return _running


def settings(other: Provider) -> Oidc:
    return Oidc(issuer=other.address, client_id=CLIENT, client_secret=SECRET, address="https://appraisal.example.org")


def redeemed(other: Provider, service: SignInService | None = None, *, asked: Asked | None = None) -> Vouched:
    service, question = service or SignInService(settings(other)), Asked.anew()
    answer = other.approve(service.address(question, BACK))
    return service.redeem(asked or question, answer["code"], BACK)


@pytest.mark.asvs("10.2.1")
def test_a_code_is_redeemed_with_the_proof_that_only_this_browser_has(other: Provider) -> None:
    found = redeemed(other)
    assert found == Vouched(other.address, "person-1", "ana@example.org", second_step=False)
    with pytest.raises(ServiceUnreachable):
        redeemed(other, asked=Asked.anew())  # another verifier than the one of the challenge


def test_the_question_says_what_it_has_to(other: Provider) -> None:
    asked = Asked("the state", "the nonce", "the verifier")
    query = parse_qs(urlsplit(SignInService(settings(other)).address(asked, BACK)).query)
    assert query["code_challenge"] == ["1feKYP2squaeWAiJic4eC-LS4zxucSgWGrt51hG2aRA"]  # RFC 7636: SHA-256, base64url
    assert (query["response_type"], query["code_challenge_method"], query["scope"]) == (
        ["code"],
        ["S256"],
        ["openid email"],
    )
    assert "the verifier" not in str(query)


NOW = int(time())
FALSE: list[tuple[dict[str, Any], str]] = [
    ({"iss": "https://elsewhere.example"}, "InvalidIssuerError"),
    ({"aud": "another client"}, "InvalidAudienceError"),
    ({"aud": [CLIENT, "another client"]}, "meant for another client"),
    ({"azp": "another client"}, "meant for another client"),
    ({"nonce": "of another request"}, "another request"),
    ({"nonce": None}, "MissingRequiredClaimError"),
    ({"sub": None}, "MissingRequiredClaimError"),
    ({"sub": "x" * 256}, "no subject"),
    ({"exp": NOW - 3600}, "ExpiredSignatureError"),
    ({"exp": None}, "MissingRequiredClaimError"),
    ({"nonce": "\ud800"}, "another request"),
    ({"sub": "per\0son"}, "no subject"),
    ({"sub": "\ud800"}, "no subject"),
    ({"iat": NOW + 3600}, "ImmatureSignatureError"),
]


@pytest.mark.asvs("10.5.1", "10.5.4")
@pytest.mark.parametrize(("claims", "why"), FALSE)
def test_a_token_that_is_not_for_us_now_counts_for_nothing(other: Provider, claims: dict[str, Any], why: str) -> None:
    other.claims = claims
    with pytest.raises(NotVouchedFor) as refused:
        redeemed(other)
    assert why in refused.value.why


@pytest.mark.asvs("11.6.1")
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"algorithm": "none", "signing": ""}, "InvalidAlgorithmError"),
        ({"algorithm": "HS256", "signing": SECRET + "x" * 16}, "InvalidAlgorithmError"),
        ({"signing": ec.generate_private_key(ec.SECP256R1())}, "InvalidSignatureError"),
        ({"published_as": "other"}, "unknown key"),
    ],
)
def test_only_a_signature_of_the_issuers_own_key_counts(other: Provider, change: dict[str, Any], why: str) -> None:
    other.__dict__.update(change)
    with pytest.raises(NotVouchedFor) as refused:
        redeemed(other)
    assert why in refused.value.why


@pytest.mark.parametrize(
    ("claims", "email", "stepped"),
    [
        ({"email": " Ana@Example.ORG "}, "ana@example.org", False),
        ({"email_verified": False}, "", False),
        ({"email_verified": "true"}, "", False),
        ({"email_verified": None}, "", False),
        ({"email": "ana\0@example.org"}, "", False),
        ({"email": "ana\ud800@example.org"}, "", False),
        ({"email": None, "amr": ["pwd", "mfa"]}, "", True),
        ({"amr": ["pwd"]}, "ana@example.org", False),
        ({"aud": [CLIENT, "another"], "azp": CLIENT}, "ana@example.org", False),
    ],
)
def test_an_address_counts_where_it_was_verified(
    other: Provider, claims: dict[str, Any], email: str, stepped: bool
) -> None:
    other.claims = claims
    found = redeemed(other)
    assert (found.email, found.second_step) == (email, stepped)


@pytest.mark.asvs("10.5.3")
@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://elsewhere.example"},
        {"authorization_endpoint": "http://elsewhere.example/authorize"},
        {"authorization_endpoint": None},
    ],
)
def test_an_issuer_speaks_of_itself_and_under_tls(other: Provider, document: dict[str, Any]) -> None:
    other.document = document
    with pytest.raises(ServiceUnreachable):
        SignInService(settings(other)).address(Asked.anew(), BACK)


@pytest.mark.asvs("15.3.2", "1.3.6")
def test_no_redirect_is_followed_and_no_long_or_strange_answer_is_read(
    other: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = (b"<html>", b"[]", b" " * 600_000, b'{"a":' * 50_000, b'{"authorization_endpoint": "https://a/\\ud800"}')
    for status, content in ((302, b"{}"), (500, b"{}"), *((200, each) for each in strange)):
        with monkeypatch.context() as patched:
            patched.setattr(other, "answer", lambda *_a, status=status, content=content: (status, content))
            with pytest.raises(ServiceUnreachable):
                SignInService(settings(other)).address(Asked.anew(), BACK)
    gone = replace(settings(other), issuer="http://127.0.0.1:9")
    with pytest.raises(ServiceUnreachable, match="Try again, or sign in with your password"):
        SignInService(gone).address(Asked.anew(), BACK)


def test_a_new_key_of_the_issuer_is_looked_up_once_a_minute(other: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    at = [1000.0]
    monkeypatch.setattr(sign_in_service.time, "monotonic", lambda: at[0])
    service = SignInService(settings(other))
    redeemed(other, service)
    other.key, other.kid = ec.generate_private_key(ec.SECP256R1()), "second"
    with pytest.raises(NotVouchedFor):
        redeemed(other, service)
    at[0] += 60
    redeemed(other, service)
    assert other.asked.count("/keys") == 2
    assert other.asked.count("/.well-known/openid-configuration") == 1


def test_a_service_that_asks_for_the_secret_in_the_form_gets_it_there(other: Provider) -> None:
    other.document = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert redeemed(other).subject == "person-1"


@pytest.mark.parametrize("place", ["http://elsewhere.example/leave", "javascript:alert(1)", 5, None])
def test_whoever_leaves_is_sent_nowhere_that_is_not_safe(other: Provider, place: object) -> None:
    other.document = {"end_session_endpoint": place}
    service = SignInService(settings(other))
    assert service.sign_out_address(BACK) is None
    redeemed(other, service)
    assert service.sign_out_address(BACK) is None


def test_whoever_leaves_does_not_wait_for_the_service(other: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    at = [1000.0]
    monkeypatch.setattr(sign_in_service.time, "monotonic", lambda: at[0])
    other.document = {"end_session_endpoint": f"{other.address}/leave?realm=city"}
    service = SignInService(settings(other))
    redeemed(other, service)
    at[0] += 2 * sign_in_service.FRESH
    monkeypatch.setattr(other, "answer", lambda *_: (500, b""))
    assert (service.sign_out_address(BACK) or "").startswith(f"{other.address}/leave?realm=city&client_id=")


@contextmanager
def slow(*parts: bytes) -> Iterator[Provider]:
    """A service that sends these parts, and from then on a byte every few moments."""
    stop = Event()

    def drip(connection: socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65536)
            for part in parts:
                connection.sendall(part)
            while not stop.wait(0.02):
                connection.sendall(b"a")

    def serve(listening: socket) -> None:
        with suppress(OSError):
            while True:
                threads.append(Thread(target=drip, args=(listening.accept()[0],)))
                threads[-1].start()

    with create_server(("127.0.0.1", 0)) as listening:
        threads = [Thread(target=serve, args=(listening,))]
        threads[0].start()
        try:
            yield Provider(address=f"http://127.0.0.1:{listening.getsockname()[1]}")
        finally:
            stop.set()
            listening.shutdown(SHUT_RDWR)
            for thread in threads:
                thread.join()


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ",),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\n", b"{"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"5ffff\r\n{"),
    ],
    ids=["no status", "a header without an end", "a slow body", "a slow chunk"],
)
def test_a_service_that_answers_byte_by_byte_is_given_up(
    parts: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in_service, "WHOLE", 0.2)
    with slow(*parts) as other, pytest.raises(ServiceUnreachable) as refused:
        SignInService(settings(other)).address(Asked.anew(), BACK)
    assert "0.2 seconds" in refused.value.why or "too slowly" in refused.value.why


def test_a_service_that_hangs_holds_up_a_few_and_lets_go_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in_service, "WHOLE", 0.2)
    monkeypatch.setattr(sign_in_service, "MOST_AT_ONCE", 2)
    with slow() as other:
        service = SignInService(settings(other))
        for why in ("0.2 seconds", "0.2 seconds", "waiting for it already"):
            with pytest.raises(ServiceUnreachable) as refused:
                service.address(Asked.anew(), BACK)
            assert why in refused.value.why
    until = monotonic() + 10
    while (found := service._turns._value) < 2 and monotonic() < until:
        sleep(0.01)
    assert found == 2, "the threads ended with the connections"
