"""A hundred futures: quantiles of the economic NPV, with what else happened in the same draws (METHOD 10)."""

from dataclasses import replace

import numpy as np
import pytest

from scoring.frameworks import Framework, load_framework
from scoring.project_file import ProjectFile
from scoring.result import Futures, RiskReturn
from scoring.returns.flows import to_arrays
from scoring.risk import futures as module
from scoring.risk.risk_return import simulate
from tests.scoring.criteria.factories import indicator
from tests.scoring.risk.factories import FRAMEWORK, PARAMETERS, driver, line, project
from tests.scoring.risk.plans import BENEFITS, CAPEX, stated

RATE = 0.1


def asking(*figures: str) -> Framework:
    """A framework whose indicators are computed from these figures."""
    items = tuple(replace(indicator("BK1"), id=name, rule="", figure=name) for name in figures)
    return replace(FRAMEWORK, criteria=(replace(load_framework().criteria[0], indicators=items),))


def simulated(plan: ProjectFile, framework: Framework = FRAMEWORK, draws: int = 1_000) -> tuple[Futures, RiskReturn]:
    risk, _, _ = simulate(plan, framework, PARAMETERS, to_arrays(plan, FRAMEWORK), seed=3, draws=draws)
    assert risk.futures is not None
    return risk.futures, risk


def test_they_are_the_quantiles_of_the_economic_npv_in_order() -> None:
    found, risk = simulated(stated())
    npv = np.array(found.economic_npv)
    assert len(npv) == len(found.capital_cost) == len(found.delay) == module.COUNT
    assert (np.diff(npv) >= 0).all()
    measures = risk.economic_npv
    for name, at in (("p5", 4.5), ("p50", 49.5), ("p95", 94.5)):
        middle = np.interp(at, range(100), npv)
        assert middle == pytest.approx(getattr(measures, name), abs=0.02 * float(measures.sd))  # type: ignore[arg-type]
    assert (npv < 0).mean() == pytest.approx(measures.prob_negative, abs=0.0101)
    assert found.debt_cover == found.benefit_cost_ratio == found.bottom_share == ()


def test_what_stands_at_the_same_place_is_of_the_same_draw() -> None:
    # capital cost alone is uncertain, falls in periods 0 and 1 in proportion, and lowers the NPV by its present value
    plan = project(
        line("capex", CAPEX), line("benefit", BENEFITS), drivers=(driver("capex", "uniform", low=1.0, high=2.0),)
    )
    found, _ = simulated(plan)
    discounted = (100 + 60 / (1 + RATE)) / 160
    gained = sum(amount / (1 + RATE) ** year for year, amount in enumerate(BENEFITS))
    assert found.economic_npv == pytest.approx([gained - discounted * cost for cost in found.capital_cost])


def test_the_ratio_of_benefits_to_costs_by_hand() -> None:
    plan = project(
        line("capex", CAPEX), line("benefit", BENEFITS), drivers=(driver("benefits", "uniform", low=0.5, high=1.5),)
    )
    found, _ = simulated(plan, asking("benefit-cost-ratio"))
    costs = 100 + 60 / (1 + RATE)
    assert found.benefit_cost_ratio == pytest.approx([(value + costs) / costs for value in found.economic_npv])


def test_the_part_of_the_poorest_by_hand() -> None:
    # cost is shared half and half, the benefit by a third: the part follows from the draw's own benefit
    halves, thirds = {"q1": 0.5, "q5": 0.5}, {"q2": 1 / 3, "q5": 2 / 3}
    plan = project(
        line("capex", CAPEX, shares=halves),
        line("benefit", BENEFITS, shares=thirds),
        drivers=(driver("benefits", "uniform", low=0.5, high=1.5),),
    )
    found, _ = simulated(plan, asking("benefit-of-the-poorest"))
    costs = 100 + 60 / (1 + RATE)
    for value, share in zip(found.economic_npv, found.bottom_share, strict=True):
        if value <= 0:
            assert share is None
        else:
            assert share == pytest.approx(((value + costs) / 3 - costs / 2) / value)
    assert None in found.bottom_share


def test_they_depend_on_the_arguments_alone_and_need_no_flow() -> None:
    assert simulated(stated())[0] == simulated(stated())[0]
    empty = project(line("capex", [0.0]))
    nothing, _, _ = simulate(empty, FRAMEWORK, PARAMETERS, to_arrays(empty, FRAMEWORK), seed=1, draws=100)
    assert nothing.futures is None
