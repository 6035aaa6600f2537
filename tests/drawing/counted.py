"""The process that draws, which tells of each picture when it begins with it."""

import sys

from appraisal import drawing
from appraisal.reports.charts import render


def draw(text: str) -> str:
    print(f"draws {hash(text)}", file=sys.stderr, flush=True)
    return render.drawn(text)


if __name__ == "__main__":
    drawing.begin(draw)
