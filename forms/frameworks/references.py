"""What a framework refers to outside itself: exchange rates, places with weights of their own, stated ranges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from wtforms import SubmitField, ValidationError
from wtforms.form import BaseForm

from forms.frameworks.economics import PER_CENT, LinesField
from forms.numbers import read_number
from forms.registration.fields import VersionField
from scoring.frameworks import ExchangeRate, Standing
from scoring.limits import MAX_NAME

CODE = 3
DECIMALS = 15
RATE = "“AUD = 0.66 | 2023 | published | where it stands”"
PLACE = "“key = title: city; city”"
RANGE = "“criterion = 30 to 40”, or “place criterion = 30 to 40”"


class ExchangeRatesField(LinesField):
    """Rates into the framework's currency, one a line, in `rates`."""

    rates: tuple[ExchangeRate, ...] = ()
    own = ""
    """The framework's currency."""

    def post_validate(self, form: BaseForm, validation_stopped: bool) -> None:  # noqa: ARG002
        found: dict[str, ExchangeRate] = {}
        for line in self.lines():
            rate = self._rate(line)
            if rate.currency in found or rate.currency == self.own:
                known = "has a line already" if rate.currency in found else "is the framework's own"
                raise ValidationError(f"“{line[:60]}”: {rate.currency} {known}.")
            found[rate.currency] = rate
        self.rates = () if validation_stopped else tuple(found.values())

    def _rate(self, line: str) -> ExchangeRate:
        first, *rest = (part.strip() for part in line.split("|", 3))
        currency, _, number = (part.strip() for part in first.partition("="))
        if len(rest) != 3 or not all(rest):  # noqa: PLR2004 -- date, status, source
            raise ValidationError(f"“{line[:60]}” is not {RATE}.")
        if not (len(currency) == CODE and currency.isascii() and currency.isalpha() and currency.isupper()):
            raise ValidationError(f"“{line[:60]}”: a currency is three capital letters, as in AUD.")
        read = read_number(number, decimal_mark=".", decimals=DECIMALS)
        if read.value is None or read.percent or read.value <= 0:
            raise ValidationError(f"“{line[:60]}”: “{number[:20]}” is not a rate above 0.")
        day, status, source = rest
        if not _is_date(day):
            raise ValidationError(f"“{line[:60]}”: “{day[:20]}” is not a year, as in 2023, or a day, as in 2023-06-30.")
        known = [standing.value for standing in Standing]
        if status not in known:
            raise ValidationError(f"“{line[:60]}”: “{status[:20]}” is not one of {', '.join(known)}.")
        return ExchangeRate(currency=currency, per_unit=float(read.value), date=day, source=source, status=status)


def _is_date(text: str) -> bool:
    if len(text) == 4 and text.isascii() and text.isdecimal():  # noqa: PLR2004 -- a year
        return True
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place as a line names it; its weights are set with the others."""

    key: str
    title: str
    cities: tuple[str, ...]


class PlacesField(LinesField):
    """Places with their cities, one a line, in `places`."""

    places: tuple[NamedPlace, ...] = ()

    def post_validate(self, form: BaseForm, validation_stopped: bool) -> None:  # noqa: ARG002
        found: dict[str, NamedPlace] = {}
        taken: dict[str, str] = {}
        for line in self.lines():
            place = _place(line)
            if place.key in found:
                raise ValidationError(f"“{line[:60]}”: {place.key} has a line already.")
            for city in place.cities:
                if city.casefold() in taken:
                    raise ValidationError(f"{city[:60]} stands in {taken[city.casefold()]} already.")
                taken[city.casefold()] = place.key
            found[place.key] = place
        self.places = () if validation_stopped else tuple(found.values())


def _place(line: str) -> NamedPlace:
    key, _, rest = (part.strip() for part in line.partition("="))
    title, _, named = (part.strip() for part in rest.partition(":"))
    cities = tuple(city.strip() for city in named.split(";") if city.strip())
    if not (key and title and cities):
        raise ValidationError(f"“{line[:60]}” is not {PLACE}.")
    if not all(mark.isascii() and (mark.isalnum() or mark == "-") for mark in key):
        raise ValidationError(f"“{line[:60]}”: a key has letters, digits and hyphens, as in capital-area.")
    if max(map(len, (key, title, *cities))) > MAX_NAME:
        raise ValidationError(f"“{line[:60]}” has a name of more than {MAX_NAME} characters.")
    return NamedPlace(key, title, cities)


Range = tuple[float, float]


class RangesField(LinesField):
    """Ranges of weights that the source states, in `ranges`: by place, empty everywhere else, and criterion."""

    ranges: Mapping[tuple[str, str], Range] = {}
    criteria: Sequence[str] = ()

    def post_validate(self, form: BaseForm, validation_stopped: bool) -> None:
        given = cast("PlacesField", form["places"])
        places = {place.key for place in given.places}
        found: dict[tuple[str, str], Range] = {}
        for line in self.lines():
            where, _, bounds = (part.strip() for part in line.partition("="))
            place, _, criterion = where.rpartition(" ")
            if criterion not in self.criteria:
                raise ValidationError(f"“{line[:60]}” names no criterion: {', '.join(self.criteria)}.")
            if place and place not in places and not given.errors:
                raise ValidationError(f"“{line[:60]}” names no place that stands above.")
            if (place, criterion) in found:
                raise ValidationError(f"“{line[:60]}”: {where} has a range already.")
            found[place, criterion] = self._bounds(bounds, line)
        self.ranges = {} if validation_stopped else found

    def _bounds(self, text: str, line: str) -> Range:
        low, high = (self.number(part, line, RANGE) for part in [*text.split(" to ", 1), ""][:2])
        if not 0 <= low <= high <= PER_CENT:
            raise ValidationError(f"“{line[:60]}”: a range lies between 0 and 100, the lower number first.")
        return float(low / PER_CENT), float(high / PER_CENT)


class ReferencesForm(FlaskForm):  # type: ignore[misc]
    version = VersionField(default="0")
    exchange_rates = ExchangeRatesField(
        "Exchange rates",
        description=f"One a line as {RATE}: units of the framework's currency for one unit, the year or day of the "
        "rate, how it is known (published, secondary or default) and its source. A currency without a line is not "
        "converted, and the figures that need it say so.",
    )
    places = PlacesField(
        "Places with weights of their own",
        description=f"One a line as {PLACE}, cities as project files write them. A new place starts with the weights "
        "of the criteria; a line that is taken out takes its weights along.",
    )
    ranges = RangesField(
        "Ranges of weights that the source states, %",
        description=f"One a line as {RANGE}. A weight outside its range is refused.",
    )
    save = SubmitField("Save", widget=GovSubmitInput())

    def knows(self, currency: str, criteria: Sequence[str]) -> None:
        """The framework's own currency, and what its criteria are called."""
        self.exchange_rates.own, self.ranges.criteria = currency, criteria
