"""What the page of the best programme says first: how many projects make it, and how sure it is that none is better."""

from dataclasses import dataclass

from appraisal.services.programme import Programme
from appraisal.web.formatting import money, percent
from scoring.selection import RuleKind, Selection


@dataclass(frozen=True, slots=True)
class Finding:
    title: str
    certainty: str
    """Of a programme, how good it is; otherwise whose round it is."""


def finding(programme: Programme, *, sees_all: bool = True) -> Finding:
    """sees_all: whether whoever looks sees every project of the round."""
    held, selection, unused = programme.material.held, programme.selection, _unused(programme)
    if selection is None:
        even = f", even {unused}" if unused and programme.clash else ""
        return Finding(_none(programme) + even, f"{held.name} · {held.place}")
    budget = money(float(programme.problem.budgets[0]), held.currency, held.unit)
    chosen, ranked = len(programme.chosen()), len(programme.material.rows)
    title = f"{chosen} of {ranked} projects make the best programme of the {budget} budget"
    if not sees_all:
        title = f"{chosen} of the {ranked} projects you see would make the best programme of the {budget} budget"
        title += " were they alone"
    return Finding(f"{title}, {unused}" if unused else title, _certainty(programme, selection))


def _unused(programme: Programme) -> str:
    """What was asked for and is left out, for it could not be read or cannot be kept; empty for nothing."""
    count = len(programme.rules.problems)
    if not count:
        return ""
    return f"without {'a rule' if count == 1 else f'{count} rules'} that could not be used"


def _none(programme: Programme) -> str:
    if programme.clash is None:
        return "No programme was found in time"
    if any(rule.kind is RuleKind.RISK for rule in programme.clash.rules):
        return "No programme found under the cautious rule"
    return "No programme keeps all rules"


def gap_said(gap: float) -> str:
    """How near the best a programme is known to be: “within 0.8%”; a gap without a digit to show is still one."""
    return "within less than 0.1%" if gap < 1e-3 else f"within {percent(gap)}"  # noqa: PLR2004 -- one decimal shown


def _certainty(programme: Programme, selection: Selection) -> str:
    cautious, unused = programme.capped_by == "cautious rule", bool(programme.rules.problems)
    proven = "proven only for the rules that could be used" if unused else "proven"
    if not selection.proven:
        best = "the best there can be" + (" under the cautious rule" if cautious else "")
        said = f"{gap_said(selection.gap)} of {best}; the search stopped after 5 seconds"
    elif cautious:
        said = (
            f"{proven}{', and' if unused else ''} under the cautious rule for the chance of a loss: no other programme "
            "that keeps it is worth more, but one whose simulated chance is small enough may be"
        )
    else:
        these = "them" if unused else "these rules"
        said = f"{proven}: no other programme under {these} is worth more; it is checked against each of them"
    if programme.capped_by == "simulation":
        said += f"; its simulated chance of a loss is within the cap of {programme.rules.risk:g} in 100"
    return said
