"""What was not sent keeps its place."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField

from forms.registration.entries import Entries


class Row(Form):
    years = Entries(StringField("Year"), max_entries=10)


def test_a_figure_stays_in_its_year() -> None:
    form = Row(MultiDict({"years-2": "7"}), data={"years": ["1", "2", "3"]})
    assert form.years.data == ["1", "2", "7"]
    assert [entry.id for entry in form.years] == ["years-0", "years-1", "years-2"]


@pytest.mark.parametrize("name", ["years-²", "years-٣", "years--1", "years-", "years-99999", "years", "yearsx-1"])
def test_what_is_no_number_of_an_entry_is_none(name: str) -> None:
    assert Row(MultiDict({name: "7"})).years.data == []


def test_more_than_there_may_be_are_left_out() -> None:
    assert len(Row(MultiDict({"years-999": "7"})).years) == 10
