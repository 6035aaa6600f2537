import io
from collections.abc import Iterator
from dataclasses import replace

import openpyxl
import pytest

from appraisal.reports.report import AppraisalReport
from appraisal.reports.workbook import appraisal_workbook
from scoring.project_file import Timing
from scoring.result import Missing
from tests.reports import blank, factories
from tests.reports.spreadsheet import Evaluator
from tests.reports.test_document import EVIDENCE

EXPOSURE = "Options and fiscal risks"
REGISTER = "Risk register"
SHEETS = ["Read me", "Summary", "Score", "Cash flows", "Returns", "Risk", REGISTER, EXPOSURE, "Evidence", "Method"]


@pytest.fixture(scope="module")
def report() -> AppraisalReport:
    return factories.report()


@pytest.fixture(scope="module")
def data(report: AppraisalReport) -> bytes:
    return appraisal_workbook(report)


def grid(data: bytes, *, cached: bool) -> dict[str, dict[tuple[int, int], object]]:
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=cached)
    return {
        sheet.title: {(cell.row, cell.column): cell.value for row in sheet.iter_rows() for cell in row}
        for sheet in book
    }


def formulas(data: bytes) -> Iterator[tuple[str, int, int, object]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.row, cell.column, cell.value


def recomputed(data: bytes) -> Evaluator:
    live = {(sheet, row, column) for sheet, row, column, _ in formulas(data)}
    sheets = grid(data, cached=False)
    for name, cells in sheets.items():
        for (row, column), value in cells.items():
            if isinstance(value, str) and (name, row, column) not in live:
                cells[row, column] = f" {value}" if value[:1] == "=" else value
    return Evaluator(sheets)


def value_beside(data: bytes, sheet: str, label: str, *, within: int = 8) -> tuple[int, int]:
    cells = grid(data, cached=True)[sheet]
    row, column = next(place for place, value in cells.items() if value == label)
    return next((row, at) for at in range(column + 1, column + within) if cells.get((row, at)) is not None)


def test_the_sheets_are_in_reading_order(data: bytes) -> None:
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == SHEETS


@pytest.mark.parametrize("kind", ["end of year", "middle of year", "geometric mean"])
def test_every_live_formula_gives_the_value_stored_beside_it(report: AppraisalReport, kind: str) -> None:
    if kind == "middle of year":
        report = mid_year(report)
    if kind == "geometric mean":
        report = factories.by_product(report)
    data = appraisal_workbook(report)
    book, stored = recomputed(data), grid(data, cached=True)
    count = 0
    for sheet, row, column, formula in formulas(data):
        value, cached = book.cell(sheet, row, column), stored[sheet][row, column]
        if cached is None or cached == "":
            assert value == "", formula
        else:
            assert value == pytest.approx(cached, rel=1e-9, abs=1e-9), formula
        count += 1
    assert count > 150


def mid_year(report: AppraisalReport) -> AppraisalReport:
    """The same project with flows in the middle of their years: every present value times (1+r)^0.5 (METHOD 1)."""
    result = report.result

    def moved(npv: object, rate: float) -> float:
        assert isinstance(npv, float)
        return npv * (1 + rate) ** 0.5

    def all_moved(made: object) -> tuple[object, ...]:
        return tuple(replace(each, npv=moved(each.npv, each.rate)) for each in made)  # type: ignore[attr-defined]

    financial = replace(
        result.financial, npv=moved(result.financial.npv, 0.04), by_hurdle=all_moved(result.financial.by_hurdle)
    )
    economic = replace(
        result.economic, npv=moved(result.economic.npv, 0.09), by_hurdle=all_moved(result.economic.by_hurdle)
    )
    project = replace(report.project, timing=Timing.MID)
    return replace(report, project=project, result=replace(result, financial=financial, economic=economic))


def test_the_total_and_its_range_are_live(report: AppraisalReport, data: bytes) -> None:
    book = recomputed(data)
    criteria = report.result.criteria
    expected = {"Total, 0-100": criteria.total, "At worst, unknown = 0": criteria.interval[0],
                "At best, unknown = 4": criteria.interval[1]}  # fmt: skip
    live = {(sheet, row, column) for sheet, row, column, _ in formulas(data)}
    for label, value in expected.items():
        place = value_beside(data, "Score", label)
        assert ("Score", *place) in live
        assert book.cell("Score", *place) == pytest.approx(value, abs=1e-9)


def test_answering_an_unknown_moves_the_total_as_the_method_says(data: bytes) -> None:
    """BK10 was the one of ten unknown: nine levels sum to 22, so bankability goes from 22/36 to 26/40 of 25 points."""
    sheets = grid(data, cached=False)
    row = next(row for (row, column), value in sheets["Score"].items() if value == "BK10" and column == 1)
    place = value_beside(data, "Score", "Total, 0-100")
    before = Evaluator(sheets).cell("Score", *place)
    sheets["Score"][row, 4] = 4
    after = Evaluator(sheets).cell("Score", *place)
    assert after - before == pytest.approx(25 * (26 / 40 - 22 / 36), abs=1e-9)


def test_net_present_values_read_the_cash_flows_alive(report: AppraisalReport, data: bytes) -> None:
    sheets = grid(data, cached=False)
    place = value_beside(data, "Returns", "Net present value, FNPV(C)")
    before = Evaluator(sheets).cell("Returns", *place)
    assert before == pytest.approx(report.result.financial.npv, rel=1e-12)
    row = next(row for (row, column), value in sheets["Cash flows"].items() if value == "Parking revenue")
    cell = (row, 5 + 2)
    sheets["Cash flows"][cell] += 10  # type: ignore[operator]
    after = Evaluator(sheets).cell("Returns", *place)
    assert after - before == pytest.approx(10 / 1.04**2, rel=1e-9)


def test_a_declining_rate_is_chained_period_by_period(report: AppraisalReport) -> None:
    rates = replace(report.project.rates, social=((0, 0.035), (3, 0.03)))
    data = appraisal_workbook(replace(report, project=replace(report.project, rates=rates)))
    row = next(
        row for (row, _), value in grid(data, cached=True)["Cash flows"].items() if value == "Social discount factor"
    )
    assert recomputed(data).cell("Cash flows", row, 5 + 4) == pytest.approx(1 / (1.035**2 * 1.03**2), rel=1e-12)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "＝cmd", " =1", "http://a.example"])
def test_text_is_a_text_cell_whatever_it_begins_with(report: AppraisalReport, text: str) -> None:
    data = appraisal_workbook(replace(report, project=replace(report.project, title=text, summary=text)))
    book = openpyxl.load_workbook(io.BytesIO(data))
    cell = book["Summary"]["A1"]
    assert (cell.value, cell.data_type) in [(text, "s"), (text, "inlineStr")]
    assert cell.hyperlink is None
    if text != "http://a.example":
        assert cell.quotePrefix


def test_negative_amounts_are_numbers(data: bytes) -> None:
    cells = grid(data, cached=True)["Cash flows"]
    row = next(row for (row, _), value in cells.items() if value == "Signals and sensors")
    assert [cells[row, column] for column in (5, 6, 7)] == [-120, -80, 0]


def test_a_missing_figure_is_its_reason(data: bytes) -> None:
    cells = grid(data, cached=True)["Returns"]
    assert cells[value_beside(data, "Returns", "Internal rate of return, FIRR")] == "none: no sign change"


def test_the_read_me_tells_version_time_and_hashes(report: AppraisalReport, data: bytes) -> None:
    words = " ".join(str(value) for value in grid(data, cached=True)["Read me"].values())
    for part in (
        report.run_id,
        report.input_sha256,
        report.result_sha256,
        "2026-11-23 12:30 UTC",
        report.result.framework,
    ):
        assert part in words


def test_the_table_head_stays_in_sight(data: bytes) -> None:
    assert openpyxl.load_workbook(io.BytesIO(data))["Cash flows"].freeze_panes == "B4"


def test_the_same_report_is_the_same_bytes(report: AppraisalReport, data: bytes) -> None:
    assert appraisal_workbook(report) == data


def test_a_project_without_figures_still_makes_a_workbook() -> None:
    made = blank.empty_report()
    data = appraisal_workbook(made)
    assert isinstance(made.result.criteria.total, Missing)
    assert not [formula for _, row, column, formula in formulas(data) if "#" in str(formula)]
    assert recomputed(data).cell("Score", *value_beside(data, "Score", "At best, unknown = 4")) == pytest.approx(100.0)


def test_files_sent_as_evidence_have_a_sheet_of_their_own(report: AppraisalReport) -> None:
    book = openpyxl.load_workbook(io.BytesIO(appraisal_workbook(replace(report, files=(EVIDENCE,)))))
    assert book.sheetnames == [*SHEETS[:-1], "Files", "Method"]
    assert [cell.value for cell in book["Files"][3]] == ["Plan <b>.pdf", "PDF", 9, "DS1 (page 12), IN2", "5f" * 32]
