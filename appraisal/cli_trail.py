"""The command line for what must be provable and must not be lost: the trail, reports, backups."""

from pathlib import Path
from typing import BinaryIO

import click

from appraisal.terminal import JSON, answering, database, database_engine, print_json, refuse

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def audit() -> None:
    """The audit trail."""


@audit.command("verify")
@click.option("--anchor", "printed", help="A head of the chain as a report printed it: NUMBER:HASH.")
@JSON
@answering
def verify_trail(printed: str | None, as_json: bool) -> None:
    """Check every entry and every row it wrote; status 2 names the first bad row, and all others found."""
    from appraisal.policy import OPERATOR
    from appraisal.services import verifying
    from appraisal.services.errors import DomainError
    from appraisal.trail.chain import read_anchor

    try:
        anchor = read_anchor(printed) if printed is not None else None
    except ValueError as error:
        raise DomainError(str(error)) from None
    with database(to_check=True)() as session:
        found = verifying.verify(session, OPERATOR, anchor)
    if as_json:
        print_json(
            {
                "sound": found.sound,
                "entries": found.entries,
                "rows": found.facts,
                "head": str(found.head),
                "findings": [{"place": each.place, "problem": each.problem} for each in found.findings],
            }
        )
    if not found.sound:
        refuse([(each.place, each.problem) for each in found.findings], as_json=False)
    if not as_json:
        click.echo(f"{found.entries} entries and {found.facts} records agree; the head is {found.head}")


@audit.command("change-key")
@answering
def change_key() -> None:
    """Seal with APPRAISAL_AUDIT_KEY from now on; APPRAISAL_AUDIT_KEYS_BEFORE holds the one until now. Stop every server
    first."""
    from appraisal.services import changing_key

    done = changing_key.change_key(database_engine())
    click.echo(f"from entry {done.sequence + 1} on the trail is sealed with the new key; the head is {done}")


@audit.command("export")
@click.argument("output", type=FILE)
@answering
def export_trail(output: Path) -> None:
    """Write the whole trail as CSV."""
    from appraisal.policy import OPERATOR
    from appraisal.services import histories

    with database(to_check=True)() as session:
        text = histories.trail_csv(session, OPERATOR)
    output.write_bytes(text.encode("utf-8-sig"))
    click.echo(f"wrote {output}")


class _Reports(click.Group):
    """`report 12 -o FILE` writes one, as it always did; `report verify FILE` checks one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["write", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Reports)
def report() -> None:
    """Appraisal reports: `report RUN -o FILE` writes one, `report verify FILE` says whether one is untouched."""


@report.command("write")
@click.argument("run", type=int)
@click.option("--output", "-o", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True)
@answering
def write_report(run: int, output: Path) -> None:
    """Write a run's appraisal report; the ending of OUTPUT, .pdf or .xlsx, chooses the kind."""
    from appraisal.policy import OPERATOR
    from appraisal.reports.sealed import KINDS
    from appraisal.services import reporting

    kind = KINDS.get(output.suffix.lower())
    if kind is None:
        refuse([("output", "use a name that ends in .pdf or .xlsx")], as_json=False)
    with database()() as session:
        output.write_bytes(reporting.sealed_report(session, OPERATOR, run, kind))
    click.echo(f"wrote {output}")


@report.command("verify")
@click.argument("file", type=click.File("rb"))
@JSON
@answering
def verify_report(file: BinaryIO, as_json: bool) -> None:
    """Say whether a report is, byte for byte, as it was exported, and whether the record still says the same."""
    from appraisal.policy import OPERATOR
    from appraisal.services import reporting

    with database(to_check=True)() as session:
        found = reporting.verify_report(session, OPERATOR, file.read())
    if as_json:
        print_json(
            {
                "untouched": found.untouched,
                "run": found.run,
                **({"submission": found.submission} if found.submission else {}),
                **({"programme": found.programme} if found.programme else {}),
                "anchor": found.anchor,
                "problems": list(found.problems),
            }
        )
    if found.problems:
        refuse([("", problem) for problem in found.problems], as_json=False)
    if not as_json:
        what = found.submission or found.programme or f"run {found.run}"
        click.echo(f"untouched: {what} as exported, with the anchor {found.anchor}")


@click.command()
@click.argument("file", type=FILE)
@answering
def backup(file: Path) -> None:
    """Copy the database to FILE while people work, and check the copy."""
    from appraisal.services import backups

    made = backups.backup(database_engine(), file)
    click.echo(f"wrote {file}: {made.entries} entries of the trail, the head is {made.head}")
    if not made.sound:
        refuse([("", f"the copy is whole, but its audit trail is not sound: {made.findings[0]}")], as_json=False)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unverified", is_flag=True, help="Restore although the audit trail of FILE is not sound.")
@click.confirmation_option(prompt="What was stored since the backup will be gone from the database. Restore?")
@answering
def restore(file: Path, unverified: bool) -> None:
    """Put a backup in the place of the database; what was there is kept beside it. Asks first; --yes does not."""
    from appraisal.services import backups

    done = backups.restore(database_engine(), file, unverified=unverified)
    click.echo(f"restored {file}: {done.entries} entries of the trail, the head is {done.head}")
    click.echo(f"what was there before is in {done.kept}")
