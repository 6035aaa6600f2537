"""How far a draft has come: which sections are done, what is required and missing, how long the rest takes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from appraisal.services.drafting import Draft
from scoring.frameworks import Criterion, Framework, Indicator
from scoring.frameworks.framework import ScaleKind
from scoring.project_file import FlowKind, ProjectFile

SECONDS_A_CHOICE, SECONDS_A_TEXT, SECONDS_A_TABLE, SECONDS_TO_CHECK = 20, 60, 120, 90


class SectionState(StrEnum):
    NOT_STARTED = "not started"
    IN_PROGRESS = "in progress"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of the journey; `key` names its page: `project`, `money`, …, or a criterion's id."""

    key: str
    title: str
    hint: str
    state: SectionState
    required: bool
    seconds_left: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Something required that is missing, and the section where it is given."""

    section: str
    message: str


_EXPERIENCE = "the experience with similar projects"
NO_RISK = "No risk is listed."
STANDS_IN = f"Only {_EXPERIENCE} stands in for what could go wrong."
"""Where no risk is listed: nothing is certain by default, and nothing of this project's own is known."""
TITLES = {
    "bankability": "Who pays for running it",
    "safeguards": "Data: how it is kept safe",
    "inclusiveness": "People",
    "needs": "Need and risk",
}
"""Plain titles for the criteria of the built-in framework; another framework's criteria keep their own."""


_OWN_KEYS = ("project", "money", "financing", "uncertainty", "data-facts")


def keys_of(framework: Framework) -> tuple[str, ...]:
    """Of every section, in the order of the journey."""
    return (*_OWN_KEYS, *(criterion.id for criterion in framework.criteria))


def sections_of(draft: Draft) -> tuple[Section, ...]:
    """Every section in the order of the journey."""
    facts = draft.file.safeguards
    stated = [facts.personal_data, facts.public_space_analytics, facts.essential_service, facts.impact_triggers]
    told = sum(fact is not None for fact in stated)
    money_gaps = _money_gaps(draft.file)
    money = SectionState.DONE if not money_gaps else _state(len(draft.file.cash_flows.lines), None)
    sections = (
        Section(
            key="project", title="The project", hint="What it is, where, and in which money it is counted.",
            state=SectionState.IN_PROGRESS if _project_gaps(draft.file) else SectionState.DONE, required=True,
            seconds_left=SECONDS_A_TEXT if _project_gaps(draft.file) else 0,
        ),
        Section(
            key="money", title="Money", hint="What it costs and what it brings, year by year.", state=money,
            required=True, seconds_left=0 if not money_gaps else SECONDS_A_TABLE,
        ),
        Section(
            key="financing", title="Sources of money", hint="Grants, own money and loans for building it.",
            state=_state(int(draft.file.financing is not None), 1), required=False,
            seconds_left=0 if draft.file.financing else SECONDS_A_TEXT,
        ),
        Section(
            key="uncertainty", title="How sure it is",
            hint=_risks_hint(draft.file), state=_certainty_state(draft.file), required=False, seconds_left=0,
        ),
        Section(
            key="data-facts", title="Data: what it collects", hint="Four questions that decide which gates apply.",
            state=_state(told, len(stated)), required=False, seconds_left=(len(stated) - told) * SECONDS_A_CHOICE,
        ),
        *(_criterion_section(criterion, draft.file) for criterion in draft.framework.criteria),
    )  # fmt: skip
    return tuple(_with_kept_text(section, draft) for section in sections)


def _with_kept_text(section: Section, draft: Draft) -> Section:
    """A page with something typed that does not read yet is not done."""
    return replace(section, state=SectionState.IN_PROGRESS) if section.key in draft.kept else section


def gaps_of(draft: Draft) -> tuple[Gap, ...]:
    """What is required and missing: with any of these a project cannot be sent."""
    return (
        *(Gap("project", message) for message in _project_gaps(draft.file)),
        *(Gap("money", message) for message in _money_gaps(draft.file)),
        *(
            Gap(section.key, f"Something typed under “{section.title}” is not part of the project yet: open it.")
            for section in sections_of(draft)
            if section.key in draft.kept
        ),
    )


def readiness_of(draft: Draft) -> float:
    """Share of the score's weight, 0-1, that the answers given so far can already carry."""
    weights = [
        (criterion.weight * indicator.weight, is_answered(indicator, draft.file))
        for criterion in draft.framework.criteria
        for indicator in criterion.indicators
    ]
    return sum(weight for weight, answered in weights if answered) / (sum(weight for weight, _ in weights) or 1.0)


_SECTIONS = {
    "cash_flows": "money", "output": "money", "rates": "money", "prices": "project", "financing": "financing",
    "uncertainty": "uncertainty", "safeguards": "data-facts",
}  # fmt: skip
"""Where a part of the project file is filled in, if not among the project's own facts."""


def section_of(paths: Sequence[str], framework: Framework) -> str:
    """The section where the first of these paths of the project file is filled in."""
    part, _, rest = (paths[0] if paths else "").partition(".")
    if part == "answers":
        indicator = rest.partition(".")[0]
        return next((item.criterion for item in framework.indicators if item.id == indicator), "project")
    return _SECTIONS.get(part.partition("[")[0], "project")


def is_answered(indicator: Indicator, file: ProjectFile) -> bool:
    """A computed indicator counts as answered once there is a cash flow to compute it from."""
    if indicator.scale is ScaleKind.COMPUTED:
        return bool(file.cash_flows.lines)
    answer = file.answers.get(indicator.id)
    return answer is not None and (answer.level is not None or answer.value is not None)


def _criterion_section(criterion: Criterion, file: ProjectFile) -> Section:
    asked = [item for item in criterion.indicators if item.scale is not ScaleKind.COMPUTED]
    said = sum(item.id in file.answers for item in asked)
    return Section(
        key=criterion.id,
        title=TITLES.get(criterion.id, criterion.title),
        hint=f"{said} of {len(asked)} answered. Every answer makes the score surer; “not known” is an answer.",
        state=_state(said, len(asked)),
        required=False,
        seconds_left=(len(asked) - said) * SECONDS_A_CHOICE,
    )


def _certainty_state(file: ProjectFile) -> SectionState:
    """Done once a risk is listed: ranges alone say how far a plan may be out, not what could happen to it."""
    stated = file.uncertainty
    return SectionState.NOT_STARTED if stated is None else _state(1 + bool(stated.events), 2)


def _risks_hint(file: ProjectFile) -> str:
    listed = len(file.uncertainty.events) if file.uncertainty else 0
    if not listed:
        return f"{NO_RISK} {STANDS_IN}"
    return f"{listed} risk{'' if listed == 1 else 's'} listed. Where you say nothing, {_EXPERIENCE} is taken."


def _state(done: int, of: int | None) -> SectionState:
    if not done:
        return SectionState.NOT_STARTED
    return SectionState.DONE if done == of else SectionState.IN_PROGRESS


def _project_gaps(file: ProjectFile) -> list[str]:
    found = {
        "Say in a sentence what the project does.": file.summary,
        "Enter the city or district.": file.city,
        "Tick at least one action area.": file.action_areas,
        "Enter the year whose prices the figures are in.": file.prices.base_year,
    }
    return [message for message, value in found.items() if not value]


def _money_gaps(file: ProjectFile) -> list[str]:
    if not file.cash_flows.lines:
        return ["Enter what it costs and what it brings, year by year."]
    if not any(line.kind is FlowKind.CAPEX and any(line.amounts) for line in file.cash_flows.lines):
        return ["Enter at least one line of capital cost."]
    return []
