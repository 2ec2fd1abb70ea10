"""A lesson as compiled: the shape that pages, quizzes and the database share.

Everything here is frozen and plain. `to_body()` gives what stands in `LessonVersion.body`, `from_body()`
reads it back, and the content hash is the SHA-256 of that body as canonical JSON, so the same content has
the same hash on every machine.
"""

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any

from core.catalogs import SOURCE
from lessons.items import Item, item_from_plain, sparse, to_plain
from lessons.wording import Worded, said_with

PUPIL_BANDS = ("K-2", "3-5", "6-8", "9-12")


@dataclass(frozen=True, slots=True)
class Step:
    """One screen of a lesson.

    kind     hook | card | practice | rule | tell
    key      unique in the lesson: a card's own key, otherwise "hook", "practice-p1", "rule", "tell"
    title    short heading, plain text, or ""; it is not repeated in `html`
    html     safe HTML (paragraphs, lists, quotes, bold) that still holds {{variables}}: show it only through
             lessons.variables.fill
    text     the same words without markup, for reading aloud; also with {{variables}}
    art_svg  the picture as inline SVG, hidden from screen readers, or ""; its words are in art_alt
    item_id  full id of the item shown here, or None
    lang     the language it is in, where that is not the lesson's; otherwise ""
    """

    kind: str
    key: str
    title: str
    html: str
    text: str
    art_svg: str
    art_alt: str
    item_id: str | None
    clauses: tuple[str, ...] = ()
    lang: str = sparse("")


@dataclass(frozen=True, slots=True)
class Translation:
    """A lesson's words in another language (lessons.wording). What is missing stays in the language of the source.

    status  machine | reviewed | approved
    steps   by key
    items   by full id
    """

    lang: str
    status: str
    title: str
    objectives: tuple[str, ...]
    glossary: dict[str, str]
    steps: dict[str, Any]
    items: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A whole lesson.

    course     "k", "g1" ... "g12", "ruc"
    grade      "K", "1" ... "12"; "" for staff
    glossary   word -> meaning in words for this band
    steps      in the order of 2.2: hook, cards with practice among them, rule, tell
    status     draft | reviewed | approved; of a translation also machine
    pass_mark  percent needed in the quiz; 0 where finishing the lesson is all that is asked (K-2)
    draw       how many items one quiz attempt has
    content_note  of a sensitive lesson: what it is about in plain words, for before it is begun; else ""
    alternative   this is what somebody takes who was excused from the lesson of this id; it counts as that lesson
    """

    id: str
    course: str
    grade: str
    band: str
    title: str
    minutes: int
    objectives: tuple[str, ...]
    glossary: dict[str, str]
    steps: tuple[Step, ...]
    items: tuple[Item, ...]
    clauses: tuple[str, ...]
    topics: tuple[str, ...]
    sensitivity: str
    pass_mark: int
    draw: int
    content_hash: str = ""
    version: str = "1.0.0"
    lang: str = "en"
    status: str = "draft"
    translations: tuple[Translation, ...] = sparse(())
    content_note: str = sparse("")
    alternative: bool = sparse(False)
    _by_id: dict[str, Item] = field(init=False, repr=False, compare=False, default_factory=dict)
    _said: dict[str, "Lesson"] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_id.update({item.id: item for item in self.items})

    def item(self, item_id: str) -> Item:
        """By full id ("g4-same-me.p1"). Raises KeyError."""
        return self._by_id[item_id]

    @property
    def quiz_items(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.pool == "quiz")

    @property
    def cover(self) -> str:
        """The first picture, as inline SVG, or ""."""
        return next((step.art_svg for step in self.steps if step.art_svg), "")

    @property
    def part(self) -> str:
        """The name completion knows this lesson by."""
        return f"lesson:{self.id}"

    @property
    def languages(self) -> tuple[str, ...]:
        """Those it can be read in, that of the source first."""
        return (SOURCE, *(each.lang for each in self.translations))

    def in_language(self, *wishes: str | None) -> "Lesson":
        """The lesson in the first of these languages that it has, else as it was written. Only the source is asked.

        It is the same version with the same hash, ids and keys. A step or item that the translation leaves out stays
        as it is, and its `lang` says so.
        """
        lang = next((wish for wish in wishes if wish in self.languages), SOURCE)
        if lang == SOURCE:
            return self
        if lang not in self._said:
            words = next(each for each in self.translations if each.lang == lang)
            self._said[lang] = _translated(self, words)
        return self._said[lang]

    @property
    def has_variants(self) -> bool:
        """Whether anything in it is asked otherwise in some job."""
        return any(item.variants for item in self.items)

    def for_job(self, job: str | None) -> "Lesson":
        """The lesson with its items in the working day of this job (staff). Same version, hash, ids and keys.

        Variants are in the language of the source; a translated lesson asks its items as they were translated.
        """
        if job is None or self.lang != SOURCE or not self.has_variants:
            return self
        key = f"job {job}"
        if key not in self._said:
            self._said[key] = replace(self, items=tuple(item.for_job(job) for item in self.items))
        return self._said[key]

    def to_body(self) -> dict[str, Any]:
        """Plain JSON values, without the hash that is computed from them."""
        body: dict[str, Any] = to_plain(self)
        del body["content_hash"]
        return body

    @classmethod
    def from_body(cls, body: dict[str, Any]) -> "Lesson":
        """Read what `to_body` wrote. Raises KeyError or TypeError when the body has another shape."""
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in body.items()
        }
        values["steps"] = tuple(_step(step) for step in body["steps"])
        values["items"] = tuple(item_from_plain(item) for item in body["items"])
        values["translations"] = tuple(_translation(each) for each in body.get("translations", ()))
        return cls(**values, content_hash=hash_of(body))


def hash_of(body: object) -> str:
    """SHA-256 (hex) of canonical JSON: keys sorted, no spaces, UTF-8."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _step(body: dict[str, Any]) -> Step:
    return Step(**{**body, "clauses": tuple(body["clauses"])})


def _translation(body: dict[str, Any]) -> Translation:
    return Translation(**{**body, "objectives": tuple(body["objectives"])})


def _translated(source: Lesson, words: Translation) -> Lesson:
    return replace(
        source,
        title=words.title,
        objectives=words.objectives,
        glossary=words.glossary,
        steps=tuple(_said_or_left(step, words.steps.get(step.key)) for step in source.steps),
        items=tuple(_said_or_left(item, words.items.get(item.id)) for item in source.items),
        lang=words.lang,
        status=words.status,
    )


def _said_or_left(thing: Worded, words: dict[str, Any] | None) -> Worded:
    if words is None:
        left: Worded = replace(thing, lang=SOURCE)
        return left
    return said_with(thing, words)
