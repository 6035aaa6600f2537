"""What the commands have in common: how they report problems, print data, show progress and open the database."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

import click

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker

    from config import Settings

P = ParamSpec("P")
R = TypeVar("R")
REFUSED = 2
"""Exit status of a refused input; 0 is success."""
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")


def refuse(problems: list[tuple[str, str]], *, as_json: bool) -> NoReturn:
    """Print what is wrong, each with its place, and end with status 2."""
    if as_json:
        print_json({"problems": [{"path": path, "message": message} for path, message in problems]})
    for path, message in problems:
        click.echo(f"{path}: {message}" if path else message, err=True)
    sys.exit(REFUSED)


def print_json(document: Any) -> None:
    from appraisal.canonical import canonical_json

    click.echo(canonical_json(document))


def progress_bar(label: str) -> "contextlib.AbstractContextManager[Callable[[int, int], None]]":
    """A bar on the error stream, so that standard output stays clean data; call it with (done, of)."""

    @contextlib.contextmanager
    def bar() -> Iterator[Callable[[int, int], None]]:
        with click.progressbar(length=1, label=label, file=sys.stderr) as shown:

            def step(done: int, of: int) -> None:
                shown.length = of
                shown.update(done - shown.pos)

            yield step

    return bar()


def settings() -> "Settings":
    from config import ConfigurationError, from_environment

    try:
        return from_environment()
    except ConfigurationError as error:
        refuse([("", str(error))], as_json=False)


def database(*, to_check: bool = False) -> "sessionmaker[Session]":
    """Sessions on the configured database, migrated to the newest tables, which the audit key that is set seals.

    to_check: the trail need not be handed on to that key, since nothing is written. Raises DomainError.
    """
    from appraisal.database import sessions_on
    from appraisal.services.changing_key import require_newest_key
    from appraisal.services.upgrading import upgrade

    engine = database_engine()
    upgrade(engine)
    if not to_check:
        require_newest_key(engine)
    return sessions_on(engine)


def database_engine() -> "Engine":
    """The configured database as it is."""
    from appraisal.database import create_engine_for

    chosen = settings()
    return create_engine_for(chosen.database_url, chosen.audit_key, chosen.audit_keys_before)


def answering(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the errors people can act on into a message and status 2."""

    @wraps(command)
    def wrapped(*arguments: P.args, **options: P.kwargs) -> R:
        from appraisal.policy import NotAllowed, NotFound
        from appraisal.reading.problems import Unreadable
        from appraisal.services.errors import DomainError
        from appraisal.trail.chain import OtherKey
        from config import ConfigurationError
        from scoring.errors import InputError

        as_json = bool(options.get("as_json", False))
        try:
            return command(*arguments, **options)
        except (Unreadable, InputError) as error:
            refuse([(problem.path, problem.message) for problem in error.problems], as_json=as_json)
        except (DomainError, NotAllowed, NotFound, OtherKey, ConfigurationError) as error:
            refuse([("", str(error))], as_json=as_json)

    return wrapped
