"""How many people a district's RADIUS server was told about: a line for each hour in the disclosure log.

A line for each answer would be a diary of who was where and when, and a write while a port waits. So a process keeps
in mind whom a client asked about in this hour, as words that nobody can turn back, and notes their number at its end.
What was counted when a process is killed, not told to end, is lost; the log is of how much leaves, not a bill.
"""

import atexit
import threading
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from core.clock import now
from core.database import forget_with_database, transaction
from core.logs import log
from core.sealed import fingerprint
from people.audit import Actor
from people.disclosures import disclose

HOUR = timedelta(hours=1)

Asked = dict[tuple[int, str], set[str]]
"""{(district id, client id): words for people}"""


class _Hour:
    """Whom this process was asked about since `began_at`."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.asked: Asked = {}
        self.began_at: datetime | None = None

    def add(self, whose: tuple[int, str], person: str, at: datetime) -> Asked:
        """What the hour before held, once it is over."""
        with self.lock:
            over: Asked = {}
            if self.began_at is None or not self.began_at <= at < self.began_at + HOUR:
                over, self.asked, self.began_at = self.asked, {}, at
            self.asked.setdefault(whose, set()).add(person)
            return over

    def end(self) -> Asked:
        with self.lock:
            over, self.asked, self.began_at = self.asked, {}, None
            return over


_hour = _Hour()


def word_for(district_id: int, name: str, at: datetime) -> str:
    """For logs and counts: nothing that names anybody, and another word for the same person each year."""
    return fingerprint(str(district_id), "log", f"{at:%Y}", name.casefold())[:16]


def tally(district_id: int, client_id: str, person: str) -> None:
    """Count an answer about somebody we know. Costs no query: at an hour's end a thread of its own writes."""
    over = _hour.add((district_id, client_id), person, now())
    if over:
        threading.Thread(target=_note, args=(over,), daemon=True).start()


@atexit.register
def note_now() -> None:
    """What was counted so far; at the end of a process, too."""
    over = _hour.end()
    if over:
        _note(over)


@forget_with_database
def forget() -> None:
    _hour.end()


def _note(asked: Asked) -> None:
    try:
        with transaction():
            for (district_id, client_id), people in asked.items():
                disclose(district_id, Actor(f"client:{client_id}"), "networks", "district", len(people))
    except SQLAlchemyError as error:
        log.error("tally_lost", error=error)  # nobody waits for it
