"""What a supervisor asks: whether the process lives, and whether it can do its work. Nothing secret, nothing kept."""

from flask import Blueprint, Response

from appraisal.services import probing
from appraisal.web.identity import sessions

pages = Blueprint("probes", __name__)
UNAVAILABLE = 503


@pages.get("/health")
def health() -> Response:
    return Response("ok\n", mimetype="text/plain")


@pages.get("/ready")
def ready() -> Response:
    found = probing.probe(sessions().kw["bind"])
    lines = "".join(f"{name}: {'ok' if well else 'failed'}\n" for name, well in found.items())
    return Response(lines, 200 if all(found.values()) else UNAVAILABLE, mimetype="text/plain")
