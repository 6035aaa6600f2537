"""The log of the server: lines that machines read and that nobody can forge."""

import io
import json
import logging
import logging.config
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.journal import JsonLines, configuration, note


def line(message: str, **more: object) -> str:
    record = logging.LogRecord("appraisal", logging.WARNING, __file__, 1, message, (), None)
    record.__dict__.update(more)
    return JsonLines().format(record)


@pytest.mark.asvs("16.4.1")
@given(text=st.text() | st.sampled_from(['a\n{"said":"forged"}', "\r\n", "\u2028", "\u202e", "\x1b[2J", "\x00"]))
def test_any_text_is_one_line_of_printable_ascii_and_comes_back(text: str) -> None:
    written = line("said", facts={"value": text})
    assert written.isascii()
    assert written.isprintable()
    assert json.loads(written)["value"] == text


@pytest.mark.asvs("16.2.4")
def test_a_line_says_when_how_grave_from_where_and_what() -> None:
    found = json.loads(line("attempt failed", created=0.5, facts={"status": 422}))
    assert found == {
        "at": "1970-01-01T00:00:00.500+00:00",
        "level": "warning",
        "from": "appraisal",
        "said": "attempt failed",
        "status": 422,
    }
    assert datetime.fromisoformat(found["at"]).tzinfo == UTC


@pytest.mark.asvs("16.4.1")
def test_a_failure_stays_on_its_line() -> None:
    failure = ValueError('\n{"said":"forged"}')
    written = line("failed", exc_info=(ValueError, failure, None))
    assert "\n" not in written
    assert 'ValueError: \n{"said":"forged"}' in json.loads(written)["trace"]


def test_everything_goes_to_standard_error_as_such_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    loggers = ("", "appraisal.events", "gunicorn.error")
    before = {name: (logging.getLogger(name).level, logging.getLogger(name).handlers[:]) for name in loggers}
    try:
        logging.config.dictConfig(configuration())
        note("signed in", logging.INFO, by="password", account=None)
        logging.getLogger("some.library").info("chatter")
    finally:
        for name, (level, handlers) in before.items():
            logging.getLogger(name).setLevel(level)
            logging.getLogger(name).handlers[:] = handlers
    (found,) = [json.loads(each) for each in written.getvalue().splitlines()]
    assert (found["said"], found["by"], "account" in found) == ("signed in", "password", False)
