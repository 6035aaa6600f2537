"""A report that can be told from one that was touched: a line inside the file, sealed over all of the file's bytes.

The line says which run it shows, the digest of what it says and the head of the audit chain. In a PDF it is one of the
keywords, which stand in the file as they are; in a workbook it is the comment of the archive. While the seal is made,
and while it is checked, zeros stand in its place.
"""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from itertools import count, groupby
from typing import TYPE_CHECKING
from uuid import UUID

from appraisal.reports.report import AppraisalReport
from appraisal.trail.chain import AuditKey

if TYPE_CHECKING:
    from appraisal.reports.programme_report import ProgrammeReport
    from appraisal.reports.sent_copy import SentCopy

FORM = "appraisal-report/1"
SENT = "appraisal-sent/1"
PROGRAMME = "appraisal-programme/1"
_BLANK = "0" * 64
_LINE = re.compile(
    rb"appraisal-report/1 run=(?P<run>[0-9]{1,9}) data=(?P<data>[0-9a-f]{64}) "
    rb"anchor=(?P<anchor>[0-9]{1,18}:[0-9a-f]{64}) seal=(?P<seal>[0-9a-f]{64})"
)
_SENT_LINE = re.compile(
    rb"appraisal-sent/1 submission=(?P<submission>[0-9a-f]{32}) data=(?P<data>[0-9a-f]{64}) "
    rb"anchor=(?P<anchor>[0-9]{1,18}:[0-9a-f]{64}) seal=(?P<seal>[0-9a-f]{64})"
)
_PROGRAMME_LINE = re.compile(
    rb"appraisal-programme/1 round=(?P<round>[0-9a-f]{32}) runs=(?P<runs>[0-9+-]{1,20000}) data=(?P<data>[0-9a-f]{64}) "
    rb"anchor=(?P<anchor>[0-9]{1,18}:[0-9a-f]{64}) seal=(?P<seal>[0-9a-f]{64})"
)
_RANGE = re.compile(r"[0-9]{1,10}(-[0-9]{1,10})?")
MOST_RUNS = 100_000


@dataclass(frozen=True, slots=True)
class ReportKind:
    """One kind of file: how it is written with the line in it, and how it is sent."""

    write: Callable[[AppraisalReport, str], bytes]
    write_programme: "Callable[[ProgrammeReport, str], bytes]"
    ending: str
    mimetype: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """What the line of a file says, and whether the file is, byte for byte, the one that was sealed."""

    run: int
    data: str
    anchor: str
    untouched: bool


@dataclass(frozen=True, slots=True)
class SealedCopy:
    """The same of a copy of what was sent."""

    submission: UUID
    data: str
    anchor: str
    untouched: bool


@dataclass(frozen=True, slots=True)
class SealedProgramme:
    """The same of the report of a programme."""

    round_id: UUID
    runs: tuple[int, ...]
    data: str
    anchor: str
    untouched: bool


def _pdf(report: AppraisalReport, line: str) -> bytes:
    from appraisal.reports.document import appraisal_pdf  # noqa: PLC0415 -- only where a report is made

    return appraisal_pdf(report, line)


def _workbook(report: AppraisalReport, line: str) -> bytes:
    from appraisal.reports.workbook import appraisal_workbook  # noqa: PLC0415 -- only where a report is made

    return _commented(appraisal_workbook(report), line)


def _programme_pdf(report: "ProgrammeReport", line: str) -> bytes:
    from appraisal.reports.programme_document import programme_pdf  # noqa: PLC0415 -- as above

    return programme_pdf(report, line)


def _programme_workbook(report: "ProgrammeReport", line: str) -> bytes:
    from appraisal.reports.programme_workbook import programme_workbook  # noqa: PLC0415 -- as above

    return _commented(programme_workbook(report), line)


def _commented(workbook: bytes, line: str) -> bytes:
    out = io.BytesIO(workbook)
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = line.encode("ascii")
    return out.getvalue()


PDF = ReportKind(_pdf, _programme_pdf, ".pdf", "application/pdf")
WORKBOOK = ReportKind(
    _workbook,
    _programme_workbook,
    ".xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
KINDS = {kind.ending: kind for kind in (PDF, WORKBOOK)}


def written(report: AppraisalReport, kind: ReportKind, key: AuditKey) -> bytes:
    """The report as a file that carries its seal."""
    start = f"{FORM} run={report.run_number} data={report.digest} anchor={report.audit_anchor}"
    return _sealed(lambda line: kind.write(report, line), FORM, start, key)


def written_copy(copy: "SentCopy", anchor: str, key: AuditKey) -> bytes:
    """The copy of what was sent, as a PDF that carries its seal."""
    from appraisal.reports.sent_copy import sent_pdf  # noqa: PLC0415 -- only where a copy is made

    start = f"{SENT} submission={copy.submission.hex} data={copy.digest} anchor={anchor}"
    return _sealed(lambda line: sent_pdf(copy, line), SENT, start, key)


def written_programme(report: "ProgrammeReport", kind: ReportKind, key: AuditKey) -> bytes:
    """The report of a programme as a file that carries its seal; raises ValueError where its runs cannot be told."""
    footing = report.footing
    runs = ranges([run.number for run in footing.runs])
    start = f"{PROGRAMME} round={footing.round_id.hex} runs={runs} data={report.digest} anchor={report.audit_anchor}"
    return _sealed(lambda line: kind.write_programme(report, line), PROGRAMME, start, key)


def ranges(numbers: Sequence[int]) -> str:
    """Ascending numbers in short: 1, 2, 3 and 7 are `1-3+7`."""
    steps = count()
    found = [list(part) for _, part in groupby(numbers, key=lambda number: number - next(steps))]
    return "+".join(f"{part[0]}-{part[-1]}" if len(part) > 1 else f"{part[0]}" for part in found)


def _numbers(text: str) -> tuple[int, ...] | None:
    """The numbers of what `ranges` wrote; None where it is something else."""
    parts = text.split("+")
    if not all(_RANGE.fullmatch(part) for part in parts):
        return None
    ends = [(int(part.split("-")[0]), int(part.split("-")[-1])) for part in parts]
    if sum(max(0, last - first + 1) for first, last in ends) > MOST_RUNS:
        return None
    return tuple(number for first, last in ends for number in range(first, last + 1))


def _sealed(write: Callable[[str], bytes], form: str, start: str, key: AuditKey) -> bytes:
    line = f"{start} seal={_BLANK}"
    content = write(line)
    if line.encode("ascii") not in content:
        raise ValueError("the line to be sealed is not in the file as it was given")
    return content.replace(b"seal=" + _BLANK.encode(), b"seal=" + key.mac(form, content).encode())


def read(content: bytes, key: AuditKey) -> Sealed | SealedCopy | SealedProgramme | None:
    """What a file says of itself; None where it carries no such line."""
    if (found := _LINE.search(content)) is not None:
        whole = _untouched(content, found, FORM, key)
        return Sealed(int(found["run"]), found["data"].decode(), found["anchor"].decode(), whole)
    if (found := _SENT_LINE.search(content)) is not None:
        whole = _untouched(content, found, SENT, key)
        submission = UUID(found["submission"].decode())
        return SealedCopy(submission, found["data"].decode(), found["anchor"].decode(), whole)
    if (found := _PROGRAMME_LINE.search(content)) is not None:
        whole, runs = _untouched(content, found, PROGRAMME, key), _numbers(found["runs"].decode())
        round_id = UUID(found["round"].decode())
        if runs is not None:
            return SealedProgramme(round_id, runs, found["data"].decode(), found["anchor"].decode(), whole)
    return None


def _untouched(content: bytes, found: re.Match[bytes], form: str, key: AuditKey) -> bool:
    blank = content.replace(b"seal=" + found["seal"], b"seal=" + _BLANK.encode())
    return any(compare_digest(found["seal"], each.mac(form, blank).encode()) for each in key.ring)
