"""The parts of a framework: the whole, a criterion, an indicator with its five levels, its gate and its conditions."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSubmitInput, GovTextArea
from wtforms import BooleanField, SubmitField, TextAreaField, ValidationError
from wtforms.form import BaseForm

from forms.numbers import read_number
from forms.registration.fields import LineField, NumberField, ProseField, VersionField, choices, either, one_of
from scoring.frameworks.framework import ScaleKind, Standing
from scoring.frameworks.vocabulary import CONDITIONS, FIGURES, RULES
from scoring.limits import MAX_NAME, MAX_SUMMARY

LONGEST_ID = 40
LONGEST_TEXT = 600
LEVELS = range(5)
_ID = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
SCALES = {
    ScaleKind.LEVEL.value: "One of five described levels",
    ScaleKind.NUMERIC.value: "A number, mapped to a level by thresholds",
    ScaleKind.COMPUTED.value: "Computed by the tool; nobody can type over it",
}
COMPUTED = {
    "": "Choose what computes it",
    **{f"rule:{name}": f"Rule “{name}”" for name in RULES},
    **{f"figure:{name}": f"{words.title}, by the thresholds below" for name, words in FIGURES.items()},
}
STANDINGS = {
    Standing.DEFAULT.value: "Our own choice",
    Standing.SECONDARY.value: "Read in a review of the source",
    Standing.PUBLISHED.value: "Read in the source",
}


class IdField(LineField):
    """An id that answers and addresses can carry."""

    def post_validate(self, form: BaseForm, validation_stopped: bool) -> None:  # noqa: ARG002
        if not validation_stopped and not _ID.fullmatch(self.data or ""):
            raise ValidationError("An id has letters, digits and hyphens, and begins with a letter.")


class PointsField(TextAreaField):
    """Thresholds, one a line as `number = level`; what was read is in `points`, the text typed stays in `data`."""

    widget = GovTextArea()
    points: tuple[tuple[float, float], ...] = ()

    def post_validate(self, form: BaseForm, validation_stopped: bool) -> None:  # noqa: ARG002
        lines = [line for line in (self.data or "").splitlines() if line.strip()]
        self.points = () if validation_stopped else tuple(map(self._read, lines))

    @staticmethod
    def _read(line: str) -> tuple[float, float]:
        parts = [read_number(part).value for part in line.split("=")]
        if len(parts) != 2 or parts[0] is None or parts[1] is None:  # noqa: PLR2004 -- a number and its level
            raise ValidationError(f"“{line.strip()[:40]}” is not “number = level”, as in 30 = 4.")
        return float(parts[0]), float(parts[1])


def written_points(points: Iterable[tuple[float, float]]) -> str:
    """Thresholds as PointsField reads them."""
    return "\n".join(f"{number:.12g} = {level:.12g}" for number, level in points)


class WholeForm(FlaskForm):  # type: ignore[misc]
    version = VersionField(default="0")
    title = LineField("Title", most=MAX_NAME, required="Enter a title.")
    summary = ProseField("What it judges by", most=MAX_SUMMARY)
    source = ProseField("Where weights and rules come from", most=MAX_SUMMARY)
    minimum = NumberField(
        "Least total",
        least=0,
        most=100,
        description="Out of 100. A project below it is not recommended; left empty, no total blocks.",
    )
    passages = ProseField(
        "Passages it rests on", most=10_000, description="One a line, as “A = the words”; indicators name the letters."
    )
    save = SubmitField("Save", widget=GovSubmitInput())

    def validate_passages(self, field: ProseField) -> None:
        for line in filter(str.strip, (field.data or "").splitlines()):
            letter, mark, words = line.partition("=")
            if not mark or not letter.strip() or not words.strip():
                raise ValidationError(f"“{line.strip()[:40]}” is not “letter = words”.")


class CriterionForm(FlaskForm):  # type: ignore[misc]
    version = VersionField(default="0")
    id = IdField("Id", most=LONGEST_ID, required="Enter an id.", description="It stays; titles can change.")
    title = LineField("Title", most=MAX_NAME, required="Enter a title.")
    question = LineField("Question it answers", most=LONGEST_TEXT, required="Enter the question.")
    minimum = NumberField(
        "Least score", least=0, most=100, description="Out of 100. Below it a project is not recommended."
    )
    save = SubmitField("Save", widget=GovSubmitInput())


class IndicatorForm(FlaskForm):  # type: ignore[misc]
    """Everything of one indicator but its weight, which is weighed beside the others."""

    version = VersionField(default="0")
    id = IdField(
        "Id",
        most=LONGEST_ID,
        required="Enter an id.",
        description="It stays. The id of another framework's indicator means the same question: answers count in both.",
    )
    title = LineField("Title", most=MAX_NAME, required="Enter a title.")
    question = LineField("Question to the planner", most=LONGEST_TEXT, required="Enter the question.")
    help = ProseField("Help", most=MAX_SUMMARY)
    scale = either("How it is answered", SCALES, default=ScaleKind.LEVEL.value)
    computed = one_of("Computed by", COMPUTED, description="For a computed indicator. Its formula is shown with it.")
    unit = LineField("Unit", most=60, description="For a number: “% of own revenue”.")
    least = NumberField("Least number that can be true", least=None, most=None)
    most = NumberField("Greatest number that can be true", least=None, most=None)
    points = PointsField(
        "Thresholds", description="One a line as “number = level”, numbers rising, levels from 0 to 4."
    )
    level_0 = LineField("Level 0", most=LONGEST_TEXT, required="Describe level 0.")
    level_1 = LineField("Level 1", most=LONGEST_TEXT, required="Describe level 1.")
    level_2 = LineField("Level 2", most=LONGEST_TEXT, required="Describe level 2.")
    level_3 = LineField("Level 3", most=LONGEST_TEXT, required="Describe level 3.")
    level_4 = LineField("Level 4", most=LONGEST_TEXT, required="Describe level 4.")
    evidence = LineField("Evidence asked for", most=LONGEST_TEXT, required="Say which evidence carries the answer.")
    standard = LineField("Outside standard", most=LONGEST_TEXT, description="Name a clause only where it was read.")
    status = one_of("Where its figures come from", STANDINGS, default=Standing.DEFAULT.value)
    passages = LineField("Passages", most=60, description="Letters, separated by commas.")
    gate = BooleanField("A gate: without it no recommendation", widget=GovCheckboxInput())
    passes_at = one_of("It passes from level", {str(level): str(level) for level in LEVELS[1:]}, default="2")
    gate_for = one_of("It applies to", CONDITIONS, default="always")
    lifts_when = LineField("What lifts it", most=LONGEST_TEXT, description="A sentence: what must be there.")
    conditional = BooleanField(
        "An approver may accept a condition in its place, with an owner and a date", widget=GovCheckboxInput()
    )
    waits_for = one_of("Asked only after", {"": "Always asked"})
    waits_least = one_of("from level", {str(level): str(level) for level in LEVELS}, default="0")
    waits_most = one_of("to level", {str(level): str(level) for level in LEVELS}, default="4")
    save = SubmitField("Save", widget=GovSubmitInput())

    def offer(self, others: Mapping[str, str]) -> None:
        """Name the indicators that this one could wait for."""
        self.waits_for.choices = choices({"": "Always asked", **others})

    def validate_lifts_when(self, field: LineField) -> None:
        if self.gate.data and not (field.data or "").strip():
            raise ValidationError("Say what lifts the gate.")

    def validate_computed(self, field: Any) -> None:
        if self.scale.data == ScaleKind.COMPUTED.value and not field.data:
            raise ValidationError("Choose the rule or the figure that computes it.")

    def validate_points(self, field: PointsField) -> None:
        by_points = self.scale.data == ScaleKind.NUMERIC.value or (self.computed.data or "").startswith("figure:")
        if self.scale.data != ScaleKind.LEVEL.value and by_points and len((field.data or "").split("=")) < 3:  # noqa: PLR2004
            raise ValidationError("Enter two thresholds or more.")


class TransferForm(FlaskForm):  # type: ignore[misc]
    """An indicator that goes to another criterion, with what it weighs there."""

    version = VersionField(default="0")
    to = one_of("To the criterion", {})
    weight = NumberField(
        "Its weight there, %",
        least=0,
        most=100,
        description="Of that criterion. Left empty it carries no weight until the weights there are set.",
    )
    show = SubmitField("Show what it gives", widget=GovSubmitInput())
    save = SubmitField("Move it", widget=GovSubmitInput())


class PartForm(FlaskForm):  # type: ignore[misc]
    """Only the token and the version: moving or removing a part."""

    version = VersionField(default="0")
