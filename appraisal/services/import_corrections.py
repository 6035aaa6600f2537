"""Correcting cells of a file that was sent, before it is stored: what is typed is what is imported."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from appraisal.policy import Actor
from appraisal.reading.workbook.corrections import Correction, from_document
from appraisal.reading.workbook.findings import quoted
from appraisal.services import auditing, importing
from appraisal.services.errors import DomainError
from appraisal.services.import_storing import KIND

MOST = 1_000
"""Cells of one file; more are corrected faster in the file itself."""


def correct(session: Session, actor: Actor, key: UUID, corrections: Sequence[Correction]) -> None:
    """Lay these over the file, and over what was corrected of the same cells before.

    Raises NotAllowed, NotFound, DomainError where it is stored or being stored, or too many are corrected.
    """
    with session.begin():
        row = importing.changeable(session, actor, key)
        found = {(each.place.sheet, each.place.cell): each for each in map(from_document, row.corrections or ())}
        for each in corrections:
            cell = each.place.sheet, each.place.cell
            first = found.get(cell, each)
            found[cell] = Correction(each.place, first.was, each.now)
        if len(found) > MOST:
            raise DomainError(f"More than {MOST:,} cells of one file are corrected in the file itself: send it again.")
        row.corrections = [each.to_document() for each in found.values()]
        auditing.record(
            session, actor, "import.corrected", KIND, key, file=row.file_name,
            cells=[{"cell": f"{each.place.sheet}, {each.place.cell}", "was": quoted(each.was), "now": quoted(each.now)}
                   for each in corrections],
        )  # fmt: skip


def take_back(session: Session, actor: Actor, key: UUID) -> None:
    """The file as it was sent; raises NotAllowed, NotFound, DomainError where it is stored or being stored."""
    with session.begin():
        row = importing.changeable(session, actor, key)
        if row.corrections:
            auditing.record(session, actor, "import.corrected", KIND, key, file=row.file_name, cells=[])
        row.corrections = None
