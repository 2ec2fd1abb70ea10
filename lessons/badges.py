"""A small badge for each topic of a course: earned when every lesson that carries the topic is done. No counting, no
comparing; it says in words what somebody has worked on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from completion.models import Progress
from core.messages import N_
from lessons.content import Lesson

WORDS = {
    "behavior": N_("Being fair online"),
    "social": N_("Chats and networks"),
    "cyberbullying": N_("Stepping in"),
    "privacy": N_("Personal facts"),
    "security": N_("Safe accounts"),
    "balance": N_("Time and attention"),
    "news": N_("Checking claims"),
    "ai": N_("Working with AI"),
    "deepfakes": N_("Made-up media"),
    "copyright": N_("Credit and copyright"),
    "footprint": N_("What stays online"),
    "district-tech": N_("School technology"),
    "filter-report": N_("Filters and reporting"),
    "exploitation": N_("Pressure and help"),
    "wellbeing": N_("Feeling well"),
    "money": N_("Ads and money"),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """`topic` is the plan's; the picture of it stands in templates/lessons/_badges.html."""

    topic: str
    earned: bool

    @property
    def words(self) -> str:
        return WORDS[self.topic]


def badges(lessons: Sequence[Lesson], progress: Mapping[str, Progress]) -> tuple[Badge, ...]:
    """In the order in which the course comes to the topics."""
    done = {part for part, each in progress.items() if each.done_at}
    topics = dict.fromkeys(topic for lesson in lessons for topic in lesson.topics if topic in WORDS)
    return tuple(
        Badge(topic, all(lesson.part in done for lesson in lessons if topic in lesson.topics))
        for topic in topics
    )
