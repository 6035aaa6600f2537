"""The options a project file may state under `uncertainty.options`: to abandon, to delay, to stage (METHOD 8)."""

from dataclasses import dataclass
from enum import StrEnum

from scoring.project_file import Amounts, DriverName


class OptionKind(StrEnum):
    ABANDON = "abandon"
    DELAY = "delay"
    STAGE = "stage"


class OptionView(StrEnum):
    """Whose worth decides: the investment's own cash before financing, or society's."""

    FINANCIAL = "financial"
    ECONOMIC = "economic"


@dataclass(frozen=True, slots=True, kw_only=True)
class AbandonOption:
    """To give the project up at the end of a year, for what its assets bring (METHOD 8)."""

    name: str
    """What it is called."""
    view: OptionView = OptionView.ECONOMIC
    """Whose worth decides and is told."""
    from_year: int | None = None
    """First calendar year at whose end it may be used; None for the first of the project."""
    recovery: Amounts = ()
    """What is received if given up at the end of each period; zero after its end."""
    recovery_share: float | None = None
    """In place of `recovery`: share of the planned capital cost that is not yet depreciated, in a straight line."""
    exit_cost: float = 0.0
    """Paid whenever it is used: contracts ended, sites cleared."""

    kind = OptionKind.ABANDON


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayOption:
    """To wait before building, and to build only if what was learned says that it pays (METHOD 8)."""

    name: str
    """What it is called."""
    view: OptionView = OptionView.ECONOMIC
    """Whose worth decides and is told."""
    latest_year: int
    """Last calendar year in which building may begin; the plan begins in `cash_flows.first_year`."""
    waiting_cost: float = 0.0
    """Paid in each year of waiting."""
    learns: tuple[DriverName, ...] = (DriverName.DEMAND, DriverName.PRICE)
    """Drivers of which waiting tells something."""
    known: float = 1.0
    """Share of their uncertainty that is gone by the latest year; it goes evenly over the years."""

    kind = OptionKind.DELAY


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOption:
    """To build phase 2 only if what phase 1 shows reaches a threshold (METHOD 8)."""

    name: str
    """What it is called."""
    view: OptionView = OptionView.ECONOMIC
    """Whose worth decides and is told."""
    phase_2: tuple[str, ...]
    """Names of the lines of phase 2; all their amounts fall after the decision."""
    decision_year: int
    """Calendar year at whose end is decided."""
    driver: DriverName = DriverName.DEMAND
    """What phase 1 shows and the threshold is held against."""
    threshold: float
    """Least factor of the driver at which phase 2 is built; 1 = as planned."""

    kind = OptionKind.STAGE


Option = AbandonOption | DelayOption | StageOption
