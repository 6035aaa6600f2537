"""The appraisal report as a PDF: tagged (PDF/UA-1), for keeping (PDF/A-2a), the same bytes for the same report."""

import json
import threading
from datetime import datetime
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from appraisal.reports import findings, fonts
from appraisal.reports.blocks import Block
from appraisal.reports.report import AppraisalReport
from appraisal.reports.sections.cash_flow import cash_flow
from appraisal.reports.sections.exposure import exposure
from appraisal.reports.sections.record import assumptions, consistency, evidence, evidence_files, method, moment
from appraisal.reports.sections.returns import returns, risk
from appraisal.reports.sections.score import score
from appraisal.reports.sections.summary import summary

if TYPE_CHECKING:
    import typst

_one_at_a_time = threading.Lock()
"""The typesetter is one object for the process: it keeps its fonts and may not be used by two threads at once."""
SECTIONS = (
    summary,
    score,
    returns,
    risk,
    exposure,
    cash_flow,
    evidence,
    evidence_files,
    consistency,
    assumptions,
    method,
)


def appraisal_pdf(report: AppraisalReport, line: str = "") -> bytes:
    """The report as PDF bytes; a pure function of the report and of the installed fonts.

    line: one more keyword, for the seal.
    """
    return typeset(_data(report, line), report.generated_at)


def typeset(content: Block, made: datetime) -> bytes:
    """A document of the report's look: what `report.typ` asks for but its fonts, and the moment it states.

    Words travel as JSON and are never read as Typst markup. Nothing is read from disk but the templates and fonts.
    """
    written = fonts.showable(json.dumps(content, ensure_ascii=False, allow_nan=False))
    folders = fonts.needed(written)
    data = fonts.showable(json.dumps(content | {"fonts": families(folders)}, ensure_ascii=False, allow_nan=False))
    with _one_at_a_time:
        pdf = _compiler(folders).compile(
            format="pdf",
            sys_inputs={"report": data},
            pdf_standards=["ua-1", "a-2a"],
            timestamp=int(made.timestamp()),
        )
    if not isinstance(pdf, bytes):
        raise TypeError("the typesetter gave no single file")
    return pdf


@lru_cache(maxsize=4)
def _compiler(folders: tuple[Path, ...]) -> "typst.Compiler":
    import typst  # noqa: PLC0415 -- a page that makes no PDF need not load the typesetter

    with as_file(files("appraisal.reports") / "templates") as folder:
        root = Path(folder)
    return typst.Compiler(
        root / "report.typ",
        root=root,
        font_paths=typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(folder) for folder in folders],
        ),
        ignore_system_fonts=True,
    )


def _data(report: AppraisalReport, line: str) -> Block:
    project = report.project
    place = ", ".join(part for part in (project.city, project.country) if part)
    areas = ", ".join(area.value.replace("-", " ") for area in project.action_areas)
    made = report.generated_at
    run = f"{report.run_number}, {moment(report.appraised_at)}"
    return {
        "title": project.title,
        "author": report.appraised_by,
        "headline": findings.headline(report),
        "keywords": [project.reference, f"run {report.run_number}", report.run_id, *([line] if line else [])],
        "date": [made.year, made.month, made.day],
        "running": f"{project.reference} · {project.title}",
        "run": f"run {report.run_number}",
        "footer": f"Computed {moment(report.appraised_at)} · result {report.result_sha256[:12]}",
        "kicker": " · ".join(("Appraisal report", report.framework.title, f"run {run}")),
        "subtitle": " · ".join(part for part in (project.reference, place, project.stage.value, areas) if part),
        "blocks": [block for section in SECTIONS for block in section(report)],
    }


@lru_cache(maxsize=4)
def families(folders: tuple[Path, ...]) -> list[str]:
    """Noto Sans first, then the families of the folders for the scripts it lacks."""
    import typst  # noqa: PLC0415

    found = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in folders],
    ).families()
    return [fonts.FAMILY, *sorted(set(found) - {fonts.FAMILY})]
