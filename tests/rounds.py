"""A round with a deadline, and clocks that stand at a moment."""

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from appraisal.models import Round
from appraisal.models.tables import clock
from appraisal.policy import OPERATOR
from appraisal.services import rounds
from appraisal.services.rounds import Times
from forms.local_time import read_local

SEOUL = "Asia/Seoul"
OPENS, CLOSES = date(2027, 3, 1), date(2027, 3, 31)
"""Opens at 09:00 and closes at the end of the day, which is 15:00 UTC."""
TIMES = Times(
    zone=SEOUL,
    opens=read_local(OPENS, "09:00", SEOUL, later=False),
    closes=read_local(CLOSES, "24:00", SEOUL),
    scoring=read_local(date(2027, 4, 30), "17:00", SEOUL),
)
LAST, TOO_LATE = datetime(2027, 3, 31, 14, 59, 59, tzinfo=UTC), datetime(2027, 3, 31, 15, tzinfo=UTC)
"""23:59:59 and 00:00:00 on the clocks of Seoul."""
WHILE_OPEN = datetime(2027, 3, 10, 3, tzinfo=UTC)
BEFORE = datetime(2027, 2, 28, 23, 59, 59, tzinfo=UTC)
"""A second before it opens."""


def held(sessions: sessionmaker[Session], name: str = "Round 2027", times: Times = TIMES, **terms: Any) -> Round:
    values = {"place": "", "budget": Decimal(10), "currency": "USD", "unit": 1_000_000, "price_year": 2026} | terms
    with sessions() as session:
        return rounds.open_round(session, OPERATOR, name=name, times=times, **values)


def at(moment: datetime) -> AbstractContextManager[None]:
    """Within it, it is that moment."""
    return clock(lambda: moment)
