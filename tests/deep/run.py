"""`make deep`: hostile texts in every field of every form, and in every question that a view asks, as who may send it;
and mutated files of many projects.

No answer is a fault, and nothing is kept that may not be: no character that is refused, no figure that is none, and
nothing that the trail does not know. `--part 3/8` does an eighth of the addresses and of the files.
"""

import argparse
import logging
import random
import sys
import tempfile
import time
from pathlib import Path

from argon2 import PasswordHasher

from appraisal.services import accounts
from tests.deep.arena import Arena
from tests.deep.covering import requests_for
from tests.deep.files import send_files
from tests.deep.forms import endpoints_of, targets
from tests.deep.places import place
from tests.deep.texts import NUMBERS, texts
from tests.memory import keep_files_in_memory

_log = logging.getLogger("deep")
AGAIN = 10
"""One of so many texts is sent where another form of the same address had all fields already."""
SAMPLED = 12
"""Pages whose forms a sample is taken of."""


def sample(arena: Arena, tries: int, seed: int) -> None:
    """So many texts in fields taken by chance, every address in turn."""
    chance = random.Random(seed)  # noqa: S311 -- repeatable
    some = chance.sample(endpoints_of(arena.app), SAMPLED)
    all_targets = [each for each in targets(arena, some, everyone=False) if each.pairs]
    chance.shuffle(all_targets)
    hostile = [text for text in texts(500, seed) if len(text) < 2_000]
    for number in range(tries):
        target = all_targets[number % len(all_targets)]
        arena.send(target, {chance.choice(target.names): chance.choice(hostile)})


def forms(arena: Arena, part: int, of: int, count: int, seed: int) -> None:
    """Every text in every field of a part of the addresses."""
    chance = random.Random(seed)  # noqa: S311
    began = time.monotonic()
    chosen = [each for each in targets(arena, endpoints_of(arena.app)[part - 1 :: of]) if each.pairs]
    found = time.monotonic() - began
    hostile = texts(count, seed)
    met: set[tuple[str, str, str]] = set()
    for target in chosen:
        new = {(target.endpoint, target.method, name) for name in target.names} - met
        met |= new
        since, before = time.monotonic(), arena.answers.total()
        for each in requests_for(target, hostile if new else chance.sample(hostile, count // AGAIN), chance):
            arena.send(target, each)
        sent, took = arena.answers.total() - before, time.monotonic() - since
        _log.info("%d requests in %.1f s: %s %s", sent, took, target.method, target.path)
    numeric = sum(len(target.numbers) for target in chosen)
    print(f"{len(chosen)} forms and addresses, found in {found:.0f} s; {len(met)} fields x {len(hostile)} texts, "
          f"{numeric} numeric fields x {len(NUMBERS)} numbers alone")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=500, help="in every field")
    parser.add_argument("--workbooks", type=int, default=1000, help="mutated, of all parts together")
    parser.add_argument("--part", default="1/1", help="of the addresses, such as 3/8")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="say how long each address takes")
    asked = parser.parse_args()
    part, of = map(int, asked.part.split("/"))
    logging.basicConfig(level=logging.CRITICAL)
    _log.setLevel(logging.INFO if asked.verbose else logging.CRITICAL)
    keep_files_in_memory()
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    accounts._hasher = lambda: quick
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, place(asked.database, Path(folder)) as held:
        arena = Arena(held)
        files = send_files(arena, part, of, asked.workbooks, asked.seed)
        print(f"{files} mutated files of projects in {time.monotonic() - began:.0f} s")
        forms(arena, part, of, asked.texts, asked.seed)
    said = ", ".join(f"{count} of {status}" for status, count in sorted(arena.answers.items()))
    print(f"{asked.database}: {arena.answers.total()} requests in {time.monotonic() - began:.0f} s: {said}; "
          f"{arena.kept.total()} kept something; {len(arena.wrong)} wrong")  # fmt: skip
    for wrong in dict.fromkeys(arena.wrong):
        print(wrong, file=sys.stderr)
    sys.exit(bool(arena.wrong))


if __name__ == "__main__":
    main()
