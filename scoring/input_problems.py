"""Everything that makes an appraisal impossible, over all its stages at once."""

from dataclasses import replace
from decimal import Decimal

from scoring.errors import InputError, InputProblem, gathered
from scoring.frameworks import Framework
from scoring.parameters import Parameters
from scoring.project_file import CashFlowLine, CashFlows, Prices, ProjectFile, Rates
from scoring.result import Missing
from scoring.returns import Flows, ResolvedRates, financing_plan, resolve_rates, to_arrays
from scoring.risk.build import build


def input_problems(project: ProjectFile, framework: Framework, parameters: Parameters) -> tuple[InputProblem, ...]:
    """What stops the appraisal of a project, each at its path; empty where nothing does.

    A stage that fails does not hide the next: what it would have given is filled in with what is harmless, and what
    is then found wrong is wrong for its own reasons.
    """
    found: list[InputProblem] = []
    with gathered(found):
        check_table(project)
    if found:
        return tuple(found)
    rates = _rates(project, framework, found)
    flows = _flows(project, framework, found)
    if flows is None:
        return tuple(dict.fromkeys(found))
    financing = None
    with gathered(found):
        planned = financing_plan(flows, project)
        financing = None if isinstance(planned, Missing) else planned
    with gathered(found):
        build(project, parameters, flows, rates, financing)
    return tuple(dict.fromkeys(found))


def check_table(project: ProjectFile) -> None:
    """An appraisal needs a table: no line, or no year in any line, is refused rather than answered with nothing."""
    if not project.cash_flows.periods:
        held = "no amount in any line" if project.cash_flows.lines else "no line"
        message = f"The cash-flow table is empty: it has {held}. Give at least one line with an amount for one year."
        raise InputError.at("cash_flows.lines", message)


def _rates(project: ProjectFile, framework: Framework, found: list[InputProblem]) -> ResolvedRates:
    """The project's rates, or the framework's real ones where those cannot be resolved."""
    with gathered(found):
        return resolve_rates(project, framework)
    return resolve_rates(replace(project, rates=Rates(), prices=Prices()), framework)


def _flows(project: ProjectFile, framework: Framework, found: list[InputProblem]) -> Flows | None:
    """The project's flows, or those without what cannot be priced or shared; None where neither can be had."""
    with gathered(found):
        return to_arrays(project, framework)
    lines = tuple(_unpriced(line) for line in project.cash_flows.lines)
    calm = replace(project, cash_flows=CashFlows(first_year=project.cash_flows.first_year, lines=lines))
    with gathered([]):
        return to_arrays(calm, framework)
    return None


def _unpriced(line: CashFlowLine) -> CashFlowLine:
    amounts = tuple(Decimal(0) for _ in line.tonnes) if line.tonnes else line.amounts
    return replace(line, amounts=amounts, tonnes=(), shares={})
