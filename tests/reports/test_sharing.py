"""One process draws for many; where it is killed another goes on, and where it keeps silent charts are drawn here."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from time import monotonic

import pytest

from appraisal.reports.charts import render, render_svg, sharing
from appraisal.reports.charts.chart import canonical
from tests.at_once import at_once

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="one process answers there")


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[sharing.Door]:
    """A door of this test, behind which nobody draws anything."""
    monkeypatch.setattr(sharing, "PROCESS", "tests.drawing.quick")
    yield from opened(monkeypatch)


def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[sharing.Door]:
    monkeypatch.setattr(sharing, "_door", None)
    render._picture.cache_clear()
    sharing.open_door()
    found = sharing._door
    assert found is not None
    yield found
    process = found._running
    for each in (found._outside, found._inside, found._turn):
        each.close()
    if process is not None:
        os.kill(process.pid, signal.SIGCONT)
        assert process.wait(20) == 0, "it ends when nobody can ask any more"
    render._picture.cache_clear()


def behind(door: sharing.Door) -> "subprocess.Popen[bytes]":
    assert door._running is not None
    return door._running


def test_without_a_door_nobody_is_asked() -> None:
    assert sharing.picture("{}") is None


def test_all_are_answered_by_one_process(door: sharing.Door) -> None:
    texts = [*(f"spec {number}" for number in range(8)), "Straße 🚲 \ud83d"] * 2
    told = at_once(*[partial(sharing.picture, text) for text in texts])
    assert told == [f"<svg>{text}, by {behind(door).pid}</svg>" for text in texts]


def test_what_it_cannot_draw_is_left_to_who_asks(door: sharing.Door) -> None:
    assert sharing.picture("impossible") is None
    assert sharing.picture("possible") == f"<svg>possible, by {behind(door).pid}</svg>", "it is asked further on"


def test_a_picture_that_never_ends_ends_the_process_and_is_left_to_who_asks(door: sharing.Door) -> None:
    assert sharing.picture("endless") is None
    assert behind(door).wait(20) == -signal.SIGPROF
    door._rests_until = 0.0
    assert sharing.picture("possible") == f"<svg>possible, by {behind(door).pid}</svg>"


def test_a_text_that_no_socket_holds_at_once_arrives_whole(door: sharing.Door) -> None:
    text = "spec " * 200_000
    assert sharing.picture(text) == f"<svg>{text}, by {behind(door).pid}</svg>"


def test_another_goes_on_where_it_was_killed(door: sharing.Door) -> None:
    sharing.picture("first")
    first = behind(door)
    first.kill()
    first.wait()
    assert sharing.picture("second") == f"<svg>second, by {behind(door).pid}</svg>"
    assert behind(door).pid != first.pid


def test_who_waits_when_it_is_killed_is_answered_by_the_next(
    door: sharing.Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "LOOK_AGAIN", 0.05)
    sharing.picture("first")
    first = behind(door)
    first.send_signal(signal.SIGSTOP)  # so that the question is still at the door
    told: list[str | None] = []
    asking = threading.Thread(target=lambda: told.append(sharing.picture("second")))
    asking.start()
    asking.join(0.2)
    assert asking.is_alive()
    first.kill()
    asking.join(20)
    assert told == [f"<svg>second, by {behind(door).pid}</svg>"]


def test_who_keeps_silent_is_not_waited_for_long_and_not_asked_for_a_while(
    door: sharing.Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sharing.picture("first")
    behind(door).send_signal(signal.SIGSTOP)
    monkeypatch.setattr(sharing, "SILENCE", 0.2)
    monkeypatch.setattr(sharing, "LOOK_AGAIN", 0.05)
    assert at_once(*[partial(sharing.picture, "second")] * 4) == [None] * 4
    assert "drawn where shown" in caplog.text
    monkeypatch.setattr(sharing, "SILENCE", 1_000.0)
    began = monotonic()
    assert sharing.picture("third") is None
    assert monotonic() - began < 10, "it was not asked"
    behind(door).send_signal(signal.SIGCONT)
    monkeypatch.setattr(door, "_rests_until", 0.0)
    assert sharing.picture("third")


def test_what_dies_at_once_leaves_the_drawing_to_who_asks(door: sharing.Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "PROCESS", "tests.drawing.nowhere")
    monkeypatch.setattr(sharing, "SILENCE", 0.5)
    assert sharing.picture("spec") is None
    behind(door).wait()
    door._running = None


def test_whoever_comes_second_finds_that_somebody_draws(door: sharing.Door) -> None:
    """As in a second process of the server, which did not start it."""
    sharing.picture("first")
    started, door._running = behind(door), None
    assert sharing.picture("second") == f"<svg>second, by {started.pid}</svg>"
    assert door._running is None
    door._running = started


def test_the_picture_is_the_same_to_the_byte_and_the_renderer_is_not_started_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spec = {"mark": "point", "data": {"values": [{"x": 1}]}, "encoding": {"x": {"field": "x", "title": "Straße"}}}
    here = render.drawn(canonical(spec))
    for _door in opened(monkeypatch):
        monkeypatch.setattr(render, "drawn", None)
        assert render_svg(spec) == here
