"""What is wrong with an input, with the path of the field that must change."""

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
