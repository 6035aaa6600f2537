"""Several figures or names in one cell, and rates that change by period: how they are written and read."""

import csv
import io
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

_BETWEEN = "; "


def written_figures(values: Sequence[float | Decimal]) -> str:
    """ "0.25; 0.75", every digit of each."""
    return _BETWEEN.join(map(_digits, values))


def written_names(names: Sequence[str]) -> str:
    """Names separated by semicolons; one that holds a semicolon or a quotation mark is quoted."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="").writerow(names)
    return out.getvalue().strip()


def written_rate(rate: Any) -> Any:
    """A rate as it is, a schedule as "0: 0.035; 31: 0.03"."""
    if not isinstance(rate, Sequence):
        return rate
    return _BETWEEN.join(f"{int(start)}: {_digits(value)}" for start, value in rate)


def read_figures(text: str, number: Callable[[str], Decimal]) -> list[Decimal]:
    """What `written_figures` wrote; `number` raises what says what is wrong with one of them."""
    return [number(part) for part in text.split(";") if part.strip()]


def read_names(text: str) -> list[str]:
    """What `written_names` wrote, each once. Raises ValueError where a quotation mark is left open."""
    try:
        rows = list(csv.reader([text], delimiter=";", skipinitialspace=True, strict=True))
    except csv.Error:
        raise ValueError("has a quotation mark that does not close") from None
    return list(dict.fromkeys(name.strip() for name in rows[0] if name.strip()))


def read_schedule(text: str, number: Callable[[str], Decimal]) -> list[list[Decimal]]:
    """What `written_rate` wrote of a schedule; raises as `number` does."""
    steps = [step.partition(":") for step in text.split(";") if step.strip()]
    return [[number(start), number(rate)] for start, _, rate in steps]


def _digits(value: float | Decimal) -> str:
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    return f"{exact:f}"
