"""Any file of projects, by its content and not by its name."""

from collections.abc import Mapping
from dataclasses import dataclass

from appraisal.reading.problems import Unreadable
from appraisal.reading.workbook.documents import read_documents
from appraisal.reading.workbook.findings import CellProblem, ReadFile
from appraisal.reading.workbook.listing import Choices, read_list
from appraisal.reading.workbook.matching import is_template
from appraisal.reading.workbook.tables import Table, read_tables


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as far as it can be read without knowing what its columns are."""

    tables: tuple[Table, ...] = ()
    read: ReadFile | None = None
    """What a file without columns gives."""

    @property
    def needs_matching(self) -> bool:
        return self.read is None and not is_template(self.tables)

    @property
    def size(self) -> int:
        """Rows of all sheets together, or entries of a file without any: what reading it takes."""
        return len(self.read.entries) if self.read is not None else sum(len(table.rows) for table in self.tables)


def open_file(content: bytes) -> Opened:
    """Raises Unreadable with what is wrong with the file as a whole."""
    if states_documents(content):
        return Opened(read=read_documents(content))
    return Opened(read_tables(content))


def states_documents(content: bytes) -> bool:
    """Whether it is JSON: project files or a package, without sheets."""
    return content[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))


def read_file(opened: Opened, choices: Choices, remembered: Mapping[str, str]) -> ReadFile:
    """The entries; faults of the file as a whole are among its problems."""
    if opened.read is not None:
        return opened.read
    try:
        return read_list(opened.tables, choices, remembered)
    except Unreadable as error:
        return ReadFile((), tuple(CellProblem(None, "", str(problem)) for problem in error.problems))
