"""Grades, jobs, states and topics in words, and the first sentence of each page; in English, as offices read it."""

from collections.abc import Iterable

from oversight.counting import DONE
from oversight.coverage import Share
from oversight.reading import StaffRow

JOBS = {
    "teacher": "Teachers",
    "para": "Paraeducators",
    "office": "Office staff",
    "coach": "Coaches",
    "substitute": "Substitutes",
    "driver": "Drivers",
    "admin": "Administrators",
    "volunteer": "Volunteers",
    "other": "Other staff",
    "": "Job not known",
}
TOPICS = {"CIPA-OB": "Online behavior", "CIPA-SN": "Social networks and chat", "CIPA-CB": "Cyberbullying"}
"""The instruction topics of the Act, short enough for the head of a column."""

STATES = {
    "complete": ("done", "Done"),
    "expiring": ("done", "Done, may renew"),
    "exempt": ("done", "Exempt"),
    "in_progress": ("part", "Begun"),
    "assigned": ("none", "Not begun"),
    "not_due": ("none", "Not due yet"),
    "overdue": ("late", "Past due"),
    "expired": ("late", "Past due, grace over"),
    "reattest_due": ("late", "Must sign again"),
    "revoked": ("off", "Revoked"),
    "not_applicable": ("off", "Not asked any more"),
    "": ("off", "Never asked"),
}
"""{state: (shape, word)}; the shapes are those of style.css, and what the charts count by."""

SHAPES = {
    "done": "Done",
    "part": "Begun",
    "none": "Not begun",
    "late": "Past due",
    "off": "Never asked, or revoked",
}
ACCESS = {
    "allow": ("done", "Allowed"),
    "limited": ("part", "Limited"),
    "deny": ("late", "Denied"),
    "": ("off", "Nothing said"),
}
"""{access: (shape, word)}"""


def grade(name: str) -> str:
    """Grade 4"""
    if name == "k":
        return "Kindergarten"
    return f"Grade {name[1:]}" if name.startswith("g") else name or "Grade not known"


def shape_of(state: str) -> str:
    return STATES.get(state, ("off", state))[0]


def of(taught: int, whole: int) -> str:
    return f"{taught:,} of {whole:,}"


def count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def pupils_sentence(pupils: int, lessons: Share) -> str:
    """ "480 pupils have had 61 % of their lessons." """
    if not pupils:
        return "No pupils are counted here yet."
    if lessons.enrolled and lessons.taught == lessons.enrolled:
        return f"All {count(pupils, 'pupil has', 'pupils have')} had every lesson of the year."
    return f"{count(pupils, 'pupil has', 'pupils have')} had {lessons.percent} % of this year's lessons."


def staff_sentence(rows: Iterable[StaffRow]) -> str:
    """ "212 of 250 of the staff are done; 9 are past due." """
    there = list(rows)
    everybody = sum(row.people for row in there)
    if not everybody:
        return "No staff is counted here yet."
    done = sum(row.people for row in there if row.state in DONE)
    late = sum(row.people for row in there if shape_of(row.state) == "late")
    tail = f"; {count(late, 'is', 'are')} past due" if late else ""
    return f"{of(done, everybody)} of the staff {'is' if everybody == 1 else 'are'} done{tail}."


def access_sentence(rows: Iterable[StaffRow]) -> str:
    """ "240 of 250 of the staff have access; 10 are limited or denied." """
    there = list(rows)
    everybody = sum(row.people for row in there)
    if not everybody:
        return "No staff is counted here yet."
    allowed = sum(row.people for row in there if row.access == "allow")
    out = sum(row.people for row in there if row.access in ("limited", "deny"))
    return f"{of(allowed, everybody)} of the staff have access; {count(out, 'is', 'are')} limited or denied."
