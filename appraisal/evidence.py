"""Files sent as evidence: what kinds there are, and what is known of one besides its contents."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

MEBIBYTE = 1024 * 1024
MOST_A_FILE = 20 * MEBIBYTE
MOST_A_PROJECT = 100 * MEBIBYTE
MOST_AN_ORGANISATION = 2048 * MEBIBYTE
MOST_FILES = 100
"""Of one project at a time."""
LONGEST_NAME, LONGEST_PLACE = 200, 80
ALLOWED = (
    "PDF, PNG and JPEG pictures, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), OpenDocument (.odt, .ods), "
    "CSV and plain text"
)


class FileKind(StrEnum):
    """What a file is by its contents; the value is the ending under which it is handed out."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpg"
    WORD = "docx"
    EXCEL = "xlsx"
    POWERPOINT = "pptx"
    OPEN_TEXT = "odt"
    OPEN_SHEET = "ods"
    CSV = "csv"
    TEXT = "txt"

    @property
    def words(self) -> str:
        return _WORDS[self]

    @property
    def mimetype(self) -> str:
        return _MIMETYPES[self]


_WORDS = {
    FileKind.PDF: "PDF",
    FileKind.PNG: "PNG picture",
    FileKind.JPEG: "JPEG picture",
    FileKind.WORD: "Word document",
    FileKind.EXCEL: "Excel workbook",
    FileKind.POWERPOINT: "PowerPoint presentation",
    FileKind.OPEN_TEXT: "OpenDocument text",
    FileKind.OPEN_SHEET: "OpenDocument spreadsheet",
    FileKind.CSV: "CSV table",
    FileKind.TEXT: "plain text",
}
_OFFICE, _OPEN = "application/vnd.openxmlformats-officedocument", "application/vnd.oasis.opendocument"
_MIMETYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.WORD: f"{_OFFICE}.wordprocessingml.document",
    FileKind.EXCEL: f"{_OFFICE}.spreadsheetml.sheet",
    FileKind.POWERPOINT: f"{_OFFICE}.presentationml.presentation",
    FileKind.OPEN_TEXT: f"{_OPEN}.text",
    FileKind.OPEN_SHEET: f"{_OPEN}.spreadsheet",
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.TEXT: "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file the evidence for an answer stands: “page 12”, “section 3”, or nothing more than the file."""

    indicator: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One file of a project: of its draft, or as it was sent."""

    id: UUID
    title: str
    name: str
    """As it was called where it came from."""
    kind: FileKind
    size: int
    sha256: str
    places: tuple[Place, ...] = ()

    @property
    def said(self) -> dict[str, object]:
        """What a digest covers of it."""
        places = [[each.indicator, each.place] for each in self.places]
        return {"title": self.title, "kind": self.kind.value, "sha256": self.sha256, "places": places}

    def at(self, indicator: str) -> tuple[str, ...]:
        """The places in it that stand behind one answer."""
        return tuple(each.place for each in self.places if each.indicator == indicator)


def behind(files: Iterable[Evidence], indicator: str) -> tuple[tuple[Evidence, str], ...]:
    """(file, place) of everything linked to one answer, in the order of the files."""
    return tuple((file, place) for file in files for place in file.at(indicator))


def reference(file: Evidence, place: str) -> str:
    """A file named in words that outlive it: title, place, SHA-256."""
    return ", ".join(part for part in (f"{file.title}.{file.kind}", place, f"SHA-256 {file.sha256}") if part)
