"""The risk register in the workbook: stated figures, live formulas, and the same as the simulation takes."""

import io
from dataclasses import replace

import openpyxl
import pytest

from appraisal.reports.register import mean_weights, register_of
from appraisal.reports.report import AppraisalReport
from appraisal.reports.sections.exposure import exposure
from appraisal.reports.sheets.register import HEADS
from appraisal.reports.workbook import appraisal_workbook
from scoring.project_file import Distribution, Family, Mitigation, RiskCategory, RiskEvent, Uncertainty
from scoring.risk.events import compile_events
from tests.reports import factories
from tests.reports.test_workbook import REGISTER, formulas, grid, recomputed

ATTACK = RiskEvent(
    name="=Attack",
    category=RiskCategory.CYBER_INCIDENT,
    probability=0.03,
    per="year",
    cost=Distribution(family=Family.TRIANGULAR, low=1, mode=3, high=20),
    revenue_factor=0.9,
    years=2,
    mitigation=Mitigation(measure="Drills, by IT", cost=2, probability_factor=0.5, impact_factor=0.8),
)
GROUND = RiskEvent(
    name="Bad ground",
    category=RiskCategory.CONSTRUCTION,
    probability=0.25,
    cost=Distribution(family=Family.PERT, low=2, mode=4, high=18),
    delay=Distribution(family=Family.UNIFORM, low=0.25, high=1),
)
CURRENCY = RiskEvent(
    name="Won falls",
    category=RiskCategory.EXCHANGE_RATE,
    probability=0.4,
    cost=Distribution(family=Family.LOGNORMAL, p50=5, p90=11),
)
EVENTS = (ATTACK, GROUND, CURRENCY)


def listed(*events: RiskEvent) -> AppraisalReport:
    report = factories.report()
    return replace(report, project=replace(report.project, uncertainty=Uncertainty(events=events)))


@pytest.fixture(scope="module")
def data() -> bytes:
    return appraisal_workbook(listed(*EVENTS))


def register(data: bytes) -> dict[object, dict[str, object]]:
    rows = openpyxl.load_workbook(io.BytesIO(data), data_only=True)[REGISTER].iter_rows(min_row=5, values_only=True)
    return {row[0]: dict(zip(range(len(HEADS)), row, strict=True)) for row in rows}  # type: ignore[arg-type]


def test_a_risk_is_written_as_the_project_states_it(data: bytes) -> None:
    cells = grid(data, cached=True)[REGISTER]
    assert [cells[4, column + 1] for column in range(len(HEADS))] == list(HEADS)
    rows = register(data)
    assert list(rows) == [event.name for event in EVENTS]
    assert list(rows["=Attack"].values())[1:7] == ["Cyber incident", 0.03, "in each year of operation", 1, 3, 20]
    assert list(rows["=Attack"].values())[12:18] == [pytest.approx(0.1), 2, "Drills, by IT", 2, 0.5, 0.8]
    assert list(rows["Bad ground"].values())[8:12] == [0.25, None, 1, "uniform, low 0.25, high 1"]
    assert list(rows["Won falls"].values())[4:8] == [None, None, None, "lognormal, p50 5, p90 11"]
    said = str(cells[2, 1])
    assert "INR million" in said


def test_what_is_left_after_mitigation_is_live_and_by_hand(data: bytes) -> None:
    book, rows = recomputed(data), register(data)
    live = [(row, column) for sheet, row, column, _ in formulas(data) if sheet == REGISTER]
    for row, column in live:
        assert book.cell(REGISTER, row, column) == pytest.approx(grid(data, cached=True)[REGISTER][row, column])
    assert len(live) == 10
    # 3% x 0.5; (1 + 3 + 20) / 3 x 0.8; the one times the other; 10% x 0.8
    assert list(rows["=Attack"].values())[18:22] == pytest.approx([0.015, 6.4, 0.096, 0.08])
    # (2 + 4 x 4 + 18) / 6 = 6, of which a quarter
    assert list(rows["Bad ground"].values())[18:22] == pytest.approx([0.25, 6.0, 1.5, 0.0])
    assert list(rows["Won falls"].values())[18:21] == [0.4, "drawn as stated", None]


def test_the_sheet_says_what_the_simulation_takes() -> None:
    made, _, _ = compile_events(EVENTS)
    rows = register(appraisal_workbook(listed(*EVENTS)))
    for number, event in enumerate(EVENTS):
        assert rows[event.name][18] == pytest.approx(made.probability[number])
        assert bool(made.in_build[number]) == ("spread over the build" in str(rows[event.name][23]))
        if event.cost and mean_weights(event.cost):
            assert made.cost[number].mean() == pytest.approx(rows[event.name][19], rel=1e-3)


def test_how_each_kind_of_risk_enters_is_said() -> None:
    attack, ground, currency = (row.enters for row in register_of(listed(*EVENTS).project))
    assert attack == (
        "Drawn anew in each year of operation; what it costs falls in the year it strikes; revenue and benefits fall "
        "while it lasts."
    )
    assert ground.endswith("what it costs is spread over the build; the opening moves by its delay.")
    assert currency == "Drawn once in each future; what it costs falls in a year of operation drawn at random."
    late = replace(ATTACK, delay=GROUND.delay)
    assert "its delay is left out" in register_of(listed(late).project)[0].enters


def test_the_document_says_how_risks_enter_and_who_bears_them() -> None:
    said = str(list(exposure(listed(*EVENTS))))
    assert "Drawn anew in each year of operation" in said
    assert "borne by the public owner" in said


def test_a_project_without_risks_says_so_on_its_sheet() -> None:
    cells = grid(appraisal_workbook(listed()), cached=True)[REGISTER]
    assert cells[1, 1] == "No risk is listed"
    assert "does not make the project certain" in str(cells[3, 1])


@pytest.mark.parametrize(
    "stated",
    [
        Distribution(family=Family.TRIANGULAR, low=1, mode=2, high=3, maximum=2.5),
        Distribution(family=Family.TRIANGULAR, p10=1, mode=2, p90=3),
        Distribution(family=Family.PERT, low=1, high=3),
        Distribution(family=Family.NORMAL, low=1, mode=2, high=3),
    ],
)
def test_a_mean_that_three_figures_do_not_give_is_not_computed(stated: Distribution) -> None:
    assert mean_weights(stated) is None
