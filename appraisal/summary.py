"""An appraisal in a few lines of plain text, for a terminal."""

from collections.abc import Iterator

from appraisal.reports.figures import chance, money, percent, ratio
from scoring.project_file import ProjectFile
from scoring.result import Missing, Result


def summary_lines(project: ProjectFile, result: Result) -> Iterator[str]:
    """Headline figures with their units, then gates that block, then what was taken by default."""
    risk = result.risk.economic_npv
    yield f"{project.reference}  {project.title}"
    yield f"  money in {project.currency} x {project.unit:,}, {project.prices.basis} prices"
    yield f"  score            {_score(result)}"
    yield f"  economic NPV     {money(result.economic.npv)} as planned; P50 {money(risk.p50)}"
    yield f"  economic IRR     {percent(result.economic.irr)}; benefit-cost ratio {ratio(result.economic.bcr)}"
    yield f"  chance of a loss {chance(risk.prob_negative)}"
    yield f"  financial NPV    {money(result.financial.npv)}; IRR {percent(result.financial.irr)}"
    for gate in result.criteria.gates:
        if gate.blocks:
            yield f"  gate {gate.id} {gate.status}: {gate.lifts_when}"
    for note in result.problems:
        yield f"  note: {note.message}"
    yield f"  engine {result.engine}, seed {result.seed}, {result.draws:,} draws, input {result.input_sha256[:12]}"


def _score(result: Result) -> str:
    low, high = result.criteria.interval
    total = result.criteria.total
    point = "no answers yet" if isinstance(total, Missing) else f"{total:.0f} of 100"
    return f"{point}, between {low:.0f} and {high:.0f}; {result.criteria.completeness:.0%} answered"
