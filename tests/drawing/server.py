"""The real server of `tests.crash.server`, whose log tells what is drawn."""

import runpy

from appraisal.reports.charts import sharing

sharing.PROCESS = "tests.drawing.counted"
runpy.run_module("tests.crash.server", run_name="__main__")
