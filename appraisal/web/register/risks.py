"""The risk register of a draft: its events as rows of the form, and the rows as events of the project file.

A row that says what a stored event says leaves it exactly as it is stored, whatever of it the form cannot show.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any

from forms.registration.fields import choices
from forms.registration.risk_prompts import PROMPTS
from forms.registration.risk_words import (
    LIKELIHOODS,
    MONTHS,
    category_titles,
    figure_text,
    lowered_text,
    said_distribution,
    three_of,
    triangular,
)
from forms.registration.risks import DELAY, IMPACT, MONEY, OWN
from scoring.limits import MAX_EVENTS
from scoring.project_file import Distribution, Mitigation, ProjectFile, RiskCategory, RiskEvent

ADD, REMOVE = "add-risk", "remove-risk"
"""What `step` says: `add-risk`, `add-risk:cyber-incident`, `remove-risk:2`."""
LISTED = "risks-listed"
"""A field that comes with every register, also with one that lists nothing."""
_WHOLE = Decimal(1)


def changes_list(step: str) -> bool:
    """Whether a button asks for a row more or less: the page is shown again, and stored only when it is saved."""
    return step.partition(":")[0] in (ADD, REMOVE)


def change_list(form: Any, step: str) -> None:
    """The rows as they were typed, with an empty one more or one less; nothing where there is no such row or room."""
    asked, _, which = step.partition(":")
    if asked == ADD and len(form.risks) < MAX_EVENTS:
        form.risks.append_entry({"category": which if which in category_titles() else ""})
    elif asked == REMOVE and which in [str(at) for at in range(len(form.risks))]:
        del form.risks.entries[int(which)]
        for at, entry in enumerate(form.risks):
            _renumber(entry, at)


def _renumber(entry: Any, at: int) -> None:
    """The row at another place, so that what is sent next stands without a gap."""
    entry.name = entry.id = f"risks-{at}"
    for field in entry.form:
        field.name = field.id = f"risks-{at}-{field.short_name}"
        field.label.field_id = field.id


def offer_stated(form: Any, file: ProjectFile) -> None:
    """To each row the distributions that it keeps as the project file states them."""
    stated = _stated_otherwise(_events(file))
    for entry in form.risks:
        for field in (entry.form.cost_as, entry.form.late_as):
            kept = stated.get(field.data or "")
            told = {field.data: f"As the project file states it: {said_distribution(kept)}"} if kept else {}
            field.choices = choices({**told, **IMPACT})


def unthought_of(form: Any) -> list[tuple[RiskCategory, str]]:
    """(category, question) of every kind of risk that no row is about."""
    named = {entry.form.category.data for entry in form.risks}
    return [(category, question) for category, question in PROMPTS.items() if category.value not in named]


def shown_risks(file: ProjectFile) -> list[dict[str, str]]:
    return [_shown(event) for event in _events(file)]


def risks_of(entries: Sequence[Any], file: ProjectFile, sent: Container[str]) -> tuple[RiskEvent, ...]:
    """The events that the rows say; a row of which nothing is said is none.

    sent: names of the fields that came. A form that was opened before it had a register says nothing of risks.
    """
    if not len(entries) and LISTED not in sent:
        return _events(file)
    stored, stated = {_key(_shown(event)): event for event in _events(file)}, _stated_otherwise(_events(file))
    rows = [entry.form for entry in entries if not entry.form.blank]
    return tuple(stored.get(_key(_typed(row))) or _event(row, stated) for row in rows)


def _events(file: ProjectFile) -> tuple[RiskEvent, ...]:
    return file.uncertainty.events if file.uncertainty else ()


def _key(texts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(texts.items()))


def _typed(row: Any) -> dict[str, str]:
    return {field.short_name: str(field.data or "") for field in row}


def _shown(event: RiskEvent) -> dict[str, str]:
    word = next((key for key in LIKELIHOODS if float(key) == event.probability), OWN)
    loses, done = event.revenue_factor != 1, event.mitigation or Mitigation()
    return {
        "name": event.name,
        "category": event.category.value,
        "likely": word,
        "chance": figure_text(event.probability, 100) if word == OWN else "",
        "per": event.per,
        "cost_as": _as(event.cost),
        **_three(MONEY, event.cost, 1),
        "late_as": _as(event.delay),
        **_three(DELAY, event.delay, MONTHS),
        "lost": lowered_text(event.revenue_factor) if loses else "",
        "lasts": str(event.years) if loses or event.years != 1 else "",
        "measure": done.measure,
        "measure_cost": figure_text(done.cost) if done.cost else "",
        "less_chance": lowered_text(done.probability_factor) if done.probability_factor != 1 else "",
        "less_effect": lowered_text(done.impact_factor) if done.impact_factor != 1 else "",
    }


def _three(names: Iterable[str], stated: Distribution | None, scale: int) -> dict[str, str]:
    three = three_of(stated)
    texts = ("", "", "") if three is None else tuple(figure_text(value, scale) for value in three)
    return dict(zip(names, texts, strict=True))


def _as(stated: Distribution | None) -> str:
    """How an impact is given: by three figures, or as stated, named by its content wherever its row goes."""
    if stated is None or three_of(stated) is not None:
        return OWN
    return f"stated-{sha256(repr(stated).encode()).hexdigest()[:16]}"


def _stated_otherwise(events: Iterable[RiskEvent]) -> dict[str, Distribution]:
    return {
        key: found for event in events for found in (event.cost, event.delay) if found and (key := _as(found)) != OWN
    }


def _event(row: Any, stated: Mapping[str, Distribution]) -> RiskEvent:
    return RiskEvent(
        name=row.name.data or "",
        category=RiskCategory(row.category.data),
        probability=float(row.chance.number / 100) if row.likely.data == OWN else float(row.likely.data),
        per=row.per.data,
        cost=stated.get(row.cost_as.data) or _impact(row, MONEY, 1),
        delay=stated.get(row.late_as.data) or _impact(row, DELAY, MONTHS),
        revenue_factor=_left(row.lost),
        years=int(row.lasts.number or 1),
        mitigation=_mitigation(row),
    )


def _impact(row: Any, names: tuple[str, str, str], scale: int) -> Distribution | None:
    low, likely, high = (row[name].number for name in names)
    return None if low is None else triangular(*(float(figure / scale) for figure in (low, likely, high)))


def _left(field: Any) -> float:
    """What is left of something that is lowered by so many per cent."""
    return float(_WHOLE - (field.number or Decimal(0)) / 100)


def _mitigation(row: Any) -> Mitigation | None:
    found = Mitigation(
        measure=row.measure.data or "",
        cost=float(row.measure_cost.number or 0),
        probability_factor=_left(row.less_chance),
        impact_factor=_left(row.less_effect),
    )
    return None if found == Mitigation() else found


def told_at(problems: Iterable[Any]) -> Iterator[tuple[int, str]]:
    """(row, sentence) of what the engine notes about an event of the stored file."""
    for problem in problems:
        head, _, rest = problem.path.partition("uncertainty.events[")
        if not head and "]" in rest:
            yield int(rest.partition("]")[0]), problem.message
