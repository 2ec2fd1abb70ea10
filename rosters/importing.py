"""Take a roster file: check all of it, then write all of it or nothing.

Whoever the file knows is found or added; intervals are opened and closed; nobody is ever deleted. What the file
changes is looked at again by every reader of standings, because their reviews are marked. Assignments are made by the
worker, for roster people as for everybody else (lessons.assignments, completion.requirements).
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from core.clock import now
from core.database import db
from people.models import District, Person
from people.roster_models import Building, RosterInterval
from people.school_years import ensure_school_year
from rosters.batches import batched
from rosters.bounds import Errors, RosterRefused, echo
from rosters.days import end_of, start_of
from rosters.entries import Entry, Placement, RosterFile
from rosters.intervals import Known, Plan, Wanted, plan
from rosters.marking import mark_changed
from rosters.matching import Match, match, public_ids
from rosters.models import QuarantinedRow
from rosters.naming import add_people, write_names
from rosters.overtaking import not_overtaken, note_changes
from rosters.reporting import Report
from rosters.statistics import Growth
from rosters.writing import close_missing, read_intervals, write_plans

CHUNK = 500


def check(file: RosterFile, errors: Errors) -> int:
    """Read the whole file and write nothing. Returns how many people it names; raises RosterRefused with every
    error there is."""
    count = sum(1 for _ in file.entries(errors))
    if errors.count:
        raise RosterRefused(f"{errors.count} error{'s' * (errors.count != 1)}; nothing was imported", errors)
    if file.bulk and not count:
        raise RosterRefused("the file names nobody; nothing was imported")
    return count


def write(district: District, file: RosterFile) -> Report:
    """In the caller's transaction. Raises RosterRefused for a row that speaks of somebody unknown."""
    # One import of a district at a time; FOR NO KEY UPDATE lets everybody else write rows of this district.
    db.execute(sa.select(District.id).where(District.id == district.id).with_for_update(key_share=True))
    return _Writing(district, file).run()


class _Writing:
    """One import under way."""

    def __init__(self, district: District, file: RosterFile) -> None:
        self.district, self.file, self.at = district, file, now()
        self.report, self.errors, self.growth = Report(), Errors(), Growth()
        self.taken: dict[int, int] = {}
        """{person id: line}: everybody the file has spoken of so far."""
        self.undated = self._undated()

    def run(self) -> Report:
        self.report.before = self._people_there()
        self.buildings = self._write_buildings()
        for chunk in batched(self.file.entries(Errors()), CHUNK):
            self._write_chunk(chunk)
        if self.errors.count:
            raise RosterRefused(
                f"{self.errors.count} rows speak of somebody unknown; nothing was imported", self.errors
            )
        if self.file.bulk:
            self._close_missing()
        self._write_quarantine()
        return self.report

    def _undated(self) -> datetime:
        """With the first roster of its kind everybody has been here since the year began, as far as anybody knows;
        whoever comes later is new."""
        earlier = (
            sa.select(RosterInterval.id)
            .filter_by(district_id=self.district.id, source=self.file.kind)
            .limit(1)
        )
        return self.at if db.scalar(earlier) else ensure_school_year(self.district).starts_at

    def _people_there(self) -> Counter[str]:
        rows = db.execute(
            sa.select(RosterInterval.audience, sa.func.count(RosterInterval.person_id.distinct()))
            .where(
                RosterInterval.district_id == self.district.id,
                RosterInterval.source == self.file.kind,
                sa.or_(RosterInterval.ends_at.is_(None), RosterInterval.ends_at > self.at),
            )
            .group_by(RosterInterval.audience)
        )
        return Counter(dict(rows.all()))

    def _write_buildings(self) -> dict[str, int]:
        """{key: building id} of the whole district."""
        known = {
            row.key: row for row in db.scalars(sa.select(Building).filter_by(district_id=self.district.id))
        }
        for key, name in self.file.buildings.items():
            if key not in known:
                known[key] = Building(district_id=self.district.id, key=key, name=name)
                db.add(known[key])
                self.report.buildings += 1
            elif name not in (known[key].name, key):
                known[key].name = name
                self.report.buildings += 1
        db.flush()
        return {key: row.id for key, row in known.items()}

    def _write_chunk(self, entries: list[Entry]) -> None:
        self.report.rows += len(entries)
        found = match(self.district.id, self.file.kind, entries, self.district.email_domains, self.taken)
        self.report.quarantined += [each for each in found if each.quarantine]
        found = [each for each in found if not each.quarantine and self._known_or_new(each)]
        if not self.file.bulk:
            current = not_overtaken(self.file.kind, found)
            self.report.outdated += len(found) - len(current)
            found = current
        added = add_people(self.district.id, found)
        self.report.added += len(added)
        self.taken.update((each.person_id, each.entry.line) for each in found if each.person_id is not None)
        renamed = write_names(self.district.id, self.file.kind, found)
        self.report.renamed += len(renamed - added)
        plans = self._plans(found)
        write_plans(self.district.id, self.file.kind, plans)
        self._raise_audiences(found)
        if not self.file.bulk:
            note_changes(self.district.id, self.file.kind, found)
        self.growth.added(self.report.added)
        mark_changed(self.district.id, [person_id for person_id, each in plans.items() if each])

    def _known_or_new(self, match_: Match) -> bool:
        if match_.person_id is not None or match_.entry.named:
            return True
        if (
            match_.entry.placements and not match_.entry.whole
        ):  # a role of somebody of whom neither this file nor one before it has spoken
            entry = match_.entry
            self.errors.add(entry.file, entry.line, f"there is no user {echo(entry.key)}")
        return False

    def _plans(self, found: Sequence[Match]) -> dict[int, Plan]:
        known = read_intervals([each.person_id or 0 for each in found], self.file.kind)
        plans = {}
        for each in found:
            assert each.person_id is not None
            rows = known.get(each.person_id, [])
            entry = each.entry
            made = plan(
                rows,
                [self._wanted(placement) for placement in entry.placements],
                self.at,
                undated=self.undated,
                whole=entry.whole,
                ended=[(self.buildings.get(key or ""), audience) for key, audience in entry.ended],
            )
            plans[each.person_id] = made
            self._count(rows, made)
        return plans

    def _count(self, rows: Sequence[Known], made: Plan) -> None:
        self.report.opened += len(made.open)
        self.report.closed += made.closed
        self.report.corrected += len(made.change) + len(made.drop) - made.closed
        gone = set(made.drop) | {
            row_id for row_id, change in made.change.items() if _over(change.get("ends_at"), self.at)
        }
        here = [row for row in rows if row.ends_at is None or row.ends_at > self.at]
        after = {row.place[1] for row in here if row.id not in gone}
        after |= {new.place[1] for new in made.open if new.ends_at is None or new.ends_at > self.at}
        for audience in {row.place[1] for row in here} - after:
            self.report.left[audience] += 1

    def _wanted(self, said: Placement) -> Wanted:
        zone = self.district.timezone
        return Wanted(
            place=(self.buildings[said.building] if said.building is not None else None, said.audience),
            job=said.job,
            grade=said.grade,
            starts_at=start_of(said.first_day, zone) if said.first_day else None,
            ends_at=end_of(said.last_day, zone) if said.last_day else None,
        )

    def _raise_audiences(self, found: Sequence[Match]) -> None:
        staff = [each.person_id for each in found if each.entry.is_staff]
        pupils = [each.person_id for each in found if each.entry.placements and not each.entry.is_staff]
        for audience, ids, below in (
            ("staff", staff, ("unknown", "guest", "pupil")),
            ("pupil", pupils, ("unknown", "guest")),
        ):
            if ids:
                db.execute(
                    sa.update(Person)
                    .where(Person.id.in_(ids), Person.audience.in_(below))
                    .values(audience=audience)
                )

    def _close_missing(self) -> None:
        left, closed, people = close_missing(self.district.id, self.file, self.taken.keys(), self.at)
        self.report.left += left
        self.report.closed += closed
        mark_changed(self.district.id, people)

    def _write_quarantine(self) -> None:
        if self.file.bulk:
            db.execute(
                sa.delete(QuarantinedRow).filter_by(district_id=self.district.id, source=self.file.kind)
            )
        ids = public_ids({owner for each in self.report.quarantined for owner in each.owners})
        db.add_all(
            QuarantinedRow(
                district_id=self.district.id,
                source=self.file.kind,
                file=each.entry.file,
                line=each.entry.line,
                key=each.entry.key,
                reason=each.quarantine or "",
                people=[ids[owner] for owner in each.owners],
            )
            for each in self.report.quarantined
        )
        db.flush()


def _over(ends_at: object, at: datetime) -> bool:
    return isinstance(ends_at, datetime) and ends_at <= at
