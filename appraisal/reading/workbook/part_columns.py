"""The sheets of the project workbook for what a project has several of: one row each, beside its reference."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from types import MappingProxyType

from appraisal.reading.workbook.columns import REFERENCE, Column, Kind
from forms.registration.answers import GRADES
from forms.registration.risk_words import WHEN, category_titles
from forms.registration.uncertainty import QUESTIONS
from scoring.project_file import BiasTarget, DriverName, Family
from scoring.project_options import OptionKind, OptionView


class Shape(Enum):
    """How the document of a project file has what the rows say."""

    ITEMS = auto()
    """An object a row."""
    VALUES = auto()
    """A list of the cells a row."""
    MAPPING = auto()
    """The second cell by the first."""
    GROUPS = auto()
    """Lists of objects, of which the first cell says one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSheet:
    """One sheet: where its rows stand in the document, their columns, and what a row must have."""

    name: str
    path: tuple[str, ...]
    columns: tuple[Column, ...]
    """Beside the reference."""
    needed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Keys of columns by what the first cell says; under "" those of every row."""
    shape: Shape = Shape.ITEMS
    groups: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[Column, ...]:
        return (REFERENCE, *self.columns)

    def needs(self, first: str) -> tuple[str, ...]:
        return (*self.needed.get("", ()), *self.needed.get(first, ()))


DRIVERS = {name.value: QUESTIONS.get(name.value, name.value.replace("-", " ").capitalize()) for name in DriverName}
FAMILIES = {
    Family.TRIANGULAR.value: "Triangle: low, likely, high", Family.PERT.value: "PERT: low, likely, high",
    Family.UNIFORM.value: "Uniform: low, high", Family.NORMAL.value: "Normal: mean and deviation, or two quantiles",
    Family.LOGNORMAL.value: "Lognormal: mean and deviation, or two quantiles", Family.BETA.value: "Beta",
    Family.DISCRETE.value: "Discrete: values and probabilities",
    Family.EMPIRICAL.value: "Experience: P10, P50 and P90, or values",
}  # fmt: skip
OPTION_KINDS = {
    OptionKind.ABANDON.value: "To give the project up", OptionKind.DELAY.value: "To wait before building",
    OptionKind.STAGE.value: "To build phase 2 only if phase 1 shows that it pays",
}  # fmt: skip
VIEWS = {OptionView.ECONOMIC.value: "Society", OptionView.FINANCIAL.value: "The investment's own cash"}
TARGETS = {target.value: target.value.capitalize() for target in BiasTarget}
BIAS_PARTS = {"mix": "Type of work", "mitigations": "Cause that is dealt with", "bounds": "Bounds of one's own"}
_EVIDENCE = {value: label for value, label in GRADES.items() if value}
_FIGURES = {
    "low": "low", "mode": "likely", "high": "high", "p10": "P10", "p50": "P50", "p90": "P90", "mean": "mean",
    "sd": "standard deviation", "alpha": "alpha", "beta": "beta", "minimum": "cut off below",
    "maximum": "cut off above",
}  # fmt: skip
_LISTS = {"values": "values", "probabilities": "probabilities"}
_FACTOR = "A factor of what is planned: 1.2 is 20% more. A delay is in years."
_FRACTION = "A fraction: 0.25 is 25%."


def _distribution(key: str, title: str, *, first: tuple[str, ...], note: str) -> tuple[tuple[Column, ...], ...]:
    """(the figures that most people give, the others) of a distribution below `key`."""

    def figure(name: str) -> Column:
        said = f"{title}: {_FIGURES[name]}" if title else _FIGURES[name].capitalize()
        return Column(key=f"{key}{name}", title=said, kind=Kind.NUMBER, width=10, note=note if name == first[0] else "")

    shape = Column(
        key=f"{key}family", title=f"{title}: shape" if title else "Shape", kind=Kind.CHOICE, choices=FAMILIES,
        width=22, note=_SHAPE,
    )  # fmt: skip
    several = tuple(
        Column(key=f"{key}{name}", title=f"{title}: {said}" if title else said.capitalize(), kind=Kind.FIGURES,
               width=14, note="Numbers separated by semicolons.")
        for name, said in _LISTS.items()
    )  # fmt: skip
    others = tuple(figure(name) for name in _FIGURES if name not in first)
    return tuple(map(figure, first)), (shape, *others, *several)


_SHAPE = "Empty: a triangle where low, likely and high are given; experience where P10, P50 and P90 are."
_RANGE = _distribution("", "", first=("p10", "p50", "p90"), note=f"1 of 10 lies below. {_FACTOR}")
_COST = _distribution(
    "cost.", "Extra cost", first=("low", "mode", "high"), note="In the project's currency and unit, each time."
)
_LATE = _distribution("delay.", "Delay in years", first=("low", "mode", "high"), note="Years, not months.")

PARTNERS = PartSheet(
    name="Partners",
    path=("partners",),
    columns=(
        Column(key="name", title="Partner", kind=Kind.LINE, width=30),
        Column(key="role", title="Role", kind=Kind.LINE, width=30, note="What it does in the project."),
        Column(key="sector", title="Sector of the partner", kind=Kind.LINE, width=16,
               note="“private” carries equity and shortfalls; “public” does not."),
    ),
    needed={"": ("name",)},
)  # fmt: skip
RANGES = PartSheet(
    name="Ranges",
    path=("uncertainty", "drivers"),
    columns=(
        Column(key="driver", title="What is uncertain", kind=Kind.CHOICE, choices=DRIVERS, width=24,
               note="Without any row, experience with similar projects speaks."),
        *_RANGE[0],
        Column(key="applies_to", title="Of these lines only", kind=Kind.NAMES, width=26,
               note="Names of the sheet Figures, separated by semicolons; empty means every line of its kind."),
        Column(key="reference_class", title="Class of similar projects", kind=Kind.LINE, width=20,
               note="In place of figures of one's own."),
        Column(key="unit", title="Unit of the range", kind=Kind.LINE, width=10, note="“years” for a delay."),
        *_RANGE[1],
    ),
    needed={"": ("driver",)},
)  # fmt: skip
CORRELATIONS = PartSheet(
    name="Correlations",
    path=("uncertainty", "correlations"),
    columns=(
        Column(key="first", title="One uncertainty", kind=Kind.CHOICE, choices=DRIVERS, width=24),
        Column(key="second", title="The other", kind=Kind.CHOICE, choices=DRIVERS, width=24),
        Column(key="value", title="Rank correlation", kind=Kind.NUMBER, width=12, note="-1 to 1."),
    ),
    needed={"": ("first", "second", "value")},
    shape=Shape.VALUES,
)
RISKS = PartSheet(
    name="Risks",
    path=("uncertainty", "events"),
    columns=(
        Column(key="name", title="What could happen", kind=Kind.LINE, width=34),
        Column(key="category", title="Kind of risk", kind=Kind.CHOICE, choices=category_titles(), width=26),
        Column(key="probability", title="How likely", kind=Kind.NUMBER, width=10, note=_FRACTION),
        Column(key="per", title="When", kind=Kind.CHOICE, choices=WHEN, width=26,
               note="Empty: at most once over the whole life."),
        *_COST[0],
        *_LATE[0],
        Column(key="revenue_factor", title="Revenue and benefits that are left", kind=Kind.NUMBER, width=12,
               note="A fraction: 0.9 leaves 90% while it lasts."),
        Column(key="years", title="For how many years", kind=Kind.WHOLE, width=10),
        Column(key="mitigation.measure", title="What is done about it, and by whom", kind=Kind.LINE, width=36),
        Column(key="mitigation.cost", title="What that costs at the start", kind=Kind.NUMBER, width=12),
        Column(key="mitigation.probability_factor", title="Leaves of the chance", kind=Kind.NUMBER, width=10,
               note="A fraction: 0.5 halves the chance."),
        Column(key="mitigation.impact_factor", title="Leaves of the effect", kind=Kind.NUMBER, width=10,
               note="A fraction: 0.5 halves the effect."),
        *_COST[1],
        *_LATE[1],
    ),
    needed={"": ("name", "category", "probability")},
)  # fmt: skip
OPTIONS = PartSheet(
    name="Options",
    path=("uncertainty", "options"),
    columns=(
        Column(key="kind", title="Option", kind=Kind.CHOICE, choices=OPTION_KINDS, width=30),
        Column(key="name", title="Name of the option", kind=Kind.LINE, width=28),
        Column(key="view", title="Worth to", kind=Kind.CHOICE, choices=VIEWS, width=20),
        Column(key="from_year", title="May be given up from", kind=Kind.YEAR, width=10),
        Column(key="recovery", title="Received by year", kind=Kind.FIGURES, width=18,
               note="To give up: what is received at the end of each year, the first year first; semicolons between."),
        Column(key="recovery_share", title="Or share of the cost received", kind=Kind.NUMBER, width=11, note=_FRACTION),
        Column(key="exit_cost", title="Cost of giving up", kind=Kind.NUMBER, width=10),
        Column(key="latest_year", title="Latest start of building", kind=Kind.YEAR, width=10),
        Column(key="waiting_cost", title="Cost of a year of waiting", kind=Kind.NUMBER, width=10),
        Column(key="learns", title="Waiting tells of", kind=Kind.SEVERAL, choices=DRIVERS, width=22),
        Column(key="known", title="Share that is known then", kind=Kind.NUMBER, width=10, note=_FRACTION),
        Column(key="phase_2", title="Lines of phase 2", kind=Kind.NAMES, width=24,
               note="Names of the sheet Figures, separated by semicolons."),
        Column(key="decision_year", title="Decided at the end of", kind=Kind.YEAR, width=10),
        Column(key="driver", title="Phase 1 shows", kind=Kind.CHOICE, choices=DRIVERS, width=18),
        Column(key="threshold", title="Phase 2 is built from", kind=Kind.NUMBER, width=10,
               note="A factor: 0.9 is 90% of the plan."),
    ),
    needed=MappingProxyType({
        "": ("kind", "name"), OptionKind.DELAY.value: ("latest_year",),
        OptionKind.STAGE.value: ("phase_2", "decision_year", "threshold"),
    }),
)  # fmt: skip
BIAS = PartSheet(
    name="Optimism bias",
    path=("uncertainty", "optimism_bias"),
    columns=(
        Column(key="part", title="What the row states", kind=Kind.CHOICE, choices=BIAS_PARTS, width=22),
        Column(key="type", title="Type of work", kind=Kind.LINE, width=24, note="E.g. non-standard-building."),
        Column(key="share", title="Share of the cost", kind=Kind.NUMBER, width=10, note=_FRACTION),
        Column(key="factor", title="Cause", kind=Kind.LINE, width=28),
        Column(key="applies_to", title="Too optimistic about", kind=Kind.CHOICE, choices=TARGETS, width=14),
        Column(key="contribution", title="Part of the bias", kind=Kind.NUMBER, width=10, note=_FRACTION),
        Column(key="mitigated", title="Part that is dealt with", kind=Kind.NUMBER, width=10, note=_FRACTION),
        Column(key="evidence", title="Evidence of it", kind=Kind.CHOICE, choices=_EVIDENCE, width=14),
        Column(key="reason", title="What was done", kind=Kind.PROSE, width=34),
        Column(key="upper", title="Upper bound", kind=Kind.NUMBER, width=10),
        Column(key="lower", title="Lower bound", kind=Kind.NUMBER, width=10),
        Column(key="source", title="Source of the bounds", kind=Kind.PROSE, width=26),
    ),
    needed={
        "": ("part",), "mix": ("type", "share"), "mitigations": ("factor", "applies_to", "contribution", "mitigated"),
        "bounds": ("applies_to", "upper"),
    },
    shape=Shape.GROUPS,
    groups=tuple(BIAS_PARTS),
)  # fmt: skip
EXPLANATIONS = PartSheet(
    name="Explanations",
    path=("explanations",),
    columns=(
        Column(key="rule", title="Check", kind=Kind.LINE, width=34,
               note="The name of a consistency check, e.g. it-without-renewal."),
        Column(key="why", title="Why it is right as it stands", kind=Kind.LINE, width=60),
    ),
    needed={"": ("rule", "why")},
    shape=Shape.MAPPING,
)  # fmt: skip
PART_SHEETS = (PARTNERS, RANGES, CORRELATIONS, RISKS, OPTIONS, BIAS, EXPLANATIONS)
OUTPUT = "Output"
OUTPUT_COLUMNS = (REFERENCE, Column(key="unit", title="What is counted", kind=Kind.LINE, width=24, note="E.g. trips."))
"""What the project puts out, one row a project with a column a year."""
KEPT = "(longer than a cell: stays as stored)"
"""Beside a reference: what the project has of the sheet does not fit, and is left as it is stored."""
