"""The command `appraisal`. Everything heavy is imported by the command that needs it."""

from typing import BinaryIO

import click

from appraisal.terminal import answering, print_json
from scoring.limits import DEFAULT_DRAWS, MAX_DRAWS, MAX_SEED, MIN_DRAWS

DRAWS = click.IntRange(MIN_DRAWS, MAX_DRAWS)
SEED = click.IntRange(0, MAX_SEED)
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Appraise smart-city projects: register, score, risk-adjust, rank, report.

    Exit status: 0 done, 2 refused, with the reason on the error stream.
    """


@main.command()
@click.argument("file", type=click.File("rb"))
@click.option("--draws", type=DRAWS, default=DEFAULT_DRAWS, show_default=True, help="Simulated futures.")
@click.option("--seed", type=SEED, default=1, show_default=True, help="Start of the random stream.")
@JSON
@answering
def evaluate(file: BinaryIO, draws: int, seed: int, as_json: bool) -> None:
    """Appraise one project file (`-` reads standard input) without any database."""
    from appraisal.canonical import sha256_of
    from appraisal.reading.project_file import read_project
    from scoring.appraisal import appraise
    from scoring.frameworks import load_framework
    from scoring.parameters import load_parameters
    from scoring.project_document import to_document
    from scoring.result_document import to_document as result_document

    project = read_project(file.read())
    digest = sha256_of(to_document(project))
    result = appraise(project, load_framework(), load_parameters(), seed=seed, draws=draws, input_sha256=digest)
    if as_json:
        print_json(result_document(result))
        return
    from appraisal.summary import summary_lines

    for line in summary_lines(project, result):
        click.echo(line)
