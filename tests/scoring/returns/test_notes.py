"""What the reader of the returns is told."""

from dataclasses import replace

import pytest

from scoring.project_file import PriceBasis, Prices, Rate, Rates
from scoring.returns.notes import return_notes
from tests.scoring.risk.factories import FRAMEWORK, flows_of, line, project

PLAN = project(line("capex", [100]), line("benefit", [0, 60, 60]))
"""The framework's social rate is 9%."""


def codes(social: Rate | None, prices: Prices | None = None) -> list[str]:
    plan = replace(PLAN, rates=Rates(financial=0.04, social=social), prices=prices or Prices())
    return [note.code for note in return_notes(flows_of(plan), plan, FRAMEWORK)]


@pytest.mark.parametrize(
    ("social", "told"),
    [(0.03, True), (((0, 0.035), (31, 0.03)), True), (0.09, False), (0.12, False), (None, False)],
)
def test_a_rate_below_the_frameworks_is_told(social: Rate | None, told: bool) -> None:
    assert ("low-social-rate" in codes(social)) is told


def test_rates_are_compared_on_the_basis_of_the_flows() -> None:
    nominal = Prices(basis=PriceBasis.NOMINAL, inflation=0.05)
    # 9% real with 5% inflation is 14.45% nominal.
    assert "low-social-rate" in codes(0.14, nominal)
    assert "low-social-rate" not in codes(0.145, nominal)
