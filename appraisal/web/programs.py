"""What programs ask for with a token, as JSON: the projects they may see, and registering one."""

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect

from appraisal.models import Scope
from appraisal.reading.problems import Unreadable
from appraisal.reading.project_file import read_project
from appraisal.services import listing, registration
from appraisal.web.identity import current_actor, open_to_tokens, sessions, token_only

REFUSED = 422


def blueprint(csrf: CSRFProtect) -> Blueprint:
    """Registering takes a token alone and no session, so that no page elsewhere can make a browser send it."""
    pages = Blueprint("programs", __name__)
    pages.add_url_rule("/projects.json", "listed", open_to_tokens(Scope.READ_PROJECTS)(listed), methods=("GET",))
    register = csrf.exempt(token_only(Scope.REGISTER)(registered))
    pages.add_url_rule("/projects.json", "registered", register, methods=("POST",))
    pages.register_error_handler(Unreadable, _unreadable)
    return pages


def listed() -> ResponseReturnValue:
    with sessions()() as database:
        found = listing.own_projects(database, current_actor())
    return jsonify(
        projects=[
            {
                "id": str(each.project_id),
                "reference": each.reference,
                "title": each.title,
                "state": each.state.value,
                "changed_at": each.changed_at.isoformat(),
                "run": each.run,
                "file": url_for("projects.file", project_id=each.project_id),
            }
            for each in found
        ]
    )


def registered() -> ResponseReturnValue:
    """A project file becomes a draft of the account's organisation; one that is refused says where and why."""
    file = read_project(request.get_data())
    with sessions()() as database:
        project = registration.register_project(database, current_actor(), file)
    made = {"id": str(project.id), "reference": project.reference, "state": project.state.value}
    return jsonify(made), 201, {"Location": url_for("projects.shown", project_id=project.id)}


def _unreadable(error: Unreadable) -> ResponseReturnValue:
    problems = [{"path": each.path, "message": each.message} for each in error.problems]
    return jsonify(error="The project file cannot be taken in.", problems=problems), REFUSED
