"""The production server: gunicorn with threads, waitress where gunicorn does not run."""

import logging.config
import sys
from collections.abc import Callable, Mapping
from threading import Thread

from flask import Flask

from appraisal import create_app, journal
from appraisal.reports.charts import sharing
from appraisal.services.work_process import WorkProcess
from appraisal.warming import warm_up
from appraisal.web.application import guards
from config import Settings

THREADS = 16
"""Of a process: twice as many as may wait for their passwords to be hashed."""
BELIEVING_NOBODY = {"forwarded_allow_ips": "", "forwarder_headers": ""}
"""Gunicorn would let every client on this machine, and whoever a proxy on it answers for, say under which path it is
served. Whom to believe is said in the settings, and asked by `appraisal.web.addresses`."""


def run(settings: Settings, *, host: str, port: int) -> None:
    """Serve until stopped; what is logged goes to standard error, as lines of JSON."""
    logging.config.dictConfig(journal.configuration())
    app = create_app(settings)
    sessions = app.extensions["sessions"]
    sessions.kw["bind"].dispose()  # connections do not survive the fork into workers
    keys = (settings.audit_key, *settings.audit_keys_before)
    app.extensions["worker"] = WorkProcess(sessions, settings.database_url, keys)
    sharing.open_door()
    refused = {**guards(production=settings.production), "Cache-Control": "no-store"}
    serve(app, host=host, port=port, processes=settings.processes, begin=_begin, refused=refused)


def serve(
    app: Flask,
    *,
    host: str,
    port: int,
    processes: int,
    begin: Callable[[Flask], None],
    refused: Mapping[str, str] | None = None,
) -> None:
    """Answer with the application, whose every process begins with `begin`.

    refused: the headers of what the server itself answers to requests that it cannot read.
    """
    if sys.platform == "win32":
        from waitress import serve as answer  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

        begin(app)
        answer(app, host=host, port=port, threads=THREADS)
        return
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415

    from appraisal.refusing import readable, worker_with  # noqa: PLC0415

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            chosen = {
                "bind": f"{host}:{port}",
                "worker_class": worker_with(refused or {}),
                "workers": processes,
                "threads": THREADS,
                "control_socket_disable": True,  # else a socket in the home folder steers the server
                **BELIEVING_NOBODY,
                "logconfig_dict": journal.configuration(),
                "post_worker_init": lambda _worker: begin(app),
            }
            for key, value in chosen.items():
                self.cfg.set(key, value)

        def load(self) -> object:
            return readable(app)

    Server().run()


def _begin(app: Flask) -> None:
    """What a serving process does besides answering: warm up, go on with what a killed one left, publish what is
    scheduled, see to the post."""
    Thread(target=warm_up, daemon=True).start()
    app.extensions["worker"].go_on()
    app.extensions["timetable"].start()
    app.extensions["post"].start()
