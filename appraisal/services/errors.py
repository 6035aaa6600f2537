"""Why a use case was refused, in words for the person who asked."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session


class DomainError(Exception):
    """A refusal that people can act on; nothing was changed."""


class AlreadyThere(DomainError):
    """Something with this name or reference exists."""


class AlreadyMoved(DomainError):
    """The project is where it was to be taken."""


class StaleVersion(DomainError):
    """Someone changed it since it was read."""


def flush_new(session: Session, message: str) -> None:
    """Write what was added; raises AlreadyThere where someone added the same at the same moment."""
    try:
        session.flush()
    except IntegrityError:
        raise AlreadyThere(message) from None
