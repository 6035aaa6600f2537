"""What the drawing process does with what it is asked: each picture once, in turn."""

import threading
from concurrent.futures import Future

import pytest

from appraisal.drawing import Board


class Hand:
    """Draws, and remembers what."""

    def __init__(self) -> None:
        self.drew: list[str] = []

    def __call__(self, text: str) -> str:
        self.drew.append(text)
        if text == "impossible":
            raise ValueError(text)
        return f"<{text}>"


def worked(board: Board, times: int) -> None:
    for _ in range(times):
        board.work()


def test_a_picture_is_drawn_once_however_often_it_is_asked_for() -> None:
    hand = Hand()
    board = Board(hand)
    early = [board.picture("a") for _ in range(3)]
    worked(board, 1)
    assert [each.result(0) for each in (*early, board.picture("a"))] == ["<a>"] * 4
    assert hand.drew == ["a"]


def test_what_cannot_be_drawn_is_told_to_who_asks_and_kept_from_nobody_else() -> None:
    hand = Hand()
    board = Board(hand)
    failed, drawn = board.picture("impossible"), board.picture("a")
    worked(board, 2)
    with pytest.raises(ValueError, match="impossible"):
        failed.result(0)
    assert drawn.result(0) == "<a>"
    again = board.picture("impossible")
    worked(board, 1)
    assert again.exception(0) is not None
    assert hand.drew == ["impossible", "a", "impossible"]


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    hand = Hand()
    board = Board(hand, kept=len("<a><b>"))
    for text in ("a", "b", "a", "c"):  # b was asked for longest ago when c comes
        wanted = board.picture(text)
        if not wanted.done():
            board.work()
    assert board.picture("a").done()
    assert board.picture("c").done()
    assert not board.picture("b").done()


def test_who_asks_while_it_is_drawn_gets_the_same_picture() -> None:
    begun, go_on, drew = threading.Event(), threading.Event(), []

    def slow(text: str) -> str:
        begun.set()
        assert go_on.wait(10)
        drew.append(text)
        return f"<{text}>"

    board = Board(slow)
    first: Future[str] = board.picture("a")
    threading.Thread(target=worked, args=(board, 1), daemon=True).start()
    assert begun.wait(10)
    second = board.picture("a")
    go_on.set()
    assert (first.result(10), second.result(10), drew) == ("<a>", "<a>", ["a"])
