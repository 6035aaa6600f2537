"""What comparisons in pairs give: weights, how consistent they are, and the one comparison worth a second look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The comparison that costs most consistency; it is offered, never put in."""

    first: str
    second: str
    stated: Fraction
    offered: Fraction
    ratio_after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    weights: Mapping[str, float]
    ratio: float
    consistent: bool
    offer: Offer | None


def compared(names: Sequence[str], stated: Mapping[tuple[str, str], float]) -> Compared:
    """The weights of a complete set of comparisons (METHOD 9)."""
    import numpy as np  # noqa: PLC0415 -- the numerical libraries only where they are used

    from scoring.criteria.weighting import compared_weights  # noqa: PLC0415

    place = {name: position for position, name in enumerate(names)}
    matrix = np.ones((len(names), len(names)))
    for (first, second), times in stated.items():
        matrix[place[first], place[second]], matrix[place[second], place[first]] = times, 1 / times
    found = compared_weights(matrix)
    offer = None
    if found.worst is not None and not found.consistent:
        offer = Offer(
            first=names[found.worst.first],
            second=names[found.worst.second],
            stated=Fraction(found.worst.stated).limit_denominator(9),
            offered=found.worst.offered,
            ratio_after=found.worst.ratio_after,
        )
    return Compared(
        weights={name: float(found.weights[position]) for name, position in place.items()},
        ratio=found.ratio,
        consistent=found.consistent,
        offer=offer,
    )
