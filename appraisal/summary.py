"""An appraisal, and what moved between two, in a few lines of plain text for a terminal."""

from collections.abc import Iterator

from appraisal.reports.figures import chance, money, percent, ratio
from appraisal.services.comparing import Comparison, Figures
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


def comparison_lines(found: Comparison) -> Iterator[str]:
    """Both runs' figures, then each input that differs with what it alone does to the first run."""
    yield f"run {found.before} to run {found.after}"
    yield from _moves(found.from_figures, found.to_figures)
    if found.engines[0] != found.engines[1]:
        yield f"  engine {found.engines[0]} to {found.engines[1]}: part of the change may come from it"
    if not found.movements:
        yield "  no input differs"
    for movement in found.movements:
        yield f"{movement.part}: {movement.first_difference}"
        if movement.figures is None:
            yield f"  cannot be taken over alone: {movement.problem}"
        else:
            yield from _moves(found.from_figures, movement.figures)


def _moves(before: Figures, after: Figures) -> Iterator[str]:
    moved = [name for name in before if before[name] != after[name]]
    for name in moved:
        yield f"  {name:<40} {_plain(before[name])} to {_plain(after[name])}"
    if not moved:
        yield "  moves nothing"


def _plain(value: float | None) -> str:
    return "none" if value is None else f"{value:.6g}"
