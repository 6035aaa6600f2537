"""A figure of a result, or why there is none (METHOD 1)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a figure does not exist: `no-sign-change`, `multiple-roots`, `not-reached`, `no-debt`, …"""

    reason: str
    """One of `scoring.reasons.REASONS`."""


Figure = float | Missing
