"""Filters and orders of ranked rows, each worked out once and looked up afterwards."""

from collections.abc import Sequence
from itertools import repeat
from operator import contains

import numpy as np
import numpy.typing as npt

from appraisal.services.portfolio_rows import PortfolioRow, PortfolioView, sort_value

Positions = npt.NDArray[np.int64]
MOST_WORDS = 100


class RowIndex:
    """Of rows that never change: their orders by everything they can be sorted by, and what filters look at."""

    def __init__(self, rows: Sequence[PortfolioRow]) -> None:
        self.rows = rows
        self._orders: dict[tuple[str, bool], Positions] = {}
        self._texts: list[str] | None = None
        self._words: dict[str, npt.NDArray[np.bool_]] = {}
        self._areas: dict[str, npt.NDArray[np.bool_]] = {}
        self._blocked: npt.NDArray[np.bool_] | None = None

    def positions(self, view: PortfolioView) -> Positions:
        """Of the rows that pass the filters, in the view's order; what has no figure to sort by comes last."""
        kept = np.ones(len(self.rows), dtype=np.bool_)
        if view.area:
            kept &= self._in_area(view.area)
        if view.gate in ("blocked", "clear"):
            kept &= self._is_blocked() == (view.gate == "blocked")
        for word in view.text.casefold().split():
            kept &= self._saying(word)
        order = self._order(view.sort, down=view.descending)
        return order[kept[order]]

    def viewed(self, view: PortfolioView) -> tuple[PortfolioRow, ...]:
        """The rows that pass the filters, in the view's order."""
        return tuple(self.rows[at] for at in self.positions(view).tolist())

    def _order(self, sort: str, *, down: bool) -> Positions:
        if (sort, down) not in self._orders:
            values = [sort_value(row, sort) for row in self.rows]
            known = [at for at, value in enumerate(values) if value is not None]
            unknown = [at for at, value in enumerate(values) if value is None]
            known.sort(key=lambda at: (values[at], self.rows[at].reference), reverse=down)
            self._orders[sort, down] = np.array([*known, *unknown], dtype=np.int64)
        return self._orders[sort, down]

    def _in_area(self, area: str) -> npt.NDArray[np.bool_]:
        if area not in self._areas:
            self._areas[area] = np.array([area in row.areas for row in self.rows], dtype=np.bool_)
        return self._areas[area]

    def _is_blocked(self) -> npt.NDArray[np.bool_]:
        if self._blocked is None:
            self._blocked = np.array([row.blocked for row in self.rows], dtype=np.bool_)
        return self._blocked

    def _saying(self, word: str) -> npt.NDArray[np.bool_]:
        """The rows with a word in them; kept for those who go on to the next page of what they found."""
        found = self._words.get(word)
        if found is None:
            if len(self._words) >= MOST_WORDS:
                self._words.clear()
            said = map(contains, self._searched(), repeat(word))
            found = self._words[word] = np.fromiter(said, dtype=np.bool_, count=len(self.rows))
        return found

    def _searched(self) -> list[str]:
        if self._texts is None:
            self._texts = [f"{row.reference} {row.title} {row.city}".casefold() for row in self.rows]
        return self._texts
