"""A course copied for the next year or the next section, the way each LMS does it.

The copy is a new context with new resource links, whose custom parameters and addresses are those of the old ones. A
column that belongs to a link comes along with the tool's resourceId and tag as they were, and without a grade; so does
on Canvas one that the tool made by itself, since there every column is an assignment of the course.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from practice_lms.people import Course
from practice_lms.state import LineItem

if TYPE_CHECKING:
    from practice_lms.lms import PracticeLms

TEACHES = ("Instructor", "Administrator")


def copy_course(lms: PracticeLms, course: Course, title: str | None = None) -> Course:
    """The copy; whoever teaches the old course teaches the new one, and nobody learns in it yet."""
    with lms.state.lock:
        number = max(each.number for each in lms.world.courses.values()) + 1
        key = f"{course.key}-copy-{number}"
        links = tuple(
            replace(link, key=f"{link.key}-copy-{number}", course=key, number=number * 100 + place)
            for place, link in enumerate(course.links, 1)
        )
        copy = replace(
            course,
            key=key,
            number=number,
            title=title or f"{course.title}, copy",
            label=f"{course.label}-{number}",
            links=links,
            history=(course.key, *course.history),
        )
        lms.world.courses[key] = copy
        lms.world.links.update({link.key: link for link in links})
        new_key = {old.key: new.key for old, new in zip(course.links, links, strict=True)}
        for column in lms.gradebook.columns(course):
            if column.link is not None or lms.personality.copies_every_column:
                _copy_column(lms, column, key, new_key.get(column.link or ""))
        for membership in lms.memberships.of(course):
            if membership.role in TEACHES:
                lms.memberships.enroll(membership.person, copy, membership.role)
    return copy


def _copy_column(lms: PracticeLms, column: LineItem, course: str, link: str | None) -> None:
    lms.gradebook.add_column(
        course,
        column.label,
        column.score_maximum,
        resource_id=column.resource_id,
        tag=column.tag,
        link=link,
        made_by_tool=column.made_by_tool,
    )
