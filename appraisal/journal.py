"""The log of the server: one line of JSON an entry, which no text from outside can break or forge.

What is logged, and what never is: docs/security/logging.md.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any

EVENTS = "appraisal.events"
"""The logger of what concerns the security of the tool: signing in, refusals, limits."""
_ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=str)
"""ASCII alone: line breaks, control characters and overrides of any script are escaped."""


class JsonLines(logging.Formatter):
    """When, how grave, from where and what; the facts of an event beside it, the trace of a failure as one text."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "said": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return _ENCODER.encode(line)


def note(event: str, level: int = logging.WARNING, **facts: object) -> None:
    """Log an event with its facts; those that are None are left out."""
    known = {name: fact for name, fact in facts.items() if fact is not None}
    logging.getLogger(EVENTS).log(level, event, extra={"facts": known})


def configuration() -> dict[str, Any]:
    """For `logging.config`: everything goes to standard error as such lines; events from `info` on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": JsonLines}},
        "handlers": {"error": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"level": "WARNING", "handlers": ["error"]},
        "loggers": {EVENTS: {"level": "INFO"}, "gunicorn.error": {"level": "INFO", "propagate": True, "handlers": []}},
    }
