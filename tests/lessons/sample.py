"""A small Grade 4 lesson without faults, for planting faults in: its plan, its files, and the folder."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from lessons.content import Lesson
from lessons.findings import Finding
from lessons.linting.checking import check_lesson
from lessons.scope import Planned, Scope, read_scope

CURRICULUM = Path(__file__).resolve().parents[2] / "curriculum"
ID = "g4-sample"

PLANNED = Planned(
    id=ID, course="g4", title="A Sample", grade="4", band="3-5", order=7, minutes=12, topics=("security",),
    cipa=("CIPA-OB",), iste=("ISTE-1.2.d",), clauses=("NS-3", "RU-ACC-6"),
    objectives=("Spot a trick", "Choose what to do"), vocabulary=("scam", "link", "urgent"), sensitivity="none",
    opt_out_alternative="", content_note="", pool=0, line=1,
)  # fmt: skip

WORDS = """Ana sees a note on the class tablet and reads it. It says she must send her code today. She stops and
thinks about who sent it to her. Then she asks Mr. Lee to look at it with her.
Mr. Lee reads it too and says thank you to Ana."""

LESSON = f"""---
id: {ID}
version: 1.0.0
lang: en
status: draft
reviewers: []
glossary:
  scam: "A trick to get your money."
  link: "Words you tap to open a page."
  urgent: "Said to be needed right now."
---
:::hook {{art: note.svg, alt: "A tablet with a note", item: h1}}
### A note
{WORDS}
:::
:::card {{key: scam}}
### What a **scam** is
A **scam** is a trick. {WORDS}
:::
:::card {{key: link}}
A **link** opens a page. {WORDS}
:::
:::practice {{item: p1}}
Now you try.
:::
:::card {{key: urgent}}
**Urgent** means right now. {WORDS}

- Stop.
- Ask {{{{help.school_contact|a school adult}}}}.
:::
:::practice {{item: p2}}
:::
:::rule {{clauses: [NS-3, RU-ACC-6]}}
At {{{{district.short}}}} nobody asks for your code. {WORDS}
:::
:::tell
Show someone at home one sign of a trick.
:::
""".replace("What a **scam** is", "What a scam is")


def item(short: str, pool: str, key: int, objective: int, level: str) -> str:
    options = "\n".join(
        f'      - {{id: {letter}, text: "Option {letter} of {short}", '
        + ("correct: true, " if at == key else "")
        + f'feedback: "Here is why for {letter}. Do this next."}}'
        for at, letter in enumerate("abc")
    )
    return f"""  - id: {ID}.{short}
    pool: {pool}
    type: single
    objective: {objective}
    clauses: [NS-3]
    level: {level}
    stem: "What should Ana do with note {short}?"
    options:
{options}
"""


ITEMS = (
    f"lesson: {ID}\nitems:\n"
    + "".join(item(short, "practice", 0, 1, "apply") for short in ("h1", "p1", "p2"))
    + "".join(item(f"q{n:02}", "quiz", n % 3, 1 + n % 2, "apply" if n > 2 else "recall") for n in range(1, 9))
)

ART = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180" role="img" aria-hidden="true">
<rect x="20" y="20" width="90" height="60" fill="var(--art-sky)" stroke="var(--art-ink)"/>
<text x="30" y="50" font-size="16" fill="var(--art-ink)">now</text>
</svg>
"""

FILES = {"lesson.md": LESSON, "items.yaml": ITEMS, "media/note.svg": ART}


@cache
def real_scope() -> Scope:
    scope, findings = read_scope(CURRICULUM)
    assert scope is not None, findings
    return scope


def scope_with(planned: Planned = PLANNED) -> Scope:
    return replace(real_scope(), lessons=(*real_scope().lessons, planned))


def write_sample(at: Path, files: dict[str, str], folder: str = f"lessons/g4/{ID}") -> Path:
    """The lesson's folder inside the curriculum folder `at`."""
    home = at / folder
    (home / "media").mkdir(parents=True)
    for name, text in files.items():
        (home / name).write_text(text, encoding="utf-8")
    return home


def check_sample(at: Path, files: dict[str, str], planned: Planned = PLANNED, folder: str = f"lessons/g4/{ID}"
                 ) -> tuple[Lesson | None, list[Finding]]:  # fmt: skip
    home = write_sample(at / "curriculum", files, folder)
    return check_lesson(home, at / "curriculum", scope_with(planned))
