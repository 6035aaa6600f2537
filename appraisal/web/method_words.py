"""Why a project stands where it does under each method, in a sentence; and what the methods say together."""

from collections.abc import Mapping, Sequence

from appraisal.services.other_methods import ComparedMethods, ComparedProject, Place
from appraisal.web.formatting import number
from scoring.frameworks import Method
from scoring.frameworks.vocabulary import METHODS

FIRST = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NAMED = 4
"""References that a sentence names before it counts the rest."""


def finding(compared: ComparedMethods) -> str:
    """How far the methods agree, and who moves most between them."""
    alike = same_first(compared)
    if alike == len(compared.projects):
        return "Every method puts the projects in the same order"
    moved = _moves_most(compared)
    if not alike:
        return f"Not even the first place is the same under every method; {moved}"
    first = "The first is" if alike == 1 else f"The first {_count(alike)} are"
    return f"{first} the same under every method; {moved}"


def same_first(compared: ComparedMethods) -> int:
    """How many of the first places the same projects take under every method."""
    orders = [
        [(item.places[method].interval.rank, item.row.reference) for item in compared.projects] for method in Method
    ]
    ranked = [sorted(order) for order in orders]
    alike = 0
    for places in zip(*ranked, strict=True):
        if len(set(places)) > 1:
            break
        alike += 1
    return alike


def _moves_most(compared: ComparedMethods) -> str:
    """The project whose rank under the framework's own method another one changes most."""

    def moved(item: ComparedProject, method: Method) -> int:
        return abs(item.places[method].interval.rank - item.places[compared.own].interval.rank)

    item, other = max(
        ((item, method) for item in compared.projects for method in Method), key=lambda pair: moved(*pair)
    )
    said = [
        f"{ordinal(item.places[method].interval.rank)} by {METHODS[method].inside}" for method in (compared.own, other)
    ]
    return f"{item.row.reference} is {', '.join(said)}"


def reason(item: ComparedProject, method: Method, compared: ComparedMethods) -> str:
    """Why it stands where this method puts it."""
    return _REASONS[method](item, item.places[method], _inside(compared.criteria))


def parts_of(place: Place, method: Method) -> list[str]:
    """The contributions by criterion as figures of one precision."""
    decimals = 2 if method.relative else 1
    return [number(part, decimals) for part in place.parts]


def _by_sum(_: ComparedProject, place: Place, names: Sequence[str]) -> str:
    away = place.score - place.mean
    beside = f"{number(abs(away), 1)} {'above' if away >= 0 else 'below'} the mean of all"
    return f"{number(place.score, 0)} of 100, {beside}{_lifted(place, names, 0.05, 1)}."


def _by_product(item: ComparedProject, place: Place, names: Sequence[str]) -> str:
    lost = item.places[Method.WEIGHTED_SUM].score - place.score
    known = [(points, name) for points, name in zip(item.points, names, strict=True) if points is not None]
    least, weakest = min(known)
    if lost < 0.05:  # noqa: PLR2004 -- would be written as 0.0
        return f"{number(place.score, 0)} of 100: as even as the sum takes it to be."
    if least <= 0:
        return f"0 of 100: it has nothing on {weakest}, and nothing makes up for that."
    return (
        f"{number(place.score, 0)} of 100: unevenness takes {number(lost, 1)} from the sum; "
        f"weakest on {weakest} ({number(least, 0)})."
    )


def _by_distance(item: ComparedProject, place: Place, names: Sequence[str]) -> str:
    return (
        f"Nearness {number(place.score, 2)} of 1: {number(item.to_best, 3)} from the best found, "
        f"{number(item.to_worst, 3)} from the worst{_lifted(place, names, 0.005, 2)}."
    )


def _by_wins(_: ComparedProject, place: Place, names: Sequence[str]) -> str:
    return f"Wins less losses {number(place.score, 2, signed=True)}{_lifted(place, names, 0.005, 2)}."


def _by_outranking(item: ComparedProject, place: Place, _: Sequence[str]) -> str:
    down, up = item.distilled
    said = f"{ordinal(down).capitalize()} when the best are taken first, {ordinal(up)} when the worst are."
    if item.incomparable:
        said += f" Incomparable with {_listed(item.incomparable)}: one order puts it before, the other behind."
    said += (
        f" Outranks {_listed(item.outranks) or 'none'}; outranked by {_listed(item.outranked_by) or 'none'} "
        f"(net credibility {number(place.whole, 2, signed=True)})."
    )
    for criterion, others in item.vetoed.items():
        title = next(row.title for row in item.row.criteria if row.criterion == criterion)
        said += f" A veto: too far behind {_listed(others)} on {_lower(title)}, whatever else speaks for it."
    return said


_REASONS = {
    Method.WEIGHTED_SUM: _by_sum,
    Method.WEIGHTED_GEOMETRIC_MEAN: _by_product,
    Method.TOPSIS: _by_distance,
    Method.PROMETHEE_II: _by_wins,
    Method.ELECTRE_III: _by_outranking,
}


def _lifted(place: Place, names: Sequence[str], smallest: float, decimals: int) -> str:
    """What lifts it above the mean of all and what holds it back most, with the part of each."""
    gaps = sorted(zip(place.gaps, names, strict=True))
    (low, lowest), (high, highest) = gaps[0], gaps[-1]
    said = []
    if high >= smallest:
        said.append(f"lifted most by {highest} ({number(high, decimals, signed=True)})")
    if low <= -smallest:
        said.append(f"held back most by {lowest} ({number(low, decimals, signed=True)})")
    return f": {', '.join(said)}" if said else ""


def _listed(references: Sequence[str]) -> str:
    shown = ", ".join(references[:NAMED])
    return f"{shown} and {len(references) - NAMED} more" if len(references) > NAMED else shown


def _inside(criteria: Mapping[str, str]) -> list[str]:
    return [_lower(title) for title in criteria.values()]


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _count(number_of: int) -> str:
    return COUNTS[number_of] if number_of < len(COUNTS) else str(number_of)


def ordinal(rank: int) -> str:
    """Third, 11th, 22nd."""
    if rank <= len(FIRST):
        return FIRST[rank - 1]
    teen = rank % 100 in (11, 12, 13)
    return f"{rank}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(rank % 10, 'th')}"
