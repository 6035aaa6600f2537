"""Numbers and keys by which addresses and forms name something: each has one way to be written, and no other is read.

Python's own `int` and `UUID` take digits of any script, signs, blanks and brackets: two texts would name one thing.
"""

import re
from typing import Any
from uuid import UUID, uuid4

from wtforms import HiddenField, ValidationError

WHOLE = "(?:0|[1-9][0-9]{0,9})"
LARGEST = 2**31 - 1
"""What a column of a database holds."""
_WHOLE = re.compile(WHOLE)
_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def whole(text: str | None) -> int:
    """A count or a number of something; raises ValueError."""
    if text is None or not _WHOLE.fullmatch(text) or int(text) > LARGEST:
        raise ValueError("not a whole number as addresses write it")
    return int(text)


def key_of(text: str | None) -> UUID:
    """The key of something, as it is written in addresses; raises ValueError."""
    if text is None or not _KEY.fullmatch(text):
        raise ValueError("not a key as addresses write it")
    return UUID(text)


def key_or(text: str | None, otherwise: UUID) -> UUID:
    try:
        return key_of(text)
    except ValueError:
        return otherwise


class KeyField(HiddenField):
    """The key that a form proposes for what it makes, so that it is made once however often it is sent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default=lambda: str(uuid4()), **options)

    def pre_validate(self, _form: Any) -> None:
        try:
            key_of(self.data)
        except ValueError:
            raise ValidationError("The form is damaged: open it again.") from None

    @property
    def key(self) -> UUID:
        """Of a form that was validated."""
        return key_of(self.data)
