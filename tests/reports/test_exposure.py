"""Options and fiscal risks as the reports write them."""

import io
from dataclasses import replace

import openpyxl
import pytest

from appraisal.reports.exposure_tables import (
    OptionRow,
    fiscal_finding,
    fiscal_note,
    fiscal_rows,
    not_assessed,
    option_finding,
    rating,
)
from appraisal.reports.register import register_of
from appraisal.reports.report import AppraisalReport
from appraisal.reports.return_tables import other_risk_rows
from appraisal.reports.sections.exposure import exposure
from appraisal.reports.workbook import appraisal_workbook
from scoring.project_file import Distribution, Family, Mitigation, RiskCategory, RiskEvent, Uncertainty
from scoring.result import FiscalRisks, Missing
from tests.reports import factories, risk_parts

REPORT = factories.report()
USED, UNUSED = risk_parts.options()
RISKS = risk_parts.fiscal_risks()


def words(report: AppraisalReport) -> str:
    return str(list(exposure(report)))


def with_risk(report: AppraisalReport, **fields: object) -> AppraisalReport:
    return replace(report, result=replace(report.result, risk=replace(report.result.risk, **fields)))  # type: ignore[arg-type]


def test_an_option_has_no_more_digits_than_its_error_carries() -> None:
    assert OptionRow(USED).texts == ("7.1", "−46.5", "−39.4", "21 in 100", "2031", "21 in 100")
    assert OptionRow(replace(USED, se=2.0)).texts[:2] == ("7", "−46")


@pytest.mark.parametrize(
    ("options", "finding"),
    [
        ((USED, UNUSED), "“Sell the sensors” adds 7.1 to the financial NPV on average"),
        ((replace(USED, value=0.0), UNUSED), "No option stated adds value"),
        ((replace(USED, value=0.2, se=9.0),), "No option stated adds value"),
        ((UNUSED,), "No option could be valued"),
    ],
)
def test_the_finding_names_what_the_best_option_adds(options: tuple, finding: str) -> None:  # type: ignore[type-arg]
    assert option_finding(options) == finding


def test_an_option_without_a_value_is_given_with_its_reason() -> None:
    said = words(REPORT)
    assert "“Await the pilot's counts” (to wait before building; economic NPV) has no value" in said
    assert "nothing to learn" in said
    assert "None" not in said


def test_a_report_without_options_has_no_table_of_them_and_still_a_matrix() -> None:
    said = words(with_risk(REPORT, options=()))
    assert "Options:" not in said
    assert "categories of fiscal risk" in said


def test_the_matrix_says_what_is_not_assessed() -> None:
    assert fiscal_finding(RISKS) == (
        "1 of 2 categories of fiscal risk are assessed; the worst is cyber incident, rated medium"
    )
    assert not_assessed(RISKS) == ["Not assessed (not stated): governance."]
    assert [row.texts for row in fiscal_rows(RISKS)] == [
        ("31 in 100 (medium)", "2.9", "16.0", "5.9% (medium)", "none for all of it", "medium")
    ]
    nothing = replace(RISKS, rows=RISKS.rows[:1])
    assert fiscal_finding(nothing) == "None of the 1 categories of fiscal risk is assessed"


def test_the_worst_rating_stands_first_and_mitigation_is_seen() -> None:
    cyber = RISKS.rows[1]
    worse = replace(cyber, title="Termination", rating="high", rating_before_mitigation="critical", mitigated=True)
    made: FiscalRisks = replace(RISKS, rows=(cyber, worse))
    assert [row.made.title for row in fiscal_rows(made)] == ["Termination", "Cyber incident"]
    assert rating(worse) == "high; critical before mitigation"
    assert rating(RISKS.rows[0]) == "not assessed"


def test_who_bears_what_is_said() -> None:
    assert "share of public money. The public owner bears them" in fiscal_note(RISKS)
    private = replace(RISKS, base_is="capital-cost", borne_by_public=False)
    assert "capital cost, for no public money is stated. A private partner bears them first" in fiscal_note(private)


def test_the_workbook_has_every_category_and_option_as_numbers() -> None:
    book = openpyxl.load_workbook(io.BytesIO(appraisal_workbook(REPORT)))
    rows = {row[0]: row[1:] for row in book["Options and fiscal risks"].iter_rows(values_only=True)}
    assert rows["Sell the sensors"][1:3] == (7.052, -46.46)
    assert rows["Sell the sensors"][7] == 0.24
    assert rows[UNUSED.name][1] == "none: nothing to learn"
    assert rows["Cyber incident"][:4] == (0.306, "medium", 2.88, 15.98)
    assert rows["Governance"][7] == "not assessed: not stated"


def test_the_workbook_says_where_no_option_is_stated() -> None:
    bare = with_risk(REPORT, options=())
    sheet = openpyxl.load_workbook(io.BytesIO(appraisal_workbook(bare)))["Options and fiscal risks"]
    assert "No option is stated." in [row[0] for row in sheet.iter_rows(values_only=True)]


def test_the_stranded_loss_stands_among_the_measures_of_risk() -> None:
    rows = {row.label: row.text for row in other_risk_rows(REPORT.result)}
    assert rows["Loss by obsolescence, economic"] == "17.6"
    none = replace(REPORT.result.risk.stranded_loss, financial=Missing("no-obsolescence"))
    again = {row.label: row.text for row in other_risk_rows(with_risk(REPORT, stranded_loss=none).result)}
    assert again["Loss by obsolescence, financial"] == "none: no obsolescence"


def test_the_register_is_listed_as_the_project_states_it() -> None:
    cost = Distribution(family=Family.TRIANGULAR, low=1, mode=3, high=1200)
    attack = RiskEvent(name="Attack", category=RiskCategory.CYBER_INCIDENT, probability=0.03, per="year", cost=cost)
    done = replace(attack, name="Leak", cost=None, mitigation=Mitigation(measure="Less data", probability_factor=0.5))
    listed = replace(REPORT, project=replace(REPORT.project, uncertainty=Uncertainty(events=(attack, done))))
    assert [row.texts for row in register_of(listed.project)] == [
        ("3% in each year of operation", "extra cost 1 to 1,200, likeliest 3", "not stated"),
        ("3% in each year of operation", "not stated", "Less data; what that lowers the chance by 50%"),
    ]
    assert "2 risks are listed; something is done about 1" in words(listed)
    bare = replace(REPORT, project=replace(REPORT.project, uncertainty=None))
    assert "No risk is listed" in words(bare)
    assert "does not make the project certain" in words(bare)
