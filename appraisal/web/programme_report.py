"""What the report of a programme says, from the programme that was found and the state it was asked for in."""

from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from appraisal.models.tables import now
from appraisal.services.certainty import rank_certainty
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.programme import FUTURES, SEED, Programme
from appraisal.services.programme_risk import tail_loss
from appraisal.services.scenarios import Kept
from appraisal.web.certainty import MOST
from appraisal.web.charts import portfolio_picture
from appraisal.web.formatting import in_100, money
from appraisal.web.identity import current_actor
from appraisal.web.programme import value_name_of
from appraisal.web.programme_charts import entering_points, heat_picture, programme_pictures
from appraisal.web.programme_finding import finding, gap_said
from appraisal.web.programme_outlook import (
    buys_said,
    differs,
    first_out_said,
    in_unit,
    more_than_cut,
    names,
    price_said,
)
from appraisal.web.programme_words import barred_said, budget_name, phase_said, rules_text
from appraisal.web.what_changed import state_text
from appraisal.web.what_if import Asked
from forms.portfolio import AREAS
from forms.programme import OBJECTIVES
from scoring.result import Missing
from scoring.selection import FrontierPoint, Selection

if TYPE_CHECKING:
    from appraisal.reports.programme_report import (
        Budget,
        Candidate,
        Footing,
        FrontierLine,
        Group,
        Picture,
        ProgrammeReport,
        RuleLine,
    )

WIDTH = 720
"""Pixels of a picture that fills the page of a report."""


def programme_report(
    page: Asked,
    programme: Programme,
    selection: Selection,
    groups: dict[str, frozenset[str]],
    footing: "Footing",
    kept: Kept | None,
) -> "ProgrammeReport":
    """Everything that the report says of a programme that was found."""
    from appraisal.reports.programme_report import ProgrammeReport  # noqa: PLC0415

    held, rules, outlook = programme.material.held, programme.rules, programme.outlook
    found, value_name = finding(programme, sees_all=page.sees_all), value_name_of(rules, programme.material)
    robust = outlook.robust if outlook else None
    return ProgrammeReport(
        title=found.title,
        certificate=found.certainty,
        proven=selection.proven,
        gap=selection.gap,
        round_name=held.name,
        place=held.place,
        scenario=kept.name if kept else "",
        explores=page.explores,
        asked=_asked(page, programme, kept),
        currency=held.currency,
        unit=held.unit,
        price_year=held.price_year,
        value_name=value_name,
        value=selection.value,
        spent=float(selection.spent[0]),
        facts=_facts(programme, selection),
        candidates=tuple(_candidate(page, programme, place) for place in range(len(programme.material.rows))),
        budgets=_budgets(programme, selection),
        groups=_groups(programme, groups),
        rules=_rules(page, programme),
        first_out=_sentence(first_out_said(programme, selection)),
        cut_said=_cut_said(programme, selection),
        futures=""
        if robust is None
        else f"{robust.futures} futures were drawn, each with its own values; in each the best programme was chosen "
        f"under the same budgets and rules{f'. {_sentence(robust.stopped)}' if robust.stopped else '.'}",
        futures_drawn=0 if robust is None else robust.futures,
        budget_frontier=_frontier(
            programme, outlook.frontier if outlook else (), scale=float(programme.problem.budgets[0])
        ),
        risk_frontier=_frontier(programme, outlook.risk.points if outlook and outlook.risk else (), scale=None),
        pictures=_pictures(page, programme, value_name),
        notes=_notes(programme),
        made_by=current_actor().name,
        generated_at=now(),
        versions=(
            ("Engines of the runs", ", ".join(footing.engines)),
            ("Solver", f"HiGHS {version('highspy')}, one thread, so that it repeats"),
            ("Futures", f"{FUTURES}, seed {SEED}"),
        ),
        footing=footing,
        tail=programme.posed.tail,
    )


def _asked(page: Asked, programme: Programme, kept: Kept | None) -> tuple[tuple[str, str], ...]:
    rows = [("Asked for", state_text(page.explored)), ("Chosen for the most", OBJECTIVES[programme.rules.objective])]
    if said := rules_text(page.programme):
        rows.append(("Rules as typed", said))
    if kept:
        rows.insert(0, ("What-if", f"{kept.name}, kept by {kept.author} on {kept.created_at:%Y-%m-%d}"))
        rows.insert(1, ("Its reason", kept.reason))
    return tuple(rows)


def _facts(programme: Programme, selection: Selection) -> tuple[tuple[str, str, str], ...]:
    held, loss = programme.material.held, programme.outlook.loss if programme.outlook else None
    budget = money(float(programme.problem.budgets[0]), held.currency, held.unit)
    more, than = more_than_cut(programme, selection)
    kinds = {"value": "certainty-equivalent value to society", "score": "sum of scores", "mix": "of the mix"}
    lost = "unknown"
    if loss is not None:
        parts = [in_100(part) for part in (loss.apart, loss.together)]
        lost = parts[0] if parts[0] == parts[1] else f"{parts[0].removesuffix(' in 100')} to {parts[1]}"
    return (
        (f"{len(programme.chosen())} of {len(programme.material.rows)}", "ranked projects chosen", ""),
        (in_unit(programme, selection.value), kinds[programme.rules.objective], ""),
        (money(float(selection.spent[0]), held.currency, held.unit), f"of {budget} spent", ""),
        ("the optimum" if selection.proven else gap_said(selection.gap), _certain(selection), ""),
        (more, than, "the naive programme: by rank until the money ends"),
        (lost, "chance that it loses for society", "projects apart, and all as one"),
    )


def _certain(selection: Selection) -> str:
    return "proven: there is nothing better" if selection.proven else "of the best there can be"


def _candidate(page: Asked, programme: Programme, place: int) -> "Candidate":
    from appraisal.reports.programme_report import Candidate  # noqa: PLC0415

    material, posed = programme.material, programme.posed
    row, robust = material.rows[place], programme.outlook.robust if programme.outlook else None
    ways = np.flatnonzero(posed.places == place).tolist()
    taken = [at for at in ways if programme.mask[at]]
    # Without a place in the programme it stands as planned, or, where it may not start then, as early as it may.
    at = (taken or sorted(ways, key=lambda way: abs(posed.alternatives[way].shift)))[0]
    alternative, loss = posed.alternatives[at], material.losses[place]
    barred = set(ways) <= set(programme.problem.must_not)
    return Candidate(
        reference=row.reference,
        title=row.title,
        city=row.city,
        areas=tuple(AREAS[area] for area in row.areas),
        rank=row.rank,
        rank_low=row.rank_low,
        rank_high=row.rank_high,
        score=Missing("unanswered") if row.score is None else row.score,
        value=_value(programme, row, place, at),
        cost=float(row.cost) / material.held.unit,
        calls={
            (year + alternative.shift, source): sum_ / material.held.unit
            for (year, source), sum_ in material.calls[row.reference].items()
        },
        start=alternative.year,
        planned=material.years.get(row.reference),
        chosen=bool(taken),
        in_cut=any(bool(programme.cut.chosen[way]) for way in ways),
        barred=barred_said(programme, page.explored, at).text if barred else "",
        approved=row.committed,
        risk_return=Missing("no-public-money") if row.risk_adjusted_return is None else row.risk_adjusted_return,
        tail=Missing("undefined") if loss is None else tail_loss(loss, posed.tail / 100) * float(posed.factors[at]),
        share=None if robust is None else float(robust.project_shares[place]),
        standing="" if robust is None else robust.standings[place].value,
    )


def _value(programme: Programme, row: PortfolioRow, place: int, at: int) -> float | Missing:
    objective = programme.rules.objective
    if objective != "value" and row.score is None:
        return Missing("unanswered")
    if objective != "score" and np.isnan(programme.material.values[place]):
        return Missing("undefined")
    return float(programme.problem.values[at])


def _budgets(programme: Programme, selection: Selection) -> tuple["Budget", ...]:
    from appraisal.reports.programme_report import Budget  # noqa: PLC0415

    asked_of = {each.position: each for each in programme.outlook.money} if programme.outlook else {}
    found = []
    for position, call in enumerate(programme.posed.calls):
        name, each = budget_name(call), asked_of.get(position)
        found.append(
            Budget(
                name=f"{name[:1].upper()}{name[1:]}",
                call=call,
                size=float(programme.problem.budgets[position]),
                used=float(selection.spent[position]),
                price=price_said(programme, each) if each else "",
                buys=buys_said(programme, selection, each) if each else "",
            )
        )
    return tuple(found)


def _groups(programme: Programme, groups: dict[str, frozenset[str]]) -> tuple["Group", ...]:
    from appraisal.reports.programme_report import Group  # noqa: PLC0415

    least = {part.whose: part.per_cent / 100 for part in programme.rules.least}
    return tuple(Group(name=name, references=inside, least=least.get(name)) for name, inside in groups.items())


def _rules(page: Asked, programme: Programme) -> tuple["RuleLine", ...]:
    """Everything but budgets and shares, which have tables of their own."""
    from appraisal.reports.programme_report import RuleLine  # noqa: PLC0415

    rules, what_if, ranked = programme.rules, page.explored.what_if, {row.reference for row in programme.material.rows}
    found = [
        RuleLine(
            text=f"{row.reference} is {'approved already' if row.committed else 'pinned in'}",
            kind="must",
            of=(row.reference,),
        )
        for row in programme.posed.required
    ]
    found += [RuleLine(text=f"{out} is pinned out", kind="out", of=(out,)) for out in what_if.out if out in ranked]
    if rules.later:
        years = "a year" if rules.later == 1 else f"{rules.later} years"
        found.append(RuleLine(text=f"Any project that is not approved may start up to {years} later", kind="said"))
    found += [
        RuleLine(
            text=f"{reference} starts in {years.first} to {years.last}",
            kind="start",
            of=(reference,),
            years=(years.first, years.last),
        )
        for reference, years in rules.starts.items()
    ]
    found += [
        RuleLine(
            text=phase_said(phase), kind="phase", of=(phase.later,), needed=(phase.earlier,), years=(phase.years, 0)
        )
        for phase in rules.phases
    ]
    found += [RuleLine(text=f"At most one of {', '.join(group)}", kind="one", of=group) for group in rules.exclusive]
    found += [
        RuleLine(text=f"{one} needs {' or '.join(needed)}", kind="needs", of=(one,), needed=needed)
        for one, needed in rules.requires
    ]
    if rules.risk is not None:
        found.append(_capped(programme, rules.risk))
    return tuple(found)


def _capped(programme: Programme, risk: float) -> "RuleLine":
    from appraisal.reports.programme_report import RuleLine  # noqa: PLC0415

    text = f"The chance that the programme loses for society is at most {risk:g} in 100"
    if programme.capped_by == "cautious rule":
        tail = f"{text}, whatever moves together: its worst {risk:g}% of futures do not lose on average"
        return RuleLine(text=tail, kind="risk")
    return RuleLine(text=f"{text}, by the simulation, with projects apart and all as one", kind="said")


def _cut_said(programme: Programme, selection: Selection) -> str:
    cut, held = programme.cut, programme.material.held
    count, spent = int(cut.chosen.sum()), float(cut.chosen @ programme.problem.spend)
    said = (
        f"By rank until the next project does not fit, {count} {'project' if count == 1 else 'projects'} for "
        f"{money(spent, held.currency, held.unit)} would be funded, worth {in_unit(programme, cut.value)}"
    )
    if cut.violations:
        return f"{said}. That breaks rules: {'; '.join(rule.message for rule in cut.violations)}."
    more, _ = more_than_cut(programme, selection)
    gains, loses = differs(programme, best=True), differs(programme, best=False)
    if not gains and not loses:
        return f"{said}: the same projects as in this programme."
    than = "as much as" if more == "nothing" else f"{more} less than"
    whom = f"{names(gains)}{f' and not {names(loses)}' if loses else ''}" if gains else f"not {names(loses)}"
    return f"{said}: {than} this programme, which has {whom}."


def _frontier(
    programme: Programme, points: tuple[FrontierPoint, ...], *, scale: float | None
) -> tuple["FrontierLine", ...]:
    """scale: what a point's multiplier is of; None where it is told by the risk of what is chosen there."""
    from appraisal.reports.programme_report import FrontierLine  # noqa: PLC0415

    risk = programme.problem.risk
    found = []
    for point, selection, entering in entering_points(programme, points):
        across = point.at * scale if scale is not None else 0.0 if risk is None else float(risk[selection.chosen].sum())
        found.append(FrontierLine(at=across, value=selection.value, entering=", ".join(entering)))
    return tuple(found)


def _pictures(page: Asked, programme: Programme, value_name: str) -> "dict[str, Picture]":
    from appraisal.reports.programme_report import Picture  # noqa: PLC0415

    held, portfolio = programme.material.held, page.explored.portfolio
    made = programme_pictures(programme, value_name)
    if portfolio.return_line is not None and portfolio.score_line is not None:
        lines = {"x_line": portfolio.return_line, "y_line": portfolio.score_line}
        made["map"] = portfolio_picture(portfolio.everyone, held.currency, held.unit, **lines)
    certainty = rank_certainty(page.explored) if page.base.ranked <= MOST else None
    if certainty is not None:
        made["ranks"] = heat_picture(certainty, budgeted=True)
    notes = {
        "years": "Bars: the programme's projects; black marks: yearly caps.",
        "risk": "Were all projects to go wrong together. Below 0 the programme gains even in its worst futures.",
        "ladder": "Filled: in the programme.",
        "ranks": "The darker a cell, the more draws give the project that rank.",
    }
    return {name: Picture(draw(WIDTH), notes.get(name, "")) for name, draw in made.items()}


def _notes(programme: Programme) -> tuple[str, ...]:
    material, found = programme.material, []
    if material.unvalued:
        found.append(
            f"Approved, so that its cost counts, but without a value: {names(material.unvalued)}. "
            "The value of the programme leaves it out."
        )
    if material.missing:
        found.append(f"Left aside, for want of a value: {names(material.missing)}.")
    if programme.posed.unmeasured:
        found.append(f"Of these the loss is not known: {names(programme.posed.unmeasured)}.")
    return (*found, *(f"Not used: {text}" for _, text in programme.rules.problems))


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
