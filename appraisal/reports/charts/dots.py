"""How likely a loss is, as people count: a hundred futures of which so many end in a loss."""

from appraisal.reports import figures, palette
from appraisal.reports.charts.chart import Chart, Spec, chart, values
from scoring.result import RiskMeasures

ACROSS = 10
CELL, CELL_NARROW = 26, 24
"""Pixels from one future to the next."""
CROSS = "M-1,-0.7L-0.7,-1L0,-0.3L0.7,-1L1,-0.7L0.3,0L1,0.7L0.7,1L0,0.3L-0.7,1L-1,0.7L-0.3,0Z"


def hundred_dots(measures: RiskMeasures, *, name: str, width: int = 720) -> Chart | None:
    """Crosses for losses, rings for gains, a hundred in all; None where there is no chance to show (METHOD 7).

    A loss that is possible but rarer than one in a hundred has no cross and is said in words.
    """
    chance = measures.prob_negative
    if not isinstance(chance, float):
        return None
    losses = round(100 * chance)
    words = figures.chance(chance, measures.prob_negative_se)
    finding = f"Of 100 futures alike in all that is known, {words.removesuffix(' in 100')} end in a loss"
    return chart(
        body=_body(losses, width),
        title=finding,
        description=f"A hundred marks for {name}: {losses} crosses for a loss, {100 - losses} rings for a gain.",
        columns=("Outcome", "Futures in 100"),
        rows=[("Loss", str(losses)), ("Gain", str(100 - losses))],
    )


def _body(losses: int, width: int) -> Spec:
    cell = min(CELL, max(CELL_NARROW, width // (ACROSS + 3)))
    rows = [{"x": i % ACROSS, "y": i // ACROSS, "loss": i < losses} for i in range(ACROSS * ACROSS)]
    place: Spec = {"type": "quantitative", "scale": {"domain": [-0.5, ACROSS - 0.5], "nice": False}, "axis": None}
    at: Spec = {
        "x": {**place, "field": "x"},
        "y": {**place, "field": "y", "scale": {**place["scale"], "reverse": True}},
    }

    def marks(*, loss: bool, look: Spec) -> Spec:
        chosen = [row for row in rows if row["loss"] is loss]
        return {"data": values(chosen), "mark": {"type": "point", "opacity": 1, **look}, "encoding": at}

    return {
        "width": cell * ACROSS,
        "height": cell * ACROSS,
        "layer": [
            marks(loss=False, look={"shape": "circle", "size": 130, "stroke": palette.ACCENT_MID, "strokeWidth": 1.5}),
            marks(loss=True, look={"shape": CROSS, "size": 170, "filled": True, "fill": palette.INK}),
        ],
    }
