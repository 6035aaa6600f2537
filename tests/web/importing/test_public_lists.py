"""Lists of one and two thousand public projects through the pages: matched, looked at, stored, sent again, undone."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Project
from tests.reading.workbook.public_lists import (
    BANK_ROWS,
    MISSION_ROWS,
    TOP,
    Rows,
    as_csv,
    as_ods,
    as_xlsx,
    bank,
    mission,
)
from tests.services.test_importing import dump
from tests.web.importing.importer import Importer

DEFAULTS: dict[str, object] = {"default-currency": "USD", "default-cash_flows.first_year": "2018"}
CHANGED, STATUS = 25, {"bank": 7, "mission": 6}


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


@pytest.mark.parametrize(
    ("rows", "count", "write", "name"),
    [(bank(), BANK_ROWS, as_xlsx, "bank.xlsx"), (mission(), MISSION_ROWS, as_csv, "mission.csv"),
     (bank(150), 150, as_ods, "bank.ods")],
)  # fmt: skip
def test_a_public_list_is_imported_whole_known_again_and_undone(
    importer: Importer,
    sessions: sessionmaker[Session],
    rows: Rows,
    count: int,
    write: Callable[[Rows], bytes],
    name: str,
) -> None:
    empty = dump(sessions)
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
    column = STATUS[name.partition(".")[0]] - 2
    changed = [[*cells] for cells in rows]
    for cells in changed[TOP - 1 : TOP - 1 + CHANGED]:
        cells[column] = "a remark of theirs"
    page = looked_at(importer, write(changed), name)
    created, updated, unchanged, cannot = head(page)
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
