"""What a scenario changes and what came of it, in sentences."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from appraisal.models import JobState
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.scenario_outcomes import Outcome, Progress, Worth
from appraisal.web.formatting import MINUS, money
from forms.scenario_runs import ASKED, plain
from scoring.scenarios import FIELDS, Changes

_NEUTRAL = {item.name: item.neutral for item in FIELDS}
_STATES = {
    JobState.QUEUED: "Waits for a worker",
    JobState.RUNNING: "Runs",
    JobState.DONE: "Done",
    JobState.FAILED: "Failed",
    JobState.CANCELLED: "Cancelled",
}


def state_words(state: JobState) -> str:
    return _STATES[state]


def changes_text(changes: Changes, criteria: Mapping[str, str]) -> str:
    """What it changes against the record, in one line. criteria: title by id."""
    parts = [
        f"{item.label.lower()} {_measured(item.number(getattr(changes, item.name)), item.unit)}"
        for item in ASKED
        if getattr(changes, item.name) != _NEUTRAL[item.name]
    ]
    if changes.weights:
        weights = (
            f"{criteria.get(key, key).lower()} {plain(Decimal(repr(part)) * 100)}%"
            for key, part in changes.weights.items()
        )
        parts.append(f"weights {', '.join(weights)}")
    text = "; ".join(parts) or "nothing"
    return text[:1].upper() + text[1:]


def _measured(number: Decimal, unit: str) -> str:
    size = plain(abs(number))
    named = unit if unit.startswith("%") else f" {unit.removesuffix('s') if size == '1' else unit}"
    return f"{MINUS if number < 0 else '+'}{size}{named}"


def headline(outcome: Outcome) -> str:
    """The finding: "Under demand shock 2 enter and 1 leaves"; of how many projects, where that is not all of them."""
    under = f"Under {_named(outcome)}"
    if not outcome.compared:
        return f"Nothing is known {under[:1].lower()}{under[1:]} of what is ranked today"
    if not outcome.whole:
        seen = f"{outcome.compared} of {outcome.ranked}" if outcome.compared < outcome.ranked else f"{outcome.compared}"
        under = f"Of the {seen} projects {'' if outcome.every else 'you see '}alone, {under[:1].lower()}{under[1:]},"
    moved = [
        f"{len(rows)} {one if len(rows) == 1 else many}"
        for rows, one, many in ((outcome.entering, "enters", "enter"), (outcome.leaving, "leaves", "leave"))
        if rows
    ]
    if moved:
        return f"{under} {' and '.join(moved)}"
    funded = outcome.under.funded
    if not funded:
        return f"{under} no project is funded{', as on the record' if outcome.whole else ', on neither side'}"
    return f"{under} the same {funded} projects are funded" if funded > 1 else f"{under} the same project is funded"


def _named(outcome: Outcome) -> str:
    """A scenario inside a sentence: ours by its name, what someone else called one as they wrote it."""
    return f"{outcome.title[:1].lower()}{outcome.title[1:]}" if outcome.built_in else f"“{outcome.title}”"


def moved_text(outcome: Outcome, row: PortfolioRow) -> str:
    """Why a project is in or out under the scenario, after its linked title."""
    before = outcome.before(row.reference)
    ranks = f"rank {before.rank} → {row.rank}" if before.rank != row.rank else f"rank {row.rank} on both sides"
    if row.blocking and not before.blocking:
        return f"({ranks}): a gate blocks it under the scenario"
    if before.blocking and not row.blocking:
        return f"({ranks}): no gate blocks it any more"
    return f"({ranks})"


def given_up_text(outcome: Outcome) -> list[str]:
    """What the city gives up, in up to three sentences; figures to the digit that the draws carry."""
    found = outcome.given_up
    if not outcome.compared:
        return ["No project that is ranked today was computed under the scenario: run it again."]
    if found.record.expected is None or found.kept.expected is None:
        return ["The expected value of a funded project does not exist, so that no sum can be told."]
    lines = [
        f"{_record(outcome)} is worth {_worth(outcome, found.record)} to society, as expected over the simulated "
        f"futures; under the scenario the same projects are worth {_worth(outcome, found.kept)}."
    ]
    if found.chosen.expected is None or found.chosen_on_record.expected is None:
        return lines
    if outcome.entering or outcome.leaving:
        lines.append(
            f"Funding by the scenario's ranks instead is worth {_worth(outcome, found.chosen)} under it, "
            f"{_difference(outcome, found.chosen, found.kept)}."
        )
        lines.append(
            f"Should the scenario not come true, that choice is worth {_worth(outcome, found.chosen_on_record)}, "
            f"{_difference(outcome, found.chosen_on_record, found.record)}."
        )
    return lines


def _record(outcome: Outcome) -> str:
    if outcome.whole:
        return "What the record funds"
    return f"What the budget reaches among the {outcome.compared} projects on both sides, as they are on the record,"


def _worth(outcome: Outcome, worth: Worth) -> str:
    return money(worth.expected, outcome.held.currency, se=worth.error)


def _difference(outcome: Outcome, one: Worth, other: Worth) -> str:
    assert one.expected is not None
    assert other.expected is not None
    gap = one.expected - other.expected
    error = None if one.error is None or other.error is None else max(one.error, other.error)
    if gap == 0 or (error is not None and abs(gap) < error):
        return "no different within the error of the draws"
    return f"{money(abs(gap), outcome.held.currency, se=error)} {'more' if gap > 0 else 'less'}"


def progress_text(progress: Progress, *, counted: bool) -> str:
    """How far it is. counted: whether whoever looks may know how many projects there are."""
    if progress.state is JobState.QUEUED:
        return "Waits for a worker."
    if progress.state is JobState.RUNNING:
        part = f"{progress.done} of {progress.total} projects" if counted else f"{_per_cent(progress)} per cent"
        return f"{part} computed."
    return f"{state_words(progress.state)}."


def _per_cent(progress: Progress) -> int:
    return 100 * progress.done // max(1, progress.total)


def listed(references: Sequence[str], most: int = 8) -> str:
    shown = list(references[:most])
    return ", ".join(shown) + (f" and {len(references) - most} more" if len(references) > most else "")
