"""What is wrong with a file that was read, each at its path, and the error that carries the list."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from appraisal.reading.sound_parts import SoundParts

Path = tuple[str | int, ...]

_PLAIN_KEY = re.compile(r"[^\W]+(?:-[^\W]+)*")
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Problem:
    path: str
    """Where: `cash_flows.lines[2].amounts`; empty for the file as a whole."""
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class Unreadable(ValueError):
    """The file was not taken in; `problems` lists everything found wrong with it, `sound` holds the rest."""

    def __init__(self, problems: Iterable[Problem], sound: "SoundParts | None" = None) -> None:
        self.problems = tuple(problems)
        self.sound = sound
        super().__init__("\n".join(map(str, self.problems)))


def shown_path(path: Iterable[str | int]) -> str:
    """The path as people write it; a key that is no plain word is quoted."""
    parts: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif _PLAIN_KEY.fullmatch(step) and len(step) <= _LONGEST_SHOWN:
            parts.append(f".{step}" if parts else step)
        else:
            parts.append(f"[{shown(step)}]")
    return "".join(parts)


def shown(value: object) -> str:
    """A value as a message may quote it: on one line, short, without characters that would disturb the page."""
    text = json.dumps(value) if isinstance(value, str | bool | None) else str(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
