"""Group instruction: when, in which class, which lesson, led by whom, and how many pupils it still counts for."""

from collections.abc import Iterator
from contextlib import closing

import sqlalchemy as sa

from completion.models import Evidence
from core.database import db
from lessons.models import LessonVersion
from people.directory import identities_of
from people.models import Person
from proof.holding import Scene
from proof.zipping import Cell
from teaching.models import GroupSession

AT_ONCE = 200
SESSIONS = (
    "session", "held_on", "class", "lesson", "version", "led_by", "leader_sis_id", "leader_email", "pupils", "state",
)  # fmt: skip


def session_rows(scene: Scene) -> Iterator[list[Cell]]:
    """By day. The class is a number of ours: its title is the LMS's, and may hold a teacher's name."""
    rows = (
        sa.select(GroupSession, LessonVersion.content_hash, Person.id, Person.public_id)
        .join(LessonVersion, LessonVersion.id == GroupSession.version_id)
        .join(Person, Person.id == GroupSession.led_by)
        .where(GroupSession.district_id == scene.district.id, GroupSession.school_year_id == scene.year.id)
        .order_by(GroupSession.held_on, GroupSession.id)
        .execution_options(yield_per=AT_ONCE)
    )
    with closing(db.execute(rows)) as read:
        for batch in read.partitions():
            here = _still_counting([row[0] for row in batch], scene)
            known = identities_of({row.id for row in batch}, ["sis", "email"])
            for session, version, leader_id, leader in batch:
                names = known.get(leader_id, {})
                yield [
                    session.public_id, session.held_on.isoformat(), session.classroom_id, session.lesson_id, version,
                    leader, names.get("sis", ""), names.get("email", ""), here.get(session.source, 0),
                    "taken back" if session.undone_at else "holds",
                ]  # fmt: skip
            db.expunge_all()


def _still_counting(sessions: list[GroupSession], scene: Scene) -> dict[str, int]:
    rows = db.execute(
        sa.select(Evidence.source, sa.func.count())
        .where(
            *scene.counts(), Evidence.kind == "group", Evidence.source.in_([each.source for each in sessions])
        )
        .group_by(Evidence.source)
    )
    return {row[0]: row[1] for row in rows}
