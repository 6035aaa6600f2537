"""Why a file is not taken, in words for who sent it."""


class Refused(Exception):
    """What the file is, and what is wrong with it; a sentence without its subject: “it is empty”."""
