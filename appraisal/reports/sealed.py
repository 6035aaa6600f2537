"""A report that can be told from one that was touched: a line inside the file, sealed over all of the file's bytes.

The line says which run it shows, the digest of what it says and the head of the audit chain. In a PDF it is one of the
keywords, which stand in the file as they are; in a workbook it is the comment of the archive. While the seal is made,
and while it is checked, zeros stand in its place.
"""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest

from appraisal.reports.report import AppraisalReport
from appraisal.trail.chain import AuditKey

FORM = "appraisal-report/1"
_BLANK = "0" * 64
_LINE = re.compile(
    rb"appraisal-report/1 run=(?P<run>[0-9]{1,9}) data=(?P<data>[0-9a-f]{64}) "
    rb"anchor=(?P<anchor>[0-9]{1,18}:[0-9a-f]{64}) seal=(?P<seal>[0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True)
class ReportKind:
    """One kind of file: how it is written with the line in it, and how it is sent."""

    write: Callable[[AppraisalReport, str], bytes]
    ending: str
    mimetype: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """What the line of a file says, and whether the file is, byte for byte, the one that was sealed."""

    run: int
    data: str
    anchor: str
    untouched: bool


def _pdf(report: AppraisalReport, line: str) -> bytes:
    from appraisal.reports.document import appraisal_pdf  # noqa: PLC0415 -- only where a report is made

    return appraisal_pdf(report, line)


def _workbook(report: AppraisalReport, line: str) -> bytes:
    from appraisal.reports.workbook import appraisal_workbook  # noqa: PLC0415 -- only where a report is made

    out = io.BytesIO(appraisal_workbook(report))
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = line.encode("ascii")
    return out.getvalue()


PDF = ReportKind(_pdf, ".pdf", "application/pdf")
WORKBOOK = ReportKind(_workbook, ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
KINDS = {kind.ending: kind for kind in (PDF, WORKBOOK)}


def written(report: AppraisalReport, kind: ReportKind, key: AuditKey) -> bytes:
    """The report as a file that carries its seal."""
    line = f"{FORM} run={report.run_number} data={report.digest} anchor={report.audit_anchor} seal={_BLANK}"
    content = kind.write(report, line)
    if line.encode("ascii") not in content:
        raise ValueError("the line to be sealed is not in the file as it was given")
    return content.replace(b"seal=" + _BLANK.encode(), b"seal=" + key.mac(FORM, content).encode())


def read(content: bytes, key: AuditKey) -> Sealed | None:
    """What a file says of itself; None where it carries no such line."""
    found = _LINE.search(content)
    if found is None:
        return None
    blank = content.replace(b"seal=" + found["seal"], b"seal=" + _BLANK.encode())
    untouched = compare_digest(found["seal"], key.mac(FORM, blank).encode())
    return Sealed(int(found["run"]), found["data"].decode(), found["anchor"].decode(), untouched)
