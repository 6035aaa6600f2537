"""A project file in plain words: what a person reads where the file has keys, by section and field."""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from forms.portfolio import AREAS
from forms.registration.cash_flow_lines import key_of, kind_choices, shown_amounts
from forms.registration.data_facts import TRIGGERS, DataFactsForm
from forms.registration.project import BASES, STAGES, UNITS, ProjectForm
from forms.registration.risk_words import said_risk
from scoring.frameworks import Framework
from scoring.project_document import to_document
from scoring.project_file import Answer, CashFlowLine, ProjectFile

PROJECT, MONEY, DATA = "The project", "Money", "Data: what it collects"
_OWN = frozenset(
    {"schema", "reference", "title", "summary", "city", "country", "action_areas", "stage", "currency", "unit"}
    | {"prices", "cash_flows", "safeguards", "answers"}
)
_SECTIONS = {"financing": "Sources of money", "uncertainty": "How sure it is", "explanations": "Explanations"}
_BY_YEAR = frozenset({"amounts", "equity", "grants"})

Said = dict[tuple[str, str], str]


def said_of(file: ProjectFile, framework: Framework) -> Said:
    """(section, field) -> what the file says there; a field about which it says nothing is left out."""
    found, document = [*_project(file), *_answers(file, framework), *_facts(file)], to_document(file)
    document.get("uncertainty", {}).pop("events", None)
    found += _risks(file)
    for key in sorted(set(document) - _OWN):
        section = _SECTIONS.get(key, PROJECT)
        start = "" if key in _SECTIONS else _words(key)
        found += [(section, label, text) for label, text in _leaves(document[key], start, file)]
    return {(section, label): text for section, label, text in found if text}


def _label(field: Any) -> str:
    """The words that the form has for it, before the form is made."""
    return str(field.args[0] if field.args else field.kwargs["label"])


def _project(file: ProjectFile) -> Iterator[tuple[str, str, str]]:
    form, prices = ProjectForm, file.prices
    for field, text in (
        (form.title, file.title),
        (form.summary, file.summary),
        (form.city, file.city),
        (form.country, file.country),
        (form.areas, ", ".join(AREAS[area.value] for area in file.action_areas)),
        (form.stage, STAGES[file.stage.value]),
        (form.first_year, str(file.cash_flows.first_year)),
        (form.currency, file.currency),
        (form.unit, UNITS[str(file.unit)]),
        (form.price_basis, BASES[prices.basis.value]),
        (form.price_year, str(prices.base_year or "")),
    ):
        yield PROJECT, _label(field), text
    yield PROJECT, "Inflation a year", _plain(prices.inflation)


def money_unit(file: ProjectFile) -> str:
    return f"{file.currency}{ {1: '', 1_000: ' thousand', 1_000_000: ' million'}[file.unit] }".strip()


def line_said(file: ProjectFile, line: CashFlowLine) -> Said:
    """A line of the cash flow: what it is, and each year's figure with its unit."""
    unit, first = "t" if line.tonnes else money_unit(file), file.cash_flows.first_year
    said = {(MONEY, f"{line.name}: what it is"): kind_choices(line)[key_of(line)]}
    said |= {
        (MONEY, f"{line.name}, {first + period}"): f"{_plain(amount)} {unit}"
        for period, amount in enumerate(shown_amounts(line))
    }
    more = {"conversion factor": line.conversion_factor, **{f"share of {k}": v for k, v in line.shares.items()}}
    return said | {(MONEY, f"{line.name}: {name}"): _plain(value) for name, value in more.items() if value is not None}


def line_summary(file: ProjectFile, line: CashFlowLine) -> str:
    """A whole line in one sentence, for one that was added or taken away."""
    amounts, first = shown_amounts(line), file.cash_flows.first_year
    unit = "t" if line.tonnes else money_unit(file)
    what, last = kind_choices(line)[key_of(line)], first + max(len(amounts), 1) - 1
    return f"{what}, {first} to {last}, {_plain(sum(amounts, Decimal(0)))} {unit} in all"


def _answers(file: ProjectFile, framework: Framework) -> Iterator[tuple[str, str, str]]:
    for criterion in framework.criteria:
        for item in criterion.indicators:
            given = file.answers.get(item.id)
            if given is not None:
                name = f"{item.id} {item.title}"
                yield criterion.title, name, _answer(given, item.levels, item.unit or "")
                yield criterion.title, f"{name}: evidence", given.evidence.value if given.evidence else ""
                yield criterion.title, f"{name}: where it is", given.source
                yield criterion.title, f"{name}: why", given.reason
    known = {item.id for item in framework.indicators}
    for key in sorted(set(file.answers) - known):
        yield "Other answers", key, _answer(file.answers[key], (), "")


def _answer(given: Answer, levels: Any, unit: str) -> str:
    if given.unknown:
        return "Not known"
    if given.level is not None:
        return f"{given.level} · {levels[given.level]}" if given.level < len(levels) else str(given.level)
    return "" if given.value is None else f"{_plain(given.value)} {unit}".strip()


def _facts(file: ProjectFile) -> Iterator[tuple[str, str, str]]:
    facts, form = file.safeguards, DataFactsForm
    for field, fact in (
        (form.personal_data, facts.personal_data),
        (form.public_space_analytics, facts.public_space_analytics),
        (form.essential_service, facts.essential_service),
    ):
        yield DATA, _label(field), _plain(fact)
    stated = facts.impact_triggers
    named = None if stated is None else ", ".join(TRIGGERS[trigger.value] for trigger in stated) or "None of these"
    yield DATA, _label(form.impact_triggers), named or ""


def risks_said(file: ProjectFile) -> list[tuple[str, Mapping[str, str]]]:
    """(name, what is said of it) of each risk of the register; those of one name are numbered."""
    events, unit = file.uncertainty.events if file.uncertainty else (), money_unit(file)
    seen = Counter[str]()
    found = []
    for event in events:
        seen[event.name] += 1
        name = event.name if seen[event.name] == 1 else f"{event.name} ({seen[event.name]})"
        found.append((name, said_risk(event, unit)))
    return found


def _risks(file: ProjectFile) -> Iterator[tuple[str, str, str]]:
    for name, said in risks_said(file):
        for what, text in said.items():
            yield _SECTIONS["uncertainty"], f"Risk “{name}”: {what}", text


def _leaves(value: Any, label: str, file: ProjectFile) -> Iterator[tuple[str, str]]:
    """The rest of the file, field by field; rows of a list go by their names."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            by_year = key in _BY_YEAR and isinstance(inner, list)
            start = f"{label} {_words(key)}".strip()
            yield from _years(inner, start, file) if by_year else _leaves(inner, start, file)
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for position, item in enumerate(value, start=1):
            name = next((str(item[key]) for key in ("name", "title", "driver", "id") if item.get(key)), position)
            yield from _leaves({k: v for k, v in item.items() if v != name}, f"{label} “{name}”".strip(), file)
    else:
        yield label, ", ".join(map(_plain, value)) if isinstance(value, list) else _plain(value)


def _years(amounts: list[Any], label: str, file: ProjectFile) -> Iterator[tuple[str, str]]:
    for period, amount in enumerate(amounts):
        yield f"{label} {file.cash_flows.first_year + period}", _plain(amount)


def _words(key: str) -> str:
    return key.replace("_", " ").replace("-", " ")


def _plain(value: Any) -> str:
    """A fact or figure as people write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, int | Decimal):
        whole, point, rest = f"{value:,f}".partition(".")
        return f"{whole}{point}{rest}".rstrip("0").rstrip(".") if point else whole
    return str(value)
