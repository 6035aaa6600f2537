"""What a project file must satisfy beyond its schema: sums, orders, names that exist, figures that belong together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any

from appraisal.reading.option_rules import option_problems
from appraisal.reading.problems import Path, Problem, shown, shown_path
from appraisal.reading.schema_problems import did_you_mean
from scoring.limits import MAX_AMOUNT_DECIMALS, MAX_BENEFIT_BIAS, MAX_DELAY_YEARS

Part = Mapping[str, Any]
Found = Iterator[tuple[Path, str]]

_SUM_TOLERANCE = Decimal("1e-9")
_SUFFICIENT: dict[str, tuple[tuple[str, ...], ...]] = {
    "triangular": (("low", "mode", "high"), ("p10", "p50", "p90")),
    "pert": (("low", "mode", "high"), ("p10", "p50", "p90")),
    "uniform": (("low", "high"), ("p10", "p90")),
    "normal": (("mean", "sd"), ("p10", "p90"), ("p50", "p90"), ("p10", "p50")),
    "lognormal": (("mean", "sd"), ("p10", "p90"), ("p50", "p90"), ("p10", "p50")),
    "beta": (("alpha", "beta"), ("mean", "sd")),
    "discrete": (("values", "probabilities"),),
    "empirical": (("values",), ("p10", "p50", "p90")),
}
"""For each family, the sets of parameters of which one must be given."""


def rule_problems(document: Part, broken: Sequence[Path]) -> list[tuple[Path, Problem]]:
    """Problems beyond the schema, in the parts where the schema found none (`broken`: the paths where it did)."""

    def is_whole(path: Path) -> bool:
        return not any(other[: len(path)] == path or path[: len(other)] == other for other in broken)

    found: list[tuple[Path, Problem]] = []
    for path, rule in _RULES:
        for place, part in _parts(document, path):
            if is_whole(place):
                found += [
                    ((*place, *inner), Problem(shown_path((*place, *inner)), message))
                    for inner, message in rule(part, document)
                ]
    return found


def _parts(document: Any, path: Path, place: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every part at the path, of which "*" stands for each item of a list or mapping."""
    if not path:
        yield place, document
    elif path[0] == "*":
        for key, item in _items(document):
            yield from _parts(item, path[1:], (*place, key))
    elif isinstance(document, dict) and path[0] in document:
        yield from _parts(document[path[0]], path[1:], (*place, path[0]))


def _items(document: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(document, dict):
        yield from document.items()
    elif isinstance(document, list):
        yield from enumerate(document)


def _amounts(amounts: Sequence[Decimal], _: Part) -> Found:
    for index, amount in enumerate(amounts):
        if isinstance(amount, Decimal) and (decimals := _decimals(amount)) > MAX_AMOUNT_DECIMALS:
            yield (index,), f"has {decimals} decimals, more than {MAX_AMOUNT_DECIMALS}: {shown(amount)}"


@lru_cache(maxsize=1 << 14)
def _decimals(amount: Decimal) -> int:
    _, digits, exponent = amount.as_tuple()
    trailing = len(digits) - len("".join(map(str, digits)).rstrip("0")) if any(digits) else len(digits)
    return -(int(exponent) + trailing) if any(digits) else 0


def _line(line: Part, _: Part) -> Found:
    if "tonnes" in line and line["kind"] != "externality":
        yield ("tonnes",), f"belong to a line of kind externality, not {line['kind']}"
    if "economic" in line and line["kind"] != "revenue":
        yield ("economic",), f"belongs to a line of kind revenue, not {line['kind']}"
    if (total := sum(line.get("shares", {}).values())) > 1 + _SUM_TOLERANCE:
        yield ("shares",), f"add up to {shown(total)}, more than 1"


def _cash_flows(cash_flows: Part, document: Part) -> Found:
    financing = document.get("financing")
    granted = isinstance(financing, dict) and financing.get("grants")
    if isinstance(granted, list) and any(granted) and any(line["kind"] == "grant" for line in cash_flows["lines"]):
        yield ("lines",), "give grants that financing.grants gives as well: state them in one place"


def _schedule(rate: Any, _: Part) -> Found:
    if not isinstance(rate, list):
        return
    starts = [step[0] for step in rate]
    if starts[0] != 0:
        yield (), f"must begin at period 0, not {starts[0]}"
    fallen = [(before, after) for before, after in pairwise(starts) if after <= before]
    if fallen:
        yield (), f"must name its periods in ascending order: {fallen[0][1]} comes after {fallen[0][0]}"


def _tranche(tranche: Part, _: Part) -> Found:
    if tranche.get("grace", 0) >= tranche["tenor"]:
        yield ("grace",), f"must be shorter than the tenor of {tranche['tenor']}, not {tranche.get('grace', 0)}"
    if tranche.get("repayment") == "sculpted" and "target_dscr" not in tranche:
        yield ("target_dscr",), "is missing: a sculpted loan needs it"


def _driver(driver: Part, document: Part) -> Found:
    yield from _distribution(driver, document)
    known = _line_names(document)
    for index, name in enumerate(driver.get("applies_to", ())):
        if known is not None and name not in known:
            yield ("applies_to", index), f"{shown(name)} is not the name of a line{did_you_mean(name, sorted(known))}"
    if driver["driver"] == "delay" and driver.get("unit", "years") != "years":
        yield ("unit",), f'of a delay must be "years", not {shown(driver["unit"])}'
    if driver["driver"] == "delay" and driver.get("high", 0) > MAX_DELAY_YEARS:
        yield ("high",), f"of a delay must be at most {MAX_DELAY_YEARS:g} years, not {shown(driver['high'])}"


def _line_names(document: Part) -> set[str] | None:
    cash_flows = document.get("cash_flows")
    lines = cash_flows.get("lines") if isinstance(cash_flows, dict) else None
    if not isinstance(lines, list):
        return None
    return {name for line in lines if isinstance(line, dict) and isinstance(name := line.get("name"), str)}


def _distribution(given: Part, _: Part) -> Found:
    """Also the rules of a driver's own distribution, whose parameters stand beside the driver's keys."""
    if "family" not in given:
        stray = [name for name in _PARAMETERS if name in given]
        if stray:
            yield (stray[0],), "needs a family"
        return
    options = _SUFFICIENT[given["family"]]
    if not any(all(name in given for name in option) for option in options):
        wanted = " or ".join(", ".join(option) for option in options)
        yield ("family",), f"{given['family']} needs {wanted}"
    for names in (("low", "mode", "high"), ("p10", "p50", "p90"), ("minimum", "maximum")):
        stated = [(name, given[name]) for name in names if name in given]
        for (name, value), (other, larger) in pairwise(stated):
            if value > larger:
                yield (name,), f"must not be more than {other}, which is {shown(larger)}, but is {shown(value)}"
    yield from _probabilities(given)


_PARAMETERS = ("low", "mode", "high", "p10", "p50", "p90", "mean", "sd", "alpha", "beta", "values", "probabilities",
               "minimum", "maximum")  # fmt: skip


def _probabilities(given: Part) -> Found:
    values, probabilities = given.get("values", []), given.get("probabilities")
    if probabilities is None:
        return
    if len(probabilities) != len(values):
        yield ("probabilities",), f"must be as many as the values: {len(values)}, not {len(probabilities)}"
    if given["family"] == "discrete" and abs((total := sum(probabilities)) - 1) > _SUM_TOLERANCE:
        yield ("probabilities",), f"must add up to 1, not to {shown(total)}"


def _correlations(correlations: Sequence[Sequence[Any]], _: Part) -> Found:
    seen: set[frozenset[str]] = set()
    for index, (first, second, _value) in enumerate(correlations):
        pair = frozenset((first, second))
        if first == second:
            yield (index,), f"names {first} twice"
        elif pair in seen:
            yield (index,), f"states {first} and {second} a second time"
        seen.add(pair)


def _optimism_bias(bias: Part, _: Part) -> Found:
    for target in dict.fromkeys(each["applies_to"] for each in bias.get("mitigations", ())):
        given = sum(each["contribution"] for each in bias["mitigations"] if each["applies_to"] == target)
        if given > 1 + _SUM_TOLERANCE:
            yield ("mitigations",), f"contribute {given} to the optimism bias of {target}, where 1 is all of it"
    yield from _twice(bias, "mix", "type")
    yield from _twice(bias, "bounds", "applies_to")
    for index, each in enumerate(bias.get("bounds", ())):
        upper, lower = each["upper"], each.get("lower", 0)
        if lower > upper:
            yield ("bounds", index, "lower"), f"is {lower}, and must not be more than the upper bound, {upper}"
        if each["applies_to"] == "benefits" and upper > MAX_BENEFIT_BIAS:
            yield ("bounds", index, "upper"), f"of benefits is {upper}, and must be at most {MAX_BENEFIT_BIAS}"


def _twice(part: Part, key: str, name: str) -> Found:
    seen: set[str] = set()
    for index, each in enumerate(part.get(key, ())):
        if each[name] in seen:
            yield (key, index, name), f"names {each[name]} a second time"
        seen.add(each[name])


def _answer(answer: Part, _: Part) -> Found:
    stated = [name for name in ("level", "value") if name in answer] + ["unknown"] * bool(answer.get("unknown"))
    if len(stated) > 1:
        yield (), f"must state one of level, value and unknown, not {' and '.join(stated)}"


_RULES: tuple[tuple[Path, Callable[[Any, Part], Found]], ...] = (
    (("rates", "financial"), _schedule),
    (("rates", "social"), _schedule),
    (("cash_flows",), _cash_flows),
    (("cash_flows", "lines", "*"), _line),
    (("cash_flows", "lines", "*", "amounts"), _amounts),
    (("cash_flows", "lines", "*", "tonnes"), _amounts),
    (("output", "amounts"), _amounts),
    (("financing", "equity"), _amounts),
    (("financing", "grants"), _amounts),
    (("financing", "debt", "*", "amounts"), _amounts),
    (("financing", "debt", "*"), _tranche),
    (("uncertainty", "drivers", "*"), _driver),
    (("uncertainty", "correlations"), _correlations),
    (("uncertainty", "events", "*", "cost"), _distribution),
    (("uncertainty", "events", "*", "delay"), _distribution),
    (("uncertainty", "options", "*", "recovery"), _amounts),
    (("uncertainty", "options", "*"), option_problems),
    (("uncertainty", "optimism_bias"), _optimism_bias),
    (("answers", "*"), _answer),
)
RULED = frozenset(str(path[0]) for path, _ in _RULES)
"""The parts that any of these looks at."""
