"""A small sign-in service on this machine: it hands out codes, and checks what a client must prove to redeem one."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

CLIENT, SECRET = "appraisal", "a client secret of the tests"


@dataclass
class Provider:
    address: str = ""
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    kid: str = "first"
    published_as: str = ""
    """Another name than the one that tokens say their key has."""
    claims: dict[str, Any] = field(default_factory=dict)
    """What the next token says besides, or instead; None leaves a claim out."""
    algorithm: str = "ES256"
    signing: Any = None
    """Another key than the one that is published."""
    document: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def approve(self, location: str, code: str = "code") -> dict[str, str]:
        """The person signs in at the service: what its answer brings back, for the address that the tool sent to."""
        question = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        self.codes[code] = question
        return {"code": code, "state": question["state"]}

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, object]:
        self.asked.append(path)
        match path:
            case "/.well-known/openid-configuration":
                return 200, self._document()
            case "/keys":
                return 200, {"keys": [self._public()]}
            case "/token":
                return self._token(form, authorization)
        return 404, {}

    def _document(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "end_session_endpoint": f"{self.address}/leave",
            **self.document,
        }

    def _public(self) -> dict[str, Any]:
        public: dict[str, Any] = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key()))
        return {**public, "kid": self.published_as or self.kid, "use": "sig", "alg": "ES256"}

    def _token(self, form: dict[str, str], authorization: str) -> tuple[int, object]:
        if authorization:
            client, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
            secret = secret.replace("+", " ")
        else:
            client, secret = form.get("client_id", ""), form.get("client_secret", "")
        question = self.codes.pop(form.get("code", ""), None)
        if (client, secret) != (CLIENT, SECRET) or question is None:
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        proved = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == question["code_challenge"]
        if not proved or form["redirect_uri"] != question["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        at = int(time())
        usual = {"iss": self.address, "aud": CLIENT, "sub": "person-1", "nonce": question["nonce"]}
        claims = usual | {"iat": at, "exp": at + 300, "email": "ana@example.org", "email_verified": True} | self.claims
        said = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode(
            said, self.key if self.signing is None else self.signing, self.algorithm, headers={"kid": self.kid}
        )
        return 200, {"id_token": token, "access_token": "unused", "token_type": "Bearer"}


@contextmanager
def provider() -> Iterator[Provider]:
    held = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(sent).items()})

        def _answer(self, form: dict[str, str]) -> None:
            status, found = held.answer(self.path, form, self.headers.get("Authorization", ""))
            content = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", f"{held.address}/keys")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.address = f"http://127.0.0.1:{server.server_port}"
    running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    running.start()
    try:
        yield held
    finally:
        server.shutdown()
        running.join()
        server.server_close()
