"""GIFT: single and several choice, and pairs. What else the format knows is refused by its name.

Questions are parted by blank lines, as Moodle reads them; a backslash makes ~ = # { } : and itself plain.
"""

import re
from collections.abc import Iterator

from exchange.bounds import FileRefused
from exchange.incoming import Answer, Incoming, short
from exchange.tags import Tags, read_tags

PLAIN = r"(?:\\.|[^\\{}])"
QUESTION = re.compile(  # possessive (*+): a hostile file must not make it try every way to fail
    r"(?:::(?P<name>(?:\\.|[^\\:]|:(?!:))*+)::)?[ \t\n]*+(?:\[(?:html|moodle|plain|markdown)\])?"
    rf"(?P<stem>{PLAIN}*+)(?:\{{(?P<answers>{PLAIN}*+)\}}(?P<rest>{PLAIN}*+))?",
    re.DOTALL,
)
ANSWER = re.compile(r"([=~])((?:\\.|[^\\=~])*+)", re.DOTALL)
WEIGHT = re.compile(r"[ \t\n]*%(-?\d{1,3}(?:\.\d+)?)%")
BLANKS = " \t\n"


def gift_questions(text: str) -> list[Incoming]:
    """Raises FileRefused."""
    return [_question(block, about) for block, about in _blocks(text)]


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Each question's lines, and the comment that stands before it, where Moodle keeps ids and tags."""
    lines: list[str] = []
    about = ""
    for line in [*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""]:
        if line.lstrip(BLANKS).startswith("//"):
            about = line
        elif line.lstrip(BLANKS).startswith("$CATEGORY:"):
            continue
        elif line.strip(BLANKS):
            lines.append(line)
        elif lines:
            yield "\n".join(lines), about
            lines, about = [], ""


def _question(block: str, about: str) -> Incoming:
    found = QUESTION.fullmatch(block.strip(BLANKS))
    if found is None:
        raise FileRefused(f"{short(block)!r}: a brace is missing, or one too many")
    named = re.search(r"\[id:([^\]]*)\]", about)
    name = short(_plain(found["name"] or "") or (named.group(1) if named else "") or _plain(found["stem"]))
    answers = found["answers"]
    if answers is None or (found["rest"] or "").strip(BLANKS):
        kind = "a description without answers" if answers is None else "a missing word"
        raise FileRefused(f"{name}: there is no place here for {kind}")
    tags = read_tags(re.findall(r"\[tag:([^\]]*)\]", about))
    before, general = _part(answers, "####")
    return _answered(name, _plain(found["stem"]), before.strip(BLANKS), _plain(general), tags)


def _answered(name: str, stem: str, answers: str, general: str, tags: Tags) -> Incoming:
    found = ANSWER.findall(answers)
    if not found or not answers.startswith(("=", "~")):
        raise FileRefused(f"{name}: there is no place here for {_kind(answers)}")
    signs = [sign for sign, _ in found]
    pairs = [raw.partition("->") for _, raw in found]
    if all(arrow for _, arrow, _ in pairs) and set(signs) == {"="}:
        cards = tuple(Answer(_plain(card), general, goes_with=_plain(with_)) for card, _, with_ in pairs)
        return Incoming(name, "pairs", stem, cards, tags)
    if "~" not in signs:
        raise FileRefused(f"{name}: there is no place here for a short answer")
    several = "=" not in signs
    options = tuple(_option(sign, raw, general, several) for sign, raw in found)
    if not any(option.correct for option in options):
        raise FileRefused(f"{name}: the file does not say which answer is right")
    return Incoming(name, "multi" if several else "single", stem, options, tags)


def _option(sign: str, raw: str, general: str, several: bool) -> Answer:
    """The general feedback stands in for an option that has none of its own."""
    weight = WEIGHT.match(raw)
    worth = float(weight.group(1)) if weight else 0
    text, feedback = _part(raw[weight.end() :] if weight else raw, "#")
    right = sign == "=" or worth >= 100 or (several and worth > 0)
    return Answer(_plain(text), _plain(feedback) or general, right)


def _kind(answers: str) -> str:
    if not answers:
        return "an essay"
    if answers.startswith("#"):
        return "a number"
    first = re.split(r"[#\s]", answers)[0].upper()
    return "true or false" if first in ("T", "TRUE", "F", "FALSE") else "answers without = or ~"


def _part(text: str, mark: str) -> tuple[str, str]:
    """Before and after the first `mark` that no backslash makes plain."""
    found = re.match(rf"((?:\\.|(?!{mark})[^\\])*+){mark}", text, re.DOTALL)
    return (found.group(1), text[found.end() :]) if found else (text, "")


def _plain(text: str) -> str:
    r"""Without the backslashes; \n is a line break."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text, flags=re.DOTALL).strip(
        BLANKS
    )
