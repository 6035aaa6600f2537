"""How sure the order is: rank acceptability, neighbours in pairs, and the weights at which the funded set changes."""

from collections.abc import Mapping
from typing import cast

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from appraisal.services.certainty import CertainRow, Neighbours, Spread, rank_certainty
from appraisal.web.identity import signed_in
from appraisal.web.programme_charts import heat_map, strips
from appraisal.web.what_changed import criterion_names, per_cent
from appraisal.web.what_if import asked
from scoring.frameworks import Method
from scoring.frameworks.vocabulary import METHODS

pages = Blueprint("portfolio_certainty", __name__)
SPREADS: Mapping[str, str] = {
    "around": "around the weights in force",
    "any": "any weights at all",
}
AROUND = "around"
LIKELY = 0.95
MOST = 2_000
"""Projects whose order is looked at as a whole: every project takes every rank, and each is compared with the next."""


@pages.get("/portfolio/certainty")
@signed_in
def shown() -> ResponseReturnValue:
    page = asked()
    spread = cast("Spread", found if (found := request.args.get("spread", "")) in SPREADS else "around")
    certainty = rank_certainty(page.explored, spread=spread) if page.base.ranked <= MOST else None
    budgeted = page.base.round is not None
    names = criterion_names(page.explored)
    return render_template(
        "portfolio/certainty.html",
        page=page,
        round=page.base.round,
        certainty=certainty,
        most=MOST,
        spreads=SPREADS,
        map=heat_map(certainty, budgeted=budgeted) if certainty else None,
        strips=strips(certainty) if certainty else None,
        central=lambda row: central_text(row, names),
        turns=lambda pair: turns_text(pair, names),
        pair_text=pair_text,
        interval=lambda row: _interval(row, spread),
        by_sum=page.base.aggregation.method is Method.WEIGHTED_SUM,
        method=METHODS[page.base.aggregation.method],
        kept=page.state,
    )


def central_text(row: CertainRow, names: Mapping[str, str]) -> str:
    """Who would put it first, in words; empty where nobody would."""
    if row.central is None:
        return ""
    heavy = sorted(row.central.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{names[key]} {100 * weight:.0f}%" for key, weight in heavy)


def pair_text(pair: Neighbours) -> str:
    """How sure it is that the first is before the second."""
    if pair.wins >= LIKELY:
        return "sure"
    return "as good as level" if 0.4 <= pair.wins <= 0.6 else "likely" if pair.wins > 0.6 else "behind in most draws"  # noqa: PLR2004


def turns_text(pair: Neighbours, names: Mapping[str, str]) -> str:
    """At which single weights the two change places."""
    turns = [f"{names[key]} {per_cent(weight)}%" for key, weight in pair.turns.items() if weight is not None]
    return "; ".join(turns) or "at no single weight"


def _interval(row: CertainRow, spread: "Spread") -> tuple[int, int]:
    """The ranks at 5% and 95% of the draws: around the weights in force those of the ranked list, which says them too.

    They take the better rank of a tie, and hold the rank itself.
    """
    if spread == AROUND:
        return row.row.rank_low, row.row.rank_high
    low = high = 0
    reached = 0.0
    for rank, share in enumerate(row.shares, start=1):
        reached += share
        if not low and reached >= 0.05 - 1e-9:
            low = rank
        if not high and reached >= 0.95 - 1e-9:
            high = rank
    return low, high or len(row.shares)
