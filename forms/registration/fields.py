"""Fields of the registration journey: texts that can be stored, whole numbers, numbers, choices."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovTextArea, GovTextInput
from wtforms import Field, Form, HiddenField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types
from wtforms.form import BaseForm
from wtforms.validators import DataRequired

from forms.ids import whole
from forms.numbers import NumberProblem, Reading, read_number
from forms.texts import kept, one_line, refused_character


class Storable:
    """The text is short enough and holds only characters that may be stored."""

    def __init__(self, most: int, *, prose: bool = False) -> None:
        self.most, self.prose = most, prose

    def __call__(self, _form: Form, field: Field) -> None:
        text = field.data or ""
        if (character := refused_character(text.replace("\r\n", "\n"), prose=self.prose)) is not None:
            raise ValidationError(f"{field.label.text} holds the character {character}, which cannot be stored.")
        if len(text) > self.most:
            raise ValidationError(f"{field.label.text} has {len(text):,} characters; at most {self.most:,} are kept.")


class LineField(StringField):
    """A text on one line."""

    widget = GovTextInput()

    def __init__(self, label: str, *, most: int, required: str = "", description: str = "", **options: Any) -> None:
        checks = [*([DataRequired(required)] if required else []), Storable(most)]
        super().__init__(label, description=description, validators=checks, filters=[_on_one_line], **options)


class ProseField(TextAreaField):
    """A text of sentences."""

    widget = GovTextArea()

    def __init__(self, label: str, *, most: int, required: str = "", description: str = "", **options: Any) -> None:
        checks = [*([DataRequired(required)] if required else []), Storable(most, prose=True)]
        super().__init__(label, description=description, validators=checks, filters=[_as_prose], **options)


class WholeField(StringField):
    """A whole number within limits, in `number`; the text typed stays in `data`."""

    widget = GovTextInput()

    def __init__(
        self, label: str, *, least: int, most: int, required: str, description: str = "", **options: Any
    ) -> None:
        super().__init__(label, description=description, validators=[DataRequired(required)], **options)
        self.least, self.most = least, most
        self.number: int | None = None

    def post_validate(self, form: BaseForm, validation_stopped: bool) -> None:  # noqa: ARG002
        if validation_stopped:
            return
        value = read_number(self.data or "").value
        if value is None or value != int(value) or not self.least <= value <= self.most:
            raise ValidationError(f"{self.label.text} is a whole number from {self.least} to {self.most}.")
        self.number = int(value)


class NumberField(StringField):
    """A number within limits, in `number` (None where left empty); the text typed stays in `data`."""

    widget = GovTextInput()

    def __init__(
        self, label: str, *, least: float | None, most: float | None, description: str = "", **options: Any
    ) -> None:
        super().__init__(label, description=description, **options)
        self.least, self.most = least, most
        self.number: Decimal | None = None

    def post_validate(self, form: BaseForm, validation_stopped: bool) -> None:  # noqa: ARG002
        if validation_stopped or not (self.data or "").strip():
            return
        read = read_number(self.data or "")
        value = read.value if read.problem is not NumberProblem.AMBIGUOUS else self._only_one_within(read.readings)
        if value is None or read.percent:
            said = "is a percentage: enter the plain number" if read.percent else read.message
            raise ValidationError(f"“{(self.data or '').strip()[:40]}” {said}.")
        if self.least is not None and value < Decimal(str(self.least)):
            raise ValidationError(f"The number cannot be less than {self.least:g}.")
        if self.most is not None and value > Decimal(str(self.most)):
            raise ValidationError(f"The number cannot be more than {self.most:g}.")
        self.number = value

    def _only_one_within(self, readings: Sequence[Reading]) -> Decimal | None:
        """Of two readings the one within the limits: 101.125 per cent is not 101,125."""
        within = [
            each.value
            for each in readings
            if (self.least is None or each.value >= Decimal(str(self.least)))
            and (self.most is None or each.value <= Decimal(str(self.most)))
        ]
        return within[0] if len(within) == 1 else None


class VersionField(HiddenField):
    """The version of the draft as it was read, in `number`; a damaged one is older than any."""

    @property
    def number(self) -> int:
        try:
            return whole(str(self.data or ""))
        except ValueError:
            return 0


def one_of(label: str, named: Mapping[str, str], *, description: str = "", default: str = "") -> SelectField:
    """A choice from a list that drops down."""
    return SelectField(label, choices=choices(named), description=description, default=default, widget=GovSelect())


def either(
    label: str, named: Mapping[str, str], *, description: str = "", default: str = "", **options: Any
) -> RadioField:
    """A choice among few, all of them seen."""
    return RadioField(
        label, choices=choices(named), description=description, default=default, widget=GovRadioInput(), **options
    )


def choices(named: Mapping[str, str]) -> Sequence[SelectChoice]:
    return [SelectChoice(value, label) for value, label in named.items()]


def _on_one_line(text: str | None) -> str | None:
    """Line ends become spaces before the check that would refuse them; what no prose may hold stays, to be refused."""
    return None if text is None else one_line(text) if refused_character(text, prose=True) is None else text


def _as_prose(text: str | None) -> str | None:
    return None if text is None else kept(text.replace("\r\n", "\n")).strip()
