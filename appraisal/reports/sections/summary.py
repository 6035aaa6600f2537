"""The first page: what was found, the key figures with their uncertainty, and what stands in the way."""

from collections.abc import Iterator

from appraisal.reports import blocks, figures, findings
from appraisal.reports.blocks import Block
from appraisal.reports.charts.waterfall import score_waterfall
from appraisal.reports.report import AppraisalReport
from appraisal.reports.return_tables import cost_estimates
from scoring.result import Figure, GateResult, GateStatus, Missing

STATUS = {
    GateStatus.FAILED: ("failed", "bad"),
    GateStatus.OPEN: ("open", "bad"),
    GateStatus.PASSED: ("passed", "good"),
    GateStatus.NOT_APPLICABLE: ("does not apply", "plain"),
}


def summary(report: AppraisalReport) -> Iterator[Block]:
    yield blocks.finding(findings.headline(report))
    if report.project.summary:
        yield blocks.text(report.project.summary)
    yield {"kind": "facts", "facts": list(_facts(report))}
    yield blocks.note(f"Money in {figures.MoneyUnit.of(report.project).long}, unless a table says otherwise.")
    stops = [gate for gate in report.result.criteria.gates if gate.blocks]
    if stops:
        yield blocks.heading("What blocks a recommendation, and what would lift it", level=2)
        yield {"kind": "gates", "gates": [gate_block(gate, report.stands_in(gate)) for gate in stops]}
    made = score_waterfall(report.result.criteria, report.framework, by_criterion=True)
    yield blocks.chart(made, "Hatched: what the unknown answers could bring. Every indicator is on the next page.")


def gate_block(gate: GateResult, stands_in: str = "") -> Block:
    status, tone = STATUS[gate.status]
    return {
        "title": gate.title, "status": f"gate {status}", "tone": tone, "text": f"{gate.lifts_when} {stands_in}".strip()
    }  # fmt: skip


def _fact(value: Figure, written: str, label: str, note: str = "") -> Block:
    if isinstance(value, Missing):
        return {"value": "not known", "label": label, "note": figures.reason(value)}
    return {"value": written, "label": label, "note": note}


def _facts(report: AppraisalReport) -> Iterator[Block]:
    result, unit = report.result, figures.MoneyUnit.of(report.project)
    economic, risk = result.risk.economic_npv, result.risk
    total, loss, middle = result.criteria.total, economic.prob_negative, economic.p50
    known = "; ".join(note for note in (findings.score_note(report), findings.likely_note(report)) if note)
    yield _fact(total, figures.score(total), "score of 100", known)
    rank = Missing("not-ranked") if report.rank is None else report.rank.rank
    yield _fact(rank, str(rank), "rank", findings.rank_note(report))
    chance = figures.chance(loss, economic.prob_negative_se)
    yield _fact(loss, chance, "chance of a loss to society", "draws with a negative economic NPV")
    half = figures.money(middle, economic.p50_se, signed=True)
    yield _fact(middle, half, f"economic NPV, P50, {unit.short}", _span(report))
    worth = "certainty-equivalent economic value per unit of public money"
    yield _fact(risk.risk_adjusted_return, figures.ratio(risk.risk_adjusted_return), "risk-adjusted return", worth)
    estimates = cost_estimates(risk)
    dear = f"cost estimates: {estimates}" if estimates else ""
    yield _fact(risk.capex_base, figures.money(risk.capex_base), f"capital cost as planned, {unit.short}", dear)


def _span(report: AppraisalReport) -> str:
    measures = report.result.risk.economic_npv
    if isinstance(measures.p5, Missing) or isinstance(measures.p95, Missing):
        return ""
    low, high = (
        figures.money(value, se) for value, se in ((measures.p5, measures.p5_se), (measures.p95, measures.p95_se))
    )
    return f"between {low} and {high} in 90 of 100 draws"
