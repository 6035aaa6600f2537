"""Guessing a line's kind from its label, in the languages of the cities. A guess is offered, never taken silently."""

from appraisal.reading.paste.words import patterns
from forms.texts import one_line
from scoring.project_file import FlowKind


def guess_kind(label: str) -> FlowKind | None:
    """The kind a label suggests, or None where the person must choose."""
    text = one_line(label).casefold()
    return next((FlowKind(name) for name, pattern in patterns("kinds").items() if pattern.search(text)), None)
