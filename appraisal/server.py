"""The production server: gunicorn with threads, waitress where gunicorn does not run."""

import sys

from appraisal import create_app
from config import Settings

THREADS = 8


def run(settings: Settings, *, host: str, port: int) -> None:
    """Serve until stopped."""
    app = create_app(settings)
    if sys.platform == "win32":
        from waitress import serve  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

        serve(app, host=host, port=port, threads=THREADS)
        return
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for key, value in {"bind": f"{host}:{port}", "worker_class": "gthread", "threads": THREADS}.items():
                self.cfg.set(key, value)

        def load(self) -> object:
            return app

    Server().run()
