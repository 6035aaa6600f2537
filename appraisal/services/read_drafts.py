"""Project files as they were read from the tables, kept between requests: a version of a project says one thing only.

A file is kept under the project's version and the moment of its last change, to the microsecond: a restored database
may come to the same version another way. Only what is committed is put here. Each server process keeps its own.
"""

from collections import OrderedDict
from datetime import datetime
from threading import Lock
from typing import cast
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from appraisal.models import Project
from appraisal.services.project_mapping import stored_file
from scoring.project_file import ProjectFile

MOST_FILES = 256
"""Of one database in one process; what was asked for longest ago goes first."""

Key = tuple[UUID, int, datetime]
"""A project, its version, and the moment of its last change."""
_files: WeakKeyDictionary[Engine, OrderedDict[Key, ProjectFile]] = WeakKeyDictionary()
_lock = Lock()


def read_file(session: Session, key: Key) -> ProjectFile:
    """What the tables say of the project, which is at this key. Inside a transaction that has written nothing yet, and
    that only reads or holds the project."""
    with _lock:
        shelf = _files.setdefault(cast("Engine", session.get_bind()), OrderedDict())
        if (found := shelf.get(key)) is not None:
            shelf.move_to_end(key)
            return found
    file = stored_file(session, session.get_one(Project, key[0], populate_existing=True))
    keep(session, key, file)
    return file


def keep(session: Session, key: Key, file: ProjectFile) -> None:
    """Keep what the tables say of a project as it was committed."""
    with _lock:
        shelf = _files.setdefault(cast("Engine", session.get_bind()), OrderedDict())
        shelf[key] = file
        while len(shelf) > MOST_FILES:
            shelf.popitem(last=False)
