"""What every method makes of the ranked projects, side by side with its reasons, and who dominates whom."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from appraisal.services.other_methods import by_places, compared_methods
from appraisal.web.identity import signed_in
from appraisal.web.method_words import finding, parts_of, reason
from appraisal.web.what_if import LIVE_MOST, asked
from scoring.frameworks import Method
from scoring.frameworks.vocabulary import METHODS

pages = Blueprint("portfolio_methods", __name__)


@pages.get("/portfolio/methods")
@signed_in
def shown() -> ResponseReturnValue:
    page = asked()
    places = by_places(page.explored)
    compared = compared_methods(page.explored) if page.live and not places else None
    return render_template(
        "portfolio/methods.html",
        page=page,
        compared=compared,
        places=places,
        title=finding(compared) if compared else "",
        methods=tuple(Method),
        words=METHODS,
        stated=page.base.aggregation,
        reason=reason,
        parts_of=parts_of,
        everyone=page.explored.portfolio.ranked,
        most=LIVE_MOST,
    )
