"""What the server does by the clock: reminders, the day's mail, and sending what waits. One thread a process."""

import logging
import threading
from functools import partial

from sqlalchemy.orm import Session, sessionmaker

from appraisal.services import outbox, reminders, resets
from appraisal.services.mailing import Links, send_waiting
from appraisal.services.smtp import hand_over
from config import Smtp

EVERY = 30.0
"""Seconds between two rounds of the post."""


class Post:
    def __init__(self, sessions: sessionmaker[Session], smtp: Smtp | None, links: Links | None) -> None:
        self._sessions, self._smtp, self._links = sessions, smtp, links
        self._woken = threading.Event()

    @property
    def on(self) -> bool:
        """Whether mail is sent at all."""
        return self._smtp is not None

    def start(self) -> None:
        """Go on until the process ends."""
        threading.Thread(target=self._run, name="appraisal-post", daemon=True).start()

    def wake(self) -> None:
        """Go round now rather than later. Returns at once."""
        self._woken.set()

    def go_round(self) -> None:
        """Once, in the calling thread."""
        with self._sessions() as session:
            reminders.remind(session)
        if self._smtp is None or self._links is None:
            return
        with self._sessions() as session:
            resets.answer_requests(session)
        with self._sessions() as session:
            outbox.gather(session)
        send_waiting(self._sessions, partial(hand_over, self._smtp), self._links, self._smtp.sender)

    def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                self.go_round()
            except Exception:
                logging.getLogger(__name__).exception("the post was interrupted; it goes round again")
            self._woken.wait(EVERY)
