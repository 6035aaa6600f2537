"""Two to four projects side by side, and what would make one beat the other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import floor

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from appraisal.reports.reasons import reason_short
from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.side_by_side import FEWEST, MOST, OFFERED, TOP, Overtaking, Side, SideBySide, side_by_side
from appraisal.web.formatting import in_100, money, number, percent, score
from appraisal.web.identity import current_actor, sessions, signed_in
from appraisal.web.portfolio import segments
from appraisal.web.what_changed import criterion_names, per_cent
from appraisal.web.what_if import Asked, asked
from forms.portfolio import AREAS
from scoring.frameworks import Method
from scoring.frameworks.drawn_words import OVER
from scoring.frameworks.vocabulary import METHODS

pages = Blueprint("portfolio_comparison", __name__)
REFUSED = 422


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    cells: tuple[str, ...]

    @property
    def differs(self) -> bool:
        return len(set(self.cells)) > 1


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: tuple[Line, ...]


@pages.get("/portfolio/compare")
@signed_in
def shown() -> ResponseReturnValue:
    page = asked()
    ranked = {row.reference: row for row in page.explored.portfolio.everyone}
    ticked = [ranked[reference] for reference in dict.fromkeys(request.args.getlist("project")) if reference in ranked]
    if not FEWEST <= len(ticked) <= MOST:
        return render_template("portfolio/tick.html", page=page, ticked=ticked, most=MOST, fewest=FEWEST), (
            REFUSED if ticked else 200
        )
    with sessions()() as database:
        found = side_by_side(database, current_actor(), page.explored, ticked)
    only = request.args.get("only") == "differences"
    chosen = [("project", row.reference) for row in ticked]
    return render_template(
        "portfolio/compare.html",
        page=page,
        round=page.base.round,
        sides=found.sides,
        segments=segments,
        by_sum=page.base.aggregation.method is Method.WEIGHTED_SUM,
        method=METHODS[page.base.aggregation.method],
        sections=_shown(sections(found, page), only=only),
        only=only,
        every_href=page.url("portfolio_comparison.shown", chosen),
        only_href=page.url("portfolio_comparison.shown", [*chosen, ("only", "differences")]),
        overtakings=[
            (item, overtaking_texts(item, found, criterion_names(page.explored))) for item in found.overtakings
        ],
    )


def _shown(found: Sequence[Section], *, only: bool) -> list[Section]:
    kept = [Section(part.title, tuple(line for line in part.lines if line.differs or not only)) for part in found]
    return [part for part in kept if part.lines]


def sections(found: SideBySide, page: Asked) -> list[Section]:
    """Everything that is compared, as texts: facts, criteria with their indicators, money, risk, conditions."""
    titles = {indicator.id: indicator.title for indicator in found.framework.indicators}
    own = {side.row.reference: _by_id(side.result["criteria"]["indicators"]) for side in found.sides}

    def across(label: str, text: Callable[[Side], str]) -> Line:
        return Line(label, tuple(text(side) for side in found.sides))

    facts = (
        across(
            f"Rank, and its 90% range over {OVER}",
            lambda side: f"{side.row.rank} ({side.row.rank_low}–{side.row.rank_high})",
        ),
        across("City", lambda side: side.row.city or "not given"),
        across("Stage", lambda side: str(side.project.get("stage", "not given"))),
        across("Action areas", lambda side: ", ".join(AREAS[area] for area in side.row.areas) or "none"),
        across("Funded", lambda side: "yes" if side.row.funded else "no"),
    )
    criteria = []
    for criterion in found.framework.criteria:
        lines = [across("Score of the criterion", lambda side, key=criterion.id: _criterion(side.row, key))]  # type: ignore[misc]
        for indicator in criterion.indicators:
            cells = tuple(_indicator(side, own[side.row.reference].get(indicator.id)) for side in found.sides)
            lines.append(Line(f"{indicator.id} {titles[indicator.id]}", cells))
        weight = per_cent(page.explored.weights[criterion.id])
        criteria.append(Section(f"{criterion.title}, weight {weight}%", tuple(lines)))
    return [
        Section("Facts", facts),
        *criteria,
        Section("Money", _money(across)),
        Section("Risk", _risk(across)),
        _gates(found),
    ]


def _by_id(items: Sequence[Mapping[str, object]]) -> dict[str, Mapping[str, object]]:
    return {str(item["id"]): item for item in items}


def _criterion(row: PortfolioRow, key: str) -> str:
    item = next(item for item in row.criteria if item.criterion == key)
    return "not answered" if item.score is None else score(item.score)


def _indicator(side: Side, item: Mapping[str, object] | None) -> str:
    if item is None or item["level"] is None:
        return "unknown"
    answer = side.project.get("answers", {}).get(item["id"], {})
    parts = [f"level {number(float(str(item['level'])), digits=2)}"]
    if item["capped"]:
        parts.append(f"stated {number(float(str(item['stated_level'])), digits=2)}, capped by its evidence")
    parts.append(
        "computed" if item["computed"] else f"evidence {item['evidence']}" if item["evidence"] else "no evidence"
    )
    if answer.get("reason"):
        parts.append(f"“{answer['reason']}”")
    return " · ".join(parts)


def _figure(document: Mapping[str, object], name: str, write: Callable[[float], str]) -> str:
    value = document.get(name)
    if value is None:
        return f"none: {reason_short(str(document.get(f'{name}_reason', 'not-given')))}"
    return write(float(str(value)))


def _money(across: Callable[[str, Callable[[Side], str]], Line]) -> tuple[Line, ...]:
    def amount(part: str, name: str) -> Callable[[Side], str]:
        return lambda side: _figure(
            side.result[part], name, lambda value: money(value, side.row.currency, side.row.unit)
        )

    return (
        across("Capital cost", lambda side: money(side.row.cost, side.row.currency)),
        across("Financial NPV", amount("financial", "npv")),
        across("Financial IRR", lambda side: _figure(side.result["financial"], "irr", percent)),
        across("Economic NPV", amount("economic", "npv")),
        across(
            "Benefit-cost ratio",
            lambda side: _figure(side.result["economic"], "bcr", lambda value: number(value, digits=2)),
        ),
        across("Public money, present value", amount("risk", "public_money")),
    )


def _risk(across: Callable[[str, Callable[[Side], str]], Line]) -> tuple[Line, ...]:
    def npv(name: str) -> Callable[[Side], str]:
        return lambda side: _figure(
            side.result["risk"]["economic_npv"], name, lambda value: money(value, side.row.currency, side.row.unit)
        )

    return (
        across(
            "Chance of a loss for society",
            lambda side: _figure(side.result["risk"]["economic_npv"], "prob_negative", in_100),
        ),
        across("Economic NPV, P50", npv("p50")),
        across("Economic NPV, worst 5% on average", npv("cvar95")),
        across(
            "Return per unit of public money",
            lambda side: _figure(side.result["risk"], "risk_adjusted_return", lambda value: number(value, 1)),
        ),
        across(
            "Delay, P80, years", lambda side: _figure(side.result["risk"], "delay_p80", lambda value: number(value, 1))
        ),
    )


def _gates(found: SideBySide) -> Section:
    titles: dict[str, str] = {}
    for side in found.sides:
        titles |= {gate["id"]: gate["title"] for gate in side.result["criteria"]["gates"]}
    status = [{gate["id"]: gate["status"] for gate in side.result["criteria"]["gates"]} for side in found.sides]
    lines = (
        Line(f"{key} {title}", tuple(str(each.get(key, "not applicable")).replace("-", " ") for each in status))
        for key, title in titles.items()
    )
    return Section("Conditions", tuple(lines))


def overtaking_texts(item: Overtaking, found: SideBySide, names: Mapping[str, str]) -> list[str]:
    """What would put the one behind ahead, as sentences."""
    if item.gap <= 0:
        return ["They are level by score."]
    titles = {indicator.id: indicator.title for indicator in found.framework.indicators}
    weights = [
        f"{names[key]} weighs {'over' if rising else 'under'} {per_cent(level)}%"
        for key, (level, rising) in item.weights.items()
    ]
    levels = [(step, floor(step.needed) + 1) for step in item.steps if floor(step.needed) < TOP]
    steps = [
        f"{step.indicator} ({titles[step.indicator]}) at level {level} instead of {number(step.level, digits=2)}"
        for step, level in levels[:OFFERED]
    ]
    said = [f"It is {number(item.gap, 1)} points behind."]
    said.append(f"By weight: where {', or where '.join(weights)}." if weights else "No single weight puts it ahead.")
    said.append(f"By one answer: {'; or '.join(steps)}." if steps else "No single answer puts it ahead.")
    return said
