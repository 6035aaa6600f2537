"""Why this score: the waterfall, the criteria, and every indicator with level, evidence and cap."""

from collections.abc import Iterator

from appraisal.reports import blocks, figures
from appraisal.reports.blocks import Block
from appraisal.reports.charts.waterfall import score_waterfall
from appraisal.reports.report import AppraisalReport
from appraisal.reports.sections.summary import gate_block
from scoring.frameworks.drawn_words import evidence_meaning
from scoring.result import CriterionResult, IndicatorResult, Missing

EVIDENCE = {
    "E0": "E0 claim",
    "E1": "E1 own document",
    "E2": "E2 third party",
    "E3": "E3 verified",
}
EVIDENCE_NOTE = (
    "Evidence: "
    + ", ".join(EVIDENCE.values())
    + ". A claim carries level 2 at most, an own document level 3; level 4 needs E2. "
    + evidence_meaning()
)


def score(report: AppraisalReport) -> Iterator[Block]:
    criteria = report.result.criteria
    made = score_waterfall(criteria, report.framework)
    yield blocks.heading("Why this score")
    yield blocks.chart(
        made,
        "Each bar starts where the one before ends. Hatched: unknown, between nothing and what the indicator "
        "could give; it moves no total. The line through the total runs from all unknown at worst to all at best.",
    )
    yield blocks.heading("The criteria", level=2)
    yield _criteria(report)
    for criterion in criteria.by_criterion.values():
        yield blocks.heading(_heading(criterion), level=2)
        yield _indicators(report, criterion.id)
    yield blocks.note(EVIDENCE_NOTE)
    passed = [gate for gate in criteria.gates if not gate.blocks]
    if passed:
        yield blocks.heading("Gates that do not block", level=2)
        yield blocks.table(
            [blocks.column("Gate", "1fr"), blocks.column("State", "34mm")],
            [blocks.row(gate.title, _tag(gate_block(gate))) for gate in passed],
        )


def _heading(criterion: CriterionResult) -> str:
    given = criterion.given
    if isinstance(given, Missing):
        return f"{criterion.title}: {figures.reason(given)}"
    whole = figures.points(criterion.weight * 100)
    return f"{criterion.title}: {figures.points(given)} of {whole} points"


def _tag(gate: Block) -> Block:
    return {"text": "", "tag": gate["status"].removeprefix("gate "), "tone": gate["tone"]}


def _criteria(report: AppraisalReport) -> Block:
    criteria = report.result.criteria
    rows = [
        blocks.row(
            row.title,
            figures.share(row.weight),
            blocks.figure(row.score, figures.score(row.score)),
            figures.score_range(row.low, row.high),
            figures.share(row.completeness),
            blocks.figure(row.given, figures.points(row.given)),
        )
        for row in criteria.by_criterion.values()
    ]
    if criteria.unevenness < 0:
        rows.append(blocks.row("Unevenness of the criteria", "", "", "", "", figures.points(criteria.unevenness)))
    low, high = criteria.interval
    total = blocks.row(
        "Total",
        "100%",
        blocks.figure(criteria.total, figures.score(criteria.total)),
        figures.score_range(low, high),
        figures.share(criteria.completeness),
        blocks.figure(criteria.total, figures.points(criteria.total)),
        total=True,
    )
    columns = [
        blocks.column("Criterion", "1fr"),
        *(
            blocks.column(title, number=True)
            for title in ("Weight", "Score, 0-100", "Worst to best", "Answered", "Points of the total")
        ),
    ]
    return blocks.table(columns, [*rows, total])


def _indicators(report: AppraisalReport, criterion: str) -> Block:
    titles = {indicator.id: indicator.title for indicator in report.framework.indicators}
    columns = [
        blocks.column("Indicator", "1fr"),
        blocks.column("Level, 0-4", "17mm", number=True),
        blocks.column("Evidence", "19mm"),
        blocks.column("Weight", "14mm", number=True),
        blocks.column("Points", "17mm", number=True),
        blocks.column("Could give", "19mm", number=True),
    ]
    rows = [_indicator(row, titles) for row in report.result.criteria.indicators if row.criterion == criterion]
    return blocks.table(columns, rows)


def _indicator(row: IndicatorResult, titles: dict[str, str]) -> Block:
    unknown = isinstance(row.level, Missing)
    why = "\n".join(part for part in (row.cap_reason, row.explanation) if part)
    evidence = "computed" if row.computed else row.evidence or "none given"
    return blocks.row(
        {"text": f"{row.id}  {titles.get(row.id, '')}".rstrip(), "note": why},
        {"text": figures.level(row.level), "note": f"stated {figures.level(row.stated_level)}" if row.capped else ""},
        "" if unknown and not row.computed else evidence,
        figures.percent(row.weight),
        "unknown" if unknown else figures.points(row.contribution),
        f"0 to {figures.points(row.high)}" if unknown else "",
    )
