"""A time on the clock of a place: read from a form, said to people, and the moment that it means.

What is stored is what people read, date, time and zone; the moment is worked out when it is asked for, so that a change
of a zone's rules moves the moment and never the words (docs/adr/0024).
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from forms.texts import one_line

MIDNIGHT = time(0)
_DAY = timedelta(days=1)
_ZONE = re.compile(r"UTC|[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z0-9_+\-]*){1,2}")
_AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_END_OF_DAY = ("24:00", "23:59")


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A date and time on the clocks of a zone. Where they show it twice, as clocks go back, `later` says which: the
    second, for what ends then, or the first, for what begins. An end at midnight is shown as 24:00 of the day before.
    """

    wall: datetime
    zone: str
    later: bool = True

    @property
    def moment(self) -> datetime:
        """The point in time, in UTC, by the zone's rules as they are known now."""
        return self._aware().astimezone(UTC)

    @property
    def skipped(self) -> bool:
        """Whether the clocks never show it: they go forward past it."""
        return on_clocks_of(self.zone, self.moment).wall != self.wall

    @property
    def twice(self) -> bool:
        one = self._aware()
        return not self.skipped and one.utcoffset() != one.replace(fold=1 - one.fold).utcoffset()

    def _aware(self) -> datetime:
        return self.wall.replace(tzinfo=_zone(self.zone), fold=int(self.later))

    def __str__(self) -> str:
        """As it stands everywhere: "31 Mar 2027, 24:00 Asia/Seoul (UTC+09:00)"."""
        shown, clock = self.shown
        which = f", the {'second' if self.later else 'first'} {self.wall:%H:%M} of that night" if self.twice else ""
        return f"{shown.day} {shown:%b %Y}, {clock} {self.zone}{_offset(self._aware(), which)}"

    @property
    def shown(self) -> tuple[date, str]:
        """Day and time of day as people read a deadline: midnight is the end of the day before."""
        if self.later and self.wall.time() == MIDNIGHT:
            return (self.wall - _DAY).date(), "24:00"
        return self.wall.date(), f"{self.wall:%H:%M}"

    def after(self, days: int) -> "LocalTime":
        """The end of the day that comes so many days later."""
        end = datetime.combine(self.wall.date(), MIDNIGHT) + timedelta(days=days + 1)
        return LocalTime(end, self.zone)


def on_clocks_of(zone: str, moment: datetime) -> LocalTime:
    """What the clocks there show at that moment."""
    aware = moment.astimezone(_zone(zone))
    return LocalTime(aware.replace(tzinfo=None, fold=0), zone, later=bool(aware.fold))


def read_zone(text: str) -> str:
    """A zone by its IANA name; raises ValueError with what to do."""
    name = one_line(text).strip().replace(" ", "_")
    if name not in zones():
        raise ValueError("Choose a zone of the list, by its IANA name such as Asia/Seoul or Europe/Paris.")
    return name


def read_local(day: date, clock: str, zone: str, *, later: bool = True) -> LocalTime:
    """A date with a time of day as it was typed; 24:00, and 23:59 with it, is the end of the day.

    Raises ValueError where it is no time of day, or where the clocks of the zone never show it.
    """
    text = clock.strip()
    if text in _END_OF_DAY:
        wall = datetime.combine(day, MIDNIGHT) + _DAY
    elif (found := _TIME.fullmatch(text)) and int(found[1]) < 24 and int(found[2]) < 60:  # noqa: PLR2004
        wall = datetime.combine(day, time(int(found[1]), int(found[2])))
    else:
        raise ValueError("Enter the time of day as hours and minutes, such as 17:00; 24:00 is the end of the day.")
    read = LocalTime(wall, zone, later)
    if read.skipped:
        after = on_clocks_of(zone, LocalTime(wall, zone, later=False).moment)
        raise ValueError(
            f"{wall:%H:%M} does not exist on {wall.day} {wall:%b %Y} in {zone}: the clocks go forward past it. "
            f"Choose another time, such as {after.wall:%H:%M}."
        )
    return read


def read_day_and_time(text: str, zone: str, *, later: bool = True) -> LocalTime:
    """The same as one text, such as "2027-03-31 24:00"; raises ValueError."""
    day, _, clock = text.strip().partition(" ")
    try:
        read = date.fromisoformat(day)
    except ValueError:
        raise ValueError(f"{text!r} is no day and time; write them such as 2027-03-31 24:00.") from None
    return read_local(read, clock, zone, later=later)


@cache
def zones() -> tuple[str, ...]:
    """The places whose clocks can be chosen: UTC, and the zones named after a city."""
    named = (name for name in available_timezones() if name.startswith(tuple(f"{area}/" for area in _AREAS)))
    return ("UTC", *sorted(name for name in named if _ZONE.fullmatch(name)))


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _offset(at: datetime, which: str) -> str:
    if at.tzname() == "UTC":
        return ""
    text = at.strftime("%z")
    return f" (UTC{text[:3].replace('-', '−')}:{text[3:5]}{which})"
