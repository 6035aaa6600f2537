"""Every setting of the application: its environment variable, default and meaning, checked at start."""

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

ROOT = Path(__file__).resolve().parent
MIN_SECRET_LENGTH = 32
LAST_PORT = 65535
_ADDRESS_OF_MAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+")
_ADDRESS_OF_SITE = re.compile(r"https?://[^/\s?#@]+/?")
_THIS_MACHINE = re.compile(r"http://(127\.0\.0\.1|localhost)[:/]")
MOST_PROCESSES = 16
SLOWEST_PACE = 60
FEWEST_DAYS, MOST_DAYS = 30, 3_650


class ConfigurationError(Exception):
    """The settings do not allow a start; the message says which variable to set to what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    host: str
    """APPRAISAL_SMTP_HOST: the mail server; left out, no mail is sent."""
    port: int = 587
    """APPRAISAL_SMTP_PORT."""
    security: str = "starttls"
    """APPRAISAL_SMTP_SECURITY: `starttls`, `tls` from the first byte, or `none`, which never sends a password."""
    user: str = ""
    """APPRAISAL_SMTP_USER: empty where the server asks for none."""
    password: str = field(default="", repr=False)
    """APPRAISAL_SMTP_PASSWORD."""
    sender: str
    """APPRAISAL_SMTP_SENDER: the address that mail comes from."""
    address: str
    """APPRAISAL_ADDRESS: where people reach this tool, such as https://appraisal.example.org, for links in mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Oidc:
    issuer: str
    """APPRAISAL_OIDC_ISSUER: the office's sign-in service (OpenID Connect), as it names itself, such as
    https://login.example.org/realms/city; left out, people sign in with passwords alone."""
    client_id: str
    """APPRAISAL_OIDC_CLIENT_ID: as which the service knows this tool; its return address there is APPRAISAL_ADDRESS
    with /sign-in/service/back."""
    client_secret: str = field(repr=False)
    """APPRAISAL_OIDC_CLIENT_SECRET."""
    name: str = "your office account"
    """APPRAISAL_OIDC_NAME: what people sign in with, as the button says it."""
    second_step: str = "own"
    """APPRAISAL_OIDC_SECOND_STEP: `own`: this tool's codes are asked for as with a password; `amr`: not where the
    service says that it asked for more than a password; `trusted`: never, since the service always does."""
    address: str
    """APPRAISAL_ADDRESS: where people reach this tool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    environment: str = "development"
    """APPRAISAL_ENV: `development`, `production` or `testing`."""
    secret_key: str
    """APPRAISAL_SECRET_KEY: signs sessions; production needs 32 characters or more."""
    database_url: str
    """APPRAISAL_DATABASE_URL: SQLAlchemy address, `sqlite:///…` or `postgresql+psycopg://…`."""
    audit_key: str = ""
    """APPRAISAL_AUDIT_KEY: seals the audit trail and exported reports; kept outside the database and its backups, and
    the same for as long as the trail is to be checked. Production needs 32 characters or more."""
    audit_keys_before: tuple[str, ...] = ()
    """APPRAISAL_AUDIT_KEYS_BEFORE: the audit keys that this one took the place of, separated by commas: what they
    sealed is checked with them (`appraisal audit change-key`)."""
    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    """APPRAISAL_TRUSTED_HOSTS: names the server answers to, separated by commas."""
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """APPRAISAL_TRUSTED_PROXIES: addresses or networks of the proxies in front of it, separated by commas. What they
    say of a request's origin is believed, what anyone else says is not."""
    processes: int = 1
    """APPRAISAL_PROCESSES: processes that answer, 1 to 16; one a core, four at most, where it is not set."""
    confirm_above: Decimal = Decimal(10_000_000)
    """APPRAISAL_CONFIRM_ABOVE: a publication that approves more than this, in single units of the round's currency, is
    confirmed by typing."""
    requests_a_minute: int = 15_000
    """APPRAISAL_REQUESTS_A_MINUTE: how many requests of one account each process takes in a minute, 60 at least."""
    keep_messages: int = 365
    """APPRAISAL_KEEP_MESSAGES: days for which messages are kept; those of decisions are kept with the record."""
    keep_mail: int = 90
    """APPRAISAL_KEEP_MAIL: days for which it is kept that a mail was sent, or was not taken."""
    keep_access: int = 180
    """APPRAISAL_KEEP_ACCESS: days for which links and tokens are kept after they ended."""
    second_step_for: str = "none"
    """APPRAISAL_REQUIRE_SECOND_STEP: who has to set a second step up before anything else: `office`, every role
    but the planner's and the default in production, `everyone` or `none`."""
    smtp: "Smtp | None" = None
    """Where mail is handed over; None: the tool sends none. APPRAISAL_SMTP_HOST turns it on."""
    oidc: "Oidc | None" = None
    """The office's own sign-in service; None: there is none. APPRAISAL_OIDC_ISSUER turns it on."""
    demo: bool = False
    """APPRAISAL_DEMO: `1` shows the demo accounts on the sign-in page; refused in production."""

    @property
    def production(self) -> bool:
        return self.environment == "production"


def from_environment(environment: Mapping[str, str] = os.environ, *, instance: Path = ROOT / "instance") -> Settings:
    """Read and check the settings; raises ConfigurationError with what to do."""
    name = environment.get("APPRAISAL_ENV", "development")
    if name not in ("development", "production", "testing"):
        raise ConfigurationError(f"APPRAISAL_ENV is {name!r}; use development, production or testing.")
    secret = environment.get("APPRAISAL_SECRET_KEY", "")
    if name == "production" and _weak(secret):
        raise ConfigurationError(
            "Production needs a strong APPRAISAL_SECRET_KEY of at least 32 characters; make one with: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    audit_key = environment.get("APPRAISAL_AUDIT_KEY", "")
    if name == "production" and (_weak(audit_key) or audit_key == secret):
        raise ConfigurationError(
            "Production needs a strong APPRAISAL_AUDIT_KEY of at least 32 characters, another than the secret key; "
            "keep it outside the database, for without it the audit trail cannot be checked."
        )
    demo = environment.get("APPRAISAL_DEMO", "") == "1"
    if demo and name == "production":
        raise ConfigurationError("APPRAISAL_DEMO=1 is refused in production: demo accounts have known passwords.")
    hosts = _listed(environment.get("APPRAISAL_TRUSTED_HOSTS", ""))
    if name == "production" and not hosts:
        raise ConfigurationError("Production needs APPRAISAL_TRUSTED_HOSTS, the names the server answers to.")
    return Settings(
        environment=name,
        secret_key=secret or _own_secret(instance / "secret_key"),
        audit_keys_before=_listed(environment.get("APPRAISAL_AUDIT_KEYS_BEFORE", "")),
        audit_key=audit_key or _own_secret(instance / "audit_key"),
        database_url=environment.get("APPRAISAL_DATABASE_URL", f"sqlite:///{instance / 'appraisal.db'}"),
        processes=_processes(environment.get("APPRAISAL_PROCESSES", "")),
        trusted_proxies=_networks(environment.get("APPRAISAL_TRUSTED_PROXIES", "")),
        trusted_hosts=hosts or ("127.0.0.1", "localhost"),
        confirm_above=_amount(environment.get("APPRAISAL_CONFIRM_ABOVE", "10000000")),
        requests_a_minute=_pace(environment.get("APPRAISAL_REQUESTS_A_MINUTE", "15000")),
        keep_messages=_days(environment, "APPRAISAL_KEEP_MESSAGES", 365),
        keep_mail=_days(environment, "APPRAISAL_KEEP_MAIL", 90),
        keep_access=_days(environment, "APPRAISAL_KEEP_ACCESS", 180),
        second_step_for=_second_step(environment.get("APPRAISAL_REQUIRE_SECOND_STEP", ""), name),
        smtp=_smtp(environment),
        oidc=_oidc(environment, production=name == "production"),
        demo=demo,
    )


def _smtp(environment: Mapping[str, str]) -> Smtp | None:
    if not (host := environment.get("APPRAISAL_SMTP_HOST", "").strip()):
        return None
    port = environment.get("APPRAISAL_SMTP_PORT", "587")
    if not port.isascii() or not port.isdigit() or not 0 < int(port) <= LAST_PORT:
        raise ConfigurationError(f"APPRAISAL_SMTP_PORT is {port!r}; give a port such as 587.")
    security = environment.get("APPRAISAL_SMTP_SECURITY", "starttls")
    if security not in ("starttls", "tls", "none"):
        raise ConfigurationError(f"APPRAISAL_SMTP_SECURITY is {security!r}; use starttls, tls or none.")
    user, password = environment.get("APPRAISAL_SMTP_USER", ""), environment.get("APPRAISAL_SMTP_PASSWORD", "")
    if bool(user) != bool(password) or (user and security == "none"):
        raise ConfigurationError(
            "APPRAISAL_SMTP_USER and APPRAISAL_SMTP_PASSWORD belong together, and need APPRAISAL_SMTP_SECURITY "
            "starttls or tls: a password is never sent in the open."
        )
    sender, address = environment.get("APPRAISAL_SMTP_SENDER", ""), environment.get("APPRAISAL_ADDRESS", "")
    if not _ADDRESS_OF_MAIL.fullmatch(sender):
        raise ConfigurationError("Mail needs APPRAISAL_SMTP_SENDER, the address that it comes from.")
    if not _ADDRESS_OF_SITE.fullmatch(address):
        raise ConfigurationError(
            "Mail needs APPRAISAL_ADDRESS, where people reach this tool, such as https://appraisal.example.org."
        )
    return Smtp(
        host=host,
        port=int(port),
        security=security,
        user=user,
        password=password,
        sender=sender,
        address=address.rstrip("/"),
    )


def _oidc(environment: Mapping[str, str], *, production: bool) -> Oidc | None:
    if not (issuer := environment.get("APPRAISAL_OIDC_ISSUER", "").strip()):
        return None
    if not (issuer.startswith("https://") or (not production and re.match(_THIS_MACHINE, issuer))):
        raise ConfigurationError(f"APPRAISAL_OIDC_ISSUER is {issuer!r}; give an address that begins with https://.")
    client, secret = (environment.get(f"APPRAISAL_OIDC_CLIENT_{part}", "").strip() for part in ("ID", "SECRET"))
    address = environment.get("APPRAISAL_ADDRESS", "")
    if not client or not secret or not _ADDRESS_OF_SITE.fullmatch(address):
        raise ConfigurationError(
            "Signing in by the office's service needs APPRAISAL_OIDC_CLIENT_ID, APPRAISAL_OIDC_CLIENT_SECRET and "
            "APPRAISAL_ADDRESS, where people reach this tool, such as https://appraisal.example.org."
        )
    asked = environment.get("APPRAISAL_OIDC_SECOND_STEP", "own")
    if asked not in ("own", "amr", "trusted"):
        raise ConfigurationError(f"APPRAISAL_OIDC_SECOND_STEP is {asked!r}; use own, amr or trusted.")
    if find_spec("jwt") is None:
        raise ConfigurationError("APPRAISAL_OIDC_ISSUER needs the extra `oidc`: install smart-city-appraisal[oidc].")
    return Oidc(
        issuer=issuer,
        client_id=client,
        client_secret=secret,
        name=environment.get("APPRAISAL_OIDC_NAME", "").strip() or "your office account",
        second_step=asked,
        address=address.rstrip("/"),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _weak(secret: str) -> bool:
    return len(secret) < MIN_SECRET_LENGTH or len(set(secret)) < MIN_SECRET_LENGTH // 4


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as problem:
        raise ConfigurationError(f"APPRAISAL_TRUSTED_PROXIES: {problem}; give addresses such as 10.0.0.5.") from None


def _processes(text: str) -> int:
    if not text:
        return min(os.cpu_count() or 1, 4)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_PROCESSES:
        raise ConfigurationError(f"APPRAISAL_PROCESSES is {text!r}; give a number from 1 to {MOST_PROCESSES}.")
    return int(text)


def _pace(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < SLOWEST_PACE:
        raise ConfigurationError(f"APPRAISAL_REQUESTS_A_MINUTE is {text!r}; give {SLOWEST_PACE} or more.")
    return int(text)


def _days(environment: Mapping[str, str], name: str, usual: int) -> int:
    text = environment.get(name, str(usual))
    if not text.isascii() or not text.isdigit() or not FEWEST_DAYS <= int(text) <= MOST_DAYS:
        raise ConfigurationError(f"{name} is {text!r}; give a number of days from {FEWEST_DAYS} to {MOST_DAYS:,}.")
    return int(text)


def _second_step(text: str, environment: str) -> str:
    if text not in ("", "office", "everyone", "none"):
        raise ConfigurationError(f"APPRAISAL_REQUIRE_SECOND_STEP is {text!r}; use office, everyone or none.")
    return text or ("office" if environment == "production" else "none")


def _amount(text: str) -> Decimal:
    if not text.isascii() or not text.isdigit():
        raise ConfigurationError(f"APPRAISAL_CONFIRM_ABOVE is {text!r}; give a whole amount such as 10000000.")
    return Decimal(text)


def _own_secret(path: Path) -> str:
    """A key of this machine's own, kept so that sessions and seals outlive a restart during development."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(made, path)  # whole or not at all: of two starts at once, one makes it
        made.unlink()
    return path.read_text()
