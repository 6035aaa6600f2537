"""How many examples a property is tried on: a fifth at every `make test`, the whole number at `make deep`."""

import os

DEEP = os.environ.get("APPRAISAL_TESTS") == "deep"
USUAL = 100
"""Examples of a property that says no number of its own."""


def examples(whole: int) -> int:
    return whole if DEEP else max(whole // 5, 1)
