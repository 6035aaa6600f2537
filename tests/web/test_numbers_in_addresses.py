"""A number in an address is written one way: whatever else Python would read as it finds nothing."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.routing import BaseConverter, MapAdapter, Rule

from appraisal.web.numbers_in_addresses import Whole
from tests.forms.test_ids import KEY, OTHER_KEYS, OTHER_NUMBERS

NAMES = {"default", "string", "path"}
"""Converters that leave a text to the view."""


def parts(app: Flask, kind: type[BaseConverter] | str) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for name, converter in rule._converters.items():
            if converter.__class__ is (app.url_map.converters[kind] if isinstance(kind, str) else kind):
                yield rule, name


def address(rule: Rule, put: str, text: str) -> str:
    """The address with the text as this part, and with something of the right kind as every other."""
    usual = {"int": "1", "uuid": str(KEY)}
    return "".join(
        content if not dynamic else text if content == put else usual.get(_kind(rule, content), "x")
        for dynamic, content in rule._trace
    ).split("|", maxsplit=1)[-1]


def _kind(rule: Rule, name: str) -> str:
    found = rule._converters[name].__class__
    return next(kind for kind, each in rule.map.converters.items() if each is found)


def found(at: MapAdapter, path: str) -> bool:
    try:
        at.match(path, method=next(iter({"GET", "POST"} & set(at.allowed_methods(path))), "GET"))
    except NotFound:
        return False
    return True


@pytest.mark.parametrize(("kind", "others", "written"), [("int", OTHER_NUMBERS, "1"), ("uuid", OTHER_KEYS, str(KEY))])
def test_every_number_and_key_in_an_address_has_one_way_to_be_written(
    app: Flask, kind: str, others: tuple[str | None, ...], written: str
) -> None:
    at, seen = app.url_map.bind("localhost"), list(parts(app, kind))
    assert seen
    for rule, name in seen:
        assert found(at, address(rule, name, written)), rule
        for text in filter(None, others):
            assert not found(at, address(rule, name, text)), (rule.rule, text)


def test_no_part_of_an_address_is_read_in_another_way(app: Flask) -> None:
    kinds = {converter.__class__ for rule in app.url_map.iter_rules() for converter in rule._converters.values()}
    assert kinds <= {app.url_map.converters[name] for name in (*NAMES, "int", "uuid")}
    assert app.url_map.converters["int"] is Whole


@pytest.mark.parametrize("text", ["１", "01", "+1", "%2B1", "1_0", "9" * 5000])
def test_a_report_is_found_under_its_own_number_alone(app: Flask, text: str) -> None:
    assert app.test_client().get(f"/runs/{text}/report.pdf").status_code == 404
