"""The command `appraisal`. Everything heavy is imported by the command that needs it."""

from typing import BinaryIO

import click

from appraisal.cli_records import completed, rounds, user
from appraisal.cli_trail import audit, backup, report, restore
from appraisal.terminal import JSON, answering, database, database_engine, print_json, progress_bar, refuse, settings
from scoring.limits import DEFAULT_DRAWS, MAX_DRAWS, MAX_SEED, MIN_DRAWS

DRAWS = click.IntRange(MIN_DRAWS, MAX_DRAWS)
SEED = click.IntRange(0, MAX_SEED)
SAMPLERS = ("sobol", "pseudo-random")
CARBON_PATHS = ("low", "central", "high")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Appraise smart-city projects: register, score, risk-adjust, rank, report.

    Exit status: 0 done, 2 refused, with the reason on the error stream.
    """


@main.command()
@click.argument("file", type=click.File("rb"))
@click.option("--draws", type=DRAWS, default=DEFAULT_DRAWS, show_default=True, help="Simulated futures.")
@click.option("--seed", type=SEED, default=1, show_default=True, help="Start of the random stream.")
@click.option("--sampler", type=click.Choice(SAMPLERS), default=SAMPLERS[0], show_default=True, help="How to draw.")
@click.option("--carbon", type=click.Choice(CARBON_PATHS), help="Carbon price path; the framework's where left out.")
@JSON
@answering
def evaluate(file: BinaryIO, draws: int, seed: int, sampler: str, carbon: str | None, as_json: bool) -> None:
    """Appraise one project file (`-` reads standard input) without any database."""
    from appraisal.canonical import sha256_of
    from appraisal.reading.input_problems import with_input_problems
    from appraisal.reading.project_file import Unreadable, read_project
    from scoring.appraisal import appraise
    from scoring.frameworks import load_framework
    from scoring.parameters import load_parameters
    from scoring.project_document import to_document
    from scoring.result_document import to_document as result_document
    from scoring.risk.sampling import Sampler

    framework, parameters = load_framework(), load_parameters()
    try:
        project = read_project(file.read())
    except Unreadable as refused:
        raise with_input_problems(refused, framework, parameters) from None
    digest = sha256_of(to_document(project))
    result = appraise(
        project,
        framework.on_carbon_path(carbon),
        parameters,
        seed=seed,
        draws=draws,
        input_sha256=digest,
        sampler=Sampler(sampler),
    )
    if as_json:
        print_json(result_document(result))
        return
    from appraisal.summary import summary_lines

    for line in summary_lines(project, result):
        click.echo(line)


@main.command("import")
@click.argument("files", type=click.File("rb"), nargs=-1, required=True)
@click.option("--as", "email", required=True, help="Account that registers them.")
@click.option("--submit", is_flag=True, help="Submit what was new or changed at once instead of leaving drafts.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen, and store nothing.")
@click.option("--valid", is_flag=True, help="Take what can be taken of a file that has problems.")
@JSON
@answering
def import_projects(
    files: tuple[BinaryIO, ...], email: str, submit: bool, dry_run: bool, valid: bool, as_json: bool
) -> None:
    """Create or update projects: project files, workbooks (.xlsx, .ods), CSV tables, OC4IDS packages.

    Each file is taken whole or not at all, unless --valid; the first that is refused ends the command.
    """
    from pathlib import Path

    from appraisal.services import accounts, importing, registration
    from appraisal.transactions import reading

    sessions = database()
    with sessions() as session:
        actor = accounts.account_of(session, email)
    contents = [(Path(file.name).name, file.read()) for file in files]
    plans = []
    for _, content in contents:
        with sessions() as session:
            plans.append(importing.plan_content(session, actor, content))
    problems = [problem for plan in plans for problem in plan.all_problems]
    if problems and not (valid or dry_run):
        refuse([(problem.at, problem.rule) for problem in problems], as_json=as_json)
    state = "submitted" if submit else "draft"
    done: list[tuple[str, str]] = []
    for (name, content), plan in zip(contents, plans, strict=True):
        if not dry_run and any(plan.changing()):
            with sessions() as session:
                _, plan = importing.import_content(session, actor, name, content, all_or_nothing=not valid)  # noqa: PLW2901
        done += [(row.reference, row.outcome.value) for row in plan.rows]
    taken = [reference for reference, outcome in done if outcome in ("create", "update")]
    for reference in taken if submit and not dry_run else ():
        with sessions() as session, reading(session):
            found = registration.project_by_reference(session, actor, reference)
        with sessions() as session:
            registration.submit_project(session, actor, found.id, found.version)
    if as_json:
        print_json(
            [
                {"reference": reference, "outcome": outcome, "state": state if reference in taken else None}
                for reference, outcome in done
            ]
        )
        return
    for problem in problems:
        click.echo(str(problem), err=True)
    words = _WOULD if dry_run else _DID
    for reference, outcome in done:
        said = words[outcome].format("submitted" if submit else "registered as a draft")
        click.echo(f"{reference} {said}")


_DID = {"create": "{}", "update": "updated", "unchanged": "unchanged", "cannot": "cannot be taken"}
_WOULD = {"create": "would be {}", "update": "would be updated", "unchanged": "unchanged", "cannot": "cannot be taken"}


@main.command("export")
@click.argument("reference")
@answering
def export_project(reference: str) -> None:
    """Print a project as a project file."""
    from appraisal.policy import OPERATOR
    from appraisal.services import registration

    with database()() as session:
        click.echo(registration.project_document(session, OPERATOR, reference))


@main.command()
@click.argument("references", nargs=-1)
@click.option("--draws", type=DRAWS, default=DEFAULT_DRAWS, show_default=True, help="Simulated futures.")
@click.option("--seed", type=SEED, default=1, show_default=True, help="Start of the random streams.")
@JSON
@answering
def appraise(references: tuple[str, ...], draws: int, seed: int, as_json: bool) -> None:
    """Appraise submitted projects: those named, or all that wait. One that fails does not stop the others."""
    from appraisal.policy import OPERATOR
    from appraisal.services import ranking, registration
    from appraisal.services.batches import appraise_all
    from appraisal.transactions import reading

    sessions = database()
    with sessions() as session:
        waiting = ranking.ranked_portfolio(session, OPERATOR).waiting
    keys = {item.reference: item.project_id for item in waiting if item.state == "submitted"}
    if references:
        with sessions() as session, reading(session):
            keys = {name: registration.project_by_reference(session, OPERATOR, name).id for name in references}
    with progress_bar("Appraising") as step:
        outcomes = appraise_all(sessions, OPERATOR, list(keys.values()), seed=seed, draws=draws, progress=step)
    found = [
        {"reference": name, "run": each.run, "problem": each.problem} for name, each in zip(keys, outcomes, strict=True)
    ]
    if as_json:
        print_json(found)
    else:
        click.echo(f"{sum(each.run is not None for each in outcomes)} appraised")
    failed = [(str(item["reference"]), str(item["problem"])) for item in found if item["run"] is None]
    if failed:
        refuse(failed, as_json=False)


@main.command()
@JSON
@answering
def rank(as_json: bool) -> None:
    """Print the ranked portfolio."""
    from appraisal.policy import OPERATOR
    from appraisal.services import ranking

    with database()() as session:
        portfolio = ranking.ranked_portfolio(session, OPERATOR)
    if as_json:
        keys = (
            *("rank", "rank_low", "rank_high", "reference", "title", "score", "low", "high", "risk_adjusted_return"),
            *("prob_negative", "cost", "currency", "blocking", "run"),
        )
        print_json([{key: getattr(row, key) for key in keys} for row in portfolio.rows])
        return
    for row in portfolio.rows:
        score = "  – " if row.score is None else f"{row.score:4.0f}"
        gates = f"  gates: {', '.join(row.blocking)}" if row.blocking else ""
        click.echo(f"{row.rank:3} ({row.rank_low}–{row.rank_high}) {score}  {row.reference}  {row.title}{gates}")


@main.command()
@click.argument("run", type=int)
@JSON
@answering
def replay(run: int, as_json: bool) -> None:
    """Recompute a stored run and compare it bit for bit; status 2 where it differs."""
    from appraisal.policy import OPERATOR
    from appraisal.services import appraising

    with database()() as session:
        found = appraising.replay(session, OPERATOR, run)
    if as_json:
        print_json({"run": found.run, "equal": found.equal, "difference": found.difference})
    if not found.equal:
        refuse([(found.difference or "", f"run {run} gives another figure now")], as_json=False)
    if not as_json:
        click.echo(f"run {run}: equal to the bit")


@main.command()
@click.argument("before", type=int)
@click.argument("after", type=int)
@JSON
@answering
def diff(before: int, after: int, as_json: bool) -> None:
    """Say which inputs of two runs differ, and how far each of them alone moves the results."""
    from dataclasses import asdict

    from appraisal.policy import OPERATOR
    from appraisal.services.comparing import compare_runs
    from appraisal.summary import comparison_lines

    with database()() as session:
        found = compare_runs(session, OPERATOR, before, after)
    if as_json:
        print_json(asdict(found))
        return
    for line in comparison_lines(found):
        click.echo(line)


for group in (user, rounds, completed, audit, report, backup, restore):
    main.add_command(group)


@main.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
@click.option("--unverified", is_flag=True, help="Go on although the audit trail is not sound; the trail says so.")
@answering
def upgrade_database(unverified: bool) -> None:
    """Bring the tables up to date, after a check of the audit trail; safe to run again."""
    from appraisal.services.upgrading import upgrade

    upgrade(database_engine(), unverified=unverified)
    click.echo("the tables are up to date")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--demo", is_flag=True, help="Load the demonstration city first.")
@answering
def serve(host: str, port: int, demo: bool) -> None:
    """Migrate the database and serve the pages."""
    import socket
    from dataclasses import replace

    from appraisal.server import run

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            refuse([("port", f"{port} is taken; choose another, e.g. make run PORT={port + 1}")], as_json=False)
    chosen = settings()
    database()
    if demo:
        _load_demo(chosen.production)
    click.echo(f"Serving on http://{host}:{port} (stop with Ctrl+C)")
    run(replace(chosen, demo=chosen.demo or demo), host=host, port=port)


def _load_demo(production: bool) -> None:
    from appraisal.services import demonstration

    if production:
        refuse([("demo", "the demonstration is not loaded in production: its password is known")], as_json=False)
    with progress_bar("Loading the demonstration") as step:
        added = demonstration.load_demo(database(), step)
    click.echo(f"{added} projects added to the fictional city of Haneul." if added else "The demonstration is there.")
    for email, role in demonstration.demo_accounts():
        click.echo(f"  {role.value:9} {email}  password: {demonstration.PASSWORD}")


@main.command("demo")
@answering
def load_demo() -> None:
    """Load the fictional city of Haneul; doing it again changes nothing."""
    _load_demo(settings().production)
