"""What the fields of the registration journey take, and what they say when they do not."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form

from forms.registration.answers import answers_form
from forms.registration.data_facts import DataFactsForm
from forms.registration.fields import LineField, NumberField, ProseField, VersionField, WholeField
from forms.registration.project import ProjectForm
from scoring.frameworks import load_framework


class Sample(Form):
    line = LineField("The name", most=10, required="Enter the name.")
    prose = ProseField("The text", most=12)
    whole = WholeField("The year", least=1900, most=2200, required="Enter the year.")
    number = NumberField("The share", least=0.0, most=1.0)
    version = VersionField()


def sample(**given: str) -> Sample:
    form = Sample(MultiDict({"line": "name", "whole": "2027", **given}))
    form.validate()
    return form


def test_what_is_typed_well_is_understood() -> None:
    form = sample(line="  two\t words ", prose="a\r\nb  ", whole="２０２７", number="0.25", version="7")
    assert form.errors == {}
    assert (form.line.data, form.prose.data, form.whole.number) == ("two words", "a\nb", 2027)
    assert str(form.number.number) == "0.25"
    assert form.version.number == 7


def test_of_two_readings_the_only_one_within_the_limits_is_taken() -> None:
    class Percent(Form):
        number = NumberField("Likely", least=0.0, most=1000.0)

    form = Percent(MultiDict({"number": "101.125"}))
    assert form.validate()
    assert str(form.number.number) == "101.125"


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("line", "   ", "Enter the name."),
        ("line", "x" * 11, "The name has 11 characters; at most 10 are kept."),
        ("line", "a\x00b", "The name holds the character U+0000, which cannot be stored."),
        ("line", "a\u202eb", "The name holds the character U+202E, which cannot be stored."),
        ("prose", "a\x07", "The text holds the character U+0007, which cannot be stored."),
        ("prose", "x" * 13, "The text has 13 characters; at most 12 are kept."),
        ("whole", "", "Enter the year."),
        ("whole", "2027.5", "The year is a whole number from 1900 to 2200."),
        ("whole", "nan", "The year is a whole number from 1900 to 2200."),
        ("whole", "9" * 400, "The year is a whole number from 1900 to 2200."),
        ("number", "abc", "“abc” is not a number."),
        ("number", "Infinity", "“Infinity” is not a number."),
        ("number", "72%", "“72%” is a percentage: enter the plain number."),
        ("number", "1.234", "“1.234” can be read as 1.234 or as 1234."),
        ("number", "-0.1", "The number cannot be less than 0."),
        ("number", "2", "The number cannot be more than 1."),
    ],
)
def test_a_refusal_says_what_to_do_and_keeps_what_was_typed(field: str, typed: str, message: str) -> None:
    form = sample(**{field: typed})
    assert form.errors == {field: [message]}
    if field in ("whole", "number"):
        assert form[field].data == typed


@pytest.mark.parametrize("text", ["", "x", "-1", "9" * 30, "１"])
def test_a_damaged_version_is_older_than_any(text: str) -> None:
    assert sample(version=text).version.number == 0


@pytest.fixture
def forms() -> Any:
    app = Flask("forms")
    app.config.update(SECRET_KEY="k", WTF_CSRF_ENABLED=False)
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("forms")
def test_at_most_26_answers_are_required_two_of_them_prose() -> None:
    """JOURNEYS 1: the hard rule of the journey, counted on what the forms refuse when nothing is filled in."""
    required: list[str] = []
    kinds = [ProjectForm, DataFactsForm, *(answers_form(item.indicators) for item in load_framework().criteria)]
    for kind in kinds:
        form = kind(MultiDict({"key": "8bc7b2d2-4336-4796-a56e-f9f037352473"}))
        form.validate()
        required += form.errors
    prose = [name for name in required if ProjectForm()[name].type == "ProseField"]
    assert len(required) + 1 <= 26, "and the cash-flow table"
    assert required == [
        "title",
        "summary",
        "city",
        "areas",
        "stage",
        "first_year",
        "years",
        "currency",
        "price_year",
    ]
    assert len(prose) == 1


@pytest.mark.usefixtures("forms")
def test_codes_have_three_letters() -> None:
    form = ProjectForm(MultiDict({"currency": "usd", "country": "Korea"}))
    form.validate()
    assert form.currency.data == "USD"
    assert form.errors["country"] == ["Country code (optional) has 5 characters; at most 3 are kept."]


@pytest.mark.usefixtures("forms")
def test_none_of_these_stands_alone() -> None:
    form = DataFactsForm(MultiDict([("impact_triggers", "none"), ("impact_triggers", "profiling")]))
    assert not form.validate()
    assert form.errors == {"impact_triggers": ["Tick either “None of these” or those that are true."]}


@pytest.mark.usefixtures("forms")
def test_every_answerable_indicator_has_its_part() -> None:
    asked = sum(len(list(answers_form(item.indicators)())) - 2 for item in load_framework().criteria)
    assert asked == 32, "37 indicators less the 5 computed ones; beside them version and save"


@pytest.mark.usefixtures("forms")
def test_a_number_and_not_known_contradict_each_other() -> None:
    kind = answers_form(load_framework().criteria[0].indicators)
    form = kind(MultiDict({"BK7-value": "3", "BK7-unknown": "y"}))
    assert not form.validate()
    assert form.errors == {"BK7": {"unknown": ["Enter the number or tick “Not known”, not both."]}}
