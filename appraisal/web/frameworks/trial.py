"""A draft on today's projects: where thresholds put them, who moves, and which indicators tell nothing apart."""

from dataclasses import dataclass, replace
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from wtforms import SubmitField

from appraisal.policy import NotFound
from appraisal.services import framework_trial
from appraisal.services.framework_trial import PlacedNumber
from appraisal.web.frameworks.drafts import opened, outcome_of, page
from appraisal.web.identity import current_actor, sessions
from appraisal.web.register.journey import REFUSED, Outcome
from forms.frameworks.parts import PointsField, written_points
from forms.ids import key_of
from forms.registration.fields import VersionField
from scoring.frameworks import Framework, editing
from scoring.frameworks.vocabulary import FIGURES, METHODS

WIDE, HIGH, EDGE = 640.0, 220.0, 36.0
"""Measures of the drawing, in its own units."""
TOP_LEVEL = 4


class ThresholdsForm(FlaskForm):  # type: ignore[misc]
    version = VersionField(default="0")
    points = PointsField(
        "Thresholds", description="One a line as “number = level”, numbers rising, levels from 0 to 4."
    )
    show = SubmitField("Draw these", widget=GovSubmitInput())
    save = SubmitField("Save", widget=GovSubmitInput())


def tried(draft_id: UUID) -> ResponseReturnValue:
    shown = opened(draft_id)
    with sessions()() as database:
        rounds = framework_trial.rounds_to_try(database, current_actor())
    trial = None
    if "run" in request.args:
        chosen = request.args.get("round", type=key_of)
        with sessions()() as database:
            trial = framework_trial.try_draft(database, current_actor(), draft_id, chosen)
    titles = {item.id: item.title for item in shown.framework.indicators}
    return page("trial.html", shown, "tried", trial=trial, titles=titles, rounds=rounds, methods=METHODS)


def thresholds(draft_id: UUID, name: str) -> ResponseReturnValue:
    """The line of the thresholds with today's projects on it; drawn anew before it is stored."""
    shown = opened(draft_id)
    known = next((item for item in shown.framework.indicators if item.id == name and item.points), None)
    if known is None:
        raise NotFound
    values = {"version": str(shown.version), "points": written_points(known.points)}
    form = ThresholdsForm(data=values)
    outcome = Outcome()
    if "save" in request.form:
        outcome = outcome_of(
            shown,
            form,
            lambda: ThresholdsForm(formdata=None, data=values),
            lambda framework: _with_points(framework, name, form.points.points),
            part=f"thresholds {name}",
            fields={f"{editing.place_of_indicator(shown.framework, name)}.points": "points"},
        )
    elif form.is_submitted() and not form.validate():
        outcome = Outcome(REFUSED)
    if outcome.saved:
        return redirect(url_for(".thresholds", draft_id=draft_id, name=name))
    points = form.points.points if form.is_submitted() and len(form.points.points) > 1 else known.points
    with sessions()() as database:
        numbers = framework_trial.numbers_of(database, current_actor(), known)
    drawn = drawn_line(points, numbers)
    return page(
        "thresholds.html",
        shown,
        "draft",
        outcome.status,
        form=form,
        outcome=outcome,
        known=known,
        drawn=drawn,
        unit=FIGURES[known.figure].unit if known.figure else known.unit,
    )


def _with_points(framework: Framework, name: str, points: tuple[tuple[float, float], ...]) -> Framework:
    return editing.with_indicator(framework, replace(editing.indicator_of(framework, name), points=points))


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    project: PlacedNumber
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLine:
    """A line of thresholds in the drawing's units, with a dot a project."""

    path: str
    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, str], ...]
    at_floor: int
    at_top: int
    wide: float = WIDE
    high: float = HIGH
    edge: float = EDGE

    @property
    def levels(self) -> tuple[tuple[float, int], ...]:
        return tuple((_y(level), level) for level in range(TOP_LEVEL + 1))


def drawn_line(points: tuple[tuple[float, float], ...], numbers: tuple[PlacedNumber, ...]) -> DrawnLine:
    """The value function from a little before its first number, or the least project, to a little after the last."""
    placed = [item.number for item in numbers]
    low, high = min(points[0][0], *placed, points[-1][0]), max(points[-1][0], *placed, points[0][0])
    spare = (high - low) * 0.04 or 1.0
    low, high = low - spare, high + spare

    def x(number: float) -> float:
        return round(EDGE + (number - low) / (high - low) * (WIDE - 2 * EDGE), 1)

    ends = [(low, points[0][1]), *points, (high, points[-1][1])]
    dots = tuple(
        Dot(x(item.number), _y(level), item, level) for item in numbers for level in [_level(points, item.number)]
    )
    return DrawnLine(
        path=" ".join(f"{x(number)},{_y(level)}" for number, level in ends),
        dots=dots,
        ticks=tuple((x(number), f"{number:.4g}") for number, _ in points),
        at_floor=sum(dot.level <= 0 for dot in dots),
        at_top=sum(dot.level >= TOP_LEVEL for dot in dots),
    )


def _y(level: float) -> float:
    return round(HIGH - EDGE - level / TOP_LEVEL * (HIGH - 2 * EDGE), 1)


def _level(points: tuple[tuple[float, float], ...], number: float) -> float:
    """As `scoring.criteria.scales.interpolated`."""
    from scoring.criteria.scales import interpolated  # noqa: PLC0415 -- the numerical libraries only where they are used

    return interpolated(points, number)
