"""What letters say, in the language of whoever reads them (core.language.speaking), and what an answer means to IT."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.language import N_, _, ngettext, written_weekday
from reminders.owing import Owed

FREQUENCY = N_(
    "We write to you at most once a day: when it is asked of you, 14, 7 and 1 days before the date, on the last day, "
    "and once a week after it. It stops by itself as soon as it is done. It is part of your work, so there is no way "
    "to unsubscribe."
)
WEEKLY = N_("This summary comes once a week, as long as anybody there owes something.")
ANNOUNCED = N_(
    "A day like this is announced once in the week before it, and again on the last working day before it."
)
WHILE_IT_WAITS = N_(
    "We write of this on each working day until somebody has decided, and once when it has lapsed."
)
WHILE_DUE = N_("We write of this once a week, until somebody has looked at it.")
NO_TRAP = N_("The link leads to your LMS, where you sign in as always. The letter itself signs nobody in.")

STAFF_RECORDS = N_(
    "Who it is stands on your page: open the course in the LMS and choose the district, then Staff records."
)


@dataclass(frozen=True)
class Part:
    """One matter of a letter. `often` says how often we write about it."""

    subject: str
    paragraphs: tuple[str, ...]
    often: str


def owed_part(owed: Owed, today: date) -> Part:
    """What somebody is asked to do, and by when."""
    last, left = written_weekday(owed.last_day), (owed.last_day - today).days
    if left < 0:
        return Part(_("It was due by %(day)s: responsible use", day=last), _after(owed, last), _(FREQUENCY))
    what = (
        _("The agreement you signed has changed. Please read and sign it again by %(day)s.", day=last)
        if owed.again
        else _("Your responsible use course or agreement for this school year is due by %(day)s.", day=last)
    )
    return Part(_("Due by %(day)s: responsible use", day=last), (what, _how_soon(left)), _(FREQUENCY))


def _after(owed: Owed, last: str) -> tuple[str, ...]:
    said = [_("Your responsible use course or agreement was due by %(day)s and is not done yet.", day=last)]
    if owed.last_grace_day > owed.last_day:
        until = written_weekday(owed.last_grace_day)
        said.append(_("Please do it by %(day)s. After that your access to the network may end.", day=until))
    return tuple(said)


def _how_soon(left: int) -> str:
    if left == 0:
        return _("That is today.")
    return ngettext("That is in %(num)s day.", "That is in %(num)s days.", left)


def digest_part(place: str, detail: dict[str, Any]) -> Part:
    """How many still owe it; who they are stands on the page only."""
    owe, asked, late = detail["owe"], detail["asked"], detail["late"]
    said = ngettext(
        "%(num)s of %(asked)s members of staff still owes the responsible use course or agreement.",
        "%(num)s of %(asked)s members of staff still owe the responsible use course or agreement.",
        owe,
        asked=asked,
    )
    past = _("None of them is past the date.")
    if late:
        past = ngettext("%(num)s of them is past the date.", "%(num)s of them are past the date.", late)
    where = _(
        "Who they are stands on your page: open the course in the LMS and choose your school or the district."
    )
    subject = _("%(place)s: %(owe)s of %(asked)s still owe it", place=place, owe=owe, asked=asked)
    return Part(subject, (said, past, where), _(WEEKLY))


def undecided_part(people: int, first: str) -> Part:
    """Emergencies that nobody has decided about. `first`: when the first of them lapses, as it is written."""
    said = ngettext(
        "In an emergency access was withdrawn from %(num)s person, and nobody has decided about it.",
        "In an emergency access was withdrawn from %(num)s people, and nobody has decided about it.",
        people,
    )
    until = _("Unless somebody of your office decides before, it lapses on %(when)s.", when=first)
    subject = _("Access withdrawn: please decide by %(when)s", when=first)
    return Part(subject, (said, until, _(STAFF_RECORDS)), _(WHILE_IT_WAITS))


def lapsed_part(people: int) -> Part:
    said = ngettext(
        "Access of %(num)s person had been withdrawn in an emergency. Nobody decided in time, so it is given back.",
        "Access of %(num)s people had been withdrawn in an emergency. Nobody decided in time, so it is given back.",
        people,
    )
    anew = _("Who should be kept out nevertheless: withdraw it anew, in the name of whoever decides.")
    return Part(_("Access is given back, as nobody had decided"), (said, anew, _(STAFF_RECORDS)), "")


def due_part(people: int) -> Part:
    said = ngettext(
        "Access of %(num)s person is withdrawn, and it is time to look at that again. It stays withdrawn until then.",
        "Access of %(num)s people is withdrawn, and it is time to look at that again. It stays withdrawn until then.",
        people,
    )
    return Part(_("Access withdrawn: due for review"), (said, _(STAFF_RECORDS)), _(WHILE_DUE))


def forecast_part(day: date, people: int) -> Part:
    said = ngettext(
        "%(num)s person loses access on %(day)s",
        "%(num)s people lose access on %(day)s",
        people,
        day=written_weekday(day),
    )
    more = _(
        "That is by the clock alone, if nothing is done until then, and by the stages that are in force or planned."
    )
    return Part(said, (f"{said}.", more, _("The help desk may want to know.")), _(ANNOUNCED))


PROBLEMS = {
    "connection": "The mail server can not be reached, or the connection broke off.",
    "tls": "The mail server has no valid certificate for its name, or does not offer the encryption that is set.",
    "login": "The mail server does not take the user name and password.",
    "sender": "The mail server does not let us send from this address.",
    "busy": "The mail server asks us to come back later.",
    "data": "The mail server refused a letter for what is in it, or by whom it is.",
}
"""What stands in MailSettings.problem, for the set-up page and the command line, which speak English."""
