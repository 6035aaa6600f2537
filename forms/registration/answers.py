"""Answers to a criterion's indicators, each with its evidence; built from the framework, which is data."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSubmitInput
from wtforms import BooleanField, Form, FormField, SubmitField, ValidationError

from forms.registration.fields import LineField, NumberField, ProseField, VersionField, either, one_of
from scoring.frameworks.framework import Indicator, ScaleKind
from scoring.limits import MAX_REASON, MAX_SOURCE
from scoring.project_file import EvidenceGrade

NOT_ANSWERED, UNKNOWN = "", "unknown"
GRADES = {
    "": "No evidence named",
    EvidenceGrade.CLAIM.value: "E0 · our own word",
    EvidenceGrade.OWN_DOCUMENT.value: "E1 · a document of our own",
    EvidenceGrade.THIRD_PARTY.value: "E2 · a third party's document",
    EvidenceGrade.VERIFIED.value: "E3 · verified: audit, contract, law",
}


class EvidencePart(Form):
    """What stands behind an answer."""

    evidence = one_of("Evidence", GRADES)
    source = LineField("Where it is", most=MAX_SOURCE, description="Document and page, or address.")
    reason = ProseField("Why this answer", most=MAX_REASON)


def answerable(indicators: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """The indicators that people answer; the others are computed from the returns."""
    return tuple(indicator for indicator in indicators if indicator.scale is not ScaleKind.COMPUTED)


def answers_form(indicators: Sequence[Indicator]) -> type[FlaskForm]:
    """A form with one part an indicator, under the indicator's id."""
    parts: dict[str, Any] = {item.id: FormField(_part(item), label=item.question) for item in answerable(indicators)}
    version = VersionField(default="0")
    save = SubmitField("Save and go on", widget=GovSubmitInput())
    return type("AnswersForm", (FlaskForm,), {"version": version, **parts, "save": save})


def _part(indicator: Indicator) -> type[Form]:
    if indicator.scale is ScaleKind.NUMERIC:
        return type("NumberPart", (_NumberPart,), {"value": _value(indicator), "unknown": _unknown()})
    named = {str(level): f"{level} · {text}" for level, text in enumerate(indicator.levels)}
    level = either(indicator.question, {**named, UNKNOWN: "Not known", NOT_ANSWERED: "Not answered yet"})
    return type("LevelPart", (EvidencePart,), {"level": level})


class _NumberPart(EvidencePart):
    value: NumberField

    def validate_unknown(self, field: BooleanField) -> None:
        if field.data and (self.value.data or "").strip():
            raise ValidationError("Enter the number or tick “Not known”, not both.")


def _value(indicator: Indicator) -> NumberField:
    bounds = {"from": indicator.least, "to": indicator.most}
    limits = " ".join(f"{word} {value:g}" for word, value in bounds.items() if value is not None)
    return NumberField(
        "Number",
        least=indicator.least,
        most=indicator.most,
        description=f"In {indicator.unit}{limits and f', {limits}'}.",
    )


def _unknown() -> BooleanField:
    return BooleanField("Not known", widget=GovCheckboxInput())
