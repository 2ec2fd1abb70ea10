"""How hard a text is to read: words, sentences and syllables; the Flesch-Kincaid grade, and for Spanish INFLESZ.

Syllables are counted by groups of vowels, not looked up. The CMU dictionary's package is GPL and 3.6 MB, so
it stays a development tool: tests/lessons/test_lint_readability.py holds this count against it on our own
words. Formula: Kincaid, Fishburne, Rogers and Chissom, 1975.

INFLESZ is the formula of Szigriszt Pazos, "Sistemas predictivos de legibilidad del mensaje escrito", 1993, read on
the scale of Barrio-Cantalejo and others, An Sist Sanit Navar 31 (2), 2008. Spanish is written as it is spoken, so its
syllables follow from the letters.
"""

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass

WORD = re.compile(r"[^\W_](?:[^\s—–]*[^\W_])?")  # "sign-up", "10:04" and "don't" are one word each
_PLACE = re.compile(r"\{\{[^{}]*\}\}")
# A sentence ends at . ! ? (and closing quotes) before a space and something that can begin the next one.
_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!Mr\.)(?<!Ms\.)(?<!Dr\.)(?<!Mrs\.)(?<!Sr\.)(?<!Sra\.)[\"”’')»]*\s+"
    r"(?=[\"“‘'(¿¡«]*[A-ZÁÉÍÓÚÑ0-9{])"
)
_PART = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_END = re.compile(r"(?:[^aeiouyl]|[aeiouy]l|rl)es?$")
_SILENT_ED = re.compile(r"[^aeioutd]ed$")
_SOUNDED_ES = re.compile(r"(?:[sxz]|ch|sh|c|g)es$")
_TWO_SOUNDS = re.compile(
    r"ia(?!l\b|n\b)|io(?!n|us)|eo(?!us)|iu|[aeiou]ing|ism$|[^aeiouy]ua|creat|quiet|dia|poem|being|video"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    words: tuple[str, ...]
    text: str


def without_places(text: str) -> str:
    """District variables read as one plain word: their length is the district's, not the author's."""
    return _PLACE.sub("Here", text)


def sentences_of(text: str) -> list[Sentence]:
    """Lines are paragraphs or list entries, and end a sentence too."""
    pieces = (piece for line in without_places(text).split("\n") for piece in _SENTENCE_END.split(line))
    found = ((tuple(WORD.findall(piece)), piece.strip()) for piece in pieces)
    return [Sentence(words, piece) for words, piece in found if words]


def scene_and_question(text: str) -> tuple[str, str]:
    """What is told first, and what is asked at the end: from the last sentence with a question mark on.

    ("Ann gets a note. It is short.", "What fits? Pick two."). Where nothing is told, the scene is "".
    """
    starts = [0, *(found.end() for found in _SENTENCE_END.finditer(text))]
    asked = [
        start for start, end in zip(starts, [*starts[1:], len(text)], strict=True) if "?" in text[start:end]
    ]
    at = (asked or starts)[-1]
    return text[:at].strip(), text[at:].strip()


def words_in(text: str) -> list[str]:
    return WORD.findall(without_places(text))


def syllables(word: str) -> int:
    """An estimate, at least 1. Each part of a joined word counts for itself, a number as one."""
    return sum(map(_syllables_of_part, _PART.findall(word))) or 1


def _syllables_of_part(part: str) -> int:
    low = re.sub(r"['’](?:s|t|re|ve|ll|d|m)$", "", part.lower())
    count = len(_VOWELS.findall(low)) + len(_TWO_SOUNDS.findall(low))
    if _SILENT_END.search(low) and not _SOUNDED_ES.search(low):
        count -= 1
    if _SILENT_ED.search(low):
        count -= 1
    return max(count, 1)


def names_in(sentences: Iterable[Sentence]) -> set[str]:
    """Words written with a capital inside a sentence, so names of people and places (and not "I")."""
    inside = (word for sentence in sentences for word in sentence.words[1:])
    return {word for word in inside if word[0].isupper() and word != "I" and not word.startswith("I'")}


def grade_of(sentences: list[Sentence], known: Set[str] = frozenset()) -> float:
    """Flesch-Kincaid grade. `known` words (names, and key words the lesson defines) count in the length of a
    sentence but not in the length of words. Raises ValueError for a text without words."""
    words = [word for sentence in sentences for word in sentence.words]
    counted = [word for word in words if word not in known and word.lower() not in known]
    if not counted:
        raise ValueError("no words to measure")
    long = sum(map(syllables, counted)) / len(counted)
    return 0.39 * len(words) / len(sentences) + 11.8 * long - 15.59


_SPANISH_VOWELS = re.compile(r"[aeiouáéíóúü]+")
_SPANISH_Y = re.compile(r"y(?![aeiouáéíóúü])")  # "rey", "muy" and "y" itself: a vowel where none follows


def syllables_in_spanish(word: str) -> int:
    """At least 1. Each strong vowel (a, e, o) or accented weak one (í, ú) is a syllable; i, u and ü lean on it."""
    return sum(1 if part.isdigit() else _syllables_in_spanish(part) for part in _PART.findall(word)) or 1


def _syllables_in_spanish(part: str) -> int:
    groups = _SPANISH_VOWELS.findall(_SPANISH_Y.sub("i", part.lower()))
    return sum(max(1, sum(vowel in "aeoáéíóú" for vowel in group)) for group in groups)


def inflesz(sentences: list[Sentence], known: Set[str] = frozenset()) -> float:
    """0 (hardest) to 100: over 80 very easy, 65 to 80 quite easy, 55 to 65 normal. `known` as for `grade_of`.

    Raises ValueError for a text without words.
    """
    words = [word for sentence in sentences for word in sentence.words]
    counted = [word for word in words if word not in known and word.lower() not in known]
    if not counted:
        raise ValueError("no words to measure")
    long = sum(map(syllables_in_spanish, counted)) / len(counted)
    return 206.835 - 62.3 * long - len(words) / len(sentences)
