"""Sending files as evidence, and saying which answer each stands behind."""

from collections.abc import Mapping

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovSubmitInput
from wtforms import MultipleFileField, SubmitField

from forms.registration.fields import LineField, VersionField, one_of

LONGEST_TITLE, LONGEST_PLACE = 200, 80


class FilesForm(FlaskForm):  # type: ignore[misc]
    files = MultipleFileField("Files", widget=GovFileInput(multiple=True))
    send = SubmitField("Send the files", widget=GovSubmitInput())


class TitleForm(FlaskForm):  # type: ignore[misc]
    version = VersionField(default="0")
    title = LineField("Title", most=LONGEST_TITLE, required="Enter a title.")
    save = SubmitField("Rename it", widget=GovSubmitInput())


class PlaceForm(FlaskForm):  # type: ignore[misc]
    """The answers of the framework are set where they are known."""

    indicator = one_of("Which answer it stands behind", {})
    place = LineField("Page or section", most=LONGEST_PLACE, description="For example “page 12” or “section 3.2”.")
    save = SubmitField("Link it", widget=GovSubmitInput())

    def ask(self, named: Mapping[str, str]) -> None:
        self.indicator.choices = [("", "Choose one"), *named.items()]
