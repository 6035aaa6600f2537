"""What the ranked list hands to the browser, so that rows can move before the server answers."""

from appraisal.services.rank_and_cut import counts
from appraisal.web.paging import SIZE, Listed
from appraisal.web.what_if import Asked
from scoring.frameworks import Method


def browser_data(page: Asked, listed: Listed) -> dict[str, object]:
    """What it needs to rank again while a weight is dragged: scores by criterion, costs, who can be funded, who is on
    which page of the list. None of it where there are too many projects, or the framework adds no points up."""
    if not page.live or page.base.aggregation.method is not Method.WEIGHTED_SUM:
        return {}
    explored, held = page.explored, page.base.round
    rows = sorted(page.base.everyone, key=lambda row: row.reference)
    caps = sorted(explored.what_if.caps)
    shown = {page.base.everyone[at].reference for at in page.base.index.positions(page.view).tolist()}
    able = [held is not None and counts(row, held) for row in rows]
    before = {row.reference: row.rank for row in explored.before.everyone}
    return {
        "criteria": list(explored.own_weights),
        "own": list(explored.own_weights.values()),
        "unit": held.unit if held else 1,
        "caps": [float(explored.what_if.caps[call]) * (held.unit if held else 1) for call in caps],
        "start": listed.start,
        "size": SIZE,
        "projects": [
            {
                "reference": row.reference,
                "title": row.title,
                "id": str(row.project_id),
                "rank": before[row.reference],
                "points": [item.score for item in row.criteria],
                "low": [item.low for item in row.criteria],
                "high": [item.high for item in row.criteria],
                "costs": [
                    float(row.cost),
                    *(page.calls.get(row.reference, {}).get(call, 0.0) for call in caps),
                ],
                "able": can and row.reference not in explored.what_if.out,
                "must": row.reference in explored.what_if.must or (row.committed and can),
                "shown": row.reference in shown,
            }
            for row, can in zip(rows, able, strict=True)
        ],
    }
