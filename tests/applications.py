"""The application on a test's database; its templates are compiled once a test process, not once an application."""

import tempfile
from functools import cache

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine

from appraisal import create_app
from config import Settings


@cache
def _compiled() -> FileSystemBytecodeCache:
    return FileSystemBytecodeCache(tempfile.mkdtemp(prefix="appraisal-templates-"))


def application(engine: Engine) -> Flask:
    app = create_app(
        Settings(environment="testing", secret_key="k" * 40, database_url="sqlite://", requests_a_minute=10**9), engine
    )
    app.jinja_env.bytecode_cache = _compiled()
    return app
