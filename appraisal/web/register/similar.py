"""Projects that look like the one whose name is being typed."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from appraisal import policy
from appraisal.policy import Action
from appraisal.services import similar
from appraisal.services.similar import Similar
from appraisal.web.identity import current_actor, sessions
from forms.ids import key_of


def similar_names() -> ResponseReturnValue:
    """The part of the page under the name, for the name as it stands."""
    policy.require(current_actor(), Action.CREATE_PROJECT)
    name, but = request.args.get("name", ""), request.args.get("but", type=key_of)
    return render_template("register/similar.html", similar=similar_to(name, but=but))


def similar_to(name: str, *, but: UUID | None = None) -> tuple[Similar, ...]:
    with sessions()() as database:
        return similar.similar_projects(database, current_actor(), name, but=but)
