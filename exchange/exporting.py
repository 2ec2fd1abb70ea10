"""What is in force, as one file for another system, with a word on everything that does not fit into it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.catalogs import SOURCE
from core.errors import Refused
from exchange import cartridge
from exchange.formats import Format
from exchange.questions import losses_of, question_set
from lessons import library
from lessons.content import Lesson


class NotInThisLanguage(Refused):
    code = "not_in_this_language"


class NothingToExport(Refused):
    code = "nothing_to_export"


@dataclass(frozen=True, slots=True)
class Exported:
    """`losses` are sentences: what this file does not hold. The same content gives the same `data`."""

    data: bytes
    ending: str
    mimetype: str
    count: int
    losses: tuple[str, ...]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def export_links(courses: Sequence[library.Course], public_url: str, lang: str = SOURCE) -> Exported:
    """The lessons of these courses as links, in a thin Common Cartridge, with their titles in this language."""
    modules = [
        cartridge.Module(
            course.id, course.title, tuple(in_language(library.lesson(ref.id), lang) for ref in course.lessons)
        )
        for course in courses
    ]  # fmt: skip
    count = sum(len(module.lessons) for module in modules)
    data = cartridge.cartridge(modules, public_url)
    return Exported(data, ".imscc", "application/zip", count, cartridge.LOSSES)


def export_questions(lessons: Sequence[Lesson], format: Format, words: Callable[[str], str]) -> Exported:
    """The quiz pools of these lessons. `words` fills {{places}}. Raises NothingToExport."""
    whole = [question_set(lesson, words) for lesson in lessons]
    reasons = {item.id: format.left_out(item) for each in whole for item in each.questions}
    sets = [
        replace(each, questions=tuple(item for item in each.questions if not reasons[item.id]))
        for each in whole
    ]
    types = {item.type for each in sets for item in each.questions}
    of_types = [loss for concerned, loss in format.losses if types & set(concerned)]
    losses = [*losses_of(lessons), *_left_out(reasons), *of_types]
    count = sum(len(each.questions) for each in sets)
    if not count:
        raise NothingToExport(f"no question of this fits into {format.title}")
    return Exported(
        format.write(sets, readme(lessons, format, losses)), format.ending, format.mimetype, count, tuple(losses)
    )  # fmt: skip


def in_language(lesson: Lesson, lang: str) -> Lesson:
    """The lesson in this language. Raises NotInThisLanguage."""
    if lang not in lesson.languages:
        raise NotInThisLanguage(f"{lesson.id} is not there in {lang}, only in {', '.join(lesson.languages)}")
    return lesson.in_language(lang)


def _left_out(reasons: Mapping[str, str]) -> list[str]:
    """One sentence for each reason, with the questions it keeps out."""
    ids = {
        why: [item_id for item_id, each in reasons.items() if each == why] for why in reasons.values() if why
    }
    return [f"{why}: {', '.join(kept_out)} left out" for why, kept_out in ids.items()]


def readme(lessons: Sequence[Lesson], format: Format, losses: Sequence[str]) -> str:
    """What goes with the file: which content it is, and what it does not hold."""
    return "\n".join(
        [
            f"Quiz questions as {format.title}. This file holds the right answers: keep it among staff.",
            "",
            *(_version(lesson) for lesson in lessons),
            "",
            "What this file does not hold:",
            *(f"- {loss}." for loss in losses),
            *([] if losses else ["- nothing is lost."]),
            "",
        ]
    )


def _version(lesson: Lesson) -> str:
    about = f"{lesson.version} {lesson.content_hash[:12]} ({lesson.lang}, {lesson.status})"
    return f"{lesson.id} {about}: {lesson.title}"
