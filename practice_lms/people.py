"""The world a practice LMS starts with: one invented district, its people, its courses and who is in them.

A later course is one line in COURSES. Every name is invented; `.example` addresses can never reach anyone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

DISTRICT = "Evergreen Practice School District"
DOMAIN = "evergreen.example"
SCHOOL_YEAR = "2026-27"


@dataclass(frozen=True)
class Person:
    """Somebody with an account. `institution` is the LIS institution role's last word ("Student",
    "Staff", ...).
    """

    key: str
    number: int
    given: str
    family: str
    institution: str
    sourced_id: str = ""
    who: str = ""
    tries: str = ""
    watches: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"

    @property
    def username(self) -> str:
        return f"{self.given}.{self.family}".lower().replace(" ", "").replace("'", "")

    @property
    def email(self) -> str:
        return f"{self.username}@{'pupils.' if self.institution == 'Student' else ''}{DOMAIN}"


@dataclass(frozen=True)
class Link:
    """A course item that opens the tool; `target` is a path of the tool or a whole address.

    `points=None` has no gradebook column of its own. `deep_linked` ones carry the tool's resourceId, tag and
    custom parameters; the others were pasted in by a teacher and carry none of them.
    """

    key: str
    title: str
    target: str
    points: float | None = 100
    deep_linked: bool = True
    custom: dict[str, str] | None = None  # None: the lesson's id, as this tool's deep linking sends it
    course: str = ""
    number: int = 0
    opens: str = ""  # first and last day, as the tool gave them (ISO 8601)
    due: str = ""


@dataclass(frozen=True)
class Course:
    key: str
    number: int
    title: str
    label: str
    links: tuple[Link, ...]
    history: tuple[str, ...] = ()  # keys of the courses it was copied from, newest first


@dataclass
class Membership:
    """`role` is the membership role's last word; `status` is Active, Inactive (suspended) or Deleted
    (left).
    """

    person: str
    course: str
    role: str
    status: str = "Active"


def _course(key: str, number: int, title: str, label: str, *links: Link) -> Course:
    placed = (replace(link, course=key, number=number * 10 + at) for at, link in enumerate(links, 1))
    return Course(key, number, title, label, tuple(placed))


COURSES = (
    _course(
        "g4-room-12", 412, "Grade 4, Room 12", "G4-12",
        Link("g4", "Digital Citizenship, Grade 4: the whole course", "/lessons/g4", points=None),
        Link("g4-same-me", "Same Me, On Screen and Off", "/lessons/g4/g4-same-me"),
        Link("g4-game-chat-choices", "Game Chat Choices", "/lessons/g4/g4-game-chat-choices"),
        Link("g4-ways-to-step-in", "Four Ways to Step In", "/lessons/g4/g4-ways-to-step-in"),
        Link("g4-the-sign-up-screen", "The Sign-Up Screen", "/lessons/g4/g4-the-sign-up-screen"),
        Link("g4-tricky-messages", "Tricky Messages", "/lessons/g4/g4-tricky-messages", deep_linked=False),
        Link("g4-my-day-in-blocks", "My Day in Blocks", "/lessons/g4/g4-my-day-in-blocks", points=None),
    ),
    _course(
        "staff-2026-27", 900, f"Staff training {SCHOOL_YEAR}", "STAFF",
        Link("ruc", "Responsible Use and Internet Safety Course for Staff", "/lessons/ruc", points=None),
        Link("ruc-7-social-media-with-students", "Social Media and Communicating with Students",
             "/lessons/ruc/ruc-7-social-media-with-students"),
    ),
)  # fmt: skip

CAST = (
    Person("ana", 1001, "Ana", "Reyes", "Student", "200001", "Pupil in grade 4",
           "Take a lesson and its quiz, then look for the score in the gradebook."),
    Person("ben", 1002, "Ben", "Thistle", "Student", "200002",
           "Pupil whose browser blocks cookies of other sites",
           "Open a lesson inside the course page. It should still work, or say plainly how to go on."),
    Person("cruz", 2001, "Marisol", "Cruz", "Faculty", "100002", "Ms. Cruz, teacher of Room 12",
           "See who has finished and who has not begun."),
    Person("dee", 2002, "Dee", "Moreau", "Staff", "100001", "Member of staff",
           "Take a module of the Responsible Use Course and sign the agreement."),
    Person("admin", 2003, "Priya", "Nand", "Administrator", "100003", "LMS administrator",
           "Look at the district's pages and the set-up pages."),
    Person("parent", 3001, "Luis", "Reyes", "Observer", "", "Ana's father, an observer",
           "Open a lesson. He should see what pupils see, and never the class's results.", ("ana",)),
)  # fmt: skip

CLASSMATES = (
    "Aaliyah Stone", "Bao Tran", "Callum Frazer", "Dalia Haddad", "Emeka Obi", "Freya Lindqvist",
    "Gus Papadakis", "Hana Kimura", "Imani Walker", "Jonah Littlefeather", "Keala Kahale",
    "Leo Marchetti", "Mina Rahimi", "Noor Siddiqui", "Ofelia Cruz-Vega", "Pavel Novak", "Quinn O'Dell",
    "Rosa Ibarra", "Sanjay Pillai", "Tove Eriksen", "Uma Deshmukh", "Viktor Petrenko", "Wren Calloway",
    "Xiomara Luna",
)  # fmt: skip


def _classmate(place: int, name: str) -> Person:
    given, family = name.split(" ", 1)
    return Person(f"pupil{place:02}", 1000 + place, given, family, "Student", f"{200000 + place}")


@dataclass
class World:
    """People, courses and links by key, and the memberships the LMS starts with."""

    people: dict[str, Person]
    courses: dict[str, Course]
    links: dict[str, Link]
    memberships: list[Membership] = field(default_factory=list)

    def person(self, named: str | Person) -> Person:
        return self.people[named] if isinstance(named, str) else named

    def course(self, named: str | Course) -> Course:
        return self.courses[named] if isinstance(named, str) else named

    def link(self, named: str | Link) -> Link:
        return self.links[named] if isinstance(named, str) else named


def evergreen() -> World:
    """The starting world: 26 pupils and their teacher in Room 12, four adults in the staff course."""
    pupils = [_classmate(place, name) for place, name in enumerate(CLASSMATES, 3)]
    people = {person.key: person for person in (*CAST, *pupils)}
    room = [
        Membership(key, "g4-room-12", "Learner") for key, p in people.items() if p.institution == "Student"
    ]
    room += [Membership("cruz", "g4-room-12", "Instructor"), Membership("parent", "g4-room-12", "Mentor")]
    staff = [Membership(key, "staff-2026-27", "Learner") for key in ("dee", "cruz")]
    runs = [Membership("admin", course.key, "Administrator") for course in COURSES]
    links = {link.key: link for course in COURSES for link in course.links}
    return World(people, {course.key: course for course in COURSES}, links, room + staff + runs)
