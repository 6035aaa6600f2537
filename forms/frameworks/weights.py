"""Weights of one group: as percentages, as swings, or by comparing in pairs; each error at its own field or cell."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovSubmitInput
from wtforms import SelectField, SubmitField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types

from forms.registration.fields import NumberField, VersionField

DIRECT, SWING, AHP = "direct", "swing", "ahp"
WHOLE = 100
SLACK = 0.005
"""By so much each percentage with two decimals may be rounded."""
_WORDS = {
    1: "as much as",
    3: "moderately more than",
    5: "strongly more than",
    7: "very strongly more than",
    9: "extremely more than",
}
Named = Mapping[str, str]
"""Id -> title of everything in the group."""


class RequiredNumber(NumberField):
    """A number that must be there; an empty field would be a weight nobody stated."""

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if not validation_stopped and not (self.data or "").strip():
            raise ValidationError(f"Enter a number for {self.label.text}.")
        super().post_validate(form, validation_stopped)


def number_name(key: str) -> str:
    """The name of the field of one member."""
    return f"n-{key}"


def pair_name(first: str, second: str) -> str:
    """The name of the cell that compares two members."""
    return f"c-{first}--{second}"


def numbers_form(named: Named, method: str) -> type[FlaskForm]:
    """Percentages that sum to 100, or points of swings of which one is above 0."""
    most = WHOLE if method == DIRECT else 1000
    fields = {number_name(key): RequiredNumber(title, least=0, most=most) for key, title in named.items()}
    return type("NumbersForm", (_Numbers,), {"names": tuple(named), "method": method, **fields, **_around()})


class _Numbers(FlaskForm):  # type: ignore[misc]
    names: Sequence[str]
    method: str
    total_error = ""

    def numbers(self) -> dict[str, float]:
        return {key: float(self[number_name(key)].number or 0) for key in self.names}

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        total = sum(self.numbers().values())
        if self.method == DIRECT and abs(total - WHOLE) > SLACK * len(self.names) + 1e-9:
            away = f"{abs(total - WHOLE):.6g} {'too much' if total > WHOLE else 'missing'}"
            self.total_error = f"The weights sum to {total:.6g}, not to 100: {away}."
        elif self.method == SWING and total <= 0:
            self.total_error = "Give at least one swing some points."
        return not self.total_error


def pairs_form(named: Named) -> type[FlaskForm]:
    """One cell a pair; a cell left open is refused where it is."""
    fields = {pair_name(first, second): _cell(named[first], named[second]) for first, second in combinations(named, 2)}
    return type("PairsForm", (_Pairs,), {"names": tuple(named), **fields, **_around()})


class _Pairs(FlaskForm):  # type: ignore[misc]
    names: Sequence[str]

    def comparisons(self) -> dict[tuple[str, str], float]:
        pairs = combinations(self.names, 2)
        return {pair: float(Fraction(str(self[pair_name(*pair)].data))) for pair in pairs}


def _around() -> dict[str, Any]:
    return {
        "version": VersionField(default="0"),
        "show": SubmitField("Show what it gives", widget=GovSubmitInput()),
        "save": SubmitField("Save these weights", widget=GovSubmitInput()),
    }


class _Compared:
    def __call__(self, form: Any, field: Any) -> None:  # noqa: ARG002
        if not field.data:
            raise ValidationError(f"Compare {field.label.text}.")


def _cell(first: str, second: str) -> SelectField:
    return SelectField(
        f"{first} with {second}",
        choices=judgements(first, second),
        default="",
        validators=[_Compared()],
        widget=GovSelect(),
    )


def judgements(first: str, second: str) -> Sequence[SelectChoice]:
    """Saaty's scale in words, from the first mattering most to the second mattering most."""
    found = [SelectChoice("", "Not compared yet")]
    found += [SelectChoice(str(times), said(first, second, Fraction(times))) for times in range(9, 1, -1)]
    found += [SelectChoice("1", said(first, second, Fraction(1)))]
    found += [SelectChoice(f"1/{times}", said(first, second, Fraction(1, times))) for times in range(2, 10)]
    return found


def said(first: str, second: str, times: Fraction) -> str:
    """A judgement as a sentence."""
    if times == 1:
        return f"{first} matters as much as {second}"
    more, less, strength = (first, second, times) if times > 1 else (second, first, 1 / times)
    return f"{more} matters {_WORDS.get(int(strength)) or 'more than'} {less} ({strength})"
