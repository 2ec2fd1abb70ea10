"""The trouble page's choices: the bad days IT wants to see the tool live through."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from practice_lms.lms import PracticeLms


@dataclass(frozen=True)
class Preset:
    key: str
    title: str
    expect: str
    kind: str
    endpoint: str
    times: int | None
    options: dict[str, Any] = field(default_factory=dict)


PRESETS = (
    Preset("busy", "Answer the next 3 scores with “too many requests, wait 5 seconds”",
           "The scores arrive a little later, each once.", "too_many", "scores", 3, {"retry_after": 5}),
    Preset("down", "Close the gradebook for the next 5 scores",
           "The tool keeps the scores and sends them again.", "down", "scores", 5),
    Preset("slow", "Let the next 3 scores take 8 seconds",
           "Nobody in a lesson notices: scores go in the background.", "slow", "scores", 3, {"seconds": 8}),
    Preset("lost", "Take the next score, but lose the answer",
           "The tool sends again or asks, and the gradebook shows it once.", "lost_answer", "scores", 1),
    Preset("throttled", "Throttle everything the way Canvas does, 5 times",
           "The tool slows down by itself.", "throttled", "*", 5),
    Preset("expired", "Refuse the tool's access token once",
           "The tool fetches a new token and goes on.", "unauthorized", "scores", 1),
    Preset("roster", "Break the class roster, 3 times",
           "The teacher still sees the last roster and when it was read.", "error", "memberships", 3),
    Preset("clock", "Put this LMS's clock 30 seconds ahead",
           "Lessons still open.", "skew", "launch", None, {"seconds": 30}),
)  # fmt: skip


STORAGE = {
    "on": ("Keep things for tools whose cookies are refused", "This LMS keeps things for tools again."),
    "off": ("Keep nothing for tools whose cookies are refused", "This LMS keeps nothing for tools any more."),
    "silent": (
        "Promise to keep things for tools, and never answer",
        "This LMS promises tools to keep things, and does not answer them.",
    ),
}
"""{mode of the platform storage: (what the button starts, what was done)}."""


def make(lms: PracticeLms, what: str) -> str | None:
    """Do one of the page's choices; answers what was done in words, None if there is no such choice."""
    if what == "stop":
        lms.clear_faults()
        return "All trouble is over. The LMS works normally."
    if what == "rotate":
        lms.rotate_key()
        return "The LMS signs with a new key from now on. Lessons still open."
    if what == "copy":
        copy = lms.copy_course(next(iter(lms.world.courses)))
        for person in ("ana", "ben"):
            lms.memberships.enroll(person, copy)
        return f"“{copy.title}” is there, with Ana and Ben in it."
    if what.startswith("storage-") and what.removeprefix("storage-") in STORAGE:
        lms.set_storage(what.removeprefix("storage-"))
        return STORAGE[lms.settings.storage][1]
    for preset in PRESETS:
        if preset.key == what:
            lms.set_fault(preset.kind, preset.endpoint, preset.times, title=preset.title, **preset.options)
            return f"In force: {preset.title}."
    return None
