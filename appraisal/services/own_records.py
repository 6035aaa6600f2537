"""The record of completed projects that an appraisal takes: found by city, stored once, read back for a replay."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import simplejson
from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from appraisal.canonical import canonical_json, sha256_of
from appraisal.models import CompletedProject, OwnRecordVersion, Round
from scoring.parameters import CompletedProject as Completed
from scoring.parameters import Measure, Parameters, load_parameters
from scoring.parameters.own_record import FEWEST, read_record, record_document

_OF_CITY = (
    select(CompletedProject.city, *(getattr(CompletedProject, name) for name in Completed.__slots__))
    .where(CompletedProject.city_key == bindparam("city"), CompletedProject.withdrawn_at.is_(None))
    .order_by(CompletedProject.recorded_at, CompletedProject.name_key)
)


def city_key(city: str) -> str:
    """What two spellings of one city have in common: case and spaces do not count."""
    return " ".join(city.split()).casefold()


def city_of(stated: str, held: Round | None) -> str:
    """Whose record speaks for a project: its own city's, or the round's place where it names none (ADR 7)."""
    return city_at(stated, held.place if held else "")


def city_at(stated: str, place: str) -> str:
    """The same, by the place of the round; empty without one."""
    return stated.strip() or place


def record_of(session: Session, city: str) -> str | None:
    """The city's record now, as canonical JSON; None where none is recorded. Inside the caller's transaction."""
    rows = session.connection().execute(_OF_CITY, {"city": city_key(city)}).all() if city_key(city) else ()
    if not rows:
        return None
    return canonical_json(record_document(rows[0].city, [as_completed(row) for row in rows]))


def as_completed(row: CompletedProject | Row[Any]) -> Completed:
    """What a row says, as scoring takes it."""
    return Completed(**{name: getattr(row, name) for name in Completed.__slots__})


def speaks_since(rows: Iterable[CompletedProject], asset_class: str, measure: Measure) -> datetime | None:
    """When the last project was recorded that the city's own class needed to replace the library's.

    Of those that count now; None while there are fewer.
    """
    counting = sorted(row.recorded_at for row in rows if counts(row, asset_class, measure))
    return counting[FEWEST - 1] if len(counting) >= FEWEST else None


def counts(row: CompletedProject, asset_class: str, measure: Measure) -> bool:
    """Whether it is one of those from which the city's own class is made."""
    return row.withdrawn_at is None and row.asset_class == asset_class and as_completed(row).ratio(measure) is not None


def stored(session: Session, document: str) -> OwnRecordVersion:
    """The row that keeps this record, made where it is not there yet; inside the caller's transaction."""
    digest = sha256_of(simplejson.loads(document, use_decimal=True))
    row = session.scalar(select(OwnRecordVersion).where(OwnRecordVersion.sha256 == digest))
    if row is None:
        row = OwnRecordVersion(document=document, sha256=digest)
        session.add(row)
    return row


def parameters_with(document: str | None) -> Parameters:
    """The built-in parameters, with a city's own record where there is one."""
    return load_parameters() if document is None else _with_own(document)


@lru_cache(maxsize=16)
def _with_own(document: str) -> Parameters:
    data = simplejson.loads(document, use_decimal=True)
    return replace(load_parameters(), own=read_record(data, sha256_of(data)))
