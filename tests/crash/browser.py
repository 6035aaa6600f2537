"""A browser over plain HTTP, without a screen: cookies, the token of forms, files."""

import http.client
import re
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode
from uuid import uuid4

DONE = 302
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(slots=True)
class Browser:
    port: int
    cookies: SimpleCookie = field(default_factory=SimpleCookie)
    token: str = ""

    def sign_in(self, email: str, password: str) -> None:
        self.token = self._token_of("/sign-in")
        status, _ = self.post("/sign-in", {"email": email, "password": password})
        if status != DONE:
            raise RuntimeError(f"signing in gave {status}")
        self.token = self._token_of("/projects/start")

    def get(self, path: str) -> tuple[int, str]:
        status, _, text = self._send("GET", path, b"", {})
        return status, text

    def post(self, path: str, data: dict[str, object]) -> tuple[int, str]:
        """Status, and where the answer leads."""
        return self._send("POST", path, urlencode({"csrf_token": self.token, **data}, doseq=True).encode(), FORM)[:2]

    def send_file(self, path: str, data: dict[str, str], name: str, file: tuple[str, bytes]) -> tuple[int, str]:
        """The same for a form with one file."""
        mark = uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in {"csrf_token": self.token, **data}.items()
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file[0]}"\r\n'
        body = b"".join([*parts, head.encode(), b"\r\n", file[1], f"\r\n--{mark}--\r\n".encode()])
        return self._send("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={mark}"})[:2]

    def _token_of(self, path: str) -> str:
        found = TOKEN.search(self.get(path)[1])
        if found is None:
            raise RuntimeError(f"{path} holds no token")
        return found[1]

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
            connection.request(method, path, body, {**headers, "Cookie": cookie})
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for header in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(header)
        return answer.status, answer.headers.get("Location", ""), text
