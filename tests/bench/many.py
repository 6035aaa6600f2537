"""A thousand projects at once, in a process of its own, so that its memory is its own; and a cold command line."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scoring.risk import simulation
from tests.bench.engine import economic_npvs, eight_drivers, plain_seconds
from tests.bench.timing import ratio, seconds

PROJECTS, FEW, DRAWS = 1_000, 100, 10_000
MOST_MEMORY, MOST_COLD = 300, 0.150


def main() -> None:
    model = eight_drivers()
    economic_npvs(model, 1_000)
    assert _means(model, FEW, 1) == _means(model, FEW, 2), "the same bits on one thread and on two"
    few = _peak()
    took, one = seconds(lambda: _means(model, PROJECTS, 2), 1), seconds(lambda: _means(model, FEW, 1), 3)
    two, peak = seconds(lambda: _means(model, FEW, 2), 3), _peak()
    ratio(
        f"{PROJECTS:,} projects x {DRAWS:,} draws, against plain NumPy",
        plain_seconds(model, DRAWS) * PROJECTS,
        took,
        40,
    )
    print(f"{'  that many in seconds':<66} {took:7.1f} s")
    ratio(f"{FEW} of them on two threads against one", one, two, 1.8)
    verdict = "met" if peak <= MOST_MEMORY else "missed"
    label = f"memory at its peak ({few:.0f} MiB at {FEW} projects)"
    print(f"{label:<66} {peak:7.0f} MiB   at most {MOST_MEMORY} MiB: {verdict}")
    _cold()


def _means(model: simulation.Model, projects: int, workers: int) -> list[float]:
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda seed: float(economic_npvs(model, DRAWS, seed=seed).mean()), range(projects)))


def _peak() -> float:
    """Of this program, in MiB: what getrusage says counts the memory of the process that started it as well."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return float(line.split()[1]) / 1024
    raise OSError("the peak of memory is read from /proc, which this system does not have")


def _cold() -> None:
    def run(*arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)

    above = seconds(lambda: run("-m", "appraisal", "--help")) - seconds(lambda: run("-c", "pass"))
    verdict = "met" if above <= MOST_COLD else f"missed by {above - MOST_COLD:.3f} s"
    print(f"{'appraisal --help, cold, above bare Python':<66} {above:7.3f} s   at most {MOST_COLD:g} s: {verdict}")


if __name__ == "__main__":
    main()
