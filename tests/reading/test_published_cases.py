"""The published appraisals as project files: each reads, and says what the source says.

The figures are recomputed here from the lines alone, by the formulas of METHOD 1, 2 and 4 written out once more, so
that a slip in a file is not taken for one in the engine.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from appraisal.reading.project_file import read_project
from appraisal.reading.result_schema import result_schema
from scoring.project_file import FlowKind, ProjectFile

PROJECTS = Path(__file__).parents[1] / "cases" / "projects"
CASES = sorted(path.name.removesuffix(".expected.json") for path in PROJECTS.glob("*.expected.json"))
COSTS = (FlowKind.CAPEX, FlowKind.OPEX)


def project_of(case: str) -> ProjectFile:
    return read_project((PROJECTS / f"{case}.json").read_bytes())


def figures_of(case: str) -> list[dict[str, Any]]:
    return json.loads((PROJECTS / f"{case}.expected.json").read_text(encoding="utf-8"))["figures"]


def flow(project: ProjectFile, *kinds: FlowKind) -> list[float]:
    """Magnitudes of the lines of these kinds, summed by period."""
    total = [0.0] * project.cash_flows.periods
    for line in project.cash_flows.lines:
        for period, amount in enumerate(line.amounts if line.kind in kinds else ()):
            total[period] += float(amount)
    return total


def present_value(project: ProjectFile, flows: list[float]) -> float:
    assert project.rates.social == project.rates.financial
    assert isinstance(project.rates.social, float)
    return sum(amount / (1 + project.rates.social) ** period for period, amount in enumerate(flows))


def pv_benefits(project: ProjectFile) -> float:
    return present_value(project, flow(project, FlowKind.BENEFIT))


def pv_costs(project: ProjectFile) -> float:
    return present_value(project, flow(project, *COSTS))


def net_flow(project: ProjectFile) -> list[float]:
    signed = [[kind.sign * amount for amount in flow(project, kind)] for kind in FlowKind]
    return [sum(amounts) for amounts in zip(*signed, strict=True)]


def debt_capacity(project: ProjectFile) -> float:
    """What the cash available for debt service carries at the loan's cover, rate and tenor."""
    assert project.financing is not None
    (loan,) = project.financing.debt
    inflow, outflow = flow(project, FlowKind.REVENUE), flow(project, FlowKind.OPEX, FlowKind.TAX)
    service = [(inflow[t] - outflow[t]) / (loan.target_dscr or 1) for t in range(1, loan.tenor + 1)]
    return sum(amount / (1 + loan.rate) ** period for period, amount in enumerate(service, start=1))


FORMULAS: dict[str, Callable[[ProjectFile], float]] = {
    "economic.pv_benefits": pv_benefits,
    "economic.pv_costs": pv_costs,
    "economic.npv": lambda project: pv_benefits(project) - pv_costs(project),
    "economic.bcr": lambda project: pv_benefits(project) / pv_costs(project),
    "financial.npv": lambda project: present_value(project, net_flow(project)),
    "equity.debt_capacity": debt_capacity,
} | {f"financial.net_flow[{period}]": lambda project, t=period: net_flow(project)[t] for period in range(30)}
RECOMPUTED = [(case, figure) for case in CASES for figure in figures_of(case) if figure["path"] in FORMULAS]


def test_every_published_case_is_there() -> None:
    published = json.loads((PROJECTS.parent / "project_cases.json").read_text(encoding="utf-8"))
    assert {case["id"].split("-")[1] for case in published} == {"opal", "bulach", "pv", "arena"}
    assert {case.split("-")[0] for case in CASES} == {"opal", "zurich", "sam", "sports"}
    assert {path.name.removesuffix(".json") for path in PROJECTS.glob("*[!d].json")} == set(CASES)


@pytest.mark.parametrize(
    ("case", "figure"), RECOMPUTED, ids=[f"{case} {figure['path']}" for case, figure in RECOMPUTED]
)
def test_the_lines_give_the_published_figure(case: str, figure: dict[str, Any]) -> None:
    ours = FORMULAS[figure["path"]](project_of(case))
    assert ours == pytest.approx(figure["value"], abs=figure["tolerance"], rel=0)


@pytest.mark.parametrize("case", CASES)
def test_every_figure_is_one_that_a_result_carries(case: str) -> None:
    for figure in figures_of(case):
        schema = result_schema()
        for step in re.split(r"\.|(?=\[)", figure["path"]):
            schema = schema["items"] if step.startswith("[") else schema["properties"][step]
        assert "number" in schema["type"]


def test_the_loan_and_the_equity_of_the_photovoltaic_plant_pay_for_it() -> None:
    project = project_of("sam-pv-debt")
    assert project.financing is not None
    sources = float(project.financing.equity[0] + project.financing.debt[0].amounts[0])
    assert sources == flow(project, FlowKind.CAPEX)[0]
