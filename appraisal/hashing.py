"""A process that hashes passwords and does nothing else: one after the other, when nobody else wants the processor.

Started by `appraisal.services.password_turns`, which asks it. Whoever shares a process with threads of low priority
waits for them as for any other: before one goes on, all others stop until it has had the interpreter, and it gets the
processor last. In here there are no others. It knows no setting and no secret but the passwords it is given, on a pipe,
and ends with the process that started it.
"""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from appraisal.priority import give_way, keep_to_one_core

if sys.platform != "win32":
    import fcntl


def main(turn: int) -> None:
    """Answer each line of standard input with one of standard output, both JSON.

    turn: a file that the hashing processes of one machine have in common; they lock it, each for itself.
    """
    give_way()
    keep_to_one_core()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # sent to a whole terminal; the end of its input ends it
    for line in sys.stdin.buffer:
        with _alone(turn):
            answer = answered(*json.loads(line))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def answered(password: str, digest: str | None, costs: tuple[int, int, int]) -> str | bool:
    """The hash of a password at these costs (time, KiB, lanes), or whether the hash that is given is of it."""
    if digest is None:
        time, memory, lanes = costs
        return PasswordHasher(time_cost=time, memory_cost=memory, parallelism=lanes).hash(password)
    try:
        return PasswordHasher().verify(digest, password)
    except (VerificationError, InvalidHashError):
        return False


@contextmanager
def _alone(turn: int) -> Iterator[None]:
    """With no other process of the same server hashing beside it; a killed one lets go of the lock as it dies."""
    if sys.platform == "win32":  # one process answers there
        yield
        return
    fcntl.lockf(turn, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.lockf(turn, fcntl.LOCK_UN)


if __name__ == "__main__":
    main(int(sys.argv[1]))
