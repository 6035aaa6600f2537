"""What is slow the first time, done before anyone waits for it: compiling, starting the chart engine, reading fonts."""

import logging
from dataclasses import replace

from appraisal.demo import example_project
from appraisal.models.tables import now
from appraisal.priority import give_way
from appraisal.reading.project_file import read_project
from scoring.limits import MIN_DRAWS


def warm_up() -> None:
    """Appraise the example and set its report; nothing is kept. A failure is logged: the work itself will say more."""
    give_way()
    try:
        _appraise_and_report()
    except Exception:
        logging.getLogger(__name__).exception("warming up failed")


def _appraise_and_report() -> None:
    from appraisal.reports.document import appraisal_pdf  # noqa: PLC0415 -- heavy, and wanted only here
    from appraisal.reports.report import AppraisalReport  # noqa: PLC0415
    from scoring.appraisal import appraise  # noqa: PLC0415
    from scoring.frameworks import load_framework  # noqa: PLC0415
    from scoring.parameters import load_parameters  # noqa: PLC0415

    project, framework = read_project(example_project()), load_framework()
    result = appraise(project, framework, load_parameters(), seed=1, draws=MIN_DRAWS, input_sha256="example")
    moment = now()
    report = AppraisalReport(
        project=replace(project, reference="EXAMPLE"),
        result=result,
        framework=framework,
        run_id="example",
        run_number=0,
        appraised_at=moment,
        appraised_by="example",
        input_sha256="0" * 64,
        result_sha256="0" * 64,
        generated_at=moment,
        rank=None,
    )
    appraisal_pdf(report)
