"""One appraisal from end to end: what is refused as a whole, and inputs at the edge of what is allowed."""

from typing import Any

import pytest

from scoring.appraisal import appraise
from scoring.errors import InputError
from scoring.frameworks import load_framework
from scoring.parameters import load_parameters
from scoring.project_file import CashFlowLine, ProjectFile, Rates
from scoring.result import Missing, Result
from scoring.result_document import to_document
from tests.scoring.returns.factories import line, project


def appraised(plan: ProjectFile) -> Result:
    return appraise(plan, load_framework(), load_parameters(), seed=1, draws=100, input_sha256="0")


def of(*lines: CashFlowLine, **fields: Any) -> Result:
    return appraised(project(*lines, **{"currency": "USD", **fields}))


def problems(*lines: CashFlowLine, **fields: Any) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as refused:
        of(*lines, **fields)
    return [(problem.path, problem.message) for problem in refused.value.problems]


@pytest.mark.parametrize("lines", [(), (line("capex"),), (line("capex"), line("revenue", name="fares"))])
def test_an_empty_table_is_refused(lines: tuple[CashFlowLine, ...]) -> None:
    ((path, message),) = problems(*lines)
    assert path == "cash_flows.lines"
    assert "empty" in message


def test_a_line_without_amounts_beside_others_is_zero() -> None:
    with_it = of(line("capex", [100]), line("benefit", [0, 150]), line("opex"))
    assert with_it.economic.npv == of(line("capex", [100]), line("benefit", [0, 150])).economic.npv


@pytest.mark.parametrize("periods", [170, 480])
def test_figures_beyond_float64_are_missing_with_a_reason(periods: int) -> None:
    huge = [10**15] * periods
    result = of(line("capex", huge), line("benefit", huge), rates=Rates(financial=-0.99, social=-0.99))
    assert result.risk.public_money == Missing("overflow")
    assert to_document(result)["risk"]["public_money_reason"] == "overflow"


def test_the_longest_horizon_reaches_every_step_of_a_declining_schedule() -> None:
    # The Green Book's schedule; the perpetuity of 1 a year after year 300 is discounted at 1%.
    schedule = ((0, 0.035), (31, 0.03), (76, 0.025), (126, 0.02), (201, 0.015), (301, 0.01))
    result = of(line("capex", [1]), line("benefit", [0] * 301 + [1] * 179), rates=Rates(social=schedule))
    factor = 1.035**-30 * 1.03**-45 * 1.025**-50 * 1.02**-75 * 1.015**-100
    assert result.economic.pv_benefits == pytest.approx(factor * (1 - 1.01**-179) / 0.01)
    assert len(result.economic.net_flow) == 480
