"""The plan of the last look at a large file, on disk, so that storing it reads and checks nothing again.

It is used as long as it is what looking again would give: the same content, said and corrected the same, read with the
same remembered headings, against the same projects. Kept is one plan a database, in a file without a name that belongs
to the process which wrote it and goes with it; a process that has none reads the file again (ADR 42).
"""

import pickle
import tempfile
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from threading import Lock
from typing import IO
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from appraisal.policy import Actor
from appraisal.services.import_plan import ImportPlan, PlannedRow, basis_of

_AT_ONCE = 200
MOST_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Kept:
    key: UUID
    mark: str
    file: IO[bytes]


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
_lock = Lock()


def keep(engine: Engine, key: UUID, mark: str, made: ImportPlan) -> None:
    """Keep a plan in place of the last. mark: what the file was read from, and how.

    A plan with stored projects is not kept: what becomes of them hangs on their evidence as well. Nor is one for which
    the disk has no room.
    """
    forget(engine)
    if any(row.project is not None for row in made.rows):
        return
    with suppress(OSError), ExitStack() as unless_kept:
        file = unless_kept.enter_context(tempfile.TemporaryFile())
        head = replace(made, rows=(), alike=(), beside={})
        pickle.dump(head, file, pickle.HIGHEST_PROTOCOL)
        for start in range(0, len(made.rows), _AT_ONCE):
            # A pickle at a time forgets what it has seen: ten thousand in one would hold all of it twice.
            some = [replace(row, duplicates=()) for row in made.rows[start : start + _AT_ONCE]]
            pickle.dump(some, file, pickle.HIGHEST_PROTOCOL)
        if file.tell() <= MOST_BYTES:
            unless_kept.pop_all()
            with _lock:
                _kept[engine] = _Kept(key, mark, file)


def kept_plan(engine: Engine, key: UUID, mark: str) -> ImportPlan | None:
    """The plan that was kept of this file, read in this way; None where another or none is."""
    with _lock:
        kept = _kept.get(engine)
        if kept is None or (kept.key, kept.mark) != (key, mark):
            return None
        kept.file.seek(0)
        head: ImportPlan = pickle.load(kept.file)  # noqa: S301  # nosec B301 -- our own, see above
        rows: list[PlannedRow] = []
        with suppress(EOFError):
            while True:
                rows += pickle.load(kept.file)  # noqa: S301  # nosec B301 -- our own, see above
    return replace(head, rows=tuple(rows))


def still_holds(session: Session, actor: Actor, made: ImportPlan) -> bool:
    """Whether the projects are those that a plan was made against; inside the caller's transaction."""
    return basis_of(session, actor) == made.basis


def forget(engine: Engine) -> None:
    """Let go of what is kept, as when it is stored."""
    with _lock:
        if (kept := _kept.pop(engine, None)) is not None:
            kept.file.close()
