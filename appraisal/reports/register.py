"""The risk register of a project as rows in reading order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from forms.registration.risk_words import category_titles, said_effects, said_likelihood, said_mitigation
from scoring.project_file import ProjectFile, RiskEvent

NO_REGISTER = (
    "That does not make the project certain: the ranges alone, most of them the experience with similar projects, "
    "stand in for what could go wrong, and what is particular to this project is not in them."
)
NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One risk as it is written; money stands in the unit that the table names."""

    event: RiskEvent

    @property
    def kind(self) -> str:
        return category_titles()[self.event.category.value]

    @property
    def texts(self) -> tuple[str, str, str]:
        """How likely it is, what it would do, what is done about it."""
        done = self.event.mitigation
        return (
            said_likelihood(self.event),
            _joined(said_effects(self.event, "")) or NOT_STATED,
            (_joined(said_mitigation(done, "")) if done else "") or NOT_STATED,
        )


def register_of(project: ProjectFile) -> tuple[RegisterRow, ...]:
    return tuple(map(RegisterRow, project.uncertainty.events)) if project.uncertainty else ()


def register_finding(rows: Sequence[RegisterRow]) -> str:
    if not rows:
        return "No risk is listed"
    listed = "1 risk is listed" if len(rows) == 1 else f"{len(rows)} risks are listed"
    done = sum(row.texts[-1] != NOT_STATED for row in rows)
    return f"{listed}; something is done about {'none' if not done else 'all' if done == len(rows) else done}"


def _joined(said: Iterable[tuple[str, str]]) -> str:
    """“extra cost 1 to 20, likeliest 3; delay 3 to 12 months, likeliest 6”; what is done needs no name."""
    return "; ".join(text if what == "what is done" else f"{what} {text}" for what, text in said)
