"""What was sent, as a PDF for whoever sent it: every answer, the money, the sources, the files, and the digest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from appraisal.canonical import sha256_of
from appraisal.evidence import Evidence
from appraisal.reports import blocks
from appraisal.reports.blocks import Block
from appraisal.reports.sections.cash_flow import flow_tables
from appraisal.reports.sections.record import file_table, moment
from scoring.project_file import ProjectFile


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCopy:
    """A submission in words. The PDF is a pure function of it: the same bytes whenever it is made."""

    submission: UUID
    number: int
    project: ProjectFile
    framework: str
    said: Mapping[tuple[str, str], str]
    """(section, field) and what was said there, but for the cash flows."""
    sent_at: datetime
    sent_by: str
    sha256: str
    """Of the project file as it was frozen."""
    files: tuple[Evidence, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of what was sent and when; a name may be erased later."""
        return sha256_of(
            {
                "schema": "appraisal-sent/1",
                "submission": self.submission.hex,
                "reference": self.project.reference,
                "number": self.number,
                "sent_at": self.sent_at.isoformat(),
                "project_file": self.sha256,
                "files": [file.said for file in self.files],
            }
        )


def sent_pdf(copy: SentCopy, line: str = "") -> bytes:
    """The copy as PDF bytes; `line` is one more keyword, for the seal."""
    from appraisal.reports.document import typeset  # noqa: PLC0415 -- the typesetter only where a PDF is made

    project, at = copy.project, moment(copy.sent_at)
    content = {
        "title": project.title,
        "author": copy.sent_by,
        "headline": f"{project.reference} was sent on {at}",
        "keywords": [project.reference, f"submission {copy.number}", *([line] if line else [])],
        "date": [copy.sent_at.year, copy.sent_at.month, copy.sent_at.day],
        "running": f"{project.reference} · {project.title}",
        "run": f"submission {copy.number}",
        "footer": f"Sent {at} · project file {copy.sha256[:12]}",
        "kicker": f"Copy of what was sent · {copy.framework} · submission {copy.number}, {at}",
        "subtitle": f"{project.reference} · sent by {copy.sent_by}",
        "blocks": list(_blocks(copy)),
    }
    return typeset(content, copy.sent_at)


def _blocks(copy: SentCopy) -> Iterator[Block]:
    columns = [blocks.column("What", "52mm"), blocks.column("As it was sent", "1fr")]
    facts = {
        "Reference": copy.project.reference,
        "Sent": f"{moment(copy.sent_at)}, by {copy.sent_by}",
        "SHA-256 of the project file": copy.sha256,
        "SHA-256 of all that was sent": copy.digest,
    }
    yield blocks.heading("The submission")
    yield blocks.table(columns, [blocks.row(*pair) for pair in facts.items()])
    sections: dict[str, list[Block]] = {}
    for (section, field), text in copy.said.items():
        sections.setdefault(section, []).append(blocks.row(field, text))
    for section, rows in sections.items():
        yield blocks.heading(section)
        yield blocks.table(columns, rows)
    yield from flow_tables(copy.project, {}, whole="the project file")
    yield from file_table(copy.files)
