"""Mail goes to a server whose certificate is trusted, or it does not go: a small mail server on this machine."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from appraisal.services.smtp import NotTaken, hand_over
from config import Smtp

USER, PASSWORD = "appraisal", "a password of the tests"


@dataclass
class MailServer:
    """Takes one message a connection; says what it heard and whether it was encrypted."""

    secure: ssl.SSLContext
    implicit: bool
    offers_tls: bool = True
    heard: list[tuple[str, bool]] = field(default_factory=list)
    port: int = 0

    def answer(self, connection: socket.socket) -> None:
        encrypted = self.implicit
        if self.implicit:
            connection = self.secure.wrap_socket(connection, server_side=True)
        connection.sendall(b"220 here\r\n")
        lines, message = connection.makefile("rb"), False
        while line := lines.readline():
            said = line.decode().rstrip("\r\n")
            self.heard.append((said, encrypted))
            if message:
                message = said != "."
                if not message:
                    connection.sendall(b"250 taken\r\n")
                continue
            match said.split(" ")[0].upper():
                case "EHLO":
                    more = b"250-STARTTLS\r\n" if self.offers_tls and not encrypted else b"250-AUTH PLAIN\r\n"
                    connection.sendall(b"250-here\r\n" + more + b"250 8BITMIME\r\n")
                case "STARTTLS":
                    connection.sendall(b"220 go on\r\n")
                    connection = self.secure.wrap_socket(connection, server_side=True)
                    lines, encrypted = connection.makefile("rb"), True
                case "AUTH":
                    connection.sendall(b"235 in\r\n")
                case "DATA":
                    connection.sendall(b"354 say it\r\n")
                    message = True
                case "QUIT":
                    connection.sendall(b"221 bye\r\n")
                    connection.close()
                    return
                case _:
                    connection.sendall(b"250 good\r\n")


@dataclass(frozen=True)
class Certificates:
    authority: Path
    good: ssl.SSLContext
    of_another_name: ssl.SSLContext
    outdated: ssl.SSLContext


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """An authority of the test's own, and servers' certificates by it."""
    folder = tmp_path_factory.mktemp("certificates")
    key, name = ec.generate_private_key(ec.SECP256R1()), _name("Authority of the tests")
    authority = _certificate(name, name, key.public_key(), key, authority=True)
    (folder / "authority.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))

    def server(address: str, *, days: int = 1) -> ssl.SSLContext:
        own = ec.generate_private_key(ec.SECP256R1())
        made = _certificate(_name("server"), name, own.public_key(), key, address=address, days=days)
        path = folder / f"{address}.{days}.pem"
        kept = serialization.PrivateFormat.PKCS8
        path.write_bytes(
            own.private_bytes(serialization.Encoding.PEM, kept, serialization.NoEncryption())
            + made.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    return Certificates(
        folder / "authority.pem", server("127.0.0.1"), server("192.0.2.1"), server("127.0.0.1", days=-1)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    key: ec.EllipticCurvePrivateKey,
    *,
    authority: bool = False,
    address: str = "127.0.0.1",
    days: int = 1,
) -> x509.Certificate:
    ends = datetime.now(UTC) + timedelta(days=days)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - timedelta(days=5))
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(identifier, critical=False)
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )


@contextmanager
def listening(secure: ssl.SSLContext, *, implicit: bool, offers_tls: bool = True) -> Iterator[MailServer]:
    server = MailServer(secure, implicit, offers_tls)
    with socket.create_server(("127.0.0.1", 0)) as taking:
        server.port = taking.getsockname()[1]

        def serve() -> None:
            with suppress(OSError):
                connection, _ = taking.accept()
                connection.settimeout(10)
                try:
                    with suppress(OSError):
                        server.answer(connection)
                finally:
                    connection.close()

        running = threading.Thread(target=serve)
        running.start()
        yield server
        running.join()


def settings(server: MailServer, *, user: str = USER) -> Smtp:
    return Smtp(
        host="127.0.0.1",
        port=server.port,
        security="tls" if server.implicit else "starttls",
        user=user,
        password=PASSWORD if user else "",
        sender="tool@example.org",
        address="https://appraisal.example.org",
    )


def message() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "tool@example.org", "ana@example.org", "News"
    made.set_content("The text.")
    return made


@pytest.mark.asvs("12.3.1")
@pytest.mark.parametrize("implicit", [True, False])
def test_mail_and_password_go_encrypted_to_a_trusted_server(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch, *, implicit: bool
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    with listening(certificates.good, implicit=implicit) as server:
        hand_over(settings(server), message())
    said = [line for line, _ in server.heard]
    assert "The text." in said
    assert any(line.startswith("AUTH PLAIN") for line in said)
    open_lines = [line.split(" ")[0].upper() for line, encrypted in server.heard if not encrypted]
    assert open_lines == ([] if implicit else ["EHLO", "STARTTLS"])


@pytest.mark.asvs("12.3.2")
@pytest.mark.parametrize("implicit", [True, False])
@pytest.mark.parametrize(
    ("which", "trusted", "why"),
    [
        ("good", False, "unable to get local issuer certificate"),
        ("of_another_name", True, "IP address mismatch"),
        ("outdated", True, "certificate has expired"),
    ],
)
def test_nothing_goes_to_a_server_whose_certificate_cannot_be_trusted(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch, which: str, why: str, *, trusted: bool, implicit: bool
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    with listening(getattr(certificates, which), implicit=implicit) as server, pytest.raises(NotTaken) as refused:
        hand_over(settings(server), message())
    assert str(refused.value).startswith("nothing was sent: the mail server's certificate cannot be trusted")
    assert why in str(refused.value)
    assert not refused.value.for_good
    assert {line.split(" ")[0].upper() for line, _ in server.heard} <= {"EHLO", "STARTTLS"}


def test_a_server_that_offers_no_encryption_gets_neither_password_nor_mail(certificates: Certificates) -> None:
    with listening(certificates.good, implicit=False, offers_tls=False) as server, pytest.raises(NotTaken):
        hand_over(settings(server), message())
    assert {line.split(" ")[0].upper() for line, _ in server.heard} == {"EHLO"}
