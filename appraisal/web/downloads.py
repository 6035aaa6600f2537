"""Files as answers: saved, never opened in the page, under a name that every system can keep."""

from flask import Response


def attachment(body: bytes, name: str, kind: str) -> Response:
    response = Response(body, content_type=kind)
    safe = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-._") else "_" for letter in name)
    response.headers["Content-Disposition"] = f'attachment; filename="{safe}"'
    return response
