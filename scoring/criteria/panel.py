"""What a panel of appraisers says together, and where they differ (METHOD 9)."""

from dataclasses import dataclass

import numpy as np

from scoring.criteria.agreement import krippendorff_alpha
from scoring.criteria.tables import FloatArray
from scoring.result import Figure, Missing

UNRATED = Missing("unrated")
ALONE = Missing("rated-alone")
"""No indicator was rated by this appraiser and by another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelIndicator:
    """The levels one indicator was given; Missing('unrated') where nobody gave one."""

    ratings: int
    median: Figure
    """The panel's value."""
    mean: Figure
    low: Figure
    high: Figure

    @property
    def spread(self) -> Figure:
        """Highest level less lowest."""
        if isinstance(self.low, Missing) or isinstance(self.high, Missing):
            return UNRATED
        return self.high - self.low


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    indicators: tuple[PanelIndicator, ...]
    agreement: Figure
    """Krippendorff's alpha on an ordinal scale."""
    most_disputed: tuple[int, ...]
    """Indicators on which appraisers differ, the widest spread first, then the largest standard deviation."""
    harshness: tuple[Figure, ...]
    """By appraiser: how many levels below the panel's median they rate on average. Shown, never corrected for."""


def panel(levels: FloatArray) -> Panel:
    """Medians, spread, agreement and harshness of one project's appraisers (METHOD 9).

    levels: (appraisers, indicators), NaN where an appraiser gave none; indicators of several projects can stand side by
    side. Harshness counts the indicators that another appraiser rated too: on one rated alone nobody can differ from
    the median. Raises ValueError where levels are no such table or infinite.
    """
    given = np.asarray(levels, dtype=np.float64)
    if given.ndim != 2 or np.isinf(given).any():  # noqa: PLR2004 -- rows and columns
        raise ValueError("levels (appraisers, indicators) are needed, finite, or NaN where there is none")
    indicators = tuple(_indicator(column[~np.isnan(column)]) for column in given.T)
    return Panel(
        indicators=indicators,
        agreement=krippendorff_alpha(given),
        most_disputed=_most_disputed(given),
        harshness=tuple(_harshness(row, given, indicators) for row in given),
    )


def _indicator(rated: FloatArray) -> PanelIndicator:
    if not rated.size:
        return PanelIndicator(ratings=0, median=UNRATED, mean=UNRATED, low=UNRATED, high=UNRATED)
    return PanelIndicator(
        ratings=rated.size,
        median=float(np.median(rated)),
        mean=float(rated.mean()),
        low=float(rated.min()),
        high=float(rated.max()),
    )


def _most_disputed(given: FloatArray) -> tuple[int, ...]:
    rated = [column[~np.isnan(column)] for column in given.T]
    spreads = {at: (float(np.ptp(ratings)), float(ratings.std())) for at, ratings in enumerate(rated) if ratings.size}
    disputed = [at for at, (spread, _) in spreads.items() if spread > 0]
    return tuple(sorted(disputed, key=lambda at: (-spreads[at][0], -spreads[at][1], at)))


def _harshness(row: FloatArray, given: FloatArray, indicators: tuple[PanelIndicator, ...]) -> Figure:
    shared = np.flatnonzero(~np.isnan(row) & ((~np.isnan(given)).sum(axis=0) > 1))
    if not shared.size:
        return ALONE
    medians = [indicators[at].median for at in shared.tolist()]
    return float(np.mean([median for median in medians if not isinstance(median, Missing)]) - row[shared].mean())
