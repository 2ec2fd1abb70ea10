"""What a change would do, in sentences: from when it holds, and whom it concerns."""

from collections.abc import Collection

from completion.rule_reach import Reach, Turned
from rulebook.words import PEOPLE, count

DATES = {"due_days", "grace_days", "new_hire_days", "new_hire_counting"}


def from_when(names: Collection[str], *, present_too: bool) -> list[str]:
    """`names`: the rules that change."""
    said = []
    if "ways" in names:
        said.append(
            "What they do holds for everybody as soon as you keep it, also for who is done. All of them are looked at "
            "anew within minutes."
        )
    if present_too:
        said.append("The dates of this school year are counted anew, for everybody at once.")
    elif DATES & set(names):
        said.append(
            "Dates that people were told stand. The new days hold for who is asked from now on, and for the coming "
            "school years."
        )
    if "extension_days" in names:
        said.append("More time that was given stays. The new bound holds for what is given from now on.")
    if {"renewal_days", "minimum_active_days", "quiet"} & set(names):
        said.append(
            "Days off hold from now on." if set(names) <= {"quiet"} else "The rest holds from now on."
        )
    return said


def whom(reach: Reach, audience: str, *, building: bool, rules: bool, present_too: bool) -> list[str]:
    """`rules`: whether any changes, or dates alone."""
    return [
        *([_concerned(reach, audience, building)] if rules else []),
        *(_dates(reach, building) if present_too else []),
        *(_turned(reach.turned) if reach.turned else []),
        *(
            ["That is too many to look at each of them beforehand. IT can look ahead with the forecast."]
            if reach.turned is None
            else []
        ),
    ]


def warnings(turned: Turned | None) -> list[str]:
    """What somebody should stop at before they keep it."""
    if turned is None:
        return []
    said = []
    if turned.asked_anew:
        said.append(
            f"{_who(turned.asked_anew, 'is', 'are')} done now and would be asked anew, since what they did would "
            "not be enough."
        )
    if turned.late_at_once:
        said.append(
            f"{_who(turned.late_at_once, 'is', 'are')} in time now and would be past the date at once. How far the "
            "network acts on it is a matter of the stage that is in force."
        )
    return said


def _concerned(reach: Reach, audience: str, building: bool) -> str:
    if reach.people == 0:
        return f"No {PEOPLE[audience][1]} are known {'there' if building else 'here'} yet. It holds for whoever comes."
    if reach.concerned == reach.people:
        return (
            f"It concerns all {count(reach.people, audience)}{' there' if building else ' of the district'}."
        )
    there = " there" if building else ""
    if reach.concerned == 0:
        why = (
            "all of them belong to another building as well, where other rules hold"
            if building
            else "all of them are at buildings that say otherwise"
        )
        return f"It concerns none of the {count(reach.people, audience)}{there} now: {why}."
    others = (
        "The others belong to another building as well, where other rules hold."
        if building
        else "The others are at buildings that say otherwise."
    )
    return f"It concerns {reach.concerned:,} of {count(reach.people, audience)}{there}. {others}"


def _dates(reach: Reach, building: bool) -> list[str]:
    if not reach.dates:
        return ["No date of this school year moves."]
    said = [
        "1 date of this school year moves."
        if reach.dates == 1
        else f"{reach.dates:,} dates of this school year move."
    ]
    if reach.dates_elsewhere:
        said.append(
            f"{reach.dates_elsewhere:,} of them are elsewhere: the whole district is counted by the rules of today, "
            "also where earlier changes left the dates as they were."
        )
    return said


def _turned(turned: Turned) -> list[str]:
    said = []
    if not warnings(turned):
        said.append("Nobody who is done is asked anew, and nobody is late by it.")
    if turned.done_by_it:
        said.append(f"{_who(turned.done_by_it, 'is', 'are')} not done now and would be done by it.")
    if turned.not_late_any_more:
        said.append(
            f"{_who(turned.not_late_any_more, 'is', 'are')} past the date now and would be in time again."
        )
    return said


def _who(number: int, one: str, many: str) -> str:
    return f"1 person {one}" if number == 1 else f"{number:,} people {many}"
