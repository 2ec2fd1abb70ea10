"""What a network may put into the address of the page for people it holds back: who it is, for us alone, for an hour.

It names nobody, and opens nothing but that page: what is missing, never a name and never a record.
"""

from datetime import datetime, timedelta

from core.sealed import NoTicket, make_ticket, read_ticket

PURPOSE = "held"
LASTS = timedelta(hours=1)
"""A device in the walled garden is asked for again within minutes, and brings a fresh one."""


class TicketOver(Exception):
    """It was ours, and its hour is over."""


def ticket_for(district_id: int, person_id: int, at: datetime) -> str:
    return make_ticket(PURPOSE, f"{district_id}:{person_id}", at)


def person_behind(ticket: str, district_id: int, at: datetime) -> int:
    """The id of a person of this district. Raises NoTicket, also for one of another district, and TicketOver."""
    text, made_at = read_ticket(PURPOSE, ticket)
    district, _, person = text.partition(":")
    if district != str(district_id):
        raise NoTicket
    if not made_at <= at < made_at + LASTS:
        raise TicketOver
    return int(person)
