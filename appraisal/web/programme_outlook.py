"""What a programme hangs on, in words: what more of a budget is worth and buys, who just misses, and who differs."""

from collections.abc import Sequence

from appraisal.services.portfolio_rows import PortfolioRow
from appraisal.services.programme import Money, Moves, Programme
from appraisal.web.formatting import money, number
from scoring.selection import Selection

ROUNDING = 1e-6
"""Of the programme's value: what two values may differ by and be the same."""
MILLION = 1_000_000
NOT_TOLD = "not told in time"


def in_unit(programme: Programme, value: float) -> str:
    """A value as money, or as points."""
    held = programme.material.held
    return money(value, held.currency, held.unit) if programme.rules.objective == "value" else f"{number(value)} points"


def price_said(programme: Programme, asked: Money) -> str:
    """What one more million of a budget is worth."""
    if asked.price is None:
        return NOT_TOLD
    return in_unit(programme, asked.price * MILLION / programme.material.held.unit) if asked.price else "nothing"


def buys_said(programme: Programme, selection: Selection, asked: Money) -> str:
    """What the next sum of a budget buys."""
    held = programme.material.held
    extra = money(asked.extra, held.currency, held.unit)
    more_possible = asked.at_most > asked.gain + ROUNDING * abs(selection.value)
    at_most = in_unit(programme, asked.at_most) if asked.at_most < float("inf") else ""
    if asked.bought is None:
        return NOT_TOLD
    if asked.gain == 0 and more_possible:
        return f"{NOT_TOLD}: {extra} buys at most {at_most} more"
    if asked.gain == 0 or not asked.bought:
        return f"{extra}: no better programme"
    gain = f"{in_unit(programme, asked.gain)} more"
    return f"{extra}: {moves_said(asked.bought)}; {gain}" + (f", or at most {at_most}" if more_possible else "")


def moves_said(moves: Moves) -> str:
    """Who enters, in whose place, and who starts in another year."""
    said = names(moves.entering) if moves.entering else ""
    if moves.leaving:
        said += f" in place of {names(moves.leaving)}"
    if moves.shifted:
        starts = ", ".join(f"{pick.row.reference} in {pick.alternative.year}" for pick in moves.shifted)
        said += f"{', and ' if said else ''}starts {starts}"
    return said.strip()


def first_out_said(programme: Programme, selection: Selection) -> str:
    """Who just misses, and what having it would cost."""
    missed = programme.outlook.first_out if programme.outlook else None
    if missed is None:
        return f"nobody, or {NOT_TOLD}"
    leaving = programme.moves(selection.chosen, missed.selection.chosen).leaving
    said = f"{names(programme.named([missed.project]))}: having it would cost {in_unit(programme, missed.loss)}"
    if leaving:
        said += f" and push out {names(leaving)}"
    return said if missed.certain else f"{said} (another may miss by less)"


def more_than_cut(programme: Programme, selection: Selection) -> tuple[str, str]:
    """What the programme is worth more than rank and cut, as (figure, label)."""
    cut = programme.cut
    if cut.violations:
        return "breaks a rule", "rank and cut"
    more = selection.value - cut.value
    said = in_unit(programme, more) if more > ROUNDING * abs(selection.value) else "nothing"
    return said, "more than rank and cut"


def differs(programme: Programme, *, best: bool) -> tuple[PortfolioRow, ...]:
    """Who is in the best programme and not in rank and cut, or the other way round."""
    if programme.selection is None:
        return ()
    moves = programme.moves(programme.cut.chosen, programme.selection.chosen)
    return moves.entering if best else moves.leaving


def names(rows: Sequence[PortfolioRow]) -> str:
    return ", ".join(f"{row.reference} {row.title}" for row in rows) or "nobody"
