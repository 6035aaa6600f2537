"""The letter of a decision as a PDF: the words of the page, in the same order, before it is published and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from appraisal.reports.blocks import Block, text
from appraisal.reports.document import typeset

BEFORE_CONDITIONS = 2
"""Paragraphs, as on the page: what was decided, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterText:
    heading: str
    reference: str
    paragraphs: Sequence[str]
    conditions: Sequence[str]
    """What must be done, by whom, by when."""
    standing: str
    """Which decision it is, or that it is not published yet."""
    author: str
    moment: datetime


def letter_pdf(letter: LetterText) -> bytes:
    """PDF bytes, the same for the same letter."""
    conditions = [text(f"{number}. {words}") for number, words in enumerate(letter.conditions, start=1)]
    said: list[Block] = [text(words) for words in letter.paragraphs]
    made = letter.moment
    return typeset(
        {
            "title": letter.heading,
            "author": letter.author,
            "headline": letter.paragraphs[0],
            "keywords": [letter.reference],
            "date": [made.year, made.month, made.day],
            "running": f"{letter.reference} · {letter.heading}",
            "run": letter.standing,
            "footer": f"{letter.reference} · {letter.standing}",
            "kicker": letter.standing,
            "subtitle": letter.reference,
            "blocks": [*said[:BEFORE_CONDITIONS], *conditions, *said[BEFORE_CONDITIONS:]],
        },
        made,
    )
