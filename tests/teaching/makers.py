"""A class in an LMS course: a course of six lessons, links to them, a gradebook and pupils with work behind them."""

from datetime import datetime

import sqlalchemy as sa

from completion.models import Progress
from core.clock import now
from core.database import db
from lessons.models import CurriculumRelease
from lti_tool.models import Context, Deployment, LineItem, Platform, ResourceLink, ScoreDelivery
from people.models import Classroom, District, Enrollment, Person, SchoolYear

LESSONS = {
    "g4-same-me": "Same Me, On Screen and Off",
    "g4-game-chat": "Game Chat Choices",
    "g4-four-ways": "Four Ways to Step In",
    "g4-strong-passwords": "Passwords That Hold",
    "g4-who-made-it": "Who Made This, and Why?",
    "g4-balance": "Time on, Time off",
}


class ClassInLms:
    """One classroom with its LMS course. Every maker commits, so that a request sees it."""

    def __init__(
        self, district: District, year: SchoolYear, classroom: Classroom, platform: Platform
    ) -> None:
        self.district, self.year, self.classroom, self.platform = district, year, classroom, platform
        deployment = db.scalars(sa.select(Deployment).filter_by(platform_id=platform.id)).one()
        self.context = Context(
            district_id=district.id,
            platform_id=platform.id,
            deployment_pk=deployment.id,
            context_id=f"course-{classroom.id}",
            classroom_id=classroom.id,
            memberships_url="http://127.0.0.1:1/memberships",
        )
        db.add(self.context)
        db.commit()

    def link(self, target: str, *, column: bool = True) -> ResourceLink:
        """A link of the LMS course, coupled to a gradebook column of its own unless told otherwise."""
        number = db.scalar(sa.select(sa.func.count()).select_from(ResourceLink))
        item = LineItem(
            district_id=self.district.id,
            platform_id=self.platform.id,
            context_pk=self.context.id,
            url=f"http://127.0.0.1:1/lineitems/{number}",
            label=target,
        )
        if column:
            db.add(item)
            db.flush()
        link = ResourceLink(
            district_id=self.district.id,
            platform_id=self.platform.id,
            deployment_pk=self.context.deployment_pk,
            context_pk=self.context.id,
            link_id=f"link-{number}",
            target=target,
            line_item_id=item.id if column else None,
        )
        db.add(link)
        db.commit()
        return link

    def seat(
        self, *names: str | None, role: str = "learner", left_at: datetime | None = None
    ) -> list[Person]:
        people = [Person(district_id=self.district.id, audience="pupil") for _ in names]
        db.add_all(people)
        db.flush()
        db.add_all(
            Enrollment(
                district_id=self.district.id,
                classroom_id=self.classroom.id,
                person_id=person.id,
                role=role,
                display_name=name,
                left_at=left_at,
            )
            for person, name in zip(people, names, strict=True)
        )
        db.commit()
        return people

    def works(
        self, person: Person, lesson: str, score: float | None = None, *, done: bool = False, year=None
    ) -> None:
        db.add(
            Progress(
                district_id=self.district.id,
                person_id=person.id,
                school_year_id=(year or self.year).id,
                part=f"lesson:{lesson}",
                best_score=score,
                done_at=now() if done else None,
            )
        )
        db.commit()

    def grades(
        self, person: Person, link: ResourceLink, state: str = "sent", **more: object
    ) -> ScoreDelivery:
        at = now()
        delivery = ScoreDelivery(
            **{
                "district_id": self.district.id,
                "platform_id": self.platform.id,
                "line_item_id": link.line_item_id,
                "person_id": person.id,
                "score": 100,
                "scored_at": at,
                "state": state,
                "sent": 1 if state == "sent" else 0,
                "sent_at": at if state == "sent" else None,
                **more,
            }
        )
        db.add(delivery)
        db.commit()
        return delivery


def publish(courses: dict[str, dict[str, str]], band: str = "3-5") -> None:
    written = {
        course: {
            "title": f"Digital citizenship, {course}",
            "band": band,
            "requirement": f"dc-{course}",
            "lessons": [
                {"id": each, "title": title, "minutes": 12, "hash": each} for each, title in lessons.items()
            ],
        }
        for course, lessons in courses.items()
    }
    db.add(CurriculumRelease(content_hash="-".join(courses), courses=written))
    db.commit()


def a_platform(district: District, issuer: str = "https://lms.example") -> Platform:
    made = Platform(
        district_id=district.id,
        name="An LMS",
        issuer=issuer,
        client_id="1",
        auth_login_url="https://lms.example/login",
        auth_token_url="https://lms.example/token",
        jwks_url="https://lms.example/jwks",
    )
    db.add(made)
    db.flush()
    db.add(Deployment(district_id=district.id, platform_id=made.id, deployment_id="1", state="approved"))
    db.commit()
    return made
