"""The rows of the score waterfall: where each bar starts and ends, and what is said beside it."""

from dataclasses import dataclass, replace

from appraisal.reports import figures, palette
from scoring.frameworks.framework import Framework
from scoring.result import CriteriaResult, CriterionResult, GateStatus, Missing

GATE_WORDS = {GateStatus.FAILED: "gate fails", GateStatus.OPEN: "gate open"}
SHORT_GATE_WORDS = {GateStatus.FAILED: "fails", GateStatus.OPEN: "open"}
"""For the narrow picture, where the stop mark before them says that it is a gate."""
SMALLEST = 0.05
"""Points below which a part is not drawn."""


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    label: str
    start: float
    end: float
    colour: str
    text: str
    unknown: bool = False
    heading: bool = False
    gate: str = ""
    gate_open: bool = False
    """Whether its gate only waits for an answer."""
    criterion: str = ""
    solid: bool = False
    """Drawn in full colour although it is a criterion's."""
    label_end: float | None = None
    """Where its words stand, if not at its end."""


def indicator_rows(criteria: CriteriaResult, framework: Framework, *, narrow: bool) -> list[Row]:
    colours = palette.criterion_colours(criterion.id for criterion in framework.criteria)
    gate_words = SHORT_GATE_WORDS if narrow else GATE_WORDS
    gates = {gate.id: gate_words.get(gate.status, "") for gate in criteria.gates}
    still_open = {gate.id for gate in criteria.gates if gate.status is GateStatus.OPEN}
    titles = {indicator.id: indicator.title for indicator in framework.indicators}
    rows: list[Row] = []
    at = 0.0
    for result in criteria.by_criterion.values():
        inside = [indicator for indicator in criteria.indicators if indicator.criterion == result.id]
        start, heading = at, len(rows)
        for indicator in inside:
            gained = 0.0 if isinstance(indicator.contribution, Missing) else indicator.contribution
            unknown = isinstance(indicator.contribution, Missing)
            end = at + (indicator.high if unknown else gained)
            rows.append(
                Row(
                    key=indicator.id,
                    label=indicator.id if narrow else f"{titles.get(indicator.id, indicator.id)} · {indicator.id}",
                    start=at,
                    end=end,
                    colour=colours.get(result.id, palette.INK_2),
                    text=f"0 to {figures.points(indicator.high)}" if unknown else figures.points(gained),
                    unknown=unknown,
                    gate=gates.get(indicator.id, ""),
                    gate_open=indicator.id in still_open,
                    criterion=result.id,
                )
            )
            at += gained
        gained_words = figures.points(at - start)
        words = gained_words if narrow else f"{gained_words} of {figures.points(result.weight * 100)}"
        rows.insert(
            heading,
            Row(
                result.id,
                result.title,
                start,
                at,
                colours.get(result.id, palette.INK_2),
                words,
                heading=True,
                gate=gates.get(f"minimum:{result.id}", ""),
                criterion=result.id,
            ),
        )
    return rows


def unevenness_row(criteria: CriteriaResult, *, narrow: bool) -> list[Row]:
    """What the criteria's unevenness takes back, from where their points end to the total; none under a sum."""
    lost = criteria.unevenness
    if lost > -SMALLEST:
        return []
    end = sum(0.0 if isinstance(row.given, Missing) else row.given for row in criteria.by_criterion.values())
    label = "Unevenness" if narrow else "Unevenness of the criteria"
    text = figures.points(lost)
    return [Row("unevenness", label, end + lost, end, palette.INK_3, text, heading=True, solid=True)]


def criterion_rows(result: CriterionResult, rows: list[Row], *, narrow: bool) -> list[Row]:
    """A criterion as one bar, hatched on to what it would give with every unknown at its best."""
    inside = [row for row in rows if row.criterion == result.id]
    heading = next(row for row in inside if row.heading)
    best = heading.start + result.weight * result.high
    stops = sum(bool(row.gate) for row in inside)
    gates = f"{stops} {'gate' if stops == 1 else 'gates'}"
    verb = "" if narrow else f" {'blocks' if stops == 1 else 'block'}"
    gate = f"{gates}{verb}" if stops else ""
    solid = replace(heading, solid=True, gate=gate, label_end=max(best, heading.end))
    if best - heading.end <= SMALLEST:
        return [solid]
    return [solid, replace(heading, start=heading.end, end=best, text="", unknown=True)]
