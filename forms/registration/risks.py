"""One risk of the register: what could happen, how likely, what it would do, what is done about it."""

from typing import Any

from wtforms import Form

from forms.registration.fields import LineField, NumberField, either, one_of
from forms.registration.risk_words import LIKELIHOODS, MONTHS, PER_LIFE, WHEN, category_titles
from scoring.limits import MAX_AMOUNT, MAX_DELAY_YEARS, MAX_FACTOR, MAX_NAME, MAX_PERIODS, MAX_SOURCE

OWN = "own"
"""A number of one's own instead of a word for it; least, likeliest and most instead of what a file states."""
IMPACT = {OWN: "The three figures below"}
MONEY, DELAY = ("cost_low", "cost_likely", "cost_high"), ("late_low", "late_likely", "late_high")
_UNSAID = ("category", "per", "cost_as", "late_as")
"""Fields that are filled in before anybody has typed anything."""


def _amount(label: str) -> NumberField:
    return NumberField(label, least=0.0, most=float(MAX_AMOUNT))


def _months(label: str) -> NumberField:
    return NumberField(label, least=0.0, most=MONTHS * MAX_DELAY_YEARS)


def _percent(label: str) -> NumberField:
    return NumberField(label, least=0.0, most=100.0)


class RiskForm(Form):
    """A risk; one of which nothing is said is not stored."""

    name = LineField("What could happen", most=MAX_NAME)
    category = one_of("Kind of risk", {"": "Choose", **category_titles()})
    likely = one_of("How likely", {"": "Choose", **LIKELIHOODS, OWN: "My own number"})
    chance = _percent("Own number, %")
    per = either("When", WHEN, default=PER_LIFE)
    cost_as = one_of("Extra cost", IMPACT, default=OWN)
    cost_low = _amount("Extra cost: least")
    cost_likely = _amount("Extra cost: likeliest")
    cost_high = _amount("Extra cost: most")
    late_as = one_of("Delay", IMPACT, default=OWN)
    late_low = _months("Delay: least")
    late_likely = _months("Delay: likeliest")
    late_high = _months("Delay: most")
    lost = NumberField("Revenue and benefits lost, %", least=100 * (1 - MAX_FACTOR), most=100.0)
    lasts = NumberField("For how many years", least=1.0, most=float(MAX_PERIODS))
    measure = LineField("What is done about it, and by whom", most=MAX_SOURCE)
    measure_cost = _amount("What that costs, once at the start")
    less_chance = _percent("Lowers the chance by, %")
    less_effect = _percent("Lowers the effect by, %")

    @property
    def blank(self) -> bool:
        return not any((field.data or "").strip() for field in self if field.short_name not in _UNSAID)

    def validate(self, extra_validators: Any = None) -> bool:
        if self.blank:
            return True
        super().validate(extra_validators)
        self._required()
        if self.cost_as.data == OWN:
            self._rising(MONEY)
        if self.late_as.data == OWN:
            self._rising(DELAY)
        lasts = self.lasts.number
        if lasts is not None and lasts != int(lasts):
            self._wrong("lasts", "Enter whole years.")
        return not any(field.errors for field in self)

    def _required(self) -> None:
        if not self.name.data:
            self._wrong("name", "Say in a few words what could happen.")
        if not self.category.data:
            self._wrong("category", "Choose the kind of risk.")
        if not self.likely.data:
            self._wrong("likely", "Choose how likely it is.")
        if self.likely.data == OWN and self.chance.number is None:
            self._wrong("chance", "Enter how likely it is, in per cent.")
        if self.likely.data != OWN and (self.chance.data or "").strip():
            self._wrong("chance", "Choose “My own number” above, or leave this empty.")

    def _rising(self, names: tuple[str, str, str]) -> None:
        """All three or none: one figure alone would be certain."""
        fields: list[Any] = [self[name] for name in names]
        given = [field.number for field in fields if field.number is not None]
        if given and len(given) < len(fields):
            for name, field in zip(names, fields, strict=True):
                if field.number is None:
                    self._wrong(name, "Enter all three: least, likeliest and most.")
        elif given and not (given[0] <= given[1] <= given[2] and given[0] < given[2]):
            self._wrong(names[-1], "Least, likeliest and most rise in this order.")

    def _wrong(self, name: str, message: str) -> None:
        if not self[name].errors:
            self[name].errors = [message]
