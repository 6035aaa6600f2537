"""Whether the database can be reached, has the tables of this version, and can be written to by this process."""

import tempfile
from pathlib import Path

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import SQLAlchemyError

from appraisal.database import revisions
from appraisal.models import AuditHead
from appraisal.trail.chain import KEY_OPTION, AuditKey
from appraisal.transactions import READS_ONLY

_PAGES_FREE = 16
"""As many as a small change may need."""
_BLOCK = b"\0" * 65_536


def probe(engine: Engine) -> dict[str, bool]:
    """What is well, in words; changes nothing."""
    found = {"database": False, "tables": False, "disk": False, "key": False}
    try:
        with engine.connect().execution_options(**{READS_ONLY: True}) as connection:
            connection.execute(text("SELECT 1"))
            found["database"] = True
            current, newest = revisions(connection)
            found["tables"] = current == newest
            found["disk"] = _writable(connection)
            found["key"] = found["tables"] and _seals(connection)
    except SQLAlchemyError:
        pass
    return found


def _seals(connection: Connection) -> bool:
    """Whether the trail goes on under this process's key, or has not begun."""
    in_force = connection.scalar(select(AuditHead.key_name))
    key = connection.get_execution_options().get(KEY_OPTION)
    return isinstance(key, AuditKey) and in_force in (None, key.name)


def _writable(connection: Connection) -> bool:
    if connection.dialect.name == "postgresql":
        return connection.scalar(text("SHOW default_transaction_read_only")) == "off" and not connection.scalar(
            text("SELECT pg_is_in_recovery()")
        )
    used, most = (connection.scalar(text(f"PRAGMA {name}")) for name in ("page_count", "max_page_count"))
    return (used or 0) + _PAGES_FREE <= (most or 0) and _takes_a_file(Path(str(connection.engine.url.database)).parent)


def _takes_a_file(folder: Path) -> bool:
    """Whether the disk of the database has room: a full one shows only when it is written to."""
    try:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
            return file.write(_BLOCK) == len(_BLOCK)
    except OSError:
        return False
