"""What is wrong with an input, with the path of the field that must change."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InputProblem:
    """One thing to correct: `path` as in the project file (`uncertainty.drivers[0].low`), `message` for people."""

    path: str
    message: str


class InputError(ValueError):
    """An input that cannot be computed with; `problems` names every field at fault."""

    def __init__(self, *problems: InputProblem) -> None:
        super().__init__("; ".join(f"{problem.path}: {problem.message}" for problem in problems))
        self.problems: tuple[InputProblem, ...] = problems

    @classmethod
    def at(cls, path: str, message: str) -> "InputError":
        return cls(InputProblem(path, message))


@contextmanager
def gathered(found: list[InputProblem]) -> Iterator[None]:
    """Take down what a step finds wrong and go on with the next, so that `raise_all` tells everything at once."""
    try:
        yield
    except InputError as error:
        found += error.problems


def raise_all(found: Iterable[InputProblem]) -> None:
    """Raises InputError with the problems found, each once, if there are any."""
    problems = tuple(dict.fromkeys(found))
    if problems:
        raise InputError(*problems)
