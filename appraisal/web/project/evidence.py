"""A file of evidence, to be saved: it is never opened in the page, and nothing in it can run there."""

from urllib.parse import quote
from uuid import UUID

from flask import Response

from appraisal.services import sent_evidence
from appraisal.web.downloads import attachment
from appraisal.web.identity import current_actor, sessions

NOTHING_RUNS = "sandbox; default-src 'none'"


def evidence(project_id: UUID, file_id: UUID) -> Response:
    with sessions()() as database:
        file, content = sent_evidence.open_file(database, current_actor(), project_id, file_id)
    name = f"{file.title}.{file.kind}"
    response = attachment(content, name, file.kind.mimetype)
    response.headers["Content-Disposition"] += f"; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Content-Security-Policy"] = NOTHING_RUNS
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response
