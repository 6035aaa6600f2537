"""Choosing under a rule that is no sum, such as a cap on a simulated chance (METHOD 11)."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import fsum

from scoring.selection.check import violations
from scoring.selection.problem import BoolArray, Problem
from scoring.selection.programme import Selection, attempt, choose


class Chooser:
    """How the questions about a programme find one: under the problem's own rules alone."""

    def choose(self, problem: Problem, *, gap: float, time_limit: float, start: BoolArray | None = None) -> Selection:
        """As `choose`."""
        return choose(problem, gap=gap, time_limit=time_limit, start=start)

    def attempt(self, problem: Problem, *, gap: float, time_limit: float) -> Selection | None:
        """As `attempt`."""
        return attempt(problem, gap=gap, time_limit=time_limit)


PLAIN = Chooser()


@dataclass(frozen=True, slots=True)
class CappedChooser(Chooser):
    """Under a cap as well that can be checked on a programme, and that a cap on the problem's risk is sure to keep.

    The best programme without it is kept where it meets the cap, for nothing worth more exists; otherwise the best one
    under the cap on the risk, or the one to begin with where that is worth more and meets the cap. Such a one is not
    proven: its bound is that of the best without the cap.
    """

    meets: Callable[[BoolArray], bool]
    """Of (n,), the alternatives that are chosen."""
    known: BoolArray | None = None
    """A programme that meets the cap: kept where it keeps the rules and nothing worth more is found."""
    sure: float = 0.0
    """A programme of at most so much risk meets the cap."""

    def choose(self, problem: Problem, *, gap: float, time_limit: float, start: BoolArray | None = None) -> Selection:
        """Raises as `choose`, where nothing is found under the cap on the risk."""
        began = time.monotonic()
        free = choose(problem, gap=gap, time_limit=time_limit, start=start)
        if self.meets(free.chosen):
            return free
        known = self._best_known(problem, free, start)
        left = max(began + time_limit - time.monotonic(), time_limit / 2)
        if known is not None:
            found = attempt(replace(problem, risk_cap=self.sure), gap=gap, time_limit=left)
            return known if found is None or found.value <= known.value else _bounded(found, free)
        return _bounded(choose(replace(problem, risk_cap=self.sure), gap=gap, time_limit=left), free)

    def attempt(self, problem: Problem, *, gap: float, time_limit: float) -> Selection | None:
        """As `choose`, but None where nothing is found."""
        free = attempt(problem, gap=gap, time_limit=time_limit)
        if free is None or self.meets(free.chosen):
            return free
        found = attempt(replace(problem, risk_cap=self.sure), gap=gap, time_limit=time_limit)
        return None if found is None else _bounded(found, free)

    def _best_known(self, problem: Problem, free: Selection, start: BoolArray | None) -> Selection | None:
        """What is known already and keeps the rules and the cap; None where nothing does."""
        able = [
            mask
            for mask in (start, self.known)
            if mask is not None and not violations(problem, mask) and (mask is self.known or self.meets(mask))
        ]
        if not able:
            return None
        best = max(able, key=lambda mask: fsum(problem.values[mask]))
        value, spent = fsum(problem.values[best]), problem.costs[best].sum(axis=0)
        return _bounded(replace(free, chosen=best, value=value, spent=spent), free)


def _bounded(found: Selection, free: Selection) -> Selection:
    """The same with what is known of the best there can be: no more than the best without the cap."""
    bound = max(free.bound, found.value)
    gap = (bound - found.value) / abs(found.value) if found.value else float("inf") if bound > found.value else 0.0
    return replace(found, bound=bound, gap=gap, proven=bound <= found.value)
