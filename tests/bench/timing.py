"""Measuring: medians, a baseline of this machine in this run, and verdicts. Times are printed, never tested."""

import time
from collections.abc import Callable
from statistics import median

import numpy as np

REPEATS = 7


def seconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """The median of several times."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return median(times)


def seconds_of_thread(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """The same in time of this thread on a core: other programs hold it up less, and it is for work on one thread."""
    times = []
    for _ in range(repeats):
        start = time.thread_time()
        work()
        times.append(time.thread_time() - start)
    return median(times)


def baseline() -> float:
    """What this machine takes now to draw and sort two million numbers on one core."""
    return seconds(lambda: np.sort(np.random.default_rng(1).standard_normal(2_000_000)), 5)


def at_most(what: str, took: float, unit: float, target: float) -> None:
    """A time against its target in seconds, and against the baseline."""
    verdict = "met" if took <= target else f"missed by {took - target:.2f} s"
    print(f"{what:<66} {took:7.3f} s = {took / unit:6.1f} x baseline   at most {target:g} s: {verdict}")


def ratio(what: str, slow: float, fast: float, target: float, *, at_least: bool = True) -> None:
    """How many times faster one way is than another, against its target."""
    found = slow / fast
    met = found >= target if at_least else found <= target
    word = "at least" if at_least else "at most"
    print(f"{what:<66} {found:7.1f} x   {word} {target:g} x: {'met' if met else 'missed'}")
