"""Warming up does the real work once, and a failure of it stops nothing."""

import logging

import pytest

from appraisal import warming


def test_it_appraises_and_reports(caplog: pytest.LogCaptureFixture) -> None:
    warming.warm_up()
    assert caplog.records == []


def test_a_failure_is_logged_and_no_more(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> str:
        raise OSError("no example")

    monkeypatch.setattr(warming, "example_project", broken)
    with caplog.at_level(logging.ERROR):
        warming.warm_up()
    assert "warming up failed" in caplog.text
