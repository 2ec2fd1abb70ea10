"""Rule I25 and its neighbours: a branch item is a story that goes forward and always has a way back to safe.

Choices lead only to later scenes, so no story runs in circles; an unsafe choice leads to a repair scene, and every
scene has a safe choice, so none ends badly.
"""

from collections.abc import Iterator

from lessons.items import END, Item, Option
from lessons.marked_yaml import Path
from lessons.scope import Band

FEWEST_DECISIONS, MOST_DECISIONS = 2, 4

Fault = tuple[str, Path, str]


def faults_of_story(item: Item, band: Band) -> Iterator[Fault]:
    decisions = sum(not scene.repair for scene in item.scenes)
    if not FEWEST_DECISIONS <= decisions <= MOST_DECISIONS:
        yield "I25", ("scenes",), f"{decisions} decisions; {FEWEST_DECISIONS} to {MOST_DECISIONS}"
    names = [scene.id for scene in item.scenes]
    if len(set(names)) < len(names):
        yield "I25", ("scenes",), "two scenes have the same id"
        return
    if item.scenes[0].repair:
        yield "I25", ("scenes", 0), "a story begins with a decision, not with a repair"
    reached = {names[0], *(option.to for option in item.options)}
    for at, scene in enumerate(item.scenes):
        if scene.id not in reached:
            yield "I25", ("scenes", at), f"no choice leads to {scene.id}"
        yield from _scene(item, at, band)


def _scene(item: Item, at: int, band: Band) -> Iterator[Fault]:
    scene = item.scenes[at]
    choices = item.choices_in(scene.id)
    where: Path = ("scenes", at, "choices")
    safe = sum(choice.correct for choice in choices)
    fewest = 1 if scene.repair else 2
    if not fewest <= len(choices) <= band.options[1]:
        yield "I21", where, f"{len(choices)} choices; {fewest} to {band.options[1]} in {band.name}"
    if not safe:
        yield "I25", where, f"{scene.id} has no safe choice"
    if safe == len(choices) and not scene.repair:
        yield "I25", where, f"every choice in {scene.id} is safe, so nothing is decided"
    for number, choice in enumerate(choices):
        message = _leads_wrong(item, at, choice)
        if message:
            yield "I25", (*where, number), message


def _leads_wrong(item: Item, at: int, choice: Option) -> str | None:
    if choice.to == END:
        return (
            None if choice.correct else f"choice {choice.id} is unsafe: lead it to a repair, not to the end"
        )
    places = {scene.id: number for number, scene in enumerate(item.scenes)}
    if choice.to not in places:
        return f"choice {choice.id} leads to {choice.to}, which is no scene here"
    if places[choice.to] <= at:
        return f"choice {choice.id} leads back to {choice.to}: lead it on to a later scene or to {END}"
    if item.scenes[places[choice.to]].repair is choice.correct:
        return f"choice {choice.id} is " + (
            f"safe, yet {choice.to} is a repair"
            if choice.correct
            else f"unsafe, yet {choice.to} is no repair"
        )
    return None
