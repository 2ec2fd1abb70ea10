"""The guard against a file that is half of itself: what would remove too many waits for somebody's word.

Held where more than 5 percent and more than 25 people of an audience would leave. Nothing is written but that it is
held. The approval is for this very file, by its hash, and for no more people than were told; the file comes again with
it, since none is kept here.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from core.clock import now
from core.database import db
from core.errors import NotFound, Refused
from core.sealed import hash_secret, new_secret
from people.audit import Actor, record
from people.models import District
from rosters.entries import RosterFile
from rosters.importing import write
from rosters.models import RosterImport
from rosters.reporting import Report

MOST_SHARE, MOST_PEOPLE = 0.05, 25
"""Beyond both of which an import is held. Of 400 people 20 are 5 percent: small districts change by families."""
HOLDS_FOR = timedelta(days=7)


class NoSuchImport(NotFound):
    code = "no_such_import"


class NotApproved(Refused):
    code = "not_approved"


class _TakeBack(Exception):
    """What was written is to be as if it never was."""


@dataclass(frozen=True)
class Outcome:
    """What became of a file: `done`, or `held`, or neither after a dry run, of which `would_be_held` is said. `token`
    only where it is held: with it, somebody approves it on the command line."""

    report: Report
    held: RosterImport | None = None
    token: str = ""
    done: RosterImport | None = None
    would_be_held: bool = False


def too_many(report: Report) -> bool:
    return any(
        count > MOST_PEOPLE and count > MOST_SHARE * report.before[audience]
        for audience, count in report.left.items()
    )


def take(
    district: District,
    file: RosterFile,
    sha256: str,
    actor: Actor,
    *,
    dry_run: bool,
    token: str | None = None,
) -> Outcome:
    """Write the file, or hold it. In the caller's transaction. `file` has been checked.

    Raises NotApproved for a token that fits no file that is held, RosterRefused as `write` does.
    """
    if token is not None:
        approve(_held_by_token(district.id, sha256, token), actor)
    report, held = Report(), False
    try:
        with db.begin_nested():
            report = write(district, file)
            held = file.bulk and too_many(report) and not _approved(district.id, sha256, report)
            if dry_run or held:
                raise _TakeBack
    except _TakeBack:
        if dry_run:
            return Outcome(report, would_be_held=held)
        return _hold(district, file, sha256, report, actor)
    # The row of a file that waited tells its whole story: held, approved, done.
    done = next((each for each in waiting(district.id) if each.sha256 == sha256), None) or RosterImport(
        district_id=district.id, source=file.kind, version=file.version, bulk=file.bulk, sha256=sha256
    )
    done.state, done.counts, done.expires_at, done.token_hash = "done", report.counts(), None, None
    db.add(done)
    db.flush()
    # What else waited is settled: whatever was held of this source speaks of a roster that is no more.
    db.execute(
        sa.delete(RosterImport).where(
            RosterImport.district_id == district.id,
            RosterImport.source == file.kind,
            RosterImport.state != "done",
        )
    )
    record(district.id, actor, "roster_imported", f"import:{done.id}", sha256=sha256, **report.counts())
    return Outcome(report, done=done)


def approve(held: RosterImport, actor: Actor, person_id: int | None = None) -> None:
    """Let this file through, for as many people as it said. Approving again changes nothing."""
    if held.state == "approved":
        return
    held.state, held.approved_by = "approved", person_id
    record(held.district_id, actor, "roster_approved", f"import:{held.id}", left=held.counts["left"])


def waiting(district_id: int) -> list[RosterImport]:
    """Held and approved imports whose time has not run out, oldest first."""
    return list(
        db.scalars(
            sa.select(RosterImport)
            .where(RosterImport.district_id == district_id, RosterImport.expires_at > now())
            .order_by(RosterImport.id)
        )
    )


def held_import(district_id: int, number: int) -> RosterImport:
    """Raises NoSuchImport, also for one of another district or whose time has run out."""
    found = next((each for each in waiting(district_id) if each.id == number), None)
    if found is None:
        raise NoSuchImport("There is no import that waits for approval under this number.")
    return found


def import_of(district_id: int, number: int) -> RosterImport:
    """One that was done, held or approved. Raises NoSuchImport: of another district, or what it waited for came in
    another way since."""
    found = db.scalars(sa.select(RosterImport).filter_by(id=number, district_id=district_id)).one_or_none()
    if found is None:
        raise NoSuchImport("There is no import of this number in this district.")
    return found


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hold(district: District, file: RosterFile, sha256: str, report: Report, actor: Actor) -> Outcome:
    db.execute(
        sa.delete(RosterImport).where(
            RosterImport.district_id == district.id,
            RosterImport.sha256 == sha256,
            RosterImport.state != "done",
        )
    )
    token = new_secret(16)
    held = RosterImport(
        district_id=district.id, source=file.kind, version=file.version, bulk=file.bulk, sha256=sha256,
        state="held", counts=report.counts(), token_hash=hash_secret(token), expires_at=now() + HOLDS_FOR,
    )  # fmt: skip
    db.add(held)
    db.flush()
    record(district.id, actor, "roster_held", f"import:{held.id}", sha256=sha256, left=dict(report.left))
    return Outcome(report, held, token)


def _approved(district_id: int, sha256: str, report: Report) -> bool:
    """Somebody has approved this file, and it removes no more people than it said then."""
    return any(
        each.state == "approved"
        and each.sha256 == sha256
        and all(count <= each.counts["left"].get(audience, 0) for audience, count in report.left.items())
        for each in waiting(district_id)
    )


def _held_by_token(district_id: int, sha256: str, token: str) -> RosterImport:
    for each in waiting(district_id):
        if each.token_hash and hmac.compare_digest(each.token_hash, hash_secret(token)):
            if each.sha256 != sha256:
                raise NotApproved("the token is for another file; give the one that was held")
            return each
    raise NotApproved("no import is held under this token; it holds for 7 days and for one file")
