"""From a pasted table, once settled, to the cash-flow lines of a project."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, Inexact, localcontext

from appraisal.reading.paste.findings import Issue, PastedLine, PastedTable
from scoring.limits import MAX_AMOUNT, MAX_AMOUNT_DECIMALS, MAX_PERIODS
from scoring.project_file import CashFlowLine, CashFlows, FlowKind

_PRECISION = 60


class NotConvertible(ValueError):
    """The table cannot become cash flows yet; `issues` says why, line by line."""

    def __init__(self, issues: tuple[Issue, ...]) -> None:
        super().__init__(" ".join(issue.message for issue in issues))
        self.issues = issues


def to_cash_flows(
    table: PastedTable,
    kinds: Sequence[FlowKind | None],
    *,
    unit: int = 1,
    money_out_is_negative: Mapping[int, bool] | None = None,
) -> CashFlows:
    """Cash flows in the project's unit, amounts as magnitudes of which the kind carries the sign (METHOD 1).

    kinds: one for each line of the table, None leaves the line out. money_out_is_negative: by position, for cost lines
    that mix signs; a cost line of one sign needs none. Raises NotConvertible.
    """
    lines = to_cash_flow_lines(table, kinds, unit=unit, money_out_is_negative=money_out_is_negative)
    return CashFlows(first_year=table.years[0], lines=lines)


def to_cash_flow_lines(
    table: PastedTable,
    kinds: Sequence[FlowKind | None],
    *,
    unit: int = 1,
    money_out_is_negative: Mapping[int, bool] | None = None,
) -> tuple[CashFlowLine, ...]:
    """The lines of `to_cash_flows`, from the table's first year on."""
    issues = _not_settled(table)
    if len(kinds) != len(table.lines):
        issues.append(Issue("kinds", f"{len(table.lines)} lines need as many kinds; {len(kinds)} were given."))
    if issues:
        raise NotConvertible(tuple(issues))
    given = money_out_is_negative or {}
    negative_elsewhere = any(
        line.signs == "negative" and kind is not None and kind.sign < 0
        for line, kind in zip(table.lines, kinds, strict=True)
    )
    converted = []
    for index, (line, kind) in enumerate(zip(table.lines, kinds, strict=True)):
        if kind is None:
            continue
        flips = _flips(line, kind, given.get(index), negative_elsewhere, issues)
        amounts = _by_period(table, line, unit, issues)
        flipped = tuple(-amount if flips and amount else amount for amount in amounts)
        converted.append(CashFlowLine(name=line.label, kind=kind, amounts=flipped))
    if issues:
        raise NotConvertible(tuple(issues))
    return tuple(converted)


def _not_settled(table: PastedTable) -> list[Issue]:
    issues = [issue for issue in table.issues if issue.blocking]
    issues += [Issue("open_question", question.sentence) for question in table.questions]
    if not issues and table.years[-1] - table.years[0] >= MAX_PERIODS:
        issues.append(Issue("too_large", f"At most {MAX_PERIODS} years can be kept."))
    return issues


def _flips(line: PastedLine, kind: FlowKind, given: bool | None, negative_elsewhere: bool, issues: list[Issue]) -> bool:
    """Whether the amounts of a cost line were pasted as negatives."""
    if kind.sign > 0:
        return False
    if given is not None:
        return given
    if line.signs == "mixed" and not negative_elsewhere:
        message = f"“{line.label}” mixes signs: say whether money out is negative in it."
        issues.append(Issue("mixed_signs", message, *line.place, line.label))
    return line.signs in ("negative", "mixed")


def _by_period(table: PastedTable, line: PastedLine, unit: int, issues: list[Issue]) -> tuple[Decimal, ...]:
    by_year: dict[int, Decimal | None] = dict(zip(table.years, line.amounts, strict=True))
    if table.choices.missing_years == "zero":
        by_year = {**dict.fromkeys(range(table.years[0], table.years[-1] + 1), Decimal(0)), **by_year}
    unknown = [year for year in range(table.years[0], table.years[-1] + 1) if by_year.get(year) is None]
    if unknown:
        message = f"“{line.label}” has no figure for {unknown[0]}."
        issues.append(Issue("unknown_amount", message, *line.place, line.label, unknown[0]))
        return ()
    amounts = []
    for year, amount in sorted(by_year.items()):
        scaled = _scaled(amount or Decimal(0), table.factor, unit)
        if scaled is None:
            message = f"“{line.label}” {year}: {amount:,f} cannot be kept exactly in the project's unit of {unit:,}."
            issues.append(Issue("not_exact", message, *line.place, line.label, year, f"{amount:f}"))
        amounts.append(scaled or Decimal(0))
    return tuple(amounts)


def _scaled(amount: Decimal, factor: int, unit: int) -> Decimal | None:
    """amount x factor / unit, or None where that is not exact within the limits."""
    if factor == unit:
        return amount
    with localcontext() as context:
        context.prec = _PRECISION
        context.traps[Inexact] = False
        context.clear_flags()  # those of the thread's earlier arithmetic come along
        scaled = amount * factor / unit
        exact = not context.flags[Inexact] and scaled == scaled.quantize(Decimal(1).scaleb(-MAX_AMOUNT_DECIMALS))
    if not exact or abs(scaled) > MAX_AMOUNT:
        return None
    return scaled.quantize(Decimal(1)) if int(scaled.as_tuple().exponent) > 0 else scaled
