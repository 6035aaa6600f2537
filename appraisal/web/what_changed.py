"""What a what-if changes, in words: who enters, who leaves, why, and what would undo it."""

from collections.abc import Mapping
from dataclasses import dataclass

from appraisal.models import Round
from appraisal.services.arena import Clash, Contradiction
from appraisal.services.changes import Cause, Change
from appraisal.services.exploring import Exploration
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.web.formatting import money
from forms.what_if import SOURCES, written

MANY = 8


@dataclass(frozen=True, slots=True)
class Said:
    """One project's sentence: `text` follows its linked title."""

    row: PortfolioRow
    text: str


def said(explored: Exploration, change: Change) -> Said:
    """Why the project enters or leaves, and at which weight or budget that turns."""
    ranks = f"({change.before} → {change.row.rank})" if change.before != change.row.rank else f"({change.row.rank})"
    return Said(change.row, f"{ranks} {_why(explored, change)}{_back(explored, change)}.")


def _why(explored: Exploration, change: Change) -> str:
    held, verb = explored.portfolio.round, "enters" if change.enters else "leaves"
    match change.cause:
        case Cause.PINNED_IN | Cause.PINNED_OUT:
            return f"is pinned {'in' if change.enters else 'out'}"
        case Cause.UNPINNED:
            return f"{verb} because it is not pinned {'out' if change.enters else 'in'} any more"
        case Cause.ROOM:
            return f"{verb} because pins {'leave' if change.enters else 'take'} its room"
        case Cause.BUDGET:
            return f"{verb} because {_budget_moved(explored, held)}"
        case Cause.WEIGHTS:
            return f"{verb} because {_weight_moved(explored, change)}"
    return f"{verb} because {_weight_moved(explored, change)} and {_budget_moved(explored, held)}"


def _weight_moved(explored: Exploration, change: Change) -> str:
    name = criterion_names(explored).get(change.criterion or "", change.criterion or "")
    return f"{name} went {per_cent(change.weight_before)} → {per_cent(change.weight_now)}%"


def _budget_moved(explored: Exploration, held: Round | None) -> str:
    if held is None or explored.budget is None or explored.budget == explored.budget_before:
        return "yearly caps hold" if explored.what_if.caps else "no yearly cap holds any more"
    before, now = (money(amount or 0, held.currency, held.unit) for amount in (explored.budget_before, explored.budget))
    return f"the budget went {before} → {now}"


def _back(explored: Exploration, change: Change) -> str:
    held, word = explored.portfolio.round, "leaves again" if change.enters else "returns"
    parts = []
    if change.turns_at is not None:
        parts.append(f"it {word} at {per_cent(change.turns_at)}%")
    elif change.criterion is not None and change.sought:
        parts.append("no single weight on the way turns that back")
    if change.needed is not None and held is not None and change.cause is not Cause.ROOM:
        parts.append(f"{'or a' if parts else 'a'} budget of {money(change.needed, held.currency)} would reach it")
    return f"; {', '.join(parts)}" if parts else ""


def contradiction_text(explored: Exploration, found: Contradiction) -> str:
    """What cannot hold together, with the numbers."""
    held = explored.portfolio.round
    names = _listed(found.references)
    if found.clash is Clash.BLOCKED:
        return f"{names} {_are(found)} pinned in, but a gate blocks {_them(found)}: a pin does not lift a gate."
    if found.clash is Clash.FOREIGN or held is None:
        return f"{names} {_are(found)} pinned in, but in another currency than the budget: not counted."
    cost, budget = money(found.cost, held.currency), money(found.budget, held.currency)
    what = _limit(found)
    if not found.references:
        return f"What is approved costs {cost}, {what} is {budget}: raise it, or pin a project out to see it without."
    who = "Approved and must-do projects" if found.promised else "Must-do projects"
    return f"{who} cost {cost}, {what} is {budget}: unpin one of {names}, or raise it."


def broken_cap(explored: Exploration) -> str:
    """The first yearly cap that what is pinned in or approved passes, as a headline; empty where all hold."""
    held = explored.portfolio.round
    for found in explored.contradictions:
        if held is not None and found.clash is Clash.TOO_DEAR and found.call is not None:
            who = "What is pinned in or approved" if found.references else "What is approved"
            cost, budget = money(found.cost, held.currency), money(found.budget, held.currency)
            return f"{who} costs {cost} in {found.call[0]}, more than {_limit(found)} of {budget}"
    return ""


def _limit(found: Contradiction) -> str:
    if found.call is None:
        return "the budget"
    year, source = found.call
    return f"the {year} budget" + (f" from {SOURCES[source]}" if source else "")


def criterion_names(explored: Exploration) -> Mapping[str, str]:
    """Titles by criterion, as they stand inside a sentence."""
    rows = explored.portfolio.everyone
    return {item.criterion: item.title[:1].lower() + item.title[1:] for item in rows[0].criteria} if rows else {}


def per_cent(weight: float) -> str:
    """A weight of 0-1 with one decimal where it has one: 0.25 is "25", 0.333 is "33.3"."""
    return f"{100 * weight:.1f}".removesuffix(".0")


def headline(explored: Exploration) -> str:
    """Against the record: who is in, who is out, by reference."""
    parts = [
        f"{len(changes)} {word} ({_listed([change.row.reference for change in changes])})"
        for word, changes in (("in", explored.entering), ("out", explored.leaving))
        if changes
    ]
    if parts:
        return ", ".join(parts)
    return "the same projects are funded" if explored.portfolio.round else "no budget to fund from"


def _are(found: Contradiction) -> str:
    return "is" if len(found.references) == 1 else "are"


def _them(found: Contradiction) -> str:
    return "it" if len(found.references) == 1 else "them"


def _listed(names: tuple[str, ...] | list[str]) -> str:
    shown = list(names[:MANY])
    return ", ".join(shown) + (f" and {len(names) - MANY} more" if len(names) > MANY else "")


def said_between(before: PortfolioRow, now: PortfolioRow) -> str:
    """A project's rank on both sides of a comparison."""
    return f"(rank {before.rank} → {now.rank})" if before.rank != now.rank else f"(rank {now.rank} on both sides)"


def state_text(explored: Exploration) -> str:
    """What a what-if changes against the record, in one line."""
    what_if, held, names = explored.what_if, explored.portfolio.round, criterion_names(explored)
    parts = []
    if what_if.weights:
        parts.append(
            "weights " + ", ".join(f"{names[key]} {written(weight)}%" for key, weight in what_if.weights.items())
        )
    if what_if.budget is not None and held is not None:
        parts.append(f"budget {money(what_if.budget, held.currency, held.unit)}")
    for (year, source), cap in sorted(what_if.caps.items()):
        whose = f" from {SOURCES[source]}" if source else ""
        parts.append(f"{year}{whose} at most {money(cap, held.currency if held else '', held.unit if held else 1)}")
    parts += [
        f"{' and '.join(pins)} pinned {word}" for word, pins in (("in", what_if.must), ("out", what_if.out)) if pins
    ]
    return "; ".join(parts) or "as on the record"
