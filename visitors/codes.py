"""The codes of the front office: made for a building, good until the day ends, counted, withdrawn.

Eight characters have 40 bits. Of a district a process takes 60 wrong ones in a minute (views.WRONG): against 20 open
codes that is one hit in some 800 years. What is behind one is a form, and the office sees what was signed.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from completion.dates import local_day
from completion.deadlines import day_after
from core.clock import now
from core.codes import new_code, read_code
from core.database import db
from core.errors import NotFound, ToolError
from core.messages import N_
from core.sealed import fingerprint
from people.audit import Actor, record
from people.models import District, Person
from people.roster_models import Building
from visitors.models import VisitCode

LENGTH = 8
LONGEST_TYPED = 40
ONE, MANY = 1, 300
"""One visitor; or a day of them, as at a parents' evening: a picture of the sheet signs no more than that."""
KEPT = timedelta(days=30)

Buildings = Collection[int] | None
"""Of which somebody works at the desk; None: all of the district."""


class NoSuchCode(NotFound):
    """For every code that is none, well written or not, and for one of another district."""

    code = "no_such_visit_code"
    next_step = N_("Compare it with the sheet, letter by letter, or ask the front office for a new one.")


class CodeOver(ToolError):
    """It was a code of this district and is open no more."""

    status, code = 410, "visit_code_over"
    next_step = N_("Ask the front office for a new one. You can sign on paper there, too.")


def make(building: Building, most: int, by: Person) -> VisitCode:
    """Open until the local day ends."""
    district = db.get_one(District, building.district_id)
    code = new_code(LENGTH)
    made = VisitCode(
        district_id=district.id,
        building_id=building.id,
        fingerprint=_print(district.id, code),
        code=code,
        made_by=by.public_id,
        closes_at=day_after(local_day(now(), district.timezone), district.timezone),
        most=most,
    )
    db.add(made)
    db.flush()
    record(
        district.id, Actor.person(by.public_id), "visit_code_made", f"building:{building.key}",
        code=made.public_id, most=most,
    )  # fmt: skip
    return made


def opened_by(district: District, typed: str, *, to_sign: bool = False) -> VisitCode:
    """The open code that somebody typed. Raises NoSuchCode, CodeOver.

    to_sign  its row is held until the transaction ends, so that two who sign at once are counted one by one
    """
    code = read_code(typed[:LONGEST_TYPED], LENGTH)
    wanted = sa.select(VisitCode).filter_by(
        district_id=district.id, fingerprint=_print(district.id, code or "unreadable")
    )
    if to_sign:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = db.scalars(wanted).one_or_none()
    if found is None:
        raise NoSuchCode(N_("This is no code of the front office."))
    return found


def check_open(code: VisitCode) -> None:
    """Raises CodeOver."""
    if code.withdrawn_at is not None:
        raise CodeOver(N_("This code was withdrawn."))
    if code.closes_at <= now():
        raise CodeOver(N_("This code was for another day."))
    if code.used >= code.most:
        raise CodeOver(N_("This code has been used up."))


def withdraw(code: VisitCode, by: Person) -> None:
    """Doing so again changes nothing."""
    if code.withdrawn_at is None:
        code.withdrawn_at = now()
        record(
            code.district_id, Actor.person(by.public_id), "visit_code_withdrawn", f"building:{code.building_id}",
            code=code.public_id,
        )  # fmt: skip


def code_called(district_id: int, buildings: Buildings, public_id: str) -> VisitCode:
    """One of these buildings. Raises NotFound."""
    found = None
    if public_id.isprintable():  # PostgreSQL refuses to compare with a NUL
        wanted = sa.select(VisitCode).filter_by(district_id=district_id, public_id=public_id)
        found = db.scalars(wanted).one_or_none()
    if found is None or (buildings is not None and found.building_id not in buildings):
        raise NotFound(N_("There is no such code at your desk."))
    return found


def open_codes(building: Building, at: datetime) -> list[VisitCode]:
    """Newest first."""
    return list(
        db.scalars(
            sa.select(VisitCode)
            .where(
                VisitCode.building_id == building.id,
                VisitCode.closes_at > at,
                VisitCode.withdrawn_at.is_(None),
                VisitCode.used < VisitCode.most,
            )
            .order_by(VisitCode.id.desc())
        )
    )


def written(code: VisitCode) -> str:
    """As on the sheet: 7K3M-9QRT."""
    return f"{code.code[:4]}-{code.code[4:]}"


def forget_old_codes() -> None:
    """Worker step: a closed code opens nothing; the audit log keeps who made it."""
    db.execute(sa.delete(VisitCode).where(VisitCode.closes_at < now() - KEPT))


def _print(district_id: int, code: str) -> str:
    return fingerprint("visit code", str(district_id), code)
