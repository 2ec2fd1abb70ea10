import pytest
import sqlalchemy as sa

from core.clock import now
from core.database import db
from lessons.content import Lesson
from lessons.models import CurriculumRelease, LessonVersion, LessonVisit
from lti_tool.models import Deployment, Launch, LineItem, Platform, ResourceLink, ScoreDelivery
from people.models import Person, SchoolYear
from quizzes.models import Attempt
from tests.browsers import Browser
from tests.quizzes.makers import lesson


def publish(*lessons: Lesson) -> None:
    """As `flask curriculum load` would: the newest release, with one course for each course named."""
    for each in lessons:
        db.add(LessonVersion(lesson_id=each.id, content_hash=each.content_hash, body=each.to_body()))
    courses: dict[str, dict[str, object]] = {}
    for each in lessons:
        course = courses.setdefault(
            each.course,
            {"title": f"Course {each.course}", "band": each.band, "requirement": None, "lessons": []},
        )
        course["lessons"].append(  # type: ignore[attr-defined]
            {"id": each.id, "hash": each.content_hash, "title": each.title, "minutes": each.minutes}
        )
    db.add(CurriculumRelease(content_hash=lessons[0].content_hash, courses=courses))
    db.commit()


@pytest.fixture
def made_up(no_curriculum: None) -> Lesson:
    """A course of two made-up lessons; the first, and the second with -2 after its id."""
    first = lesson()
    publish(first, lesson("g4-made-up-2"))
    return first


class Taker:
    """Somebody who takes quizzes, through HTTP."""

    def __init__(self, browser: Browser, year: SchoolYear) -> None:
        self.browser, self.person, self.year = browser, browser.person, year

    def finish_lesson(self, lesson_id: str) -> None:
        version = db.scalars(sa.select(LessonVersion.id).filter_by(lesson_id=lesson_id)).first()
        db.add(
            LessonVisit(
                district_id=self.person.district_id,
                person_id=self.person.id,
                school_year_id=self.year.id,
                lesson_id=lesson_id,
                version_id=version,
                finished_at=now(),
            )
        )
        db.commit()

    def start(self, made: Lesson) -> Attempt:
        answer = self.browser.post(f"/quizzes/{made.id}/attempts")
        assert answer.status_code == 303, answer.text
        return self.attempts(made)[-1]

    def attempts(self, made: Lesson) -> list[Attempt]:
        db.remove()
        mine = sa.select(Attempt).filter_by(person_id=self.person.id, lesson_id=made.id)
        found = list(db.scalars(mine.order_by(Attempt.number)))
        db.remove()  # an open transaction here would make a server in another thread wait
        return found

    def save(self, attempt: Attempt, number: int, picks: list[str]):
        return self.browser.put(f"/quizzes/attempts/{attempt.public_id}/{number}", json={"picks": picks})

    def submit(self, attempt: Attempt):
        return self.browser.post(f"/quizzes/attempts/{attempt.public_id}/submit")

    def take(self, made: Lesson, right: int) -> Attempt:
        """Start, answer the first `right` questions rightly and the rest wrongly, and hand in."""
        attempt = self.start(made)
        for number, drawn in enumerate(attempt.draw, start=1):
            item = made.item(drawn["item"])
            wrong = [option.id for option in item.options if not option.correct][:1]
            picks = sorted(item.correct_ids) if number <= right else wrong
            assert self.save(attempt, number, picks).status_code == 204
        assert self.submit(attempt).status_code == 303
        return next(each for each in self.attempts(made) if each.id == attempt.id)


@pytest.fixture
def taker(made_up: Lesson, signed_in, year: SchoolYear):
    """taker(person=None, of=None, ...) -> Taker who has finished the lesson (default: the made-up one)."""

    def make(of: Lesson = made_up, finished: bool = True, **who: object) -> Taker:
        made = Taker(signed_in(**who), year)
        if finished:
            made.finish_lesson(of.id)
        return made

    return make


class Gradebook:
    """The columns of one person's links, as the worker would find them to send."""

    def __init__(self, person: Person) -> None:
        self.person = person
        district = person.district_id
        self.platform = Platform(
            district_id=district,
            name="Practice LMS",
            issuer="https://lms.example",
            client_id="1",
            auth_login_url="https://lms.example/auth",
            auth_token_url="https://lms.example/token",
            jwks_url="https://lms.example/jwks",
        )
        db.add(self.platform)
        db.flush()
        self.deployment = Deployment(
            district_id=district, platform_id=self.platform.id, deployment_id="1", state="approved"
        )
        db.add(self.deployment)
        db.commit()

    def link(self, target: str) -> None:
        """The person came through a link to this address, and the link has a column."""
        seat = {"district_id": self.person.district_id, "platform_id": self.platform.id}
        column = LineItem(**seat, url=f"https://lms.example/items{target}", label=target)
        db.add(column)
        db.flush()
        link = ResourceLink(
            **seat, deployment_pk=self.deployment.id, link_id=target, target=target, line_item_id=column.id
        )
        db.add(link)
        db.flush()
        db.add(Launch(**seat, resource_link_id=link.id, person_id=self.person.id))
        db.commit()

    def wanted(self, target: str) -> tuple[float, int] | None:
        """The score to be sent there, and how many times one was wanted."""
        db.remove()
        row = db.execute(
            sa.select(ScoreDelivery.score, ScoreDelivery.wanted)
            .join(ResourceLink, ResourceLink.line_item_id == ScoreDelivery.line_item_id)
            .where(ResourceLink.target == target, ScoreDelivery.person_id == self.person.id)
        ).one_or_none()
        return (row.score, row.wanted) if row else None


@pytest.fixture
def gradebook(ann: Taker) -> Gradebook:
    """Ann's columns for both made-up lessons and their course."""
    made = Gradebook(ann.person)
    for target in ("/lessons/g4", "/lessons/g4/g4-made-up", "/lessons/g4/g4-made-up-2"):
        made.link(target)
    return made


@pytest.fixture
def ann(taker) -> Taker:
    return taker()
