"""The figures under the money grid: the published ones, every root or why none, and no draw."""

import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import pytest

from appraisal.services.sketching import sketch_of
from scoring.frameworks import load_framework
from scoring.project_file import CashFlowLine, CashFlows, FlowKind, PriceBasis, Prices, ProjectFile, Rates
from scoring.result import Missing
from tests import factories

FRAMEWORK = load_framework()


def project(*net: str, rate: float = 0.1) -> ProjectFile:
    """A project of which the flow of each year is given: outlays as capital cost, the rest as revenue."""
    amounts = [Decimal(each) for each in net]
    lines = (
        CashFlowLine(name="Built", kind=FlowKind.CAPEX, amounts=tuple(max(-each, Decimal(0)) for each in amounts)),
        CashFlowLine(name="Sold", kind=FlowKind.REVENUE, amounts=tuple(max(each, Decimal(0)) for each in amounts)),
    )
    flows = CashFlows(first_year=2027, lines=lines)
    return replace(factories.published_project(), cash_flows=flows, rates=Rates(financial=rate), financing=None)


def test_a_plain_project() -> None:
    found = sketch_of(project("-100", "60", "60"), FRAMEWORK).sketch
    assert found is not None
    assert found.npv == pytest.approx(-100 + 60 / 1.1 + 60 / 1.21)
    assert found.irr == pytest.approx(0.13066, abs=1e-5)  # 60/(1+r) + 60/(1+r)^2 = 100
    assert found.irr_all == (pytest.approx(found.irr),)
    assert found.payback == pytest.approx(1 + 40 / 60)
    assert found.years == (2027, 2028, 2029)
    assert found.cumulative == (-100, -40, 20)
    assert (found.rate, found.rate_is_default) == (0.1, False)


def test_several_rates_are_all_there() -> None:
    found = sketch_of(project("-100", "230", "-132"), FRAMEWORK).sketch
    assert found is not None
    assert found.irr_all == pytest.approx((0.1, 0.2))  # the polynomial factors


def test_no_sign_change_and_no_payback_are_said() -> None:
    found = sketch_of(project("-100", "-1"), FRAMEWORK).sketch
    assert found is not None
    assert (found.irr, found.payback) == (Missing("no-sign-change"), Missing("not-reached"))


def test_the_frameworks_rate_stands_in_and_is_named() -> None:
    found = sketch_of(replace(project("-100", "120"), rates=Rates()), FRAMEWORK).sketch
    assert found is not None
    assert (found.rate, found.rate_is_default) == (FRAMEWORK.economics.financial_rate, True)


def test_what_makes_it_impossible_is_said() -> None:
    empty = replace(factories.published_project(), cash_flows=CashFlows(first_year=2027))
    assert [each.message for each in sketch_of(empty, FRAMEWORK).problems] == ["The cash-flow table is still empty."]
    nominal = replace(project("-100", "120"), rates=Rates(), prices=Prices(basis=PriceBasis.NOMINAL, base_year=None))
    assert [each.path for each in sketch_of(nominal, FRAMEWORK).problems] == ["prices.inflation"]


def test_it_needs_neither_numba_nor_scipy() -> None:
    code = (
        "import sys; from tests.services.test_sketching import FRAMEWORK, project, sketch_of; "
        "assert sketch_of(project('-100', '230', '-132'), FRAMEWORK).sketch; "
        "print(sorted({'numba', 'scipy', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
