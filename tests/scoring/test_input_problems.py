"""Everything wrong with a project is told at once, whatever stage of the appraisal would meet it."""

from typing import Any

import pytest

from scoring.appraisal import appraise
from scoring.errors import InputError
from scoring.frameworks import load_framework
from scoring.input_problems import input_problems
from scoring.parameters import load_parameters
from scoring.project_file import CashFlowLine, Correlation, DriverName, PriceBasis, Prices, Rates, Uncertainty
from tests.scoring.returns.factories import financing, line, project
from tests.scoring.risk.factories import driver, event

LINES = (line("capex", [100]), line("revenue", [0, 30, 30, 30, 30]))


def refused_at(*lines: CashFlowLine, **fields: Any) -> list[str]:
    plan = project(*lines, **{"currency": "XAF", **fields})
    with pytest.raises(InputError) as refused:
        appraise(plan, load_framework(), load_parameters(), seed=1, draws=100, input_sha256="0")
    assert refused.value.problems == input_problems(plan, load_framework(), load_parameters())
    return [problem.path for problem in refused.value.problems]


def test_every_stage_is_heard() -> None:
    tonnes = line("externality", tonnes=[0, -5])
    gain = driver("capex", "uniform", low=-5, high=-1).distribution
    uncertainty = Uncertainty(
        drivers=(driver("opex", "uniform", low=-2, high=-1), driver("delay", "uniform", low=3, high=1)),
        correlations=(Correlation(first=DriverName.OPEX, second=DriverName.DELAY, value=1.5),),
        events=(event(1.5, cost=gain, per="week"),),
    )
    rates = Rates(financial=-1.0)
    stated = {"financing": financing(equity=[90]), "uncertainty": uncertainty, "rates": rates}
    assert refused_at(*LINES, tonnes, **stated) == [
        "rates.financial",
        "cash_flows.lines[2].tonnes",
        "financing",
        "uncertainty.drivers[0].low",
        "uncertainty.drivers[1].high",
        "uncertainty.correlations[0]",
        "uncertainty.events[0].per",
        "uncertainty.events[0].probability",
        "uncertainty.events[0].cost.low",
    ]


def test_a_stage_that_fails_blames_no_other() -> None:
    nominal = Prices(basis=PriceBasis.NOMINAL)
    assert refused_at(*LINES, prices=nominal, financing=financing(equity=[100])) == ["prices.inflation"]
    shared = line("benefit", [0, 10], shares={"poor": 0.5})
    assert refused_at(*LINES, shared, financing=financing(equity=[100])) == ["cash_flows.lines[2].shares.poor"]


def test_what_can_be_appraised_has_no_problem() -> None:
    assert input_problems(project(*LINES), load_framework(), load_parameters()) == ()
