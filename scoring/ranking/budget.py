"""Where a budget ends on an index: the line that the two-index map draws on each axis (METHOD 10)."""

from collections.abc import Sequence


def budget_line(values: Sequence[float], costs: Sequence[float], budget: float) -> float | None:
    """The value of the last project inside the budget when this index alone orders the projects.

    values, costs: (n,), the costs 0 or more in the budget's money. The best are taken in order until the next does not
    fit. None where not even the first fits. Raises ValueError where lengths differ.
    """
    if len(values) != len(costs):
        raise ValueError("one cost for each value is needed")
    line, left = None, budget
    for value, cost in sorted(zip(values, costs, strict=True), key=lambda pair: (-pair[0], pair[1])):
        if cost > left:
            break
        line, left = value, left - cost
    return line
