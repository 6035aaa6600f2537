"""Why a use case was refused, in words for the person who asked."""


class DomainError(Exception):
    """A refusal that people can act on; nothing was changed."""


class AlreadyThere(DomainError):
    """Something with this name or reference exists."""


class StaleVersion(DomainError):
    """Someone changed it since it was read."""
