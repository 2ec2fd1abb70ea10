"""What we hold about people, in words a family reads. Every table of held.tables stands under one of these."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.messages import N_


@dataclass(frozen=True)
class Topic:
    """what  the facts themselves; why  the only use made of them; seen_by  who reads them"""

    title: str
    what: str
    why: str
    seen_by: str


TOPICS: Mapping[str, Topic] = {
    "number": Topic(
        N_("A number instead of a name"),
        N_(
            "A random number for each person, whether they are a pupil, a guest or work here, and the language they "
            "read in."
        ),
        N_("To have something to write results under without a name."),
        N_("The programs of the district's technology office, and the person themselves."),
    ),
    "names": Topic(
        N_("How the school's systems know somebody"),
        N_(
            "The number of the person in the learning system; where the district sends them, the student or staff "
            "number and the user name; of staff also the work e-mail address. All of it is encrypted."
        ),
        N_("To know somebody again, and to send a grade to the right person."),
        N_("The district's own systems. Nobody reads them on a page, except staff whose work it is."),
    ),
    "class": Topic(
        N_("Classes and schools"),
        N_(
            "Which classes somebody is in and their name there, encrypted; the school, the grade or the kind of work, "
            "and from when to when."
        ),
        N_("To know who is asked to take which lessons, and to show a class to its teacher."),
        N_("The teachers of the class; the school's and the district's offices. The name is erased on leaving."),
    ),
    "asked": Topic(
        N_("What is asked of somebody"),
        N_("Which course or agreement is due, by when, and whether it is done."),
        N_("To remind people in time, and to tell the network who has done it."),
        N_("The person, their teachers, and the offices that look after the course."),
    ),
    "lessons": Topic(
        N_("Lessons"),
        N_("How far somebody is in each lesson, and whether another lesson takes its place. Never anything written."),
        N_("To go on where they left off, and to show the teacher who needs time or help."),
        N_("The person and the teachers of their class."),
    ),
    "answers": Topic(
        N_("Quiz answers and scores"),
        N_("The questions drawn, the choices made, and the score. There is no place to write text."),
        N_("To mark the quiz, to talk it over, and to send the score to the gradebook."),
        N_("The person; a teacher who opens that pupil's work."),
    ),
    "evidence": Topic(
        N_("Proof that it was done"),
        N_(
            "What was taught or signed, in which version and when. Staff who sign an agreement type their name, which "
            "is encrypted. A class that was taught together: lesson, day, and who taught it."
        ),
        N_("The district must be able to show that everybody was taught, and what staff agreed to."),
        N_("The person; the personnel office; auditors, who get figures without names."),
    ),
    "decisions": Topic(
        N_("Decisions of the district"),
        N_(
            "An exemption, more time for a lesson or for all that is asked, or network access that was withdrawn and "
            "given back; who decided, when, and of staff a reason code."
        ),
        N_("To carry out what the district decided."),
        N_("The personnel office, which alone sees the reason; of pupils the teachers of their class."),
    ),
    "gradebook": Topic(
        N_("The way to the gradebook"),
        N_("Which link was opened, and the score on its way to the learning system."),
        N_("So that no grade is lost and none is sent twice."),
        N_("The teachers of the class, in the learning system."),
    ),
    "access": Topic(
        N_("Network access"),
        N_("Whether the course is done, whether the network is open to the person, and each change of that."),
        N_("So that the network follows what was done, by itself."),
        N_("The district's technology office and its programs. No scores, no answers."),
    ),
    "visit": Topic(
        N_("Being signed in"),
        N_(
            "Which tab belongs to whom, as a number that is of no use elsewhere; the address of the course to go "
            "back to."
        ),
        N_("To know who is reading. No address of a device is kept."),
        N_("Nobody."),
    ),
    "duties": Topic(
        N_("Offices and legal holds"),
        N_("Who may see and decide what in the district, and whose records must be kept for a legal matter."),
        N_("So that only the right people see things, and nothing is destroyed that a court may ask for."),
        N_("The district's privacy office."),
    ),
}  # fmt: skip
