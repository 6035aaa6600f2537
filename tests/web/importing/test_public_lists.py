"""Lists of one and two thousand public projects through the pages: matched, looked at, stored, sent again, undone."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Project
from tests.reading.workbook.public_lists import (
    MISSION_ROWS,
    TOP,
    Rows,
    as_csv,
    as_ods,
    as_xlsx,
    bank,
    mission,
)
from tests.services.imports import dump
from tests.web.importing.importer import Importer

DEFAULTS: dict[str, object] = {"default-currency": "USD", "default-cash_flows.first_year": "2018"}
CHANGED = 25


@pytest.fixture(autouse=True)
def worked_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = app.extensions["worker"]
    monkeypatch.setattr(worker, "wake", worker.work)


def looked_at(importer: Importer, content: bytes, name: str) -> str:
    importer.send(content, name)
    page = importer.page("/match")
    assert all(re.search(rf'<option value="{target}" selected', page) for target in ("title", "city", "cost"))
    importer.post(f"/{importer.key}/match", DEFAULTS)
    return importer.page()


def head(page: str) -> tuple[int, ...]:
    found = re.search(r"Create ([\d,]+) · Update ([\d,]+) · Unchanged ([\d,]+) · Cannot ([\d,]+)", page)
    assert found is not None
    return tuple(int(count.replace(",", "")) for count in found.groups())


def changed(rows: Rows, column: int) -> Rows:
    """The same list with another word in a column of its first rows."""
    made = [[*cells] for cells in rows]
    for cells in made[TOP - 1 : TOP - 1 + CHANGED]:
        cells[column] = "a remark of theirs"
    return made


def test_two_thousand_rows_are_imported_known_again_and_undone(
    importer: Importer, sessions: sessionmaker[Session]
) -> None:
    empty, rows = dump(sessions), mission()
    assert head(looked_at(importer, as_csv(rows), "mission.csv")) == (MISSION_ROWS, 0, 0, 0)
    importer.store("all")
    assert f"{MISSION_ROWS:,} created, 0 updated" in importer.page()
    first = importer.key
    created, updated, unchanged, cannot = head(looked_at(importer, as_csv(changed(rows, 4)), "mission.csv"))
    assert (created + updated, unchanged, cannot) == (CHANGED, MISSION_ROWS - CHANGED, 0)
    importer.key = first
    importer.post(f"/{first}/undo")
    assert dump(sessions) == empty


@pytest.mark.parametrize(
    ("count", "write", "name"), [(240, as_xlsx, "bank.xlsx"), (120, as_ods, "bank.ods")], ids=["xlsx", "ods"]
)
def test_a_public_list_is_imported_whole_changed_and_undone(
    importer: Importer, sessions: sessionmaker[Session], count: int, write: Callable[[Rows], bytes], name: str
) -> None:
    empty, rows = dump(sessions), bank(count)
    page = looked_at(importer, write(rows), name)
    assert head(page) == (count, 0, 0, 0)
    assert "share name and city with another row and have no reference" in page
    importer.store("all")
    first = importer.key
    assert f"{count:,} created, 0 updated" in importer.page()
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(Project)) == count
    stored = dump(sessions)
    assert head(looked_at(importer, write(rows), name)) == (0, 0, count, 0)
    created, updated, unchanged, cannot = head(looked_at(importer, write(changed(rows, 5)), name))
    assert (created + updated, unchanged, cannot) == (CHANGED, count - CHANGED, 0)
    importer.store("all")
    assert f"{created:,} created, {updated:,} updated" in importer.page()
    importer.post(f"/{importer.key}/undo")
    assert dump(sessions) == stored
    importer.key = first
    importer.post(f"/{first}/undo")
    assert dump(sessions) == empty


def test_a_problem_of_many_rows_stands_once_with_its_count(importer: Importer) -> None:
    rows = bank(60)
    for cells in rows[TOP - 1 : TOP + 39]:
        cells[11] = "dollars"
    page = looked_at(importer, as_csv(rows), "bank.csv")
    assert head(page)[3] == 40
    repeated = re.search(r"The same problem in several cells.*?</table>", page, re.DOTALL)
    assert repeated is not None
    assert re.search(r"must be a code of three letters.*?Currency.*?>40<.*?CSV, L4", repeated[0], re.DOTALL)
