"""Signing in by the office's own sign-in service (OpenID Connect): authorization code with PKCE, a state and a nonce.

What the service says counts only where it is signed by a key of the issuer that is set, for this client and this very
request (docs/adr/0034). The server asks the addresses that the issuer names, follows no redirects, and waits not long.
"""

import json
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from http.client import HTTPException
from threading import BoundedSemaphore, Lock, Thread
from typing import Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import quote_plus, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from appraisal.services.chance import fresh_secret
from appraisal.services.errors import DomainError
from config import Oidc

TIMEOUT = 10.0
"""Seconds without a byte."""
WHOLE = 20.0
"""Seconds for everything that one sign-in asks of the service, names and TLS included."""
MOST_AT_ONCE = 8
"""Of a process: a service that hangs holds up no more threads than these."""
LONGEST_ANSWER = 512 * 1024
LONGEST_NAME = 255
"""Of a subject: what the standard allows."""
FRESH = 3600.0
"""Seconds for which what the issuer publishes of itself is kept."""
KEYS_AGAIN = 60.0
"""Seconds at least between two looks for a key that was not known."""
CLOCKS = 60
"""Seconds by which the clocks of both servers may differ."""
ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signatures alone: none, and no secret that both sides share."""
_NEEDED = ("iss", "sub", "aud", "exp", "iat", "nonce")


class ServiceUnreachable(DomainError):
    """The sign-in service does not answer, or not as OpenID Connect has it."""

    def __init__(self, why: str) -> None:
        super().__init__("The sign-in service cannot be reached just now. Try again, or sign in with your password.")
        self.why = why


class NotVouchedFor(DomainError):
    """What the service answered does not show who is there; `why` is for the log."""

    def __init__(self, why: str) -> None:
        super().__init__("The sign-in service did not say for certain who you are. Try again.")
        self.why = why


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser keeps of a request, to compare with the answer."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def anew(cls) -> "Asked":
        return cls(fresh_secret(), fresh_secret(), fresh_secret())


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom the service has recognised."""

    issuer: str
    subject: str
    email: str
    """Empty where it has none that it verified."""
    second_step: bool
    """Whether the service says that it asked for more than a password (RFC 8176)."""


T = TypeVar("T")


class SignInService:
    """One issuer; what it publishes is kept for an hour. Safe to ask from several threads."""

    def __init__(self, settings: Oidc) -> None:
        self.settings = settings
        self._lock = Lock()
        self._known: dict[str, Any] = {}
        self._known_at = self._keys_at = float("-inf")
        self._keys: dict[str, Any] = {}
        self._turns = BoundedSemaphore(MOST_AT_ONCE)

    def address(self, asked: Asked, back: str) -> str:
        """Where the browser goes to sign in; raises ServiceUnreachable."""
        return self._in_time(lambda: self._address(asked, back))

    def redeem(self, asked: Asked, code: str, back: str) -> Vouched:
        """Who is there, for the code that the browser brought; raises ServiceUnreachable, NotVouchedFor."""
        return self._in_time(lambda: self._redeem(asked, code, back))

    def _in_time(self, ask: Callable[[], T]) -> T:
        """What is asked in a thread of its own: nothing that the service does makes a browser wait longer."""
        if not self._turns.acquire(blocking=False):
            raise ServiceUnreachable("as many as may be are waiting for it already")
        answer: Future[T] = Future()

        def run() -> None:
            try:
                answer.set_result(ask())
            except BaseException as failed:
                answer.set_exception(failed)
            finally:
                self._turns.release()

        Thread(target=run, name="appraisal-sign-in-service", daemon=True).start()
        try:
            return answer.result(WHOLE)
        except TimeoutError:
            raise ServiceUnreachable(f"it did not answer within {WHOLE:g} seconds") from None

    def _address(self, asked: Asked, back: str) -> str:
        challenge = urlsafe_b64encode(sha256(asked.verifier.encode()).digest()).rstrip(b"=").decode()
        question = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": back,
            "scope": "openid email",
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return _asking(self._endpoint("authorization_endpoint"), question)

    def sign_out_address(self, back: str) -> str | None:
        """Where one ends the session at the service as well; None where it has no such place or is not known.

        Nothing is asked of the service for it: whoever leaves waits for nobody.
        """
        address = self._known.get("end_session_endpoint")
        if not isinstance(address, str) or not _safe(address):
            return None
        return _asking(address, {"client_id": self.settings.client_id, "post_logout_redirect_uri": back})

    def _redeem(self, asked: Asked, code: str, back: str) -> Vouched:
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": asked.verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        ours, secret = self.settings.client_id, self.settings.client_secret
        if "client_secret_basic" in self._document().get("token_endpoint_auth_methods_supported", _BY_STANDARD):
            pair = f"{quote_plus(ours)}:{quote_plus(secret)}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            sent |= {"client_id": ours, "client_secret": secret}
        answer = _asked_of(Request(self._endpoint("token_endpoint"), urlencode(sent).encode(), headers))  # noqa: S310
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise NotVouchedFor("no id_token in the answer")
        return self._read(token, asked.nonce)

    def _read(self, token: str, nonce: str) -> Vouched:
        import jwt  # noqa: PLC0415 -- only where somebody signs in this way

        ours = self.settings.client_id
        try:
            key = self._key(str(jwt.get_unverified_header(token).get("kid") or ""))
            claims = jwt.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                audience=ours,
                issuer=self.settings.issuer,
                leeway=CLOCKS,
                options={"require": list(_NEEDED)},
            )
        except jwt.PyJWTError as refused:
            raise NotVouchedFor(type(refused).__name__) from None
        return _vouched(claims, ours, nonce)

    def _key(self, name: str) -> Any:
        """The issuer's key of this name; one that is not known is looked for anew, once a minute at most."""
        with self._lock:
            if name not in self._keys and time.monotonic() - self._keys_at >= KEYS_AGAIN:
                self._keys, self._keys_at = self._published_keys(), time.monotonic()
            found = self._keys.get(name)
        if found is None:
            raise NotVouchedFor("signed with an unknown key")
        return found

    def _published_keys(self) -> dict[str, Any]:
        import jwt  # noqa: PLC0415

        listed = _asked_of(Request(self._endpoint("jwks_uri")))  # noqa: S310 -- https, or this machine
        try:
            keys = jwt.PyJWKSet.from_dict(dict(listed)).keys
        except jwt.PyJWTError as refused:
            raise ServiceUnreachable(f"its keys cannot be read: {refused}") from None
        return {key.key_id or "": key for key in keys if key.public_key_use in (None, "sig")}

    def _endpoint(self, name: str) -> str:
        address = self._document().get(name)
        if not isinstance(address, str) or not _safe(address):
            raise ServiceUnreachable(f"its {name} is no address under TLS")
        return address

    def _document(self) -> Mapping[str, Any]:
        """What the issuer publishes of itself, which has to be about itself."""
        if time.monotonic() - self._known_at > FRESH:
            where = f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration"
            found = _asked_of(Request(where))  # noqa: S310 -- https, or this machine
            if found.get("issuer") != self.settings.issuer:
                raise ServiceUnreachable("it calls itself by another name than the one that is set")
            self._known, self._known_at = dict(found), time.monotonic()
        return self._known


_BY_STANDARD = ("client_secret_basic",)


def _vouched(claims: Mapping[str, Any], ours: str, nonce: str) -> Vouched:
    """What signed claims say, once they are about this request and this client alone; raises NotVouchedFor."""
    if not compare_digest(str(claims["nonce"]).encode(errors="replace"), nonce.encode()):
        raise NotVouchedFor("the answer to another request")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != ours:
        raise NotVouchedFor("meant for another client")
    subject, email = claims["sub"], claims.get("email")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_NAME or not subject.isprintable():
        raise NotVouchedFor("no subject")
    verified = isinstance(email, str) and email.isprintable() and claims.get("email_verified") is True
    methods = claims.get("amr")
    stepped = isinstance(methods, list) and "mfa" in methods
    return Vouched(str(claims["iss"]), subject, str(email).strip().lower() if verified else "", stepped)


def _asking(address: str, question: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(question)}"


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any) -> None:
        """What answers for the service is at the address that it named."""


def _opener() -> OpenerDirector:
    return build_opener(_NoRedirects)


def _asked_of(question: Request) -> Mapping[str, Any]:
    """The JSON object that is answered; raises ServiceUnreachable."""
    if not _safe(question.full_url):
        raise ServiceUnreachable("its address is not under TLS")
    question.add_header("Accept", "application/json")
    try:
        with _opener().open(question, timeout=TIMEOUT) as answer:
            content = _content(answer)
    except HTTPError as refused:
        refused.close()
        raise ServiceUnreachable(str(refused)) from None
    except (URLError, HTTPException, OSError) as failed:
        raise ServiceUnreachable(str(failed)) from None
    try:
        found = json.loads(content) if len(content) <= LONGEST_ANSWER else None
        json.dumps(found, ensure_ascii=False).encode()  # halves of characters can be escaped, and sent on to nobody
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ServiceUnreachable("it does not answer with an object of JSON")
    return found


def _content(answer: Any) -> bytes:
    """As far as it is of use, and comes in time: a thread that nobody waits for any more ends as well."""
    content, until = b"", time.monotonic() + WHOLE
    while len(content) <= LONGEST_ANSWER and (part := answer.read1(LONGEST_ANSWER + 1 - len(content))):
        if time.monotonic() > until:
            raise TimeoutError("its answer comes too slowly")
        content += part
    return content


def _safe(address: str) -> bool:
    """Under TLS; without it only on this machine, for trying it out."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))
