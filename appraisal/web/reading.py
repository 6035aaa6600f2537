"""Pages to read, for anyone: how figures come about and what words mean, and what the tool stores about people."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from scoring import ENGINE_VERSION

pages = Blueprint("reading", __name__)


@pages.get("/help")
def help_page() -> ResponseReturnValue:
    return render_template("reading/help.html", engine=ENGINE_VERSION)


@pages.get("/privacy")
def privacy() -> ResponseReturnValue:
    return render_template("reading/privacy.html", kept=current_app.extensions["settings"])
