"""What an appraiser fills in: the declaration, and one score at a time with its evidence and reason."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSubmitInput
from wtforms import BooleanField, RadioField, SubmitField, ValidationError

from forms.registration.answers import UNKNOWN
from forms.registration.fields import LineField, NumberField, ProseField, VersionField, either, one_of
from scoring.frameworks.framework import Indicator, ScaleKind
from scoring.limits import MAX_DECLARATION, MAX_REASON, MAX_REASON_WORDS, MIN_REASON_WORDS
from scoring.project_file import EvidenceGrade

LONGEST_DOCUMENT, LONGEST_PAGE = 450, 40
NO_CONFLICT, CONFLICT, NOT_COMPETENT = "none", "conflict", "not-competent"
INTERESTS = {
    NO_CONFLICT: "Nothing ties me to it",
    CONFLICT: "I have a conflict of interest",
    NOT_COMPETENT: "I do not know this field well enough to judge it",
}
KINDS = {
    "": "Choose which",
    "money": "Money: I or mine gain or lose by it",
    "work": "Work: I wrote, planned, sell or will run part of it",
    "person": "People: family or friends take part in it",
    "opinion": "Opinion: I have taken sides in public",
    "other": "Something else",
}
GRADES = {
    "": "None seen",
    EvidenceGrade.CLAIM.value: "E0 · a claim, no document",
    EvidenceGrade.OWN_DOCUMENT.value: "E1 · a document of the applicant",
    EvidenceGrade.THIRD_PARTY.value: "E2 · a third party's or official document",
    EvidenceGrade.VERIFIED.value: "E3 · independently verified",
}
LEVELS = frozenset({"0", "1", "2", "3", "4", UNKNOWN})
REASON_HINT = (
    f"{MIN_REASON_WORDS} to {MAX_REASON_WORDS} words. What did you see? Where does it stand? Why not one level higher?"
)


class DeclarationForm(FlaskForm):  # type: ignore[misc]
    interest = either("Does anything tie you to this project?", INTERESTS, validate_choice=False)
    kind = one_of("Which kind of conflict", KINDS, description="Only where you have one.")
    text = ProseField("In a sentence, if it needs one", most=MAX_DECLARATION)
    save = SubmitField("Declare", widget=GovSubmitInput())

    def validate_interest(self, field: Any) -> None:
        if field.data not in INTERESTS:
            raise ValidationError("Choose one of the three.")

    def validate_kind(self, field: Any) -> None:
        if self.interest.data == CONFLICT and not field.data:
            raise ValidationError("Say which kind of conflict it is.")


class _ScoreForm(FlaskForm):  # type: ignore[misc]
    version = VersionField(default="0")
    evidence = one_of("Evidence you have seen", GRADES)
    document = LineField("Document", most=LONGEST_DOCUMENT, description="Those the applicant names are offered.")
    page = LineField("Page", most=LONGEST_PAGE)
    reason = ProseField("Why this level", most=MAX_REASON, description=REASON_HINT)
    save = SubmitField("Save and next", widget=GovSubmitInput())


class _LevelScoreForm(_ScoreForm):
    level: RadioField

    def validate_level(self, field: RadioField) -> None:
        if field.data and field.data not in LEVELS:
            raise ValidationError("Choose one of the levels, or “Unknown”.")


class _NumberScoreForm(_ScoreForm):
    value: NumberField

    def validate_unknown(self, field: BooleanField) -> None:
        if field.data and (self.value.data or "").strip():
            raise ValidationError("Enter the number or tick “Unknown”, not both.")


def score_form(indicator: Indicator, *, save: str = "Save and next") -> type[FlaskForm]:
    """The form of one indicator, for its kind of scale."""
    button = SubmitField(save, widget=GovSubmitInput())
    if indicator.scale is ScaleKind.NUMERIC:
        value = NumberField(
            f"Number, {indicator.unit}" if indicator.unit else "Number", least=indicator.least, most=indicator.most
        )
        unknown = BooleanField("Unknown: it cannot be told from what was sent", widget=GovCheckboxInput())
        return type("NumberScoreForm", (_NumberScoreForm,), {"value": value, "unknown": unknown, "save": button})
    level = either(indicator.question, levels_named(indicator.levels), validate_choice=False)
    return type("LevelScoreForm", (_LevelScoreForm,), {"level": level, "save": button})


def levels_named(levels: Sequence[str]) -> dict[str, str]:
    named = {str(level): f"{level} · {text}" for level, text in enumerate(levels)}
    return {**named, UNKNOWN: "Unknown: it cannot be told from what was sent"}
