"""What the kernel simulates: cash flows summed over lines that always move together (METHOD 6).

Lines that the same drivers multiply and that follow the same rule in time form one group, so that the work of a draw
does not grow with the number of lines.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.project_file import FlowKind
from scoring.returns.flows import Flows
from scoring.risk.drivers import ResolvedDriver
from scoring.risk.normal import FloatArray
from scoring.risk.timeline import USE_KINDS, Timeline

USE, RUNNING, RENEWAL, CLOSING = 0, 1, 2, 3
"""How a group's operating flow follows the service: use and running end with it and are repeated when life is longer,
and only use falls with an event; renewal ends with it and is not repeated; closing moves with the end."""
FINANCIAL, ECONOMIC, EQUITY, CFADS = 0, 1, 2, 3
"""Rows of every measure axis; the last two only where the project has financing."""


class Plan(NamedTuple):
    """Arrays of the planned flows; G groups, F factor drivers, M measures, B build periods, C periods from opening."""

    acts: NDArray[np.uint8]
    """(G, F): 1 where the driver multiplies the group."""
    roles: NDArray[np.int64]
    """(G,)"""
    construction: FloatArray
    """(G, M, B): signed flows before opening."""
    operation: FloatArray
    """(G, M, C): signed flows from opening on; position 0 is the opening period."""
    build_capex: FloatArray
    """(G,): undiscounted capital cost before opening."""
    later_capex: FloatArray
    """(G,): undiscounted capital cost after it."""
    capex_profile: FloatArray
    """(B,): share of the planned construction cost in each period; sums to one."""
    opening: int
    operating_years: int
    earliest_delay: float
    overhead_per_year: float
    """A year of delay raises construction cost by this share (PARAMETERS, overhead of delay)."""


def compile_plan(
    flows: Flows, timeline: Timeline, factors: Sequence[ResolvedDriver], delay_overhead: float, with_financing: bool
) -> Plan:
    """Group the lines. `factors`: the F drivers that multiply lines. Measures: 2, or 4 with financing."""
    weights = _weights(flows, with_financing)
    pieces = [piece for line in range(len(flows.names)) for piece in _pieces(line, flows, weights, timeline)]
    acts = np.array([driver.lines for driver in factors], dtype=np.uint8).reshape(len(factors), len(flows.names))
    groups: dict[tuple[int, bytes], _Piece] = {}
    for piece in pieces:
        key = (piece.role, acts[:, piece.line].tobytes())
        groups[key] = groups[key].plus(piece) if key in groups else piece
    build = timeline.build_periods
    capex = flows.total(FlowKind.CAPEX)[:build]
    members = list(groups.values())
    return Plan(
        acts=np.ascontiguousarray(
            np.array([acts[:, p.line] for p in members], np.uint8).reshape(len(members), len(factors))
        ),
        roles=np.array([piece.role for piece in members], dtype=np.int64),
        construction=_stacked([piece.construction for piece in members], (weights.shape[0], build)),
        operation=_stacked(
            [piece.operation for piece in members], (weights.shape[0], timeline.periods - timeline.opening)
        ),
        build_capex=np.array([piece.build_capex for piece in members], dtype=np.float64),
        later_capex=np.array([piece.later_capex for piece in members], dtype=np.float64),
        capex_profile=capex / capex.sum() if capex.sum() > 0 else np.full(build, 1.0 / build),
        opening=timeline.opening,
        operating_years=timeline.operating_years,
        earliest_delay=timeline.earliest_delay,
        overhead_per_year=delay_overhead / build,
    )


class _Piece(NamedTuple):
    line: int
    role: int
    construction: FloatArray
    operation: FloatArray
    build_capex: float
    later_capex: float

    def plus(self, other: "_Piece") -> "_Piece":
        return self._replace(
            construction=self.construction + other.construction,
            operation=self.operation + other.operation,
            build_capex=self.build_capex + other.build_capex,
            later_capex=self.later_capex + other.later_capex,
        )


def _weights(flows: Flows, with_financing: bool) -> FloatArray:
    rows = [flows.financial_weights, flows.economic_weights]
    if with_financing:
        rows += [flows.equity_weights, flows.cfads_weights]
    return np.array(rows)


def _pieces(line: int, flows: Flows, weights: FloatArray, timeline: Timeline) -> list[_Piece]:
    """A line's flows up to the end of service, and what it pays or receives after it."""
    kind, amounts = flows.kinds[line], flows.amounts[line]
    if not weights[:, line].any() and kind is not FlowKind.CAPEX:
        return []
    opening, years = timeline.opening, timeline.operating_years
    early = np.zeros(timeline.build_periods)
    late = amounts[opening:].copy()
    early[:opening] = amounts[:opening]
    if opening == 0 and kind is FlowKind.CAPEX:
        early[0], late[0] = late[0], 0.0
    role = _role(kind)
    closing = late.copy()
    if role != CLOSING:
        closing[:years] = 0.0
    served = late - closing
    signed = weights[:, line, np.newaxis]
    is_capex = kind is FlowKind.CAPEX
    main = _Piece(
        line,
        role,
        signed * early,
        signed * (closing if role == CLOSING else served),
        float(early.sum()) if is_capex else 0.0,
        float(served.sum()) if is_capex else 0.0,
    )
    if role == CLOSING or not closing.any():
        return [main]
    return [
        main,
        _Piece(line, CLOSING, signed * np.zeros_like(early), signed * closing, 0.0, float(closing.sum()) * is_capex),
    ]


def _role(kind: FlowKind) -> int:
    if kind in USE_KINDS:
        return USE
    return {FlowKind.CAPEX: RENEWAL, FlowKind.RESIDUAL: CLOSING}.get(kind, RUNNING)


def _stacked(arrays: list[FloatArray], shape: tuple[int, int]) -> FloatArray:
    return np.ascontiguousarray(np.array(arrays, dtype=np.float64).reshape(len(arrays), *shape))
