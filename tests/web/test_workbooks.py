"""The cash-flow table from a workbook, without script: send it, choose the cells, see them, store them."""

import html
import io
import re
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from appraisal.models import TableFile
from appraisal.models.tables import now
from appraisal.services import table_files
from tests.web.planner_browser import PASTE, Browser, hidden_input, problems, stored
from tests.workbooks import TABLE, workbook

TWO_SHEETS = workbook(("Notes", (("About", "this"),)), ("Costs & more", TABLE), top=2, left=1)


def send(planner: Browser, draft: str, content: bytes, name: str = "plan <b>.xlsx") -> TestResponse:
    return planner.send(f"{draft}/money/workbook", {"file": (io.BytesIO(content), name)}, form=f"{draft}/money")


def choose(planner: Browser, draft: str, **chosen: str) -> TestResponse:
    return planner.send(f"{draft}/money/cells", chosen, form=f"{draft}/money/workbook")


def store(planner: Browser, draft: str, page: str, **more: str) -> TestResponse:
    text = re.search(r"<textarea[^>]*name=\"text\"[^>]*>\s*(.*?)</textarea>", page, re.DOTALL)
    assert text is not None
    kept = {name: html.unescape(found[1]) for name in ("sheet", "area", "seen") if (found := hidden_input(page, name))}
    given = {"text": html.unescape(text[1]), "scale": "1000000", "step": "store", **kept}
    kinds = {"lines-0-kind": "capex-it", "lines-1-kind": "opex", "lines-2-kind": "benefit"}
    return planner.send(f"{draft}/money/store", {**given, **kinds, **more}, form=f"{draft}/money")


def test_from_the_file_to_the_stored_table_with_every_digit(
    sessions: sessionmaker[Session], planner: Browser, draft: str
) -> None:
    assert send(planner, draft, TWO_SHEETS).location == f"{draft}/money/workbook"
    chosen = planner.get(f"{draft}/money/workbook").text
    assert "plan &lt;b&gt;.xlsx" in chosen
    assert "Costs &amp; more: B3:E6, 4 rows and 4 columns" in chosen
    assert "Notes: B3:C3, 1 row and 2 columns; no years at the head" in chosen
    assert re.search(r'value="Costs &amp; more"[^>]* checked|checked[^>]* value="Costs &amp; more"', chosen)
    shown = choose(planner, draft, sheet="Costs & more", area="")
    assert shown.status_code == 200
    assert "4.123456" in shown.text
    assert "Choose other cells" in shown.text
    assert store(planner, draft, shown.text).location == f"{draft}/money"
    lines = stored(sessions).cash_flows.lines
    assert lines[0].amounts == (Decimal("4.123456"), Decimal("3.2"), Decimal(0))
    assert lines[1].amounts[1] == Decimal("0.234")
    with sessions() as session:
        assert session.scalars(select(TableFile)).all() == [], "the file goes with the table"
    assert "Undo paste" in planner.get(f"{draft}/money").text
    assert planner.get(f"{draft}/money/workbook").location == f"{draft}/money"


def test_what_cannot_be_taken_stands_at_its_cell_and_nothing_is_stored(
    sessions: sessionmaker[Session], planner: Browser, draft: str
) -> None:
    def percent(book: Any, sheet: Any) -> None:
        sheet.write_number(4, 3, 0.05, book.add_format({"num_format": "0%"}))

    send(planner, draft, workbook(("Costs", TABLE), top=2, left=1, also=percent))
    response = choose(planner, draft, sheet="Costs", area="")
    assert response.status_code == 422
    said = "Costs, D5: “Operation” 2028: “5%” is a percentage; amounts of money are needed."
    assert problems(response) == [("#text", said)]
    merged = workbook(("Costs", TABLE), also=lambda _book, sheet: sheet.merge_range(1, 1, 1, 2, 4))
    send(planner, draft, merged)
    response = choose(planner, draft, sheet="Costs", area="")
    assert response.status_code == 422
    said = "B2:C2: is merged: split it, so that each figure, year and name has a cell of its own."
    assert problems(response) == [("#area", said)]
    assert stored(sessions).cash_flows.lines == ()


def test_a_damaged_choice_is_refused_in_place(planner: Browser, draft: str) -> None:
    send(planner, draft, TWO_SHEETS)
    assert problems(choose(planner, draft, sheet="Gone", area="")) == [("#sheet", "Choose a sheet.")]
    assert problems(choose(planner, draft, sheet="Costs & more", area="all")) == [
        ("#area", "“all” is no range of cells. Write it like B3:M14.")
    ]
    assert choose(planner, draft, sheet="Costs & more", area="B3:C4").status_code == 200


def test_a_file_that_is_no_workbook_is_refused_at_its_field(
    sessions: sessionmaker[Session], planner: Browser, draft: str
) -> None:
    for content, name in ((b"", "empty.xlsx"), (b"a,b\n1,2\n", "list.csv"), (b"PK\x03\x04junk", "plan.xlsx")):
        response = send(planner, draft, content, name)
        assert response.status_code == 422
        assert [link for link, _ in problems(response)] == ["#file"]
    with sessions() as session:
        assert session.scalars(select(TableFile)).all() == []


def test_a_workbook_is_kept_for_a_day(sessions: sessionmaker[Session], planner: Browser, draft: str) -> None:
    send(planner, draft, TWO_SHEETS)
    page = planner.get(f"{draft}/money/workbook").text
    token = hidden_input(page, "csrf_token")
    assert token is not None
    with sessions.begin() as session:
        session.execute(update(TableFile).values(sent_at=now() - 2 * table_files.KEPT_FOR))
    given = {"csrf_token": token[1], "sheet": "Costs & more"}
    assert planner.client.post(f"{draft}/money/cells", data=given).location == f"{draft}/money"
    assert "The workbook is no longer kept" in planner.get(f"{draft}/money").text
    assert planner.get(f"{draft}/money/workbook").location == f"{draft}/money"


def test_a_paste_of_few_digits_offers_the_workbook(planner: Browser, draft: str) -> None:
    offer = "A paste carries the digits shown"
    assert offer in planner.send(f"{draft}/money/paste", {"text": PASTE}, form=f"{draft}/money").text
    finer = PASTE.replace("4.5", "4.53")
    assert offer not in planner.send(f"{draft}/money/paste", {"text": finer}, form=f"{draft}/money").text
    whole = workbook(("Costs", [("Item", 2027), ("Capital cost", 4.5)]))
    send(planner, draft, whole)
    assert offer not in choose(planner, draft, sheet="Costs", area="").text
    cells = {"lines-0-label": "Signals", "lines-0-kind": "capex-it", "step": "read"}
    typed = {**cells, **{f"lines-0-amounts-{year}": "1.5" for year in range(10)}}
    assert offer not in planner.send(f"{draft}/money/typed", typed, form=f"{draft}/money").text
