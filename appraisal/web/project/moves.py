"""A comparison of two runs as a page shows it: each figure with the digits it carries, and how far it moved."""

from dataclasses import dataclass

from appraisal.services.comparing import Comparison, Figures

LABELS = {
    "score": ("Score", "of 100"),
    "financial_npv": ("Financial NPV", "as planned"),
    "economic_npv": ("Economic NPV", "as planned"),
    "economic_npv_p50": ("Economic NPV", "median"),
    "prob_negative": ("Loss to society", "draws in 100"),
    "risk_adjusted_return": ("Risk-adjusted return", "per unit of public money"),
}
"""The figures a page has room for; the command line compares every one."""
PARTS = {
    "answers": "The answers to the questions",
    "cash_flows": "The cash flows",
    "draws": "The number of draws",
    "financing": "Who pays",
    "framework": "The framework",
    "prices": "The price basis",
    "rates": "The rates",
    "safeguards": "What data it uses",
    "seed": "The seed of the draws",
    "stage": "How far it has come",
    "uncertainty": "What is uncertain",
}
"""Parts of the project file and settings of a run whose key does not say what they are."""


@dataclass(frozen=True, slots=True)
class Move:
    """One row: what differs, where, and each figure with how far it moved from the first run."""

    name: str
    where: str
    cells: tuple[tuple[str, str], ...]
    """(figure, change) in the order of the columns; the change is empty where nothing moved."""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ShownComparison:
    title: str
    columns: tuple[tuple[str, str], ...]
    first: Move
    moves: tuple[Move, ...]
    last: Move
    engines: tuple[str, str] | None
    """Both engines where they are not the same."""


def shown_comparison(found: Comparison) -> ShownComparison:
    start = found.from_figures
    return ShownComparison(
        title=_title(found),
        columns=tuple(LABELS.values()),
        first=_move(f"Run {found.before}", "", start, start, found.errors),
        moves=tuple(
            Move(_name(each.part), each.first_difference, (), each.problem)
            if each.figures is None
            else _move(_name(each.part), each.first_difference, start, each.figures, found.errors)
            for each in found.movements
        ),
        last=_move(f"Run {found.after}", "all of it together", start, found.to_figures, found.errors),
        engines=found.engines if found.engines[0] != found.engines[1] else None,
    )


def _name(part: str) -> str:
    words = part.replace("_", " ")
    return PARTS.get(part, words[:1].upper() + words[1:])


def _title(found: Comparison) -> str:
    if not found.movements:
        if found.from_figures == found.to_figures:
            return f"Runs {found.before} and {found.after} have the same inputs and the same results"
        return f"Runs {found.before} and {found.after} have the same inputs, yet other results"
    count = len(found.movements)
    differ = "one input differs" if count == 1 else f"{count} inputs differ"
    before, after = found.from_figures["score"], found.to_figures["score"]
    if before is None or after is None:
        return f"Between runs {found.before} and {found.after}, {differ}"
    points = _written("score", after - before, None, signed=True)
    moved = "the score stays" if round(before) == round(after) else f"the score moves by {points}"
    return f"Between runs {found.before} and {found.after}, {differ} and {moved}"


def _move(name: str, where: str, start: Figures, figures: Figures, errors: Figures) -> Move:
    cells = []
    for key in LABELS:
        before, now, error = start[key], figures[key], errors.get(key)
        text = "none" if now is None else _written(key, now, error)
        change = ""
        if now != before:
            change = "new" if before is None or now is None else _written(key, now - before, error, signed=True)
        cells.append((text, change))
    return Move(name, where, tuple(cells))


def _written(key: str, value: float, error: float | None, *, signed: bool = False) -> str:
    from appraisal.reports import figures  # noqa: PLC0415 -- only where runs are compared

    if key == "score":
        return figures.number(value, 0 if abs(value) >= 1 or not signed else 1, signed=signed)
    if key == "prob_negative" and not signed:
        return figures.chance(value, error).removesuffix(" in 100")
    if key == "prob_negative":
        value, error = 100 * value, None if error is None else 100 * error
        return figures.number(value, min(0, figures.decimals_for(value, error)), signed=signed)
    if key == "risk_adjusted_return":
        return figures.number(value, 2, signed=signed)
    return figures.money(value, error, signed=signed)
