"""The command line for what a city keeps: its people, its rounds, its completed projects."""

from typing import BinaryIO

import click

from appraisal.terminal import JSON, answering, database, print_json, refuse


@click.group()
def user() -> None:
    """Accounts."""


@user.command("create")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", type=click.Choice(["planner", "appraiser", "approver", "analyst", "admin"]), required=True)
@click.option("--organisation", required=True)
@click.password_option(help="Asked for when left out; 12 characters or more.")
@answering
def create_user(email: str, name: str, role: str, organisation: str, password: str) -> None:
    """Make an account."""
    from appraisal.models import Role
    from appraisal.policy import OPERATOR
    from appraisal.services import accounts

    with database()() as session:
        accounts.create_account(
            session, OPERATOR, email=email, name=name, password=password, role=Role(role), organisation=organisation
        )
    click.echo(f"made the account {email}")


@user.command("create-admin")
@click.option("--email", prompt="E-mail address")
@click.option("--name", prompt="Name")
@click.option("--organisation", prompt="Organisation")
@answering
def create_admin(email: str, name: str, organisation: str) -> None:
    """Make an administrator; the password is asked for, unseen, and is no option, so that no shell keeps it."""
    from appraisal.models import Role
    from appraisal.policy import OPERATOR
    from appraisal.services import accounts

    password = click.prompt("Password, 12 characters or more", hide_input=True, confirmation_prompt=True)
    with database()() as session:
        account = accounts.create_account(
            session, OPERATOR, email=email, name=name, password=password, role=Role.ADMIN, organisation=organisation
        )
    click.echo(f"{account.name} can sign in as {account.email} and invite everyone else")


@user.command("forget-identity")
@click.argument("email")
@answering
def forget_identity(email: str) -> None:
    """Find this account by its address again, after the sign-in service gave its person another key."""
    from appraisal.policy import OPERATOR
    from appraisal.services import accounts, vouching

    with database()() as session:
        account = accounts.account_of(session, email)
    if account.account_id is None:
        raise RuntimeError("only an account has an address")
    with database()() as session:
        gone = vouching.forget(session, OPERATOR, account.account_id)
    click.echo("forgotten" if gone else "the sign-in service was never used with this account")


@user.command("list")
@JSON
@answering
def list_users(as_json: bool) -> None:
    """Print every account."""
    from appraisal.policy import OPERATOR
    from appraisal.services import administering

    with database()() as session:
        found = administering.list_accounts(session, OPERATOR)
    if as_json:
        keys = ("email", "name", "role", "disabled")
        print_json(
            [
                {key: getattr(account, key) for key in keys} | {"organisation": account.organisation.name}
                for account in found
            ]
        )
        return
    for account in found:
        closed = "  (closed)" if account.disabled else ""
        click.echo(f"{account.role.value:9}  {account.email}  {account.name}, {account.organisation.name}{closed}")


@click.group("round")
def rounds() -> None:
    """Rounds: calls for projects with one budget."""


@rounds.command("open")
@click.option("--name", required=True)
@click.option("--place", default="")
@click.option("--budget", type=str, required=True, help="In units of the currency, e.g. 118 with --unit 1000000.")
@click.option("--currency", required=True)
@click.option("--unit", type=click.Choice(["1", "1000", "1000000"]), default="1", show_default=True)
@click.option("--price-year", type=click.IntRange(1900, 2200), required=True)
@click.option("--framework", default="", help="KEY@VERSION of a published framework; left out, the built-in one.")
@click.option("--zone", default="UTC", show_default=True, help="IANA name of the zone that the times are in.")
@click.option("--opens", default="", help='Such as "2027-03-01 09:00"; left out, it opens at once.')
@click.option("--closes", default="", help='The deadline, such as "2027-03-31 24:00"; left out, there is none.')
@answering
def open_round(
    name: str,
    place: str,
    budget: str,
    currency: str,
    unit: str,
    price_year: int,
    framework: str,
    zone: str,
    opens: str,
    closes: str,
) -> None:
    """Open a round on a published framework."""
    from appraisal.policy import OPERATOR
    from appraisal.services import rounds as service
    from forms.local_time import read_day_and_time, read_zone
    from forms.money_words import CURRENCY_CODES
    from forms.numbers import read_number

    read = read_number(budget)
    if read.value is None or read.value <= 0:
        refuse([("budget", read.message or f"the budget must be above zero, not {budget}")], as_json=False)
    if currency.upper() not in CURRENCY_CODES:
        refuse(
            [("currency", f"must be a currency code of ISO 4217, such as USD or KRW, not {currency}")], as_json=False
        )
    try:
        held = read_zone(zone)
        times = service.Times(
            zone=held,
            opens=read_day_and_time(opens, held, later=False) if opens else None,
            closes=read_day_and_time(closes, held) if closes else None,
        )
    except ValueError as problem:
        refuse([("times", str(problem))], as_json=False)
    with database()() as session:
        service.open_round(
            session,
            OPERATOR,
            name=name,
            place=place,
            budget=read.value,
            currency=currency.upper(),
            unit=int(unit),
            price_year=price_year,
            framework=framework,
            times=times,
        )
    click.echo(f"opened {name}")


@click.group()
def completed() -> None:
    """Completed projects: a city's own record, planned against actual."""


@completed.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Only say whether it would go, and store nothing.")
@JSON
@answering
def import_completed(file: BinaryIO, dry_run: bool, as_json: bool) -> None:
    """Record the projects of a CSV table (`-` reads standard input): all of them, or none and every problem."""
    from appraisal.policy import OPERATOR
    from appraisal.reading.completed_table import read_completed
    from appraisal.services import completing

    entries = read_completed(file.read())
    with database()() as session:
        completing.import_projects(session, OPERATOR, entries, dry_run=dry_run)
    if as_json:
        print_json([{"city": entry.city, "name": entry.project.name, "stored": not dry_run} for entry in entries])
        return
    click.echo(f"{len(entries)} completed projects {'can be' if dry_run else 'were'} recorded")
