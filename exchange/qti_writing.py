"""QTI 2.1: a content package with one assessmentItem for each question.

Elements and their order follow the information model of QTI 2.1 (final, 31 August 2012) and its content packaging
profile. Identifiers are ours, so the same content is the same file.
"""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from exchange.packing import packed
from exchange.questions import QuestionSet
from exchange.tags import tags_of
from exchange.xml_writing import XSI, document, element
from lessons.items import Item

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
QTI_XSD = "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
PACKAGE_XSD = "http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd"
PICKS = ("multi", "spot")
PLACES = ("sort", "match")
BIN = "bin-"
"""Before the id of a bin: in one item all identifiers differ, and cards are lettered like partners."""

LOSSES = ((("order",), "in QTI a question with steps to order is right or wrong as a whole"),)


def qti_package(sets: Sequence[QuestionSet], readme: str) -> bytes:
    """The zip: imsmanifest.xml, README.txt, items/<id>.xml."""
    items = {f"items/{item.id}.xml": _item(item, each.lang) for each in sets for item in each.questions}
    manifest = {"imsmanifest.xml": _manifest(list(items))}
    return packed(manifest | {"README.txt": readme.encode()} | items)


def _manifest(files: Sequence[str]) -> bytes:
    resources = [
        element(
            "resource",
            {"identifier": f"R-{file[6:-4]}", "type": "imsqti_item_xmlv2p1", "href": file},
            element("file", {"href": file}),
        )
        for file in files
    ]
    readme = {"identifier": "R-README", "type": "webcontent", "href": "README.txt"}
    return document(
        element(
            "manifest",
            {
                "xmlns": PACKAGE, "xmlns:xsi": XSI, "xsi:schemaLocation": f"{PACKAGE} {PACKAGE_XSD}",
                "identifier": "digital-citizenship",
            },
            element("metadata", {}, element("schema", {}, "QTIv2.1 Package"), element("schemaversion", {}, "1.0.0")),
            element("organizations"),
            element(
                "resources", {}, *resources, element("resource", readme, element("file", {"href": "README.txt"}))
            ),
        )
    )  # fmt: skip


def _item(item: Item, lang: str) -> bytes:
    return document(
        element(
            "assessmentItem",
            {
                "xmlns": QTI, "xmlns:xsi": XSI, "xsi:schemaLocation": f"{QTI} {QTI_XSD}",
                "identifier": item.id, "title": item.id, "label": " ".join(tags_of(item)), "xml:lang": lang,
                "adaptive": "false", "timeDependent": "false", "toolName": "digital-citizenship",
            },
            _response(item),
            element(
                "outcomeDeclaration",
                {"identifier": "SCORE", "cardinality": "single", "baseType": "float"},
                element("defaultValue", {}, element("value", {}, "0")),
            ),
            element(
                "outcomeDeclaration", {"identifier": "FEEDBACK", "cardinality": "multiple", "baseType": "identifier"}
            ),
            element("itemBody", {}, _interaction(item)),
            element("responseProcessing", {}, _scoring(item), _show_feedback(item)),
            *(_feedback(option.id, option.feedback) for option in item.options),
        )
    )  # fmt: skip


def _response(item: Item) -> ET.Element:
    """The key. Where points are counted, each right pick is worth 1 and, among picks, each wrong one -1."""
    counted = [value for value in _right(item) if item.type != "order"]
    penalty = "-1" if item.type in PICKS else "0"
    entries = [element("mapEntry", {"mapKey": value, "mappedValue": "1"}) for value in counted]
    any_of_several = item.type == "single" and len(counted) > 1
    values = () if any_of_several else _right(item)
    return element(
        "responseDeclaration",
        {
            "identifier": "RESPONSE",
            "cardinality": {"single": "single", "order": "ordered"}.get(item.type, "multiple"),
            "baseType": "directedPair" if item.type in PLACES else "identifier",
        },
        element("correctResponse", {}, *(element("value", {}, value) for value in values))
        if values
        else None,
        element("mapping", {"lowerBound": "0", "defaultValue": penalty}, *entries) if counted else None,
    )


def _right(item: Item) -> list[str]:
    if item.type == "order":
        return [option.id for option in item.options]
    if item.type in PLACES:
        return [f"{card.id} {BIN}{card.bin}" for card in item.options]
    return sorted(item.correct_ids)


def _interaction(item: Item) -> ET.Element:
    prompt = element("prompt", {}, item.stem)
    response = {"responseIdentifier": "RESPONSE", "shuffle": "true"}
    options = sorted(
        item.options, key=lambda option: option.id
    )  # an order's key does not show in the file's order
    choices = [element("simpleChoice", {"identifier": each.id}, each.text) for each in options]
    if item.type in PLACES:
        return _match(item, prompt, response)
    if item.type == "order":
        return element("orderInteraction", response, prompt, *choices)
    most = "1" if item.type == "single" else "0"
    if item.type == "spot":
        response["shuffle"] = "false"  # its regions are a text, read from the top
    return element("choiceInteraction", response | {"maxChoices": most}, prompt, *choices)


def _match(item: Item, prompt: ET.Element, response: dict[str, str]) -> ET.Element:
    most = "1" if item.type == "match" else str(len(item.options))
    cards = [
        element("simpleAssociableChoice", {"identifier": card.id, "matchMax": "1"}, card.text)
        for card in item.options
    ]
    bins = [
        element("simpleAssociableChoice", {"identifier": BIN + each.id, "matchMax": most}, each.text)
        for each in item.bins
    ]
    return element(
        "matchInteraction",
        response | {"maxAssociations": str(len(item.options))},
        prompt,
        element("simpleMatchSet", {}, *cards),
        element("simpleMatchSet", {}, *bins),
    )


def _scoring(item: Item) -> ET.Element:
    """From 0 to 1: all or nothing for an order, else the points over what there is to get."""
    if item.type == "order":
        right = element(
            "match",
            {},
            element("variable", {"identifier": "RESPONSE"}),
            element("correct", {"identifier": "RESPONSE"}),
        )
        return element(
            "responseCondition", {}, element("responseIf", {}, right, _set("SCORE", _value("float", "1")))
        )
    most = 1 if item.type == "single" else len(_right(item))
    points = element("mapResponse", {"identifier": "RESPONSE"})
    return _set("SCORE", element("divide", {}, points, _value("float", str(most))))


def _show_feedback(item: Item) -> ET.Element:
    """Of what was picked; where everything is placed, of everything."""
    if item.type == "order" or item.type in PLACES:
        shown = [_value("identifier", option.id) for option in item.options]
        return _set("FEEDBACK", element("multiple", {}, *shown))
    picked = element("variable", {"identifier": "RESPONSE"})
    return _set("FEEDBACK", element("multiple", {}, picked))


def _feedback(identifier: str, text: str) -> ET.Element:
    shown = {"outcomeIdentifier": "FEEDBACK", "showHide": "show", "identifier": identifier}
    return element("modalFeedback", shown, text)


def _set(identifier: str, expression: ET.Element) -> ET.Element:
    return element("setOutcomeValue", {"identifier": identifier}, expression)


def _value(base_type: str, text: str) -> ET.Element:
    return element("baseValue", {"baseType": base_type}, text)
