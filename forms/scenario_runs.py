"""Editing a scenario of METHOD 11: what it changes, each figure in the unit that people say it in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from wtforms import SubmitField, ValidationError

from forms.registration.fields import LineField, NumberField, ProseField, VersionField
from forms.scenarios import LONGEST_NAME, LONGEST_REASON
from scoring.scenarios import FIELDS, Changes

HUNDRED = Decimal(100)
WEIGHT = "weight_"
SLACK = Decimal("0.05")
"""By so much the weights, each rounded to a decimal, may be from 100."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One figure of `Changes` as it is asked for."""

    name: str
    label: str
    unit: str
    """`%` of change for a factor, else what the plain number counts."""
    help: str

    @property
    def scale(self) -> Decimal:
        return HUNDRED if self.unit in ("%", "points", "% a year") else Decimal(1)

    def number(self, value: float) -> Decimal:
        """As people say it: a factor of 0.7 is -30."""
        exact = Decimal(repr(value))
        return (exact - 1 if self.unit == "%" else exact) * self.scale

    def value(self, number: Decimal) -> float:
        """As `Changes` holds it."""
        return float(number / self.scale + (1 if self.unit == "%" else 0))


ASKED: tuple[Asked, ...] = (
    Asked("budget", "Budget", "%", "Change of the round's budget in per cent: −25 takes a quarter away."),
    Asked(
        "use", "Demand", "%", "Change of revenue, benefits and externalities in per cent, e.g. −30."
    ),
    Asked("capital_cost", "Capital cost", "%", "Change in per cent; the money that pays it changes with it."),
    Asked("running_cost", "Running costs", "%", "Change in per cent, over the whole operation."),
    Asked("delay", "Delay", "years", "Whole years by which everything opens later; overheads of the works go on."),
    Asked(
        "finance_points", "Dearer finance", "points",
        "Percentage points added to every loan and to the financial discount rate, e.g. 3.",
    ),
    Asked(
        "social_points", "Social discount rate", "points",
        "Percentage points added: 3 looks less far ahead, −3 farther.",
    ),
    Asked(
        "hazard", "Obsolescence", "% a year",
        "Chance in each year of operation that the technology is stranded, beside what the project states.",
    ),
    Asked(
        "data_gate_levels", "Stricter gates on data", "levels",
        "Levels, 0 to 4, by which gates on personal data and on watching public space ask for more.",
    ),
    Asked(
        "data_running_cost", "Running costs of keeping data", "%",
        "Change in per cent of running costs where personal data are processed, or nobody says.",
    ),
)  # fmt: skip
_LIMITS = {item.name: item for item in FIELDS}


class ChangedNumber(NumberField):
    """Empty where nothing changes; whole where parts make no sense."""

    def __init__(self, asked: Asked, **options: Any) -> None:
        limits = _LIMITS[asked.name]
        least, most = (asked.number(float(end)) for end in (limits.least, limits.most))
        super().__init__(
            f"{asked.label}, {asked.unit}",
            least=float(least),
            most=float(most),
            description=asked.help,
            **options,
        )
        self.whole = limits.whole

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        super().post_validate(form, validation_stopped)
        if self.whole and self.number is not None and self.number != int(self.number):
            raise ValidationError(f"{self.label.text} is a whole number.")


class _ScenarioFields(FlaskForm):  # type: ignore[misc]
    criteria: Sequence[str]
    version = VersionField()
    name = LineField(
        "Name", most=LONGEST_NAME, required="Enter a name.",
        description="As it stands in the list of this round, for example “Half the users, a year late”.",
    )  # fmt: skip
    reason = ProseField(
        "What happens, and why it is worth looking at", most=LONGEST_REASON,
        required="Say what happens and why it is worth looking at.",
        description="Colleagues read it beside the name.",
    )  # fmt: skip
    save = SubmitField("Save the scenario", widget=GovSubmitInput())

    def validate(self, extra_validators: Any = None) -> bool:
        sound: bool = super().validate(extra_validators)
        weights = [self[f"{WEIGHT}{key}"] for key in self.criteria]
        given = [field for field in weights if (field.data or "").strip()]
        if not given or any(field.errors for field in weights):
            return sound
        if len(given) < len(weights):
            missing = next(field for field in weights if field not in given)
            missing.errors = ["Enter a weight here too, or leave all of them empty."]
            return False
        total = sum((field.number for field in weights), Decimal(0))
        if abs(total - HUNDRED) > SLACK:
            weights[0].errors = [f"The weights sum to {total:f}, not to 100."]
            return False
        return sound

    @property
    def changes(self) -> Changes:
        """What was asked for; only after validation."""
        numbers = {item.name: item.value(number) for item in ASKED if (number := self[item.name].number) is not None}
        weights = {key: number for key in self.criteria if (number := self[f"{WEIGHT}{key}"].number) is not None}
        total = sum(weights.values(), Decimal(0))
        whole = {name: int(value) for name, value in numbers.items() if _LIMITS[name].whole}
        shares = {key: float(number / total) for key, number in weights.items()}
        return Changes(**{**numbers, **whole}, weights=shares)  # type: ignore[arg-type]


def scenario_form(criteria: Mapping[str, str]) -> type[_ScenarioFields]:
    """The form for a framework's criteria, title by id."""
    asked = {item.name: ChangedNumber(item) for item in ASKED}
    weights = {
        f"{WEIGHT}{key}": NumberField(
            f"{title}, %", least=0, most=100, description="Per cent of the score; all together make 100."
        )
        for key, title in criteria.items()
    }
    return type("ScenarioForm", (_ScenarioFields,), {"criteria": tuple(criteria), **asked, **weights})


def filled(changes: Changes) -> dict[str, str]:
    """A scenario's changes as the form shows them; what is as planned stays empty."""
    shown = {
        item.name: plain(item.number(getattr(changes, item.name)))
        for item in ASKED
        if getattr(changes, item.name) != _LIMITS[item.name].neutral
    }
    weights = {f"{WEIGHT}{key}": plain(Decimal(repr(weight)) * 100) for key, weight in changes.weights.items()}
    return {**shown, **weights}


def plain(number: Decimal) -> str:
    text = f"{round(number, 6):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
