"""A thin sample of `make deep`: hostile texts in the fields of pages taken by chance, as those who find them there."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from appraisal.database import create_engine_for
from tests.deep.arena import Arena, kept_wrong
from tests.deep.places import place
from tests.deep.run import sample


@pytest.mark.asvs("1.2.4", "2.2.2")
def test_no_text_is_a_fault_and_none_is_kept_that_may_not_be(tmp_path: Path) -> None:
    with place("sqlite", tmp_path) as held:
        arena = Arena(held)
        sample(arena, 50, seed=2027)
    assert arena.wrong == []
    assert arena.answers[200] >= 5
    assert sum(count for status, count in arena.answers.items() if status in (302, 422)) >= 5, arena.answers


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("a\u202eb", "U+202E"),
        ("a\x00b", "U+0000"),
        ('{"a": "\\u0000"}', "\\u0000"),
        ('{"a": "\\\\u0000"}', None),
        ('{"a": NaN}', "a figure that is none"),
        ('{"a": "NaN"}', None),
        ("한글 e\u0301\n\t\u200d", None),
        (float("inf"), "inf"),
    ],
)
def test_what_may_not_be_kept_is_found(tmp_path: Path, kept: object, said: str | None) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("CREATE TABLE a (b)")
        connection.execute("INSERT INTO a VALUES (?)", (kept,))
        connection.commit()
    engine = create_engine_for(f"sqlite:///{tmp_path / 'a.db'}")
    found = list(kept_wrong(engine))
    engine.dispose()
    assert found == ([f"left {said} in a.b"] if said else [])
