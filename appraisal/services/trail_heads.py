"""How far the trail of changes goes, and whether it goes on from where it stood before."""

from dataclasses import dataclass

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from appraisal.models import AuditEntry, AuditHead
from appraisal.transactions import read_once


@dataclass(frozen=True, slots=True)
class Head:
    """An entry of the trail, whose seal also seals all before it: a restored database has another under its number."""

    last: int
    seal: str

    @property
    def given(self) -> dict[str, object]:
        """For `GOES_ON` and what asks for entries behind `LAST`."""
        return {"last": self.last, "seal": self.seal}


NOTHING = Head(0, "")
LAST = bindparam("last", type_=AuditEntry.sequence.type)
GOES_ON = (LAST == 0) | exists().where(AuditEntry.sequence == LAST, AuditEntry.hash == bindparam("seal"))
"""That the trail still has the entry of that head, or that there was none."""
_HEAD = select(AuditHead.sequence, AuditHead.hash)


def head_of(session: Session) -> Head:
    """Where the trail ends now; inside the caller's transaction, and read once where that only reads."""
    return read_once(session, "head of the trail", lambda: _head(session))


def _head(session: Session) -> Head:
    found = session.connection().execute(_HEAD).first()
    return NOTHING if found is None else Head(*found)
