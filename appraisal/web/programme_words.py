"""The rules of a programme in words: why none keeps them all, where to mend that, and what a scenario keeps of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from appraisal.services.exploring import Exploration
from appraisal.services.programme import Programme
from appraisal.web.formatting import money
from forms.programme import OBJECTIVES
from forms.programme_lines import Phase
from forms.what_if import BUDGET, SOURCES, Call, cap_name
from scoring.selection import Rule, RuleKind

LINES = {
    "start": "starts ",
    "phases": "phases ",
    "one": "at most one of ",
    "needs": "",
    "least": "of the money at least ",
}


@dataclass(frozen=True, slots=True)
class SaidRule:
    """One of the rules that clash: its words, its field (none where it is set elsewhere), and what would loosen it."""

    text: str
    field: str
    remedy: str


def clash_said(programme: Programme, explored: Exploration) -> tuple[SaidRule, ...]:
    """The rules that cannot hold together, each once; none where nothing clashes, or it was not known in time.

    That a project starts only once goes without saying: nobody set it, and nobody can loosen it.
    """
    if programme.clash is None:
        return ()
    said = (_said(programme, explored, rule) for rule in programme.clash.rules if rule.kind is not RuleKind.PROJECT)
    return tuple(dict.fromkeys(said))


def _said(programme: Programme, explored: Exploration, rule: Rule) -> SaidRule:  # noqa: PLR0911 -- one for each kind
    posed, at = programme.posed, rule.position
    problem = posed.problem
    match rule.kind:
        case RuleKind.BUDGET:
            call = posed.calls[at]
            held = programme.material.held
            name = budget_name(call)
            text = f"{name} is {money(float(problem.budgets[at]), held.currency, held.unit)}"
            return SaidRule(text, BUDGET if call is None else cap_name(call), f"raise {name}")
        case RuleKind.RISK:
            return SaidRule(
                f"the chance of a loss is at most {posed.tail:g}%, whatever moves together",
                "risk",
                "allow a larger chance of a loss",
            )
        case RuleKind.SHARE:
            share = problem.minimum_shares[at]
            return SaidRule(
                f"at least {100 * share.share:g}% of the money goes to {share.name}", "least", "lower a share"
            )
        case RuleKind.EXCLUSIVE:
            names = programme.rules.exclusive[at]
            return SaidRule(f"at most one of {_listed(names, 'and')}", "one", "take a choice away")
        case RuleKind.REQUIRES:
            return _needed(posed.links[at])
        case RuleKind.MUST:
            row = posed.required[at]
            if row.committed:
                remedy = f"pin {row.reference} out on the ranked list to see the programme without it"
                return SaidRule(f"{row.reference} is approved already", "", remedy)
            return SaidRule(f"{row.reference} is pinned in", "", f"unpin {row.reference}")
    return barred_said(programme, explored, problem.must_not[at])


def _needed(link: Phase | tuple[str, tuple[str, ...]]) -> SaidRule:
    if isinstance(link, Phase):
        return SaidRule(phase_said(link), "phases", f"let {link.later} start later, or {link.earlier} sooner")
    one, needed = link
    return SaidRule(f"{one} needs {_listed(needed, 'or')}", "needs", "take a need away")


def phase_said(phase: Phase) -> str:
    years = "a year" if phase.years == 1 else f"{phase.years} years"
    return f"{phase.later} starts {years} or more after {phase.earlier}"


def barred_said(programme: Programme, explored: Exploration, alternative: int) -> SaidRule:
    """Why an alternative is never chosen."""
    row = programme.material.rows[programme.posed.alternatives[alternative].place]
    if row.reference in explored.what_if.out:
        return SaidRule(f"{row.reference} is pinned out", "", f"unpin {row.reference}")
    if row.blocked:
        return SaidRule(f"a gate blocks {row.reference}", "", f"lift the gate of {row.reference}")
    if row in programme.posed.unmeasured and programme.rules.risk is not None:
        return SaidRule(
            f"the loss of {row.reference} is not known", "risk", "take the cap on the chance of a loss away"
        )
    return SaidRule(f"{row.reference} has no value that can be told", "", f"do without {row.reference}")


def too_dear(programme: Programme) -> str:
    """Where what must be done alone passes a budget: with the numbers; empty for any other clash."""
    rules = programme.clash.rules if programme.clash else ()
    budgets = [rule.position for rule in rules if rule.kind is RuleKind.BUDGET]
    musts = [rule.position for rule in rules if rule.kind is RuleKind.MUST]
    if len(budgets) != 1 or not musts or len(musts) + 1 != len(rules):
        return ""
    (at,), posed, held = budgets, programme.posed, programme.material.held
    least = [float(posed.problem.costs[list(group), at].min()) for group in posed.problem.must]
    cost, budget = (
        money(amount, held.currency, held.unit) for amount in (fsum(least), float(posed.problem.budgets[at]))
    )
    promised = [row.committed for row, least_of_it in zip(posed.required, least, strict=True) if least_of_it]
    who = "What is approved costs" if all(promised) else "Must-do projects cost"
    if any(promised) and not all(promised):
        who = "Approved and must-do projects cost"
    return f"{who} {cost}, {budget_name(posed.calls[at])} is {budget}."


def field_problems(programme: Programme, explored: Exploration) -> Mapping[str, str]:
    """What the page says at each field: what could not be read, and what clashes."""
    said: dict[str, str] = {}
    for name, text in (*programme.rules.problems, *explored.what_if.problems, *_idle_shares(programme)):
        said[name] = f"{said[name]} {text}" if name in said else text
    rules, dear = clash_said(programme, explored), too_dear(programme)
    for rule in rules:
        others = [other.text for other in rules if other is not rule]
        text = dear or f"This cannot hold together with: {'; '.join(others)}."
        if rule.field and rule.field not in said:
            said[rule.field] = text
    return said


def _idle_shares(programme: Programme) -> list[tuple[str, str]]:
    """Shares of groups of which nothing can be chosen: kept only where nothing is spent."""
    barred = set(programme.problem.must_not)
    return [
        ("least", f"No project of {share.name} can be chosen, so that with its share nothing can be spent at all.")
        for share in programme.problem.minimum_shares
        if share.share > 0 and barred.issuperset(share.group)
    ]


def remedies(rules: Sequence[SaidRule]) -> str:
    """What would loosen the rules, each once."""
    return _listed(list(dict.fromkeys(rule.remedy for rule in rules)), "or")


def budget_name(call: Call | None) -> str:
    if call is None:
        return "the budget"
    return f"the {call[0]} budget" + (f" from {SOURCES[call[1]]}" if call[1] else "")


def rules_text(parameters: Sequence[tuple[str, str]]) -> str:
    """What an address says of the programme's rules, in one line; empty for nothing."""
    given = dict(parameters)
    parts = []
    if "objective" in given:
        parts.append(f"chosen for: {OBJECTIVES.get(given['objective'], given['objective'])}".lower())
    if "mix" in given:
        parts.append(f"value counts {given['mix']}% of the mix")
    if "risk" in given:
        parts.append(f"chance of a loss at most {given['risk'].removesuffix('%')}%")
    if "later" in given:
        parts.append(f"any start up to {given['later']} {'year' if given['later'] == '1' else 'years'} later")
    parts += [f"{word}{', '.join(given[name].splitlines())}" for name, word in LINES.items() if name in given]
    return "; ".join(parts)


def _listed(names: Sequence[str], word: str) -> str:
    return f" {word} ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
