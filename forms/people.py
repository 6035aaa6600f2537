"""What an account may hold: stated beside the fields and checked where accounts are made."""

from forms.texts import one_line, refused_character

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
LONGEST_NAME = 200
LONGEST_EMAIL = 254
LONGEST_LABEL = 100


def read_name(text: str, called: str, longest: int = LONGEST_NAME) -> str:
    """A name on one line; raises ValueError with what is wrong."""
    if (character := refused_character(text)) is not None:
        raise ValueError(f"{called} holds the character {character}, which cannot be stored.")
    name = one_line(text)
    if not 1 <= len(name) <= longest:
        raise ValueError(f"{called} has 1 to {longest} characters.")
    return name


def read_label(text: str, called: str) -> str:
    """The name that someone gives to a thing of their own; raises ValueError."""
    return read_name(text, called, LONGEST_LABEL)


def read_email(text: str) -> str:
    """An e-mail address in lower case; raises ValueError with what is wrong."""
    address = text.strip().lower()
    if len(address) > LONGEST_EMAIL:
        raise ValueError(f"An e-mail address has at most {LONGEST_EMAIL} characters.")
    parts = address.split("@")
    if len(parts) != 2 or not all(parts) or len(address.split()) != 1 or refused_character(address):  # noqa: PLR2004
        raise ValueError(f"{address or 'Nothing'} is not an e-mail address.")
    return address
