"""Times on the clocks of a place. Transitions as the IANA database has them: Paris goes forward on 29 March 2026 from
02:00 to 03:00 and back on 25 October 2026 from 03:00 to 02:00; Seoul keeps UTC+9 all year."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.local_time import LocalTime, on_clocks_of, read_day_and_time, read_local, read_zone, zones

BACK, FORWARD = date(2026, 10, 25), date(2026, 3, 29)


@pytest.mark.parametrize("clock", ["24:00", "23:59"])
def test_the_end_of_a_day_is_the_first_moment_of_the_next(clock: str) -> None:
    read = read_local(date(2027, 3, 31), clock, "Asia/Seoul")
    assert read.moment == datetime(2027, 3, 31, 15, tzinfo=UTC)
    assert str(read) == "31 Mar 2027, 24:00 Asia/Seoul (UTC+09:00)"


def test_an_opening_at_midnight_is_the_start_of_its_day() -> None:
    read = read_local(date(2027, 3, 1), "00:00", "America/New_York", later=False)
    assert str(read) == "1 Mar 2027, 00:00 America/New_York (UTC−05:00)"
    assert str(read_local(date(2027, 3, 1), "09:30", "UTC")) == "1 Mar 2027, 09:30 UTC"


def test_a_time_that_the_clocks_skip_is_refused_with_one_that_exists() -> None:
    with pytest.raises(ValueError, match=r"02:30 does not exist on 29 Mar 2026 in Europe/Paris.*such as 03:30"):
        read_local(FORWARD, "02:30", "Europe/Paris")
    assert read_local(FORWARD, "03:00", "Europe/Paris").moment == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_of_a_time_that_comes_twice_it_is_said_which_is_meant() -> None:
    first, second = (read_local(BACK, "02:30", "Europe/Paris", later=later) for later in (False, True))
    assert second.moment - first.moment == timedelta(hours=1)
    assert second.moment == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert str(first).endswith("(UTC+02:00, the first 02:30 of that night)")
    assert str(second).endswith("(UTC+01:00, the second 02:30 of that night)")


@pytest.mark.parametrize("clock", ["", "25:00", "12:60", "noon", "12", "-1:00", "١٢:٠٠x", "24:01"])
def test_what_is_no_time_of_day_is_refused(clock: str) -> None:
    with pytest.raises(ValueError, match="hours and minutes"):
        read_local(date(2027, 1, 1), clock, "UTC")


def test_a_day_and_a_time_read_as_one_text() -> None:
    assert str(read_day_and_time("2027-03-31 24:00", "UTC")) == "31 Mar 2027, 24:00 UTC"
    for wrong in ("", "tomorrow", "2027-02-30 10:00", "2027-03-31"):
        with pytest.raises(ValueError, match=r"such as"):
            read_day_and_time(wrong, "UTC")


def test_zones_are_places() -> None:
    assert read_zone(" Asia/Ho Chi Minh ") == "Asia/Ho_Chi_Minh"
    for wrong in ("", "KST", "../etc/passwd", "Asia", "Etc/GMT+9", "asia/seoul"):
        with pytest.raises(ValueError, match="IANA name"):
            read_zone(wrong)


def test_days_are_counted_on_the_clocks_there() -> None:
    """In the night of 31 March to Seoul it is the 1st of April already: thirty days end with the 1st of May."""
    returned = on_clocks_of("Asia/Seoul", datetime(2027, 3, 31, 16, tzinfo=UTC))
    assert str(returned.after(30)) == "1 May 2027, 24:00 Asia/Seoul (UTC+09:00)"


@given(st.sampled_from(zones()), st.integers(631_152_000, 4_070_908_800).map(lambda s: datetime.fromtimestamp(s, UTC)))
def test_what_clocks_show_means_the_moment_they_showed_it(zone: str, moment: datetime) -> None:
    shown = on_clocks_of(zone, moment)
    assert shown.moment == moment
    assert not shown.skipped
    assert shown.wall == moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if shown.twice:
        other = LocalTime(shown.wall, zone, later=not shown.later)
        assert other.moment != moment
        assert other.moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == shown.wall
