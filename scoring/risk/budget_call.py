"""What a project calls from the public purse, year by year (METHOD 7)."""

import numpy as np

from scoring.project_file import FlowKind, ProjectFile
from scoring.result import BudgetCall, Missing
from scoring.returns.arrays import padded
from scoring.returns.financing import FinancingPlan
from scoring.returns.flows import Flows
from scoring.risk.normal import FloatArray
from scoring.risk.plan import EQUITY, FINANCIAL
from scoring.risk.public_money import privately_owned


def budget_call(
    project: ProjectFile,
    flows: Flows,
    financing: FinancingPlan | Missing,
    net: FloatArray,
    years: int,
    kept: tuple[int, ...],
) -> BudgetCall | None:
    """The yearly call as planned, on average and at the 95th percentile of the draws (METHOD 7).

    net: (kept, 2 or 3, H), the draws' net flows; kept: how many of them each replicate holds.

    A public owner pays grants and subsidies and whatever revenue and
    financing leave open: equity, overruns, deficits, debt service that operation does not carry. With a private
    partner only grants and subsidies are called; what guarantees may cost is asked by an indicator (BK7). The surplus
    of one year does not pay for another. None where nothing is called in any draw.
    """
    shared = not privately_owned(project)
    promised = _padded_to(_promised(project, flows, financing), net.shape[2])
    owner = EQUITY if isinstance(financing, FinancingPlan) else FINANCIAL
    planned = _padded_to(_planned(flows, financing), net.shape[2])
    if not shared:
        called, as_planned = np.broadcast_to(promised, net[:, owner].shape), promised
    elif owner == EQUITY:
        called, as_planned = promised + np.maximum(-net[:, owner], 0.0), promised + np.maximum(-planned, 0.0)
    else:
        # Without financing grants and subsidies are how the deficit is paid, not something beside it.
        called, as_planned = np.maximum(-net[:, owner], 0.0), np.maximum(-planned, 0.0)
    if not called.any():
        return None
    called, as_planned = called[:, :years], as_planned[:years]
    parts = [part for part in np.split(called, np.cumsum(kept)[:-1]) if len(part)]
    return BudgetCall(
        years=tuple(range(flows.first_year, flows.first_year + called.shape[1])),
        planned=tuple(as_planned.tolist()),
        expected=tuple(called.mean(axis=0).tolist()),
        expected_se=_errors([part.mean(axis=0) for part in parts]),
        p95=tuple(np.quantile(called, 0.95, axis=0).tolist()),
        p95_se=_errors([np.quantile(part, 0.95, axis=0) for part in parts]),
        covers_shortfalls=shared,
    )


def _errors(parts: list[FloatArray]) -> tuple[float, ...]:
    """Standard error by year, from the estimates (years,) of independent replicates."""
    return tuple((np.std(parts, axis=0, ddof=1) / np.sqrt(len(parts))).tolist())


def _promised(project: ProjectFile, flows: Flows, financing: FinancingPlan | Missing) -> FloatArray:
    """Grants and subsidies as planned, (periods,)."""
    subsidies = flows.total(FlowKind.SUBSIDY)
    if isinstance(financing, FinancingPlan):
        return subsidies + financing.grants
    stated = padded(project.financing.grants, flows.periods) if project.financing is not None else 0.0
    return subsidies + flows.total(FlowKind.GRANT) + stated


def _planned(flows: Flows, financing: FinancingPlan | Missing) -> FloatArray:
    """The owner's flow as planned, (periods,)."""
    if isinstance(financing, FinancingPlan):
        equity: FloatArray = flows.equity_weights @ flows.amounts + financing.net
        return equity
    return flows.financial


def _padded_to(row: FloatArray, length: int) -> FloatArray:
    out = np.zeros(length)
    out[: min(len(row), length)] = row[:length]
    return out
