"""The cash-flow table as it is typed, pasted, and shown again before it is stored."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovRadioInput, GovTextArea
from wtforms import FileField, Form, HiddenField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms import FormField as Part
from wtforms.validators import Length, Optional

from forms.registration.cash_flow_lines import LEFT_OUT
from forms.registration.entries import Entries
from forms.registration.fields import LineField, VersionField, choices
from scoring.limits import MAX_LINES, MAX_PERIODS

QUESTIONS = ("orientation", "first_year", "missing_years", "decimal_mark", "currency", "scale", "parts", "blanks")
"""What the reader may ask, in the order in which a person thinks of it."""


class TypedLine(Form):
    label = StringField("Line", validators=[Length(max=1000)])
    kind = SelectField("What it is", validate_choice=False)
    amounts = Entries(StringField("Amount", validators=[Length(max=100)]), max_entries=MAX_PERIODS)


class TypedTable(FlaskForm):  # type: ignore[misc]
    """The table of inputs: every cell a text until the reader has understood it."""

    version = VersionField(default="0")
    lines = Entries(Part(TypedLine), max_entries=MAX_LINES)


class PasteForm(FlaskForm):  # type: ignore[misc]
    """Cells copied from a spreadsheet."""

    version = VersionField(default="0")
    text = TextAreaField(
        "Cells copied from a spreadsheet",
        description="With the row of years and the names of the lines. Years may run across or down.",
        widget=GovTextArea(),
    )

    def validate_text(self, field: TextAreaField) -> None:
        if not (field.data or "").strip():
            raise ValidationError("Paste the cells first: mark them in the spreadsheet and copy them, with the years.")


class WorkbookForm(FlaskForm):  # type: ignore[misc]
    file = FileField(
        "A workbook (.xlsx)",
        description="Its stored figures are read, with every digit; macros and formulas are not run.",
        widget=GovFileInput(),
    )


class CellsForm(FlaskForm):  # type: ignore[misc]
    """Which cells of the workbook are the table."""

    sheet = RadioField("Which sheet is it on?", validate_choice=False, widget=GovRadioInput())
    area = LineField(
        "Which cells? (optional)",
        most=40,
        description="Such as B3:M14, with the row of years and the names of the lines. Empty: all that the sheet uses.",
    )


class UndoForm(FlaskForm):  # type: ignore[misc]
    """Only the version that the paste left."""

    version = VersionField(default="0")


class LineChoice(Form):
    """What one line of the table is; `sign` where a cost line mixes signs."""

    kind = SelectField("What it is", validate_choice=False)
    sign = RadioField(
        "Which sign is money out?",
        choices=choices({"out-negative": "Money out is negative", "out-positive": "Money out is positive"}),
        validators=[Optional()],
        validate_choice=False,
    )


class PreviewForm(FlaskForm):  # type: ignore[misc]
    """What was understood, sent back with the answers to what was asked."""

    version = VersionField(default="0")
    text = TextAreaField("Cells")
    typed = HiddenField(default="")
    sheet = HiddenField(default="")
    area = HiddenField(default="")
    """The sheet and the range of a workbook that the cells came from; empty where they were pasted or typed."""
    orientation = HiddenField(default="")
    first_year = HiddenField(default="")
    missing_years = HiddenField(default="")
    decimal_mark = HiddenField(default="")
    scale = HiddenField(default="")
    currency = HiddenField(default="")
    parts = HiddenField(default="")
    blanks = HiddenField(default="")
    lines = Entries(Part(LineChoice), max_entries=2 * MAX_LINES)

    def answers(self) -> dict[str, str]:
        """The answers given so far, by question."""
        return {name: self[name].data for name in QUESTIONS if self[name].data}


def offer(field: Any, kinds: Mapping[str, str], chosen: str) -> None:
    """Give a kind's field its choices; `chosen` stands while the person has chosen nothing."""
    named = {"": "Choose what it is", **kinds, LEFT_OUT: "Leave this line out"}
    field.choices = choices(named)
    if not field.data or field.data not in named:
        field.data = chosen if chosen in named else ""


def typed_text(years: Sequence[int], lines: Sequence[TypedLine]) -> str:
    """The typed table as the text that a paste of it would be; lines without any figure are left out."""
    rows = [["Line", *map(str, years)]]
    for line in filled(lines):
        cells = [_cell(entry.data) for entry in line.amounts]
        rows.append([_quoted(line.label.data or ""), *cells, *[""] * (len(years) - len(cells))])
    return "\r\n".join("\t".join(row) for row in rows) + "\r\n"


def filled(lines: Sequence[TypedLine]) -> list[TypedLine]:
    """The lines that hold any figure."""
    return [line for line in lines if any((entry.data or "").strip() for entry in line.amounts)]


def _cell(text: str | None) -> str:
    return " ".join((text or "").split())


def _quoted(label: str) -> str:
    text = " ".join(label.split())
    return '"' + text.replace('"', '""') + '"' if '"' in text else text
