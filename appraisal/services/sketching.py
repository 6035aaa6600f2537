"""What a cash-flow table returns while it is being written: computed at once without a draw, stored nowhere."""

from dataclasses import dataclass
from itertools import accumulate

from scoring.errors import InputError, InputProblem
from scoring.frameworks import Framework
from scoring.project_file import ProjectFile, Rate
from scoring.result import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """The return on the investment before financing (METHOD 2), in the project's currency and unit."""

    npv: Figure
    irr: Figure
    irr_all: tuple[float, ...]
    payback: Figure
    years: tuple[int, ...]
    cumulative: tuple[float, ...]
    rate: Rate
    rate_is_default: bool
    """The planner gave none: it is the framework's."""


@dataclass(frozen=True, slots=True)
class Sketched:
    """A sketch, or why there is none yet."""

    sketch: Sketch | None
    problems: tuple[InputProblem, ...] = ()


def sketch_of(project: ProjectFile, framework: Framework) -> Sketched:
    """Net present value, every rate of return, payback and the cumulative cash; no draw is made."""
    if not project.cash_flows.lines:
        return Sketched(None, (InputProblem("cash_flows.lines", "The cash-flow table is still empty."),))
    from scoring.returns import financial_return, resolve_rates, to_arrays  # noqa: PLC0415 -- NumPy only where used

    try:
        rates = resolve_rates(project, framework)
        made = financial_return(to_arrays(project, framework), project, framework)
    except InputError as error:
        return Sketched(None, error.problems)
    first = project.cash_flows.first_year
    return Sketched(
        Sketch(
            npv=made.npv,
            irr=made.irr,
            irr_all=made.irr_all,
            payback=made.payback,
            years=tuple(range(first, first + len(made.net_flow))),
            cumulative=tuple(accumulate(made.net_flow)),
            rate=rates.financial,
            rate_is_default="financial" in rates.defaulted,
        )
    )
