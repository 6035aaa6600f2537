"""An indicator as its form shows it, and the form as an indicator."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from forms.frameworks.parts import LEVELS, IndicatorForm, written_points
from scoring.frameworks import Condition, Gate, Indicator, ScaleKind, Standing

FIELDS: Mapping[str, str] = {
    **{name: name for name in ("id", "title", "question", "points", "least", "most", "passages", "evidence")},
    **{f"levels[{level}]": f"level_{level}" for level in LEVELS},
    "rule": "computed",
    "figure": "computed",
    "gate.lifts_when": "lifts_when",
    "gate.passes_at": "passes_at",
    "applies_when.indicator": "waits_for",
    "applies_when.least": "waits_least",
}
"""Path inside an indicator -> the field of its form."""


def indicator_values(indicator: Indicator | None) -> dict[str, Any]:
    """What the form shows of an indicator; nothing for a new one."""
    if indicator is None:
        return {}
    same = ("id", "title", "question", "help", "unit", "evidence", "standard")
    return {
        **{name: getattr(indicator, name) for name in same},
        "scale": indicator.scale.value,
        "computed": f"figure:{indicator.figure}"
        if indicator.figure
        else f"rule:{indicator.rule}"
        if indicator.rule
        else "",
        "least": _plain(indicator.least),
        "most": _plain(indicator.most),
        "points": written_points(indicator.points),
        **{f"level_{level}": text for level, text in enumerate(indicator.levels)},
        "status": indicator.status.value,
        "passages": ", ".join(indicator.passages),
        **_gate_values(indicator.gate),
        **_condition_values(indicator.applies_when),
    }


def _gate_values(gate: Gate | None) -> dict[str, Any]:
    if gate is None:
        return {"gate": False}
    return {
        "gate": True,
        "passes_at": str(gate.passes_at),
        "gate_for": gate.applies_when,
        "lifts_when": gate.lifts_when,
        "conditional": gate.conditional,
    }


def _condition_values(condition: Condition | None) -> dict[str, Any]:
    if condition is None:
        return {"waits_for": ""}
    return {
        "waits_for": condition.indicator,
        "waits_least": str(condition.least),
        "waits_most": str(condition.most),
    }


def indicator_from(
    form: IndicatorForm, name: str, criterion: str, known: Indicator | None, *, weight: float
) -> Indicator:
    """The indicator the form describes; its weight stays, or is that given for a new one."""
    kind, _, which = (form.computed.data or "").partition(":")
    scale = ScaleKind(form.scale.data)
    computed, numeric = scale is ScaleKind.COMPUTED, scale is ScaleKind.NUMERIC
    first, second, third, fourth, fifth = (form[f"level_{level}"].data or "" for level in LEVELS)
    return Indicator(
        id=name,
        criterion=criterion,
        title=form.title.data or "",
        question=form.question.data or "",
        help=form.help.data or "",
        scale=scale,
        levels=(first, second, third, fourth, fifth),
        evidence=form.evidence.data or "",
        passages=tuple(letter.strip() for letter in (form.passages.data or "").split(",") if letter.strip()),
        standard=form.standard.data or "",
        status=Standing(form.status.data),
        weight=known.weight if known else weight,
        unit=(form.unit.data or "") if numeric else "",
        least=_number(form.least.number) if numeric else None,
        most=_number(form.most.number) if numeric else None,
        points=form.points.points if numeric or (computed and kind == "figure") else (),
        rule=which if computed and kind == "rule" else "",
        figure=which if computed and kind == "figure" else "",
        gate=_gate(form),
        applies_when=_condition(form),
    )


def _gate(form: IndicatorForm) -> Gate | None:
    if not form.gate.data:
        return None
    return Gate(
        passes_at=int(form.passes_at.data),
        applies_when=form.gate_for.data,
        lifts_when=form.lifts_when.data or "",
        conditional=bool(form.conditional.data),
    )


def _condition(form: IndicatorForm) -> Condition | None:
    if not form.waits_for.data:
        return None
    return Condition(indicator=form.waits_for.data, least=int(form.waits_least.data), most=int(form.waits_most.data))


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:.12g}"


def _number(number: Decimal | None) -> float | None:
    return None if number is None else float(number)
