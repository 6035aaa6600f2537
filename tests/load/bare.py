"""The least that stores something: one route, one row, one commit, on the same engine and the same server.

What saving a draft costs more than this is the tool's own doing.
"""

import sys
from uuid import uuid4

from flask import Flask
from sqlalchemy import Column, MetaData, String, Table, insert

from appraisal.database import create_engine_for
from appraisal.server import serve
from config import from_environment

rows = Table("bare_row", MetaData(), Column("key", String(36), primary_key=True), Column("text", String(2000)))


def main() -> None:
    settings = from_environment()
    engine = create_engine_for(settings.database_url)
    rows.create(engine, checkfirst=True)
    engine.dispose()
    app = Flask("bare")

    @app.post("/row")
    def row() -> str:
        with engine.begin() as connection:
            connection.execute(insert(rows).values(key=str(uuid4()), text="x" * 500))
        return "stored"

    app.add_url_rule("/health", "health", lambda: "ok")
    serve(app, host="127.0.0.1", port=int(sys.argv[1]), processes=settings.processes, begin=lambda _app: None)


if __name__ == "__main__":
    main()
