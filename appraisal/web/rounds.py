"""Rounds, for administrators: the list, making and changing one, extending its deadline with a reason."""

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types

from appraisal.models import Round
from appraisal.models.tables import now
from appraisal.services import frameworks
from appraisal.services import rounds as service
from appraisal.services.errors import AlreadyThere, DomainError, StaleVersion
from appraisal.services.rounds import Terms, Times
from appraisal.web.formatting import amount
from appraisal.web.identity import current_actor, sessions, signed_in
from appraisal.web.register.journey import differences
from forms.local_time import zones
from forms.rounds import ExtendForm, RoundForm, texts_of

pages = Blueprint("admin_rounds", __name__, url_prefix="/admin/rounds")
REFUSED, CONFLICT = 422, 409


@pages.get("")
@signed_in
def listed() -> ResponseReturnValue:
    with sessions()() as database:
        rounds = service.list_rounds(database, current_actor())
    at = now()
    return render_template("admin/rounds.html", rounds=rounds, at=at, open=sum(row.takes(at) for row in rounds))


@pages.route("/new", methods=["GET", "POST"])
@signed_in
def new() -> ResponseReturnValue:
    actor, form = current_actor(), RoundForm()
    with sessions()() as database:
        offered = frameworks.offered(database, actor)
    form.framework.choices = [SelectChoice(name, title) for name, title in offered]
    if form.validate_on_submit():
        terms, framework, key = _terms(form), form.framework.data, form.key.key
        made = _stored_or_said(form, lambda database: service.make_round(database, actor, terms, framework, key=key))
        if made is not None:
            flash(f"{made.name} is made{_when(made)}", "good")
            return redirect(url_for(".listed"))
    return _page(form, None)


@pages.route("/<uuid:round_id>", methods=["GET", "POST"])
@signed_in
def change(round_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    held = _current(round_id)
    form = RoundForm(data=_stored(held))
    form.framework.choices = [SelectChoice(held.framework_version.name, held.framework_version.title)]
    if form.validate_on_submit():
        terms, version = _terms(form), form.version.number
        try:
            changed = _stored_or_said(
                form, lambda database: service.change_round(database, actor, round_id, version, terms)
            )
        except StaleVersion:
            return _both(form, round_id)
        if changed is not None:
            flash(f"{changed.name} is saved{_when(changed)}", "good")
            return redirect(url_for(".listed"))
    return _page(form, held)


def _stored_or_said(form: RoundForm, store: Callable[[Session], Round]) -> Round | None:
    """The round as it is stored, or None with what speaks against it at its field; raises StaleVersion."""
    try:
        with sessions()() as database:
            return store(database)
    except StaleVersion:
        raise
    except AlreadyThere as refused:
        form.name.errors = [str(refused)]
    except DomainError as refused:
        form.closes_on.errors = [str(refused)]
    return None


@pages.route("/<uuid:round_id>/extend", methods=["GET", "POST"])
@signed_in
def extend(round_id: UUID) -> ResponseReturnValue:
    actor, form = current_actor(), ExtendForm()
    held = _current(round_id)
    if form.is_submitted() and form.read_in(held.zone) and form.closes is not None:
        try:
            with sessions()() as database:
                changed = service.extend(
                    database, actor, round_id, form.version.number, form.closes, form.reason.data or ""
                )
        except StaleVersion:
            form.version.data = str(_current(round_id).version)
            form.closes_on.errors = ["Someone else changed the round meanwhile. Look at its deadline, and send again."]
        except DomainError as refused:
            form.closes_on.errors = [str(refused)]
        else:
            flash(f"{changed.name} is extended{_when(changed)}", "good")
            return redirect(url_for(".listed"))
    if not form.is_submitted():
        form.version.data = str(held.version)
    status = REFUSED if form.is_submitted() else 200
    return render_template("admin/extend_round.html", form=form, held=held, at=now()), status


def _page(
    form: RoundForm, held: Round | None, stored: Sequence[tuple[str, str]] = (), status: int = REFUSED
) -> ResponseReturnValue:
    opened = held is not None and held.opened <= now()
    page = render_template("admin/round.html", form=form, held=held, opened=opened, zones=zones(), stored=stored)
    return page, status if form.is_submitted() else 200


def _both(form: RoundForm, round_id: UUID) -> ResponseReturnValue:
    """What was typed, beside what someone else has stored since."""
    held = _current(round_id)
    stored = RoundForm(formdata=None, data=_stored(held))
    stored.framework.choices = form.framework.choices
    form.version.data = str(held.version)
    return _page(form, held, differences(form, stored), CONFLICT)


def _current(round_id: UUID) -> Round:
    with sessions()() as database:
        return service.round_with(database, current_actor(), round_id)


def _terms(form: RoundForm) -> Terms:
    return Terms(
        name=form.name.data or "",
        place=form.place.data or "",
        budget=form.amount,
        currency=form.currency.data or "",
        unit=int(form.unit.data),
        price_year=form.price_year.number or 0,
        times=Times(
            zone=form.zone.data or "",
            opens=form.opens,
            closes=form.closes,
            scoring=form.scoring,
            returned_days=form.returned_days.number or 0,
        ),
    )


def _stored(held: Round) -> dict[str, str]:
    """The round as its form asks for it."""
    times = {"opens": held.opens, "closes": held.closes, "scoring": held.scoring_until}
    fields = {name: texts_of(local) for name, local in times.items()}
    return {
        **{f"{name}_on": day for name, (day, _) in fields.items()},
        **{f"{name}_time": clock for name, (_, clock) in fields.items()},
        **{name: str(getattr(held, name)) for name in ("version", "name", "place", "currency", "unit", "price_year")},
        "budget": amount(held.budget),
        "zone": held.zone,
        "returned_days": str(held.returned_days),
        "framework": held.framework_version.name,
    }


def _when(held: Round) -> str:
    """How its deadline reads, the words that everybody else gets as well."""
    return f". Its deadline: {held.closes}." if held.closes else ". It has no deadline."
