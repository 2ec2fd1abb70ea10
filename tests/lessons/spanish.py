"""The small sample lesson in Spanish, for planting faults in, and any lesson in a Spanish of one's own making."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from lessons.content import Lesson, Translation
from lessons.linting.translation import version_of_words
from lessons.wording import words_of
from tests.lessons.sample import FILES, ID, check_sample

WORDS = """Ana ve una nota en la tableta de la clase y la lee. Dice que hoy debe mandar su clave. Ella para y
piensa quién la mandó. Luego le pide al señor Lee que la vea con ella.
Él también la lee y le da las gracias a Ana."""

LESSON_ES = f"""---
id: {ID}
lang: es
status: machine
reviewers: []
of: "@@"
title: "Una muestra"
objectives:
  - "Ver un engaño"
  - "Elegir qué hacer"
glossary:
  scam: {{word: estafa, meaning: "Un engaño para quitarte dinero."}}
  link: {{word: enlace, meaning: "Palabras que tocas y abren una página."}}
  urgent: {{word: urgente, meaning: "Que dicen que hace falta ya mismo."}}
---
:::hook {{alt: "Una tableta con una nota"}}
### Una nota
{WORDS}
:::
:::card {{key: scam}}
### Qué es una estafa
Una **estafa** es un engaño. {WORDS}
:::
:::card {{key: link}}
Un **enlace** abre una página. {WORDS}
:::
:::practice {{item: p1}}
Ahora tú.
:::
:::card {{key: urgent}}
**Urgente** quiere decir ya mismo. {WORDS}

- Para.
- Pregunta a {{{{help.school_contact|un adulto de la escuela}}}}.
:::
:::practice {{item: p2}}
:::
:::rule {{}}
En {{{{district.short}}}} nadie pide tu clave. {WORDS}
:::
:::tell
Muestra en casa una señal de un engaño.
:::
"""


def _item(short: str) -> str:
    options = "\n".join(
        f'      - {{id: {letter}, text: "Lo que dice {letter} en {short}", '
        f'feedback: "La razón de {letter}. Haz esto."}}'
        for letter in "abc"
    )
    return f'  - id: {ID}.{short}\n    stem: "¿Qué hace Ana con la nota {short}?"\n    options:\n{options}\n'


ITEMS_ES = f"lesson: {ID}\nitems:\n" + "".join(
    _item(short) for short in ("h1", "p1", "p2", *(f"q{n:02}" for n in range(1, 9)))
)


def in_both_languages(at: Path) -> dict[str, str]:
    """The sample's files with a translation that is up to date; `at` is a folder to try the source in."""
    source, findings = check_sample(at, FILES)
    assert source is not None, findings
    made = LESSON_ES.replace("@@", version_of_words(source))
    return {**FILES, "lesson.es.md": made, "items.es.yaml": ITEMS_ES}


def translated(lesson: Lesson, *, leave: tuple[str, ...] = (), status: str = "machine") -> Lesson:
    """The lesson with a translation that says "ES: ..." for everything but the steps and items named in `leave`."""
    spanish = Translation(
        lang="es",
        status=status,
        title=f"ES: {lesson.title}",
        objectives=tuple(f"ES: {each}" for each in lesson.objectives),
        glossary={f"es-{word}": f"ES: {meaning}" for word, meaning in lesson.glossary.items()},
        steps={step.key: _said(words_of(step)) for step in lesson.steps if step.key not in leave},
        items={item.id: _said(words_of(item)) for item in lesson.items if item.id not in leave},
    )
    return Lesson.from_body(replace(lesson, translations=(spanish,)).to_body())


def _said(words: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _said(each)
        if isinstance(each, dict)
        else each.replace("<p>", "<p>ES: ")
        if name == "html"
        else f"ES: {each}"
        for name, each in words.items()
    }
