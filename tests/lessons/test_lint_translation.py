"""Every rule about a translation catches a fault planted for it, at its line; a whole one compiles with its lesson."""

from pathlib import Path

import pytest

from lessons.content import Lesson
from lessons.readability import inflesz, sentences_of, syllables_in_spanish
from tests.lessons.sample import CURRICULUM, FILES, ID, check_sample
from tests.lessons.spanish import WORDS, in_both_languages

MD, YAML = "lesson.es.md", "items.es.yaml"
LONG = "Ella la mira una vez más y luego la mira otra vez y otra vez hoy en su clase."
HARD = " ".join(["La responsabilidad institucional necesita colaboración organizacional extraordinaria."] * 3)

PLANTED = [
    # rule, file, what stands there, what is put in its place, words on the line that is named
    ("F1", MD, 'title: "Una muestra"', 'title: "Una', None),
    ("F3", MD, "status: machine", "status: checked", "status:"),
    ("F3", MD, 'title: "Una muestra"\n', "", None),
    ("F3", YAML, 'text: "Lo que dice b en q01",', 'text: "Lo que dice b en q01", correct: true,', "b en q01"),
    ("F3", YAML, f"  - id: {ID}.q01\n", f"  - id: {ID}.q01\n    clauses: [NS-3]\n", "clauses"),
    ("L1", MD, f"id: {ID}", "id: g4-other", "id:"),
    ("L1", MD, "lang: es", "lang: en", "lang:"),
    ("L5", MD, "{{district.short}}", "{{district.nickname}}", ":::rule"),
    ("L6", MD, "word: estafa,", "word: timo,", "glossary:"),
    ("L7", MD, "Un **enlace** abre una página.", "Un **enlace** abre www.pagina.example.", "{key: link}"),
    ("L9", YAML, "La razón de b. Haz esto.", "Mira TikTok.", "TikTok"),
    ("T1", MD, "Un **enlace** abre una página.", f"Un **enlace**. {WORDS}", "{key: link}"),
    ("T2", MD, "Un **enlace** abre una página.", f"Un **enlace**. {LONG}", "{key: link}"),
    ("X1", MD, ":::practice {item: p2}\n:::\n", "", None),
    ("X1", MD, ":::card {key: link}", ":::card {key: links}", "{key: links}"),
    ("X1", MD, ":::practice {item: p2}", ":::practice {item: p1}", None),
    ("X1", MD, ':::hook {alt: "Una tableta con una nota"}', ":::hook {}", ":::hook"),
    ("X1", MD, "### Una nota\n", "", ":::hook"),
    ("X1", MD, ":::card {key: link}\n", ":::card {key: link}\n### Un título\n", "{key: link}"),
    ("X1", MD, "Ahora tú.\n", "", "{item: p1}"),
    ("X1", MD, ":::card {key: link}", ":::card {key: link, stays: en}", "{key: link"),
    ("X1", MD, '  - "Elegir qué hacer"\n', "", "objectives:"),
    ("X1", MD, '  link: {word: enlace, meaning: "Palabras que tocas y abren una página."}\n', "", "glossary:"),
    ("X1", YAML, f"  - id: {ID}.q04\n", f"  - id: {ID}.q14\n", "q14"),
    ("X1", YAML, '    stem: "¿Qué hace Ana con la nota q02?"\n', "", "q02"),
    ("X1", YAML, '      - {id: c, text: "Lo que dice c en q03", feedback: "La razón de c. Haz esto."}\n', "", None),
    ("X1", YAML, '{id: b, text: "Lo que dice b en q03"', '{id: d, text: "Lo que dice b en q03"', "b en q03"),
    ("X1", YAML, 'text: "Lo que dice b en q05", ', "", None),
    ("X2", MD, 'title: "Una muestra"', 'title: "A Sample"', "title:"),
    ("X2", MD, '"Elegir qué hacer"', '"Choose what to do"', "Choose what"),
    ("X2", MD, "Ahora tú.", "Now you try.", "{item: p1}"),
    ("X2", YAML, "Lo que dice b en q03", "Option b of q03", "Option b of q03"),
    ("X3", MD, "{{help.school_contact|un adulto de la escuela}}", "un adulto", "{key: urgent}"),
    ("X3", YAML, "con la nota q01?", "con {{district.short}}?", "district.short"),
    ("X4", MD, "of: ", "of: x", "of:"),
    ("X5", MD, "Ella para y\npiensa quién la mandó.", HARD, None),
    ("I4", YAML, "Lo que dice b en q03", "Lo que dice b en la nota q03 y mucho más que eso", None),
    ("I6", YAML, "La razón de b. Haz esto.", f"{WORDS}".replace("\n", " "), None),
    ("I9", YAML, None, None, "items:"),
    ("I13", MD, "Una tableta con una nota", "Una tableta: Lo que dice a en h1", ":::hook"),
    ("I21", YAML, "Lo que dice b en q03", "Lo que dice a en q03", None),
]  # fmt: skip


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> dict[str, str]:
    return in_both_languages(tmp_path_factory.mktemp("source"))


def test_the_sample_compiles_with_its_translation(tmp_path: Path, both):
    lesson, findings = check_sample(tmp_path, both)
    assert not findings
    assert lesson is not None and lesson.languages == ("en", "es")
    spanish = lesson.in_language("es")
    assert (spanish.title, spanish.lang, spanish.status) == ("Una muestra", "es", "machine")
    assert spanish.content_hash == lesson.content_hash
    assert spanish.steps[0].art_svg == lesson.steps[0].art_svg != ""
    assert spanish.steps[0].art_alt == "Una tableta con una nota"
    assert spanish.item(f"{ID}.q01").correct_ids == lesson.item(f"{ID}.q01").correct_ids
    assert Lesson.from_body(lesson.to_body()) == lesson


@pytest.mark.parametrize(("rule", "file", "was", "planted", "on"), PLANTED)
def test_a_planted_fault_is_found_at_its_line(tmp_path: Path, both, rule, file, was, planted, on):
    text = both[file]
    if rule == "I9":  # the right answer grows longest everywhere
        for n in range(1, 9):
            key = "abc"[n % 3]
            text = text.replace(f"Lo que dice {key} en q0{n}", f"Lo que dice {key} en q0{n} hoy")
    else:
        assert was in text
        text = text.replace(was, planted, -1 if rule == "X5" else 1)
    lesson, findings = check_sample(tmp_path, {**both, file: text})
    assert lesson is None
    assert rule in {each.rule for each in findings}, findings
    if on:
        lines = {text.split("\n")[each.line - 1] for each in findings if each.rule == rule}
        assert any(on in line for line in lines), findings


def test_a_word_changed_in_the_source_makes_its_translation_out_of_date(tmp_path: Path, both):
    changed = {**both, "lesson.md": both["lesson.md"].replace("a trick. ", "a mean trick. ", 1)}
    _, findings = check_sample(tmp_path / "words", changed)
    assert [each.rule for each in findings] == ["X4"]
    redrawn = {**both, "media/note.svg": both["media/note.svg"].replace('width="90"', 'width="91"')}
    assert check_sample(tmp_path / "picture", redrawn)[1] == []


def test_the_translator_is_told_what_to_write_when_it_is_up_to_date_again(tmp_path: Path, both):
    changed = {**both, "lesson.md": both["lesson.md"].replace("a trick. ", "a mean trick. ", 1)}
    told = check_sample(tmp_path / "told", changed)[1][0].message.rpartition(" ")[2]
    before = next(line for line in both[MD].split("\n") if line.startswith("of:"))
    again = {**changed, MD: both[MD].replace(before, f"of: {told}")}
    assert check_sample(tmp_path / "again", again)[1] == []


def test_one_file_without_the_other_is_no_translation(tmp_path: Path, both):
    only = {name: text for name, text in both.items() if name != YAML}
    assert [(each.rule, each.file.rpartition("/")[2]) for each in check_sample(tmp_path, only)[1]] == [
        ("F1", YAML)
    ]


def test_a_language_nobody_speaks_here_is_refused(tmp_path: Path, both):
    odd = {**both, "lesson.xx.md": both[MD]}
    assert [each.rule for each in check_sample(tmp_path, odd)[1]] == ["X1"]


def test_names_that_read_alike_are_listed(tmp_path: Path, both):
    alike = both[YAML].replace("Lo que dice b en q03", "Option b of q03")
    listed = both[MD].replace("objectives:", 'same: ["Option b of q03"]\nobjectives:', 1)
    assert check_sample(tmp_path, {**both, YAML: alike, MD: listed})[1] == []


def test_a_block_and_an_item_may_stay_in_english(tmp_path: Path, both):
    card = both[MD].split(":::card {key: link}\n")[1].split(":::\n")[0]
    words = both[MD].replace(f":::card {{key: link}}\n{card}", ":::card {key: link, stays: en}\n")
    item = both[YAML].split(f"  - id: {ID}.q02\n")[1].split("  - id")[0]
    pool = both[YAML].replace(f"{ID}.q02\n{item}", f"{ID}.q02\n    stays: en\n")
    lesson, findings = check_sample(tmp_path, {**both, MD: words, YAML: pool})
    assert lesson is not None, findings
    spanish = lesson.in_language("es")
    assert [step.key for step in spanish.steps if step.lang] == ["link"]
    assert [item.short for item in spanish.items if item.lang] == ["q02"]
    assert spanish.steps[2].html == lesson.steps[2].html
    assert spanish.item(f"{ID}.q02").stem == lesson.item(f"{ID}.q02").stem


def test_a_lesson_without_a_translation_keeps_the_hash_it_had(tmp_path: Path):
    lesson, _ = check_sample(tmp_path, FILES)
    assert lesson is not None
    assert "translations" not in lesson.to_body()
    assert lesson.in_language("es") is lesson


def test_grade_4_can_be_read_in_spanish_from_beginning_to_end(curriculum):
    from lessons import library

    for ref in library.course("g4").lessons:
        source = library.lesson(ref.id)
        spanish = source.in_language("es")
        assert spanish.lang == "es"
        assert not [step.key for step in spanish.steps if step.lang]
        assert not [item.id for item in spanish.items if item.lang]
        assert all(item.correct_ids == source.item(item.id).correct_ids for item in spanish.items)
    assert len(list(CURRICULUM.glob("lessons/g4/*/items.es.yaml"))) == 6


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("contraseña", 4), ("información", 4), ("Raúl", 2), ("día", 2), ("muy", 1), ("y", 1), ("rey", 1), ("ayuda", 3),
     ("quiere", 2), ("guía", 2), ("leer", 2), ("aéreo", 4), ("ciudad", 2), ("pingüino", 3), ("24", 1), ("así", 2)],
)  # fmt: skip
def test_spanish_syllables(word, syllables):
    assert syllables_in_spanish(word) == syllables


def test_inflesz_is_the_formula_of_szigriszt_pazos():
    """Ten words, two sentences, 16 syllables: 206.835 - 62.3 x 1.6 - 5."""
    text = "Ana lee una nota hoy. ¿Tú ves la luna también?"
    assert inflesz(sentences_of(text)) == pytest.approx(206.835 - 62.3 * 16 / 10 - 5)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (YAML, ""),
        (YAML, "[]"),
        (YAML, f"lesson: {ID}\nitems:"),
        (YAML, f"lesson: {ID}\nitems: []"),
        (YAML, f"lesson: {ID}\nitems: [1, x, null]"),
        (YAML, f"lesson: {ID}\nitems:\n  - {{id: {ID}.h1, stem: [x], options: {{a: b}}}}"),
        (YAML, f"lesson: {ID}\nitems:\n  - {{id: {ID}.h1, partner: null, scenes: [null]}}"),
        (YAML, f"lesson: {ID}\nitems: &a [*a]"),
        (MD, ""),
        (MD, "---\n---\n"),
        (MD, "---\nglossary: [x]\n---\n:::hook\n:::"),
        (MD, "---\nglossary: {scam: {word: x}}\n---\n:::hook {alt: [1]}\n:::"),
        (MD, "Solo palabras."),
    ],
)
def test_whatever_stands_in_the_files_is_told_and_nothing_falls_over(tmp_path: Path, both, file, text):
    lesson, findings = check_sample(tmp_path, {**both, file: text})
    assert lesson is None
    assert findings and all(each.line >= 1 and each.message for each in findings)
    assert {each.rule for each in findings} <= {"F1", "F2", "F3", "L1", "X1"}
