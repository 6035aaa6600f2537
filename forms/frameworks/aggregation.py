"""How a framework makes one order of its criteria: the method, and the thresholds of those that compare in pairs."""

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from wtforms import SubmitField

from forms.frameworks.weights import RequiredNumber
from forms.registration.fields import NumberField, VersionField, either
from scoring.frameworks.aggregation import NO_VETO, Aggregation, Method
from scoring.frameworks.vocabulary import METHODS

FULL = 100


def veto_name(criterion: str) -> str:
    """The name of the field of one criterion's veto."""
    return f"veto-{criterion}"


def aggregation_form(criteria: Mapping[str, str]) -> type[FlaskForm]:
    """The form for a framework with these criteria, id -> title."""
    vetoes = {veto_name(key): NumberField(f"Veto on {title}", least=0, most=FULL) for key, title in criteria.items()}
    fields = {
        "version": VersionField(default="0"),
        "method": either("Method", {key.value: words.title for key, words in METHODS.items()}),
        "indifference": RequiredNumber(
            "Makes no difference up to",
            least=0,
            most=FULL,
            description="Points of a criterion's 100. Two projects this close count as alike on it.",
        ),
        "preference": RequiredNumber(
            "Counts fully from",
            least=0,
            most=FULL,
            description="Points of a criterion's 100; 25 is one level of 0 to 4. In between it counts in part.",
        ),
        **vetoes,
        "save": SubmitField("Save", widget=GovSubmitInput()),
    }
    return type("AggregationForm", (_AggregationForm,), {"criteria": tuple(criteria), **fields})


class _AggregationForm(FlaskForm):  # type: ignore[misc]
    criteria: tuple[str, ...]

    def aggregation(self) -> Aggregation:
        """What the form says; vetoes as every framework has them are not stated."""
        numbers = {key: self[veto_name(key)].number for key in self.criteria}
        vetoes = {key: float(points) for key, points in numbers.items() if points is not None}
        usual = {key: Aggregation().veto_of(key) for key in self.criteria}
        return Aggregation(
            method=Method(self.method.data),
            indifference=float(self.indifference.number or 0),
            preference=float(self.preference.number or 0),
            vetoes=None if vetoes == usual else vetoes,
        )


def aggregation_values(stated: Aggregation, criteria: Mapping[str, str]) -> dict[str, Any]:
    """An aggregation as the form's fields write it."""
    vetoes = {key: stated.veto_of(key) for key in criteria}
    return {
        "method": stated.method.value,
        "indifference": f"{stated.indifference:.12g}",
        "preference": f"{stated.preference:.12g}",
        **{veto_name(key): "" if points == NO_VETO else f"{points:.12g}" for key, points in vetoes.items()},
    }
