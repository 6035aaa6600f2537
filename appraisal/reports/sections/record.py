"""What the result rests on: the answers with their evidence, what was assumed, and how to compute it again."""

from collections.abc import Iterator, Sequence

from appraisal.evidence import Evidence
from appraisal.reports import blocks, figures
from appraisal.reports.blocks import Block
from appraisal.reports.charts.tornado import driver_words
from appraisal.reports.report import AppraisalReport
from appraisal.reports.run_tables import ORIGIN
from appraisal.reports.sections.score import EVIDENCE
from scoring.frameworks.drawn_words import MEANING
from scoring.frameworks.vocabulary import METHODS
from scoring.project_file import Answer
from scoring.result import DriverUsed

RED = "red"
"""A contradiction that nobody corrected or explained; its class is not imported, for numpy comes with it."""


def evidence(report: AppraisalReport) -> Iterator[Block]:
    yield blocks.heading("The answers and their evidence")
    if report.appraisers:
        yield blocks.text(
            f"These are the answers of a panel of {report.appraisers}: what it agreed on, else the median of what its "
            "members gave. The planner's own answers are in the submission."
        )
    answers = report.project.answers
    rows = [
        blocks.row(
            {"text": f"{indicator.id}  {indicator.title}", "note": indicator.question},
            answer_words(answers[indicator.id]),
            {"text": answers[indicator.id].reason or "No reason given.", "note": answers[indicator.id].source},
            _grade(answers[indicator.id]),
        )
        for indicator in report.framework.indicators
        if indicator.id in answers
    ]
    if not rows:
        yield blocks.text("No indicator is answered yet.")
        return
    columns = [
        blocks.column("Indicator", "52mm"),
        blocks.column("Answer", "17mm"),
        blocks.column("Reason and source", "1fr"),
        blocks.column("Evidence", "22mm"),
    ]
    yield blocks.table(columns, rows)


def evidence_files(report: AppraisalReport) -> Iterator[Block]:
    """What was sent as evidence, each by its SHA-256: nothing is said where nothing was."""
    yield from file_table(report.files)


def file_table(files: Sequence[Evidence]) -> Iterator[Block]:
    """The same of any files."""
    if not files:
        return
    yield blocks.heading("Files sent as evidence")
    rows = [
        blocks.row({"text": f"{file.title}.{file.kind}", "note": file.sha256}, file_places(file), file.kind.words)
        for file in files
    ]
    columns = [
        blocks.column("File and SHA-256", "1fr"),
        blocks.column("Stands behind", "42mm"),
        blocks.column("Kind", "30mm"),
    ]
    yield blocks.table(columns, rows)


def file_places(file: Evidence) -> str:
    """The answers that a file stands behind, with the pages."""
    told = [f"{each.indicator} ({each.place})" if each.place else each.indicator for each in file.places]
    return ", ".join(told) or "no answer"


def answer_words(answer: Answer) -> str:
    if answer.level is not None:
        return f"level {answer.level}"
    if answer.value is not None:
        return f"{answer.value:,g}"
    return "unknown"


def _grade(answer: Answer) -> str:
    return EVIDENCE[answer.evidence] if answer.evidence else "none given"


def consistency(report: AppraisalReport) -> Iterator[Block]:
    """Where what was sent contradicts itself: nothing is said where nothing does."""
    if not report.findings:
        return
    open_ones = sum(finding.severity.value == RED for finding in report.findings)
    yield blocks.heading("Where it contradicts itself")
    found = len(report.findings)
    yield blocks.text(
        f"{'One contradiction was' if found == 1 else f'{found} contradictions were'} found in what was sent; "
        f"{open_ones or 'none'} {'is' if open_ones == 1 else 'are'} neither corrected nor explained."
    )
    columns = [blocks.column("What was found", "1fr"), blocks.column("What the planner says", "62mm")]
    yield blocks.table(
        columns, [blocks.row(each.message, each.explanation or "Not explained.") for each in report.findings]
    )


def assumptions(report: AppraisalReport) -> Iterator[Block]:
    result = report.result
    yield blocks.heading("What was assumed")
    if result.risk.drivers_used:
        yield blocks.heading("Uncertainty as simulated", level=2)
        columns = [
            blocks.column("What is uncertain", "48mm"),
            blocks.column("Given by", "30mm"),
            blocks.column("How", "1fr"),
        ]
        yield blocks.table(
            columns,
            [
                blocks.row(_driver(each), ORIGIN.get(each.origin, each.origin), each.description)
                for each in result.risk.drivers_used
            ],
        )
    repair = result.risk.largest_correlation_repair
    if repair > 0:
        yield blocks.text(
            "The correlations given could not hold together; they were moved to the nearest that can, the "
            f"largest by {figures.number(repair, 2)}."
        )
    if result.problems:
        yield blocks.heading("Defaults taken, and what the reader must know", level=2)
        columns = [blocks.column("What", "1fr"), blocks.column("Where", "45mm")]
        yield blocks.table(columns, [blocks.row(each.message, each.path) for each in result.problems])
    elif not result.risk.drivers_used:
        yield blocks.text("Nothing beyond what the planner gave.")


def _driver(used: DriverUsed) -> Block:
    return {"text": driver_words(used.driver), "note": ", ".join(used.applies_to)}


def method(report: AppraisalReport) -> Iterator[Block]:
    yield blocks.heading("Method and versions")
    yield blocks.text(
        f"{report.framework.summary} {METHODS[report.framework.aggregation.method].made} Unknown answers make a "
        "range, not a zero. Returns are discounted from the first year, and risk is simulated from the drivers above. "
        f"Ranges of the rank and the score: {MEANING[0].lower()}{MEANING[1:]} "
        "The run below can be computed again from the stored input, seed and versions, and gives the same figures."
    )
    columns = [blocks.column("What", "48mm"), blocks.column("Value", "1fr")]
    yield blocks.table(columns, [blocks.row(name, value) for name, value in method_rows(report)])


def method_rows(report: AppraisalReport) -> list[tuple[str, str]]:
    """Everything needed to compute the run again and to tell whether a report is untouched."""
    result = report.result
    rows = [
        ("Run", f"{report.run_number}, {report.run_id}"),
        ("Computed", f"{moment(report.appraised_at)} by {report.appraised_by}"),
        ("Report made", moment(report.generated_at)),
        ("Framework", f"{report.framework.title}, {result.framework}"),
        ("Parameters", result.parameters),
        ("Engine", result.engine),
        ("Libraries", ", ".join(f"{name} {version}" for name, version in sorted(result.libraries.items()))),
        ("Draws and seed", f"{result.draws:,} draws, seed {result.seed}"),
        ("SHA-256 of the input", report.input_sha256),
        ("SHA-256 of the result", report.result_sha256),
    ]
    if report.application_version:
        rows.insert(6, ("Application", report.application_version))
    rows.append(("Digest of this report", report.digest))
    if report.audit_anchor:
        rows.append(("Audit anchor", report.audit_anchor))
    return rows


def moment(when: object) -> str:
    """Date and time with the zone."""
    return f"{when:%Y-%m-%d %H:%M} UTC{when:%z}".replace("UTC+0000", "UTC")
