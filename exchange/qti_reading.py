"""QTI 2.1 and 2.2 items: choice, order and match interactions with their key and the feedback that names an option."""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from exchange.bounds import FileRefused
from exchange.incoming import Answer, Incoming, short
from exchange.tags import read_tags
from exchange.xml_reading import local_name, namespace, read_xml

READ = ("http://www.imsglobal.org/xsd/imsqti_v2p1", "http://www.imsglobal.org/xsd/imsqti_v2p2")
OTHERS = {
    "questestinterop": "QTI 1.2; export it as QTI 2.1",
    "qti-assessment-item": "QTI 3; export it as QTI 2.1",
}
PASSED_OVER = ("manifest", "assessmentTest", "assessmentSection", "assessmentStimulus")
INTERACTIONS = {"choiceInteraction": "choice", "orderInteraction": "order", "matchInteraction": "pairs"}


def qti_questions(files: Iterable[tuple[str, bytes]]) -> list[Incoming]:
    """The items among these XML files, by name and content. Raises FileRefused."""
    roots = ((name, read_xml(data, name)) for name, data in files)
    return [_question(root) for name, root in roots if _is_item(root, name)]


def _is_item(root: Element, name: str) -> bool:
    kind = local_name(root)
    if kind in OTHERS:
        raise FileRefused(f"{name} is {OTHERS[kind]}")
    if kind == "assessmentItem" and namespace(root) not in READ:
        raise FileRefused(f"{name} is no QTI 2.1 item: its namespace is {namespace(root)[:80]!r}")
    if kind not in ("assessmentItem", *PASSED_OVER):
        raise FileRefused(f"{name} is no QTI: it begins with <{kind[:40]}>")
    return kind == "assessmentItem"


def _question(item: Element) -> Incoming:
    name = short(item.get("identifier", ""))
    found = [each for each in item.iter() if local_name(each).endswith("Interaction")]
    if len(found) != 1:
        raise FileRefused(f"{name}: {len(found)} interactions in one item; exactly one can be taken")
    (interaction,) = found
    kind = local_name(interaction)
    if kind not in INTERACTIONS:
        known = ", ".join(INTERACTIONS)
        raise FileRefused(f"{name}: there is no place here for {kind[:40]}; there is for {known}")
    stem = _stem(item, interaction)
    tags = read_tags(item.get("label", "").split())
    told = _feedback(item)
    right = _right(item, name)
    if kind == "matchInteraction":
        answers, bins = _pairs(interaction, right, told, name)
        return Incoming(name, "pairs", stem, answers, tags, bins)
    choices = {each.get("identifier", ""): each for each in _named(interaction, "simpleChoice")}
    order = right if kind == "orderInteraction" else list(choices)
    if not set(right) <= set(choices):
        raise FileRefused(f"{name}: its key names a choice that it does not have")
    if sorted(order) != sorted(choices):
        raise FileRefused(f"{name}: its key does not put every step in order")
    answers = tuple(
        Answer(_words(choices[each]), told.get(each, "") or _inline(choices[each]), each in right) for each in order
    )  # fmt: skip
    if kind == "orderInteraction":
        return Incoming(
            name, "order", stem, tuple(Answer(each.text, each.feedback) for each in answers), tags
        )
    one = _declaration(item).get("cardinality") == "single"
    return Incoming(name, "single" if one else "multi", stem, answers, tags)


def _stem(item: Element, interaction: Element) -> str:
    """What stands in the body before the answers, and the prompt."""
    body = next(_named(item, "itemBody"), item)
    return f"{_words(body, leave_out=interaction)} {' '.join(_words(each) for each in _named(interaction, 'prompt'))}"


def _declaration(item: Element) -> Element:
    return next(_named(item, "responseDeclaration"), item)


def _right(item: Element, name: str) -> list[str]:
    """The key; where there is none, whatever the mapping gives points for."""
    declared = _declaration(item)
    right = [
        " ".join(_words(value).split())
        for key in _named(declared, "correctResponse")
        for value in _named(key, "value")
    ]
    mapped = [each.get("mapKey", "") for each in _named(declared, "mapEntry") if _points(each) > 0]
    if not right and not mapped:
        raise FileRefused(f"{name}: the file does not say which answer is right")
    return right or mapped


def _points(entry: Element) -> float:
    try:
        return float(entry.get("mappedValue", "0"))
    except ValueError:
        return 0


def _pairs(
    interaction: Element, right: list[str], told: dict[str, str], name: str
) -> tuple[tuple[Answer, ...], tuple[str, ...]]:
    sets = [
        {each.get("identifier", ""): _words(each) for each in _named(half, "simpleAssociableChoice")}
        for half in _named(interaction, "simpleMatchSet")
    ]
    if len(sets) != 2:
        raise FileRefused(f"{name}: a match has two sets, here are {len(sets)}")
    cards, bins = sets
    goes_with = dict(pair.split(" ", 1) for pair in right if " " in pair)
    if (
        len(goes_with) != len(right)
        or set(goes_with) != set(cards)
        or not set(goes_with.values()) <= set(bins)
    ):
        raise FileRefused(f"{name}: its key does not give every card exactly one partner")
    answers = (
        Answer(text, told.get(card, ""), goes_with=bins[goes_with[card]]) for card, text in cards.items()
    )
    return tuple(answers), tuple(bins.values())


def _feedback(item: Element) -> dict[str, str]:
    """By identifier. Which identifier is shown when is up to the item's rules; those that name an option are taken."""
    return {each.get("identifier", ""): _words(each) for each in _named(item, "modalFeedback")}


def _inline(choice: Element) -> str:
    return " ".join(_words(each) for each in _named(choice, "feedbackInline"))


def _named(parent: Element, name: str) -> Iterator[Element]:
    return (each for each in parent.iter() if local_name(each) == name)


def _words(element: Element, leave_out: Element | None = None) -> str:
    """All text in it, apart from the feedback that stands inside choices."""
    if element is leave_out or local_name(element) == "feedbackInline":
        return ""
    inner = "".join(_words(each, leave_out) + (each.tail or "") for each in element)
    apart = " " if local_name(element) in ("p", "div", "li", "br") else ""
    return f"{apart}{element.text or ''}{inner}{apart}"
