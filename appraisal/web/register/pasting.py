"""From a paste and the answers about it to the draft's cash flows, with what the lines there already said kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast

from appraisal.reading.flow_lines import NotConvertible, to_cash_flow_lines
from appraisal.reading.option_rules import option_problems
from appraisal.reading.paste.findings import (
    CONVERT,
    Choice,
    FillIn,
    Issue,
    Orientation,
    PartsCount,
    PasteChoices,
    PastedLine,
    PastedTable,
    Question,
)
from appraisal.reading.pasted_table import read_pasted
from appraisal.services.drafting import Draft
from appraisal.services.experience import own_drivers, with_experience
from forms.money_words import CURRENCY_CODES
from forms.registration.cash_flow_lines import LEFT_OUT, LineKind, guessed_key, key_of, kind_choices, line_kind
from forms.registration.cash_flow_table import QUESTIONS, PreviewForm, offer
from forms.registration.project import UNITS
from scoring.limits import MAX_YEAR, MIN_YEAR
from scoring.project_document import to_document
from scoring.project_file import CashFlowLine, CashFlows, FlowKind, ProjectFile


def read_table(text: str, draft: Draft, answers: Mapping[str, str]) -> PastedTable:
    """What the paste says. Figures whose unit nobody names are in the project's."""
    given = _choices(answers)
    first_year = draft.file.cash_flows.first_year
    read = read_pasted(text, base_year=first_year, choices=given)
    named = any(question.code == "scale" for question in (*read.questions, *read.answered))
    if given.scale is None and not named:
        read = read_pasted(text, base_year=first_year, choices=replace(given, scale=draft.file.unit))
    return read


def _choices(answers: Mapping[str, str]) -> PasteChoices:
    """The answers that mean something; anything else is as if it had not been answered."""

    def among(name: str, *allowed: str) -> str | None:
        return answers[name] if answers.get(name) in allowed else None

    year = answers.get("first_year", "")
    scale = answers.get("scale", "")
    return PasteChoices(
        decimal_mark=cast("None", among("decimal_mark", ".", ",")),
        orientation=cast("Orientation | None", among("orientation", "years_across", "years_down")),
        blanks=cast("FillIn | None", among("blanks", "zero", "unknown")),
        currency=among("currency", CONVERT, *CURRENCY_CODES),
        parts=cast("PartsCount | None", among("parts", "once", "all")),
        missing_years=cast("FillIn | None", among("missing_years", "zero", "unknown")),
        first_year=int(year) if year.isdecimal() and year.isascii() and MIN_YEAR <= int(year[:5]) <= MAX_YEAR else None,
        scale=int(scale) if scale.isdecimal() and scale.isascii() and 1 <= len(scale) <= 12 and int(scale) else None,  # noqa: PLR2004
    )


def questions_of(read: PastedTable, draft: Draft) -> list[Question]:
    """What to ask or to offer to change, in order; an open question has no reading taken for granted."""
    found = {question.code: question for question in read.answered}
    found |= {question.code: replace(question, taken="") for question in read.questions}
    if "scale" in found and any(question.code == "scale" for question in read.questions):
        found["scale"] = next(question for question in read.questions if question.code == "scale")
    elif "scale" not in found and read.lines:
        readings = tuple(
            Choice(value, f"The figures are in {name} of {draft.file.currency}.") for value, name in UNITS.items()
        )
        found["scale"] = Question("scale", "No unit is named. What are the figures in?", readings, str(read.factor))
    return [found[code] for code in QUESTIONS if code in found and found[code].choices]


def offer_kinds(form: PreviewForm, read: PastedTable, draft: Draft, chosen: Sequence[str] = ()) -> None:
    """One choice of kind for every line read; a line known by its name keeps what it was."""
    known = {line.name: key_of(line) for line in draft.file.cash_flows.lines}
    kinds = kind_choices(*draft.file.cash_flows.lines)
    while len(form.lines) < len(read.lines):
        form.lines.append_entry()
    while len(form.lines) > len(read.lines):
        form.lines.pop_entry()
    for position, (entry, line) in enumerate(zip(form.lines, read.lines, strict=True)):
        picked = chosen[position] if len(chosen) == len(read.lines) else ""
        offer(entry.form.kind, kinds, picked or known.get(line.label) or guessed_key(line.kind))


@dataclass(frozen=True, slots=True)
class StoredFlows:
    """The cash flows to store, and what to say of them."""

    flows: CashFlows
    said: str

    def within(self, file: ProjectFile) -> ProjectFile:
        """The file with these flows; drivers and risks that named a line which is gone no longer name it."""
        names = {line.name for line in self.flows.lines}
        uncertainty, own = file.uncertainty, own_drivers(file)
        speaks = uncertainty is not None and len(own) < len(uncertainty.drivers)
        if uncertainty is not None:
            drivers = [
                replace(driver, applies_to=tuple(name for name in driver.applies_to if name in names))
                for driver in own
                if not driver.applies_to or names & set(driver.applies_to)
            ]
            uncertainty = replace(uncertainty, drivers=tuple(drivers))
        made = _with_options_that_fit(replace(file, cash_flows=self.flows, uncertainty=uncertainty))
        return with_experience(made) if speaks else made


def _with_options_that_fit(file: ProjectFile) -> ProjectFile:
    """Without the options whose years or lines the cash flows no longer have: no page could mend them."""
    if file.uncertainty is None or not file.uncertainty.options:
        return file
    document = to_document(file)
    parts = zip(file.uncertainty.options, document["uncertainty"]["options"], strict=True)
    fitting = tuple(option for option, part in parts if not any(option_problems(part, document)))
    return replace(file, uncertainty=replace(file.uncertainty, options=fitting))


def cash_flows_from(read: PastedTable, form: PreviewForm, draft: Draft) -> StoredFlows:
    """The lines as the person described them; raises NotConvertible."""
    picked = [entry.form.kind.data for entry in form.lines]
    unsaid = [line for line, key in zip(read.lines, picked, strict=True) if not key]
    if unsaid:
        raise NotConvertible(tuple(Issue("kind", f"Say what “{line.label}” is.", label=line.label) for line in unsaid))
    kinds = [None if key == LEFT_OUT else line_kind(key) for key in picked]
    _refuse_same_names([line for line, kind in zip(read.lines, kinds, strict=True) if kind is not None])
    signs = {
        position: entry.form.sign.data == "out-negative"
        for position, entry in enumerate(form.lines)
        if entry.form.sign.data in ("out-negative", "out-positive")
    }
    money = [None if kind is None or kind.tonnes else kind.kind for kind in kinds]
    tonnes = [kind.kind if kind is not None and kind.tonnes else None for kind in kinds]
    in_money = iter(to_cash_flow_lines(read, money, unit=draft.file.unit, money_out_is_negative=signs))
    in_tonnes = iter(to_cash_flow_lines(replace(read, factor=1), tonnes, unit=1))
    before = {line.name: line for line in draft.file.cash_flows.lines}
    lines = tuple(
        _described(next(in_tonnes if kind.tonnes else in_money), kind, before) for kind in kinds if kind is not None
    )
    years = f"{read.years[0]} to {read.years[-1]}"
    said = f"{len(lines)} line{'s' if len(lines) != 1 else ''}, {years}"
    return StoredFlows(CashFlows(first_year=read.years[0], lines=lines), said)


def _refuse_same_names(lines: Sequence[PastedLine]) -> None:
    names = [line.label for line in lines]
    twice = dict.fromkeys(name for name in names if names.count(name) > 1)
    if twice:
        message = "“{}” stands twice: give one of the lines another name."
        raise NotConvertible(tuple(Issue("duplicate_labels", message.format(name), label=name) for name in twice))


def _described(line: CashFlowLine, kind: LineKind, before: Mapping[str, CashFlowLine]) -> CashFlowLine:
    """The line with its class and role, and with the shares and factor that a line of its name had."""
    old = before.get(line.name)
    described = replace(
        line,
        line_class=kind.line_class,
        economic=kind.economic,
        shares=old.shares if old is not None else {},
        conversion_factor=old.conversion_factor if old is not None else None,
    )
    if not kind.tonnes:
        return described
    tonnes = tuple(amount * kind.tonnes if amount else Decimal(0) for amount in line.amounts)
    return replace(described, kind=FlowKind.EXTERNALITY, amounts=(), tonnes=tonnes)
