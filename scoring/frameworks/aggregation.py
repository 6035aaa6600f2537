"""How a framework makes one order of many criteria: for each project alone, or by comparing them (METHOD 9)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LEVEL = 25.0
"""Points of a criterion's 100 that one level of 0 to 4 stands for."""
NO_VETO = float("inf")
"""A veto threshold that no difference reaches."""


class Method(StrEnum):
    WEIGHTED_SUM = "weighted-sum"
    WEIGHTED_GEOMETRIC_MEAN = "weighted-geometric-mean"
    TOPSIS = "topsis"
    PROMETHEE_II = "promethee-ii"
    ELECTRE_III = "electre-iii"

    @property
    def relative(self) -> bool:
        """Whether it says something only of projects beside each other, and nothing of one alone."""
        return self not in ABSOLUTE


ABSOLUTE = frozenset({Method.WEIGHTED_SUM, Method.WEIGHTED_GEOMETRIC_MEAN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregation:
    """The method, and the thresholds of those that compare in pairs: points of a criterion's 100.

    The defaults are this project's own: a fifth of a level makes no difference, a whole level is a clear one, and two
    levels on any criterion are too far behind for the others to make up for (docs/adr/0012).
    """

    method: Method = Method.WEIGHTED_SUM
    indifference: float = LEVEL / 5
    """Up to this difference two projects are alike on a criterion; PROMETHEE II and ELECTRE III."""
    preference: float = LEVEL
    """From this difference on one is fully better; in between linearly."""
    vetoes: Mapping[str, float] | None = None
    """Criterion -> how far behind on it is too far to outrank at all; one that is not named has no veto. None: two
    levels on every criterion. ELECTRE III alone."""

    @property
    def total(self) -> Method:
        """What makes a project's own total: a method that compares projects leaves it a weighted sum."""
        return Method.WEIGHTED_SUM if self.method.relative else self.method

    def veto_of(self, criterion: str) -> float:
        """The criterion's veto threshold, infinite where it has none."""
        return 2 * LEVEL if self.vetoes is None else self.vetoes.get(criterion, NO_VETO)

    def options(self, method: Method, criteria: Iterable[str]) -> dict[str, Any]:
        """The keyword arguments of the method's own function, for columns in this order."""
        if method is Method.PROMETHEE_II:
            return {"indifference": self.indifference, "preference": self.preference}
        if method is Method.ELECTRE_III:
            veto = [self.veto_of(name) for name in criteria]
            return {"indifference": self.indifference, "preference": self.preference, "veto": veto}
        return {}
