"""Handing a message to the mail server."""

import smtplib
import ssl
from email.message import EmailMessage

from config import Smtp

TIMEOUT = 20.0
"""Seconds."""
_WORST = 500
"""From this code on the server means it for good."""


class NotTaken(Exception):
    """The mail server did not take the message; `for_good`: it never will."""

    def __init__(self, said: str, *, for_good: bool = False) -> None:
        super().__init__(said)
        self.for_good = for_good


def hand_over(settings: Smtp, message: EmailMessage) -> None:
    """Give the message to the server; raises NotTaken."""
    try:
        with _connected(settings) as server:
            if settings.user:
                server.login(settings.user, settings.password)
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        code, said = next(iter(refused.recipients.values()))
        raise NotTaken(_text(code, said), for_good=code >= _WORST) from None
    except smtplib.SMTPAuthenticationError as refused:
        raise NotTaken(
            f"{refused.smtp_code}: the server does not accept the user and password of the settings"
        ) from None
    except smtplib.SMTPResponseException as refused:
        raise NotTaken(_text(refused.smtp_code, refused.smtp_error), for_good=refused.smtp_code >= _WORST) from None
    except ssl.SSLCertVerificationError as failed:
        why = f"nothing was sent: the mail server's certificate cannot be trusted ({failed.verify_message})"
        raise NotTaken(why[:300]) from None
    except (smtplib.SMTPException, OSError) as failed:
        raise NotTaken(f"the mail server could not be reached: {failed}"[:300]) from None


def _connected(settings: Smtp) -> smtplib.SMTP:
    if settings.security == "tls":
        secure = ssl.create_default_context()
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=TIMEOUT, context=secure)
    server = smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT)
    if settings.security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server


def _text(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code}: {' '.join(words.split())}"[:300]
