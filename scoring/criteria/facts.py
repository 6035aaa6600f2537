"""A fact of a project: its value, where it stands and how a sentence shows it (METHOD 9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

Value = bool | float | str


@dataclass(frozen=True, slots=True)
class Fact:
    """`value` is None where the project does not state it; `paths` are those of the project file."""

    value: Value | None
    paths: tuple[str, ...]
    text: str


def stated(value: Value | None, *paths: str) -> Fact:
    return Fact(value, paths, f"{value:,.6g}" if isinstance(value, float) else str(value))


def named(names: Iterable[str], *paths: str) -> Fact:
    """How many there are, shown by their names."""
    items = list(names)
    return Fact(float(len(items)), paths, ", ".join(items))


def percentage(value: float | None, *paths: str) -> Fact:
    """A fraction, shown in per cent."""
    return Fact(value, paths, "" if value is None else f"{100 * value:.3g}%")


def year(value: int | None, *paths: str) -> Fact:
    """A calendar year, shown without a separator of thousands."""
    return Fact(None if value is None else float(value), paths, str(value))


def money(amount: Decimal, unit: int, currency: str, *paths: str) -> Fact:
    """An amount in the project's unit, shown in single units of its currency."""
    return Fact(float(amount * unit), paths, f"{currency} {amount * unit:,.0f}")
