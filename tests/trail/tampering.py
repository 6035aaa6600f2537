"""What someone who holds the database, and not the key, may do to it: each a few statements, at random."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, text

from appraisal.models import Table
from appraisal.trail.chain import CELLS, START, AuditKey, sealed
from appraisal.trail.facts import KEYS

FORGED = AuditKey(b"another key")


class Unchanged(Exception):
    """The database took it for the value that was there."""


@dataclass(frozen=True, slots=True)
class Tampering:
    name: str
    place: str
    """What the first finding must name: an entry, the head, or an object."""


def tamper(connection: Connection, chance: random.Random) -> Tampering:
    """Do one thing, chosen at random, that changes what the database says."""
    return chance.choice(WAYS)(connection, chance)


def _numbers(connection: Connection) -> list[int]:
    return list(connection.scalars(text("SELECT sequence FROM audit_entry ORDER BY sequence")))


def cell_changed(connection: Connection, chance: random.Random) -> Tampering:
    number, column = chance.choice(_numbers(connection)), chance.choice((*CELLS, "hash"))
    if column == "sequence":
        connection.execute(
            text("UPDATE audit_entry SET sequence = :to WHERE sequence = :at"), {"to": 99_999, "at": number}
        )
        last = number == _numbers(connection)[-1] or number == len(_numbers(connection))
        return Tampering("number changed", f"entry {99_999 if last else number + 1}")
    _change(connection, "audit_entry", column, f"sequence = {number}", chance)
    return Tampering(f"{column} changed", f"entry {number}")


def deleted(connection: Connection, chance: random.Random) -> Tampering:
    numbers = _numbers(connection)
    number = chance.choice((numbers[0], chance.choice(numbers[1:-1]), numbers[-1]))
    connection.execute(text("DELETE FROM audit_entry WHERE sequence = :at"), {"at": number})
    return Tampering("deleted", f"entry {number if number == numbers[-1] else number + 1}")


def tail_cut_with_its_head(connection: Connection, chance: random.Random) -> Tampering:
    """Found by the anchor alone where the entries wrote no row that is still there."""
    numbers = _numbers(connection)
    last = chance.choice(numbers[:-1])
    connection.execute(text("DELETE FROM audit_entry WHERE sequence > :last"), {"last": last})
    _put_head(connection, last, connection.scalar(text(f"SELECT hash FROM audit_entry WHERE sequence = {last}")))
    return Tampering("tail cut", f"entry {numbers[-1]}")


def all_deleted(connection: Connection, chance: random.Random) -> Tampering:
    last = _numbers(connection)[-1]
    connection.execute(text("DELETE FROM audit_entry"))
    if chance.random() < 0.5:
        _put_head(connection, 0, START)
        return Tampering("all deleted, head too", f"entry {last}")
    return Tampering("all deleted", f"entry {last}")


def swapped(connection: Connection, chance: random.Random) -> Tampering:
    first, second = sorted(chance.sample(_numbers(connection), 2))
    for before, after in ((first, 99_999), (second, first), (99_999, second)):
        connection.execute(text(f"UPDATE audit_entry SET sequence = {after} WHERE sequence = {before}"))
    return Tampering("swapped", f"entry {first}")


def duplicated(connection: Connection, chance: random.Random) -> Tampering:
    numbers = _numbers(connection)
    number, new = chance.choice(numbers), numbers[-1] + 1
    columns = ", ".join((*CELLS[1:], "hash"))
    connection.execute(
        text(
            f"INSERT INTO audit_entry (sequence, {columns}) "
            f"SELECT {new}, {columns} FROM audit_entry WHERE sequence = {number}"
        )
    )
    if chance.random() < 0.5:
        _put_head(connection, new, connection.scalar(text(f"SELECT hash FROM audit_entry WHERE sequence = {number}")))
    return Tampering("duplicated", f"entry {new}")


def rebuilt_without_the_key(connection: Connection, chance: random.Random) -> Tampering:
    """An entry is changed, and it and all after it are sealed again, with a key that is not ours."""
    start = chance.choice(_numbers(connection))
    _change(connection, "audit_entry", "action", f"sequence = {start}", chance)
    before = connection.scalar(text(f"SELECT hash FROM audit_entry WHERE sequence = {start - 1}")) or START
    rows = connection.execute(
        text(f"SELECT {', '.join(CELLS)} FROM audit_entry WHERE sequence >= {start} ORDER BY sequence")
    ).all()
    for row in rows:
        before = sealed(FORGED, before, row)
        connection.execute(
            text("UPDATE audit_entry SET hash = :h WHERE sequence = :s"), {"h": before, "s": row.sequence}
        )
    _put_head(connection, rows[-1].sequence, before)
    return Tampering("rebuilt", f"entry {start}")


def head_changed(connection: Connection, chance: random.Random) -> Tampering:
    what = chance.choice(("sequence = sequence - 1", "hash = reverse_of", "key_name = NULL", "gone"))
    if what == "gone":
        connection.execute(text("DELETE FROM audit_head"))
    else:
        connection.execute(text(f"UPDATE audit_head SET {what.replace('reverse_of', repr('0' * 64))}"))
    return Tampering("head changed", "head")


def row_changed(connection: Connection, chance: random.Random) -> Tampering:
    name, where = _some_row(connection, chance)
    column = chance.choice(sorted(Table.metadata.tables[name].c.keys()))
    _change(connection, name, column, where, chance)
    return Tampering(f"{name}.{column} changed", name)


def row_deleted(connection: Connection, chance: random.Random) -> Tampering:
    name, where = _some_row(connection, chance)
    connection.execute(text(f"DELETE FROM {name} WHERE {where}"))
    return Tampering(f"{name} deleted", name)


def stored_file_changed(connection: Connection, chance: random.Random) -> Tampering:
    """What a file holds, while the record goes on naming it by its digest."""
    digests = connection.scalars(text("SELECT sha256 FROM stored_file ORDER BY sha256")).all()
    if not digests:
        raise Unchanged
    content = chance.randbytes(20)
    connection.execute(
        text("UPDATE stored_file SET content = :content WHERE sha256 = :digest"),
        {"content": content, "digest": chance.choice(digests)},
    )
    return Tampering("stored file changed", "stored_file")


WAYS: Iterable[Callable[[Connection, random.Random], Tampering]] = (
    *(cell_changed,) * 4,
    deleted,
    tail_cut_with_its_head,
    all_deleted,
    swapped,
    duplicated,
    rebuilt_without_the_key,
    head_changed,
    *(row_changed,) * 4,
    row_deleted,
    stored_file_changed,
)


def _some_row(connection: Connection, chance: random.Random) -> tuple[str, str]:
    """A table that holds something, and the condition that finds one row of it."""
    filled = [name for name in KEYS if connection.scalar(text(f"SELECT count(*) FROM {name}"))]
    name = chance.choice(filled)
    keys = [column.name for column in Table.metadata.tables[name].primary_key]
    row = chance.choice(connection.execute(text(f"SELECT {', '.join(keys)} FROM {name}")).all())
    return name, " AND ".join(f"{key} = '{value}'" for key, value in zip(keys, row, strict=True))


def _change(connection: Connection, table: str, column: str, where: str, chance: random.Random) -> None:
    was = connection.scalar(text(f"SELECT {column} FROM {table} WHERE {where}"))
    connection.execute(text(f"UPDATE {table} SET {column} = :to WHERE {where}"), {"to": _other(was, chance)})
    now = connection.scalar(text(f"SELECT {column} FROM {table} WHERE {where}"))
    if (type(now), now) == (type(was), was):
        raise Unchanged  # another way to write the same point in time, say


def _other(was: object, chance: random.Random) -> object:
    """Another value: often one that looks the same, or is no text at all."""
    if was is None:
        return chance.choice(("", "x", 0))
    if isinstance(was, int | float):
        return chance.choice((was * 2 + 1, None, -was - 1))
    plain = str(was)
    changed = (
        *(f"{plain} ", f"{plain}\0", f"{plain}\ud800".encode("utf-8", "surrogatepass"), plain.encode(), None),
        *(plain[:-1], plain.swapcase(), plain[::-1], plain.replace("a", "а")),
    )
    return chance.choice([other for other in changed if other != was])


def _put_head(connection: Connection, sequence: int, value: object) -> None:
    connection.execute(text("UPDATE audit_head SET sequence = :s, hash = :h"), {"s": sequence, "h": value})
