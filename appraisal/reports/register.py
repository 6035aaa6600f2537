"""The risk register of a project as rows in reading order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from forms.registration.risk_words import PER_YEAR, category_titles, said_effects, said_likelihood, said_mitigation
from scoring.project_file import Distribution, Family, ProjectFile, RiskEvent
from scoring.result import FiscalRisks

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

    @property
    def enters(self) -> str:
        """How the simulation takes it (METHOD 6)."""
        event = self.event
        if event.per == PER_YEAR:
            struck = "Drawn anew in each year of operation; what it costs falls in the year it strikes"
            late = "; its delay is left out, for the project is open by then" if event.delay is not None else ""
        else:
            struck = "Drawn once in each future"
            where = "is spread over the build" if event.in_build else "falls in a year of operation drawn at random"
            struck += f"; what it costs {where}"
            late = "; the opening moves by its delay" if event.delay is not None else ""
        begin = " from the opening on" if event.in_build else ""
        lost = f"; revenue and benefits fall{begin} while it lasts" if event.revenue_factor != 1 else ""
        return f"{struck}{late}{lost}."


def borne_by(made: FiscalRisks) -> str:
    """Who carries what is left of every risk after what is done about it."""
    return "the public owner" if made.borne_by_public else "the private partner first, the public if it fails"


def mean_weights(stated: Distribution) -> tuple[int, int, int] | None:
    """How its least, likeliest and greatest value weigh in its mean; None where these three do not say it all."""
    three = Distribution(family=stated.family, low=stated.low, mode=stated.mode, high=stated.high)
    if stated != three or stated.low is None or stated.high is None:
        return None
    weights = {Family.TRIANGULAR: (1, 1, 1), Family.PERT: (1, 4, 1), Family.UNIFORM: (1, 0, 1)}
    if stated.mode is None and stated.family is not Family.UNIFORM:
        return None
    return weights.get(stated.family)


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
