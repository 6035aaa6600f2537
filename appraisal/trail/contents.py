"""Whether the contents of files are those under whose SHA-256 reconciled rows name them; one file at a time."""

from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import Connection, select, type_coerce
from sqlalchemy.types import NullType

from appraisal.models import EvidenceFile, StoredFile, SubmittedFile


def altered_contents(connection: Connection) -> Iterator[tuple[str, str]]:
    """(place, problem) of everything that was changed, lost, or put there past the tool."""
    drafts, sent = (select(row.sha256) for row in (EvidenceFile, SubmittedFile))
    named = set(connection.scalars(drafts.union(sent)))
    stored = set(connection.scalars(select(StoredFile.sha256)))
    for digest in sorted(named | stored, key=str):
        if digest not in stored:
            yield f"stored_file {digest}", "is gone, and a file of the record names it"
        elif digest not in named:
            yield f"stored_file {digest}", "is in the table, and no file of the record names it"
        else:
            content = connection.scalar(
                select(type_coerce(StoredFile.content, NullType())).where(StoredFile.sha256 == digest)
            )
            if not isinstance(content, bytes | memoryview) or sha256(content).hexdigest() != digest:
                yield f"stored_file {digest}", "was changed behind the trail's back"
