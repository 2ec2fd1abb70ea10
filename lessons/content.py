"""A lesson as compiled: the shape that pages, quizzes and the database share.

Everything here is frozen and plain. `to_body()` gives what stands in `LessonVersion.body`, `from_body()`
reads it back, and the content hash is the SHA-256 of that body as canonical JSON, so the same content has
the same hash on every machine.
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from lessons.items import Item, item_from_plain, to_plain

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


@dataclass(frozen=True, slots=True)
class Lesson:
    """A whole lesson.

    course     "k", "g1" ... "g12", "ruc"
    grade      "K", "1" ... "12"; "" for staff
    glossary   word -> meaning in words for this band
    steps      in the order of 2.2: hook, cards with practice among them, rule, tell
    pass_mark  percent needed in the quiz; 0 where finishing the lesson is all that is asked (K-2)
    draw       how many items one quiz attempt has
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
    _by_id: dict[str, Item] = field(init=False, repr=False, compare=False, default_factory=dict)

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
        return cls(**values, content_hash=hash_of(body))


def hash_of(body: object) -> str:
    """SHA-256 (hex) of canonical JSON: keys sorted, no spaces, UTF-8."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _step(body: dict[str, Any]) -> Step:
    return Step(**{**body, "clauses": tuple(body["clauses"])})
