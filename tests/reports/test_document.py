import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pypdf
import pytest

from appraisal.evidence import Evidence, FileKind, Place
from appraisal.reports import figures, fonts
from appraisal.reports.document import appraisal_pdf
from appraisal.reports.report import AppraisalReport
from scoring.project_file import CashFlowLine, CashFlows, FlowKind
from scoring.result import Missing
from tests.reports import blank, factories

HOSTILE = 'O\'Brien "하나" <b> =1+1 😀 #import $x$ @ref'


EVIDENCE = Evidence(
    id=UUID(int=1), title="Plan <b>", name="Plan.pdf", kind=FileKind.PDF, size=9, sha256="5f" * 32,
    places=(Place("DS1", "page 12"), Place("IN2")),
)  # fmt: skip


def pages(report: AppraisalReport) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(appraisal_pdf(report))).pages]


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(scope="module")
def report() -> AppraisalReport:
    return factories.report()


@pytest.fixture(scope="module")
def texts(report: AppraisalReport) -> list[str]:
    return pages(report)


def test_the_same_report_is_the_same_bytes(report: AppraisalReport) -> None:
    assert appraisal_pdf(report) == appraisal_pdf(replace(report))


def test_the_file_is_tagged_and_declares_both_standards(report: AppraisalReport) -> None:
    reader = pypdf.PdfReader(io.BytesIO(appraisal_pdf(report)))
    root = reader.trailer["/Root"]
    assert bool(root["/MarkInfo"]["/Marked"])  # type: ignore[index]
    assert root["/Lang"] == "en"  # type: ignore[index]
    metadata = root["/Metadata"].get_data().decode()  # type: ignore[index]
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata


def test_every_page_says_which_it_is(texts: list[str]) -> None:
    assert [f"Page {i} of {len(texts)}" in text for i, text in enumerate(texts, 1)] == [True] * len(texts)
    assert all("PUN-ITS-01" in text for text in texts)


def test_the_first_page_holds_the_finding_and_the_key_figures(report: AppraisalReport, texts: list[str]) -> None:
    first = " ".join(texts[0].split())
    economic = report.result.risk.economic_npv
    assert "Scores 62 of 100, worth its cost in 84 of 100 draws" in first
    for written in (
        figures.score(report.result.criteria.total),
        figures.chance(economic.prob_negative, economic.prob_negative_se),
        figures.money(economic.p50, economic.p50_se, signed=True),
        figures.ratio(report.result.risk.risk_adjusted_return),
        "between 2 and 7 in 90 of 100 draws",
        "INR million, constant prices of 2026",
    ):
        assert written in first
    assert "A draft that describes the processing and its purposes" in first


def test_what_is_needed_to_check_the_run_is_printed(report: AppraisalReport, texts: list[str]) -> None:
    last = squeezed(texts[-1])
    for value in (
        report.run_id,
        report.input_sha256,
        report.result_sha256,
        str(report.result.seed),
        report.result.framework,
    ):
        assert squeezed(value) in last


def test_a_missing_figure_is_given_with_its_reason(texts: list[str]) -> None:
    together = " ".join(" ".join(texts).split())
    assert "none no sign change" in together
    assert "Equity NPV has no distribution: no financing stated." in together


def test_every_answer_is_printed_with_reason_and_source(report: AppraisalReport, texts: list[str]) -> None:
    together = " ".join(" ".join(texts).split())
    answered = [answer for answer in report.project.answers.values() if not answer.unknown]
    assert together.count("Design report 2025, p. 41") == len(answered)


@pytest.mark.asvs("1.1.2", "1.3.3", "1.3.7")
def test_any_title_is_text_and_never_markup() -> None:
    made = factories.report(HOSTILE)
    reader = pypdf.PdfReader(io.BytesIO(appraisal_pdf(made)))
    shown = fonts.showable(HOSTILE)
    assert reader.metadata is not None
    assert reader.metadata.title == shown
    assert squeezed(shown) in squeezed(reader.pages[0].extract_text())


def test_a_very_long_word_breaks_inside_its_column_and_copies_out_whole(report: AppraisalReport) -> None:
    answers = {key: replace(answer, reason="x" * 400) for key, answer in report.project.answers.items()}
    made = replace(report, project=replace(report.project, answers=answers))
    assert "x" * 400 in squeezed("".join(pages(made)))


def test_a_long_horizon_is_wrapped_over_several_tables(report: AppraisalReport) -> None:
    lines = (
        CashFlowLine(name="Works", kind=FlowKind.CAPEX, amounts=(Decimal("123456789.25"),) * 60),
        CashFlowLine(name="Nothing", kind=FlowKind.OPEX, amounts=(Decimal(0),) * 60),
    )
    made = replace(report, project=replace(report.project, cash_flows=CashFlows(first_year=2026, lines=lines)))
    together = " ".join(pages(made))
    assert "\N{MINUS SIGN}123,456,789.25" in together
    assert all(str(year) in together for year in range(2026, 2086))
    assert "Nothing" not in together


def test_a_project_without_figures_still_makes_a_report(report: AppraisalReport) -> None:
    together = " ".join(" ".join(pages(blank.empty_report())).split())
    assert "No indicator is answered yet" in together
    assert "No cash flow is given, so no return can be computed." in together
    assert "nan" not in together.lower().split()
    assert report.rank is not None


def test_a_time_without_a_zone_is_refused(report: AppraisalReport) -> None:
    with pytest.raises(ValueError, match="time zone"):
        replace(report, generated_at=report.generated_at.replace(tzinfo=None))


def test_a_report_says_when_the_total_is_unknown() -> None:
    assert isinstance(blank.empty_report().result.criteria.total, Missing)


def test_very_many_lines_are_summed_by_kind_so_that_the_paper_stays_short(report: AppraisalReport) -> None:
    lines = tuple(
        CashFlowLine(name=f"Line {number}", kind=FlowKind.OPEX, amounts=(Decimal("2.5"),) * 100) for number in range(50)
    )
    made = replace(report, project=replace(report.project, cash_flows=CashFlows(first_year=2026, lines=lines)))
    together = " ".join(pages(made))
    assert "The 50 lines are summed by kind" in " ".join(together.split())
    assert "50 lines Running cost" in " ".join(together.split())
    assert "\N{MINUS SIGN}125" in together
    assert "Line 7" not in together


def test_reports_may_be_made_by_several_threads_at_once() -> None:
    made = [factories.report(f"Project {number}") for number in range(4)]
    alone = [appraisal_pdf(each) for each in made]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(appraisal_pdf, made * 2)) == alone * 2


def test_files_sent_as_evidence_are_listed_with_their_digests(report: AppraisalReport) -> None:
    listed = replace(report, files=(EVIDENCE,))
    text = squeezed("".join(pages(listed)))
    assert squeezed("Files sent as evidence") in text
    assert squeezed("Plan <b>.pdf") in text
    assert EVIDENCE.sha256 in text
    assert squeezed("DS1 (page 12), IN2") in text
    assert listed.digest != report.digest
    other = replace(EVIDENCE, places=())
    assert replace(report, files=(other,)).digest != listed.digest
