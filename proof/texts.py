"""The texts of a pack, byte for byte: lessons in each version that was taught, agreements that were signed, policy."""

import json
from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from markupsafe import Markup

from completion.dates import last_day_before, local_day
from completion.models import Attestation, Evidence, PolicyEdition, PolicyText
from core.database import db
from core.variables import fill
from lessons.content import Lesson
from lessons.curriculum import PROCEDURE_ZONE
from lessons.looked_over import looked_over
from lessons.models import LessonVersion
from people.audit_models import AuditEntry
from people.models import Person
from proof.holding import Scene
from proof.page_shells import page
from proof.zipping import Cell

File = tuple[str, bytes]
REVIEWS = ("on", "policy", "outcome", "text_sha256", "by")
SIGNATURES = ("signature", "person", "signed_on", "text_sha256", "voided_on")
FACTS = ("name", "value")
EDITIONS = ("policy", "lang", "sha256", "change", "effective_on", "sign_again_by", "approved_by")
NOT_HERE = """\
What a reviewer may ask for and this service does not hold. Add it to the file you keep:

- the adopted internet safety policy itself, with the date of its adoption
- the public notice and the minutes of the hearing or meeting at which it was adopted
- what filters and monitors the network, and that it works
- FCC Forms 486 and 479 as certified

The other files of this folder are the responsible use agreement as it was in effect this year, that the district
looked at it, and the numbers and links of policies that the district gave this service.
"""


def lesson_files(scene: Scene) -> Iterator[File]:
    """Each version that was taught to a pupil or taken by staff: the page to read, and the record.

    The SHA-256 of `content/<lesson>-<version>.json` is the version that stands in pupils.csv and in the evidence.
    """
    versions = (
        sa.select(Evidence.version)
        .where(*scene.counts(), Evidence.part.startswith("lesson:"))
        .distinct()
        .subquery()
    )
    wanted = sa.select(LessonVersion.lesson_id, LessonVersion.content_hash).where(
        LessonVersion.content_hash.in_(sa.select(versions.c.version))
    )
    for lesson_id, version in db.execute(
        wanted.order_by(LessonVersion.lesson_id, LessonVersion.content_hash)
    ).all():
        body = db.scalars(sa.select(LessonVersion.body).filter_by(content_hash=version)).one()
        name = f"content/{lesson_id}-{version[:12]}"
        yield f"{name}.json", canonical_body(body)
        yield f"{name}.html", _page(Lesson.from_body(body)).encode()


def canonical_body(body: object) -> bytes:
    """As lessons.content.hash_of hashes it."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def agreement_files(scene: Scene) -> Iterator[File]:
    """The exact texts that people of the district signed this year; the SHA-256 of each is the one they signed."""
    signed = (
        sa.select(Attestation.policy_text_id)
        .where(Attestation.district_id == scene.district.id, Attestation.school_year_id == scene.year.id)
        .distinct()
    )
    for text in db.scalars(
        sa.select(PolicyText).where(PolicyText.id.in_(signed)).order_by(PolicyText.sha256)
    ):
        yield f"agreements/{text.key}-{text.version}-{text.lang}-{text.sha256[:12]}.md", text.text.encode()


def signature_rows(scene: Scene) -> Iterator[list[Cell]]:
    zone = scene.district.timezone
    rows = db.execute(
        sa.select(
            Attestation.public_id, Person.public_id.label("person"), Attestation.signed_at, PolicyText.sha256,
            Attestation.voided_at,
        )
        .join(Person, Person.id == Attestation.person_id)
        .join(PolicyText, PolicyText.id == Attestation.policy_text_id)
        .where(Attestation.district_id == scene.district.id, Attestation.school_year_id == scene.year.id)
        .order_by(Attestation.public_id)
        .execution_options(yield_per=500)
    )  # fmt: skip
    for row in rows:
        voided = local_day(row.voided_at, zone).isoformat() if row.voided_at else ""
        yield [row.public_id, row.person, local_day(row.signed_at, zone).isoformat(), row.sha256, voided]


def policy_files(scene: Scene) -> Iterator[File]:
    """Editions of agreements in effect in the year, as published: places for district facts are still open."""
    yield "policy/NOT-IN-THIS-PACK.txt", NOT_HERE.encode()
    for each in _editions(scene):
        yield f"policy/{each.key}-{each.version}-{each.lang}.md", each.text.encode()


def edition_rows(scene: Scene, *, deidentified: bool) -> Iterator[list[Cell]]:
    """What each of these editions changed, and who approved that; how many did where nobody is named."""
    for each in _editions(scene):
        approved_by = str(len(each.approved_by)) if deidentified else "; ".join(each.approved_by)
        begins = local_day(each.effective_at, PROCEDURE_ZONE).isoformat() if each.effective_at else ""
        by = last_day_before(each.reattest_by, PROCEDURE_ZONE).isoformat() if each.reattest_by else ""
        yield [f"{each.key}-{each.version}", each.lang, each.sha256, each.change, begins, by, approved_by]


def _editions(scene: Scene) -> Iterator[PolicyEdition]:
    editions = sa.select(PolicyEdition).where(
        PolicyEdition.created_at < scene.year.ends_at,
        sa.or_(PolicyEdition.effective_at.is_(None), PolicyEdition.effective_at < scene.year.ends_at),
    )
    yield from db.scalars(editions.order_by(PolicyEdition.key, PolicyEdition.version, PolicyEdition.lang))


def fact_rows(scene: Scene) -> list[list[Cell]]:
    """What the district told this service about its policies."""
    facts = sorted(scene.district.variables.items())
    return [
        [name, str(value)]
        for name, value in facts
        if name.startswith(("policy.", "hib.")) and value is not None
    ]


def review_rows(scene: Scene) -> list[list[Cell]]:
    """That the district looked at its agreement in the year (RCW 28A.650.045)."""
    rows = db.scalars(
        sa.select(AuditEntry)
        .where(
            AuditEntry.district_id == scene.district.id,
            AuditEntry.action == "policy_reviewed",
            AuditEntry.at >= scene.year.starts_at,
            AuditEntry.at < scene.year.ends_at,
        )
        .order_by(AuditEntry.seq)
    )
    return [
        [
            local_day(each.at, scene.district.timezone).isoformat(), each.subject.removeprefix("policy:"),
            str(each.detail.get("outcome", "")), str(each.detail.get("text_sha256", "")), each.actor,
        ]
        for each in rows
    ]  # fmt: skip


PAGE = page("lesson")


def _page(lesson: Lesson) -> str:
    """To be read by people: every screen and question, no answer. District facts stand as the author gave them."""
    looked = looked_over(lesson, lambda text: fill(text, {}))
    screens = Markup("\n").join(
        # A step's HTML was made safe when the lesson was compiled.
        Markup("<h2>{}</h2>{}").format(each.step.title or each.kind, Markup(each.html))  # noqa: S704
        for each in looked.screens
    )
    questions = Markup("").join(
        Markup("<p>{}</p><ul>{}</ul>").format(
            each.stem,
            _items([*each.texts, *(words for scene, choices in each.scenes for words in (scene, *choices))]),
        )
        for each in looked.quiz
    )
    page = PAGE.format(
        lang=lesson.lang, title=lesson.title, id=lesson.id, version=lesson.version, hash=lesson.content_hash,
        objectives=_items(lesson.objectives), screens=screens, questions=questions,
    )  # fmt: skip
    return str(page)


def _items(texts: Iterable[str]) -> Markup:
    return Markup("").join(Markup("<li>{}</li>").format(each) for each in texts)
