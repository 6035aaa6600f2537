"""Cloning, importing and publishing a framework, and moving a round to another version."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovSubmitInput, GovTextArea
from wtforms import HiddenField, SubmitField, TextAreaField, ValidationError

from forms.registration.fields import LineField, ProseField, VersionField, either
from scoring.limits import MAX_NAME, MAX_SUMMARY

NEXT, NEW = "next", "new"


class CloneForm(FlaskForm):  # type: ignore[misc]
    draft = HiddenField()
    """The id the draft will have: sent twice, it is made once."""
    title = LineField("Title of the copy", most=MAX_NAME, required="Enter a title.")
    kind = either(
        "What the copy is",
        {NEXT: "The next version of this framework", NEW: "A framework of its own"},
        default=NEXT,
    )
    copy = SubmitField("Make the copy", widget=GovSubmitInput())


class ImportForm(FlaskForm):  # type: ignore[misc]
    draft = HiddenField()
    file = FileField("Framework file", description="A JSON file exported here.", widget=GovFileInput())
    text = TextAreaField("Or its text", widget=GovTextArea())
    read = SubmitField("Import as a draft", widget=GovSubmitInput())

    def validate_text(self, field: TextAreaField) -> None:
        if not self.file.data and not (field.data or "").strip():
            raise ValidationError("Choose a file, or paste its text.")


class PublishForm(FlaskForm):  # type: ignore[misc]
    version = VersionField(default="0")
    note = ProseField(
        "What changed and why",
        most=MAX_SUMMARY,
        required="Say what changed and why: whoever scores by it will read this.",
    )
    publish = SubmitField("Publish and lock", widget=GovSubmitInput())


class MoveForm(FlaskForm):  # type: ignore[misc]
    expected = HiddenField()
    """The version the round had when the plan was shown."""
    move = SubmitField("Move the round", widget=GovSubmitInput())
