"""A panel's dots and what its agreement is called."""

import numpy as np
import pytest

from appraisal.services.reconciling import ComparedIndicator, Member, Rating
from appraisal.services.scores import Entry
from appraisal.web.assess.comparing import agreement_words
from appraisal.web.assess.dots import LEFT, ROW, STEP, dots
from scoring.criteria.panel import panel
from scoring.frameworks import load_framework
from scoring.project_file import Answer
from scoring.result import Figure, Missing


def compared(*levels: int | None) -> ComparedIndicator:
    figures = panel(np.array([[np.nan if level is None else level] for level in levels], dtype=np.float64))
    item = load_framework().indicators[4]
    ratings = []
    for place, level in enumerate(levels):
        member = Member(name=f"M{place}", own=place == 0, harshness=Missing("rated-alone"))
        entry = Entry(unknown=True) if level is None else Entry(level=level)
        figure: Figure = Missing("unanswered") if level is None else float(level)
        ratings.append(Rating(member=member, alone=entry, compared=None, level=figure))
    return ComparedIndicator(
        indicator=item, ratings=tuple(ratings), alone=figures.indicators[0], planner=None, panel=Answer(), agreed=None
    )


def test_one_dot_a_member_and_equal_levels_on_top_of_each_other() -> None:
    plot = dots(compared(1, 3, 3, None))
    assert [dot.x for dot in plot.dots] == [LEFT + STEP, LEFT + 3 * STEP, LEFT + 3 * STEP]
    assert plot.dots[1].y - plot.dots[2].y == ROW
    assert plot.median == LEFT + 3 * STEP
    assert plot.label == "Levels given alone: M0 (you) 1, M1 3, M2 3; median 3"
    assert min(dot.y for dot in plot.dots) >= plot.radius
    empty = dots(compared(None, None))
    assert (empty.dots, empty.median, empty.label) == ((), None, "Nobody gave a level")


@pytest.mark.parametrize(
    ("alpha", "words"),
    [
        (0.85, "α is 0.85: the panel agrees well enough to rely on."),
        (0.7, "tentative conclusions"),
        (0.3, "too little agreement"),
        (-0.1, "no more agreement than chance would give"),
        (Missing("no-pairs"), "No indicator was rated by two"),
        (Missing("no-variation"), "the same level"),
    ],
)
def test_agreement_in_words(alpha: Figure, words: str) -> None:
    assert words in agreement_words(alpha)
