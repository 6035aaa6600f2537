import subprocess
import sys


def test_reports_load_their_engines_only_when_a_report_is_made() -> None:
    heavy = ["vl_convert", "typst", "xlsxwriter", "numpy", "numba", "scipy", "flask", "sqlalchemy"]
    script = (
        "import sys, appraisal.reports.charts, appraisal.reports.document, appraisal.reports.workbook\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
