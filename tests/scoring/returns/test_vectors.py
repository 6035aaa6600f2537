"""Published answers of other libraries: numpy-financial's and pyxirr's own tests."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scoring import returns
from scoring.returns.debt import debt_schedule
from tests.scoring.returns.factories import tranche

VECTORS = json.loads(Path("tests/cases/finance_vectors.json").read_text())
COVERED = ("npv", "irr", "mirr")
"""The library's own; loans (pmt, ipmt, ppmt) are read off debt schedules, and what solves for another term is not part
of it."""


def vectors(*functions: str) -> list[Any]:
    return [pytest.param(vector, id=vector["id"]) for vector in VECTORS if vector["function"] in functions]


def approx(vector: dict[str, Any]) -> Any:
    if vector["expected"] is None:
        return pytest.approx(math.nan, nan_ok=True)
    return pytest.approx(vector["expected"], abs=vector["tol_abs"], rel=vector["tol_rel"])


@pytest.mark.parametrize("vector", vectors("npv"))
def test_npv(vector: dict[str, Any]) -> None:
    inputs = vector["inputs"]
    assert returns.npv(inputs["values"], inputs["rate"]) == approx(vector)


@pytest.mark.parametrize("vector", vectors("mirr"))
def test_mirr(vector: dict[str, Any]) -> None:
    inputs = vector["inputs"]
    assert returns.mirr(inputs["values"], inputs["finance_rate"], inputs["reinvest_rate"]) == approx(vector)


@pytest.mark.parametrize("vector", [case for case in vectors("irr") if case.id != "irr-160"])
def test_irr(vector: dict[str, Any]) -> None:
    assert returns.irr(vector["inputs"]["values"]) == approx(vector)


@pytest.mark.parametrize("vector", [case for case in vectors("irr") if "all_real_irrs_numpy" in case.values[0]])
def test_irr_all(vector: dict[str, Any]) -> None:
    in_range = [rate for rate in vector["all_real_irrs_numpy"] if -0.99 < rate < 10]
    assert returns.irr_all(vector["inputs"]["values"]) == pytest.approx(in_range, abs=1e-9)


def test_irr_of_a_thousand_random_flows_lists_the_published_one_among_four() -> None:
    # The source reports the root its search meets first; the one closest to zero is another (METHOD 2).
    vector = next(vector for vector in VECTORS if vector["id"] == "irr-160")
    rates = returns.irr_all(vector["inputs"]["values"])
    assert rates[-1] == pytest.approx(vector["expected"], abs=1e-8)
    assert rates[:-1] == pytest.approx([-0.013615771841, -0.003152546632, 0.005145177956], abs=1e-9)
    assert returns.irr(vector["inputs"]["values"]) == pytest.approx(-0.003152546632, abs=1e-9)


def _is_annuity(vector: dict[str, Any]) -> bool:
    """Whether a tranche can be such a loan: paid at the end of each period, nothing left over."""
    terms = vector["inputs"]
    return terms["when"] == "end" and terms["fv"] == 0 and terms["pv"] > 0 and vector["expected"] is not None


@pytest.mark.parametrize("vector", [case for case in vectors("pmt", "ppmt", "ipmt") if _is_annuity(case.values[0])])
def test_an_annuity_pays_what_the_published_loan_does(vector: dict[str, Any]) -> None:
    terms, nothing = vector["inputs"], np.zeros(vector["inputs"]["nper"] + 1)
    loan = tranche([terms["pv"]], terms["rate"], terms["nper"])
    plan = debt_schedule(loan, cfads=nothing, other_service=nothing, opening=1, path="")
    period = terms.get("per", 1)
    interest = terms["rate"] * plan.balance[period - 1]
    found = {"pmt": plan.service[period], "ipmt": interest, "ppmt": plan.service[period] - interest}
    assert -found[vector["function"]] == approx(vector)


def test_every_vector_of_the_library_is_used() -> None:
    assert {vector["function"] for vector in VECTORS} >= set(COVERED)
    assert len(vectors(*COVERED)) == 18
    assert sum(_is_annuity(case.values[0]) for case in vectors("pmt", "ppmt", "ipmt")) == 11
