"""The tokens of LOOK as charts and documents use them."""

from collections.abc import Iterable

INK, INK_2, INK_3 = "#17212b", "#51606e", "#8794a1"
PAPER, WASH, LINE = "#ffffff", "#eaf1f4", "#dde3e8"
ACCENT, BAD = "#0b5d7a", "#a8322a"
ACCENT_MID, ACCENT_LIGHT = "#7fa9ba", "#cfdfe6"

CRITERIA = {"bankability": "#0b6e8f", "safeguards": "#6b4fa1", "inclusiveness": "#c4572f", "needs": "#5d7f1e"}
OTHER_CRITERIA = ("#0b6e8f", "#6b4fa1", "#c4572f", "#5d7f1e", "#9a6200", "#51606e", "#2c7a4b", "#8a3b6b")


def criterion_colours(ids: Iterable[str]) -> dict[str, str]:
    """A colour for each criterion: its own where LOOK names one, else the next unused."""
    ids = list(ids)
    free = [colour for colour in OTHER_CRITERIA if colour not in {CRITERIA[i] for i in ids if i in CRITERIA}]
    colours: dict[str, str] = {}
    for position, key in enumerate(i for i in ids if i not in CRITERIA):
        colours[key] = free[position % len(free)]
    return {key: CRITERIA.get(key) or colours[key] for key in ids}
