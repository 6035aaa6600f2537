"""The Flask application: what people and machines touch."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

    from config import Settings


def create_app(settings: "Settings", engine: "Engine | None" = None) -> "Flask":
    """The application on these settings; `engine` is given by tests, else made from the settings."""
    from appraisal.web.application import build  # noqa: PLC0415 -- the command line starts without Flask

    return build(settings, engine)
