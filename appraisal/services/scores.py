"""One score as an appraiser gives it, what is still missing from it, and how many words a reason has."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from appraisal.models import Score
from appraisal.services.errors import DomainError
from forms.texts import kept, one_line, refused_character
from scoring.criteria.scales import Level, answered_level, can_be_true
from scoring.frameworks import Indicator, ScaleKind
from scoring.limits import MAX_REASON, MAX_REASON_WORDS, MAX_SOURCE, MIN_REASON_WORDS
from scoring.project_file import Answer, EvidenceGrade

MAX_PAGE = 40
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""
_WORD = re.compile(rf"[{_UNSPACED}]{{1,2}}|[^\s{_UNSPACED}]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A score with what stands behind it; nothing of it has to be given while it is a draft."""

    level: int | None = None
    value: float | None = None
    unknown: bool = False
    evidence: EvidenceGrade | None = None
    document: str = ""
    page: str = ""
    reason: str = ""

    @property
    def given(self) -> bool:
        return self.unknown or self.level is not None or self.value is not None

    def as_answer(self) -> Answer:
        place = f"{self.document}, page {self.page}" if self.document and self.page else self.document
        return Answer(
            level=self.level,
            value=self.value,
            unknown=self.unknown,
            evidence=self.evidence,
            reason=self.reason,
            source=place,
        )

    def counted(self, indicator: Indicator) -> Level:
        """The level that counts, after what its evidence can carry."""
        return answered_level(indicator, self.as_answer())


@dataclass(frozen=True, slots=True)
class Gap:
    """What keeps a score from being complete; `field` is where it is given."""

    indicator: str
    field: str
    message: str


def words_in(text: str) -> int:
    """How many words a text has; two characters count as one where a script puts no spaces between words."""
    return len(_WORD.findall(text))


def gaps_in(indicator: Indicator, entry: Entry | None) -> Iterator[Gap]:
    """What is missing before this score can be handed in. Unknown claims nothing, and needs no reason."""
    if entry is None or not entry.given:
        yield Gap(indicator.id, "level", "Choose a level, or “unknown”.")
        return
    if entry.unknown:
        return
    words = words_in(entry.reason)
    if words < MIN_REASON_WORDS:
        yield Gap(
            indicator.id, "reason", f"The reason has {words} words; {MIN_REASON_WORDS} to {MAX_REASON_WORDS} are asked."
        )
    if words > MAX_REASON_WORDS:
        yield Gap(indicator.id, "reason", f"The reason has {words} words; at most {MAX_REASON_WORDS} are read.")
    if entry.evidence not in (None, EvidenceGrade.CLAIM) and not entry.document:
        yield Gap(indicator.id, "document", f"Evidence {entry.evidence} is a document: say which one.")


def gaps_of(asked: Sequence[Indicator], entries: Mapping[str, Entry]) -> tuple[Gap, ...]:
    return tuple(gap for item in asked for gap in gaps_in(item, entries.get(item.id)))


def checked(indicator: Indicator, entry: Entry) -> Entry:
    """The entry as it is stored; raises DomainError where it can never be right, draft or not."""
    if (entry.level is not None) + (entry.value is not None) + entry.unknown > 1:
        raise DomainError("Give a level, a number or “unknown”: one of them.")
    if indicator.scale is ScaleKind.NUMERIC and entry.level is not None:
        raise DomainError(f"{indicator.id} asks for a number in {indicator.unit}.")
    if indicator.scale is ScaleKind.LEVEL and entry.value is not None:
        raise DomainError(f"{indicator.id} asks for a level from 0 to 4.")
    if entry.level is not None and not 0 <= entry.level < len(indicator.levels):
        raise DomainError("A level is a whole number from 0 to 4.")
    if entry.value is not None and not can_be_true(indicator, entry.value):
        raise DomainError(f"{indicator.id} cannot be {entry.value:g} {indicator.unit}.")
    return Entry(
        level=entry.level,
        value=entry.value,
        unknown=entry.unknown,
        evidence=entry.evidence,
        document=_line(entry.document, MAX_SOURCE - MAX_PAGE - len(", page "), "The document"),
        page=_line(entry.page, MAX_PAGE, "The page"),
        reason=prose(entry.reason, "The reason"),
    )


def prose(text: str, called: str, most: int = MAX_REASON) -> str:
    """Sentences as they are stored; raises DomainError for what cannot be."""
    given = text.replace("\r\n", "\n")
    if (character := refused_character(given, prose=True)) is not None:
        raise DomainError(f"{called} holds the character {character}, which cannot be stored.")
    if len(given) > most:
        raise DomainError(f"{called} has {len(given):,} characters; at most {most:,} are kept.")
    return kept(given).strip()


def _line(text: str, most: int, called: str) -> str:
    if (character := refused_character(text)) is not None:
        raise DomainError(f"{called} holds the character {character}, which cannot be stored.")
    line = one_line(text)
    if len(line) > most:
        raise DomainError(f"{called} has {len(line):,} characters; at most {most:,} are kept.")
    return line


def entry_of(score: Score) -> Entry:
    return Entry(
        level=score.level,
        value=score.value,
        unknown=score.unknown,
        evidence=score.evidence,
        document=score.document,
        page=score.page,
        reason=score.reason,
    )


def write(score: Score, entry: Entry) -> None:
    score.level, score.value, score.unknown, score.evidence = entry.level, entry.value, entry.unknown, entry.evidence
    score.document, score.page, score.reason = entry.document, entry.page, entry.reason
