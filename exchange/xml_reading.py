"""XML of a stranger: no document type, no entities of its own, nothing fetched, neither deep nor endless."""

import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from exchange.bounds import DEEPEST, LARGEST_PART, MOST_ELEMENTS, FileRefused, text_of

DECLARED = re.compile(r"""\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")


def read_xml(data: bytes, name: str) -> Element:
    """The root element. Raises FileRefused."""
    if len(data) > LARGEST_PART:
        raise FileRefused(f"{name} is larger than {LARGEST_PART // 1_000_000} MB")
    text = text_of(data, name)
    declared = DECLARED.match(text)
    if declared and declared.group(1).lower() not in ("utf-8", "us-ascii"):
        raise FileRefused(f"{name} says that it is {declared.group(1)[:20]}; only UTF-8 is read here")
    try:
        root: Element = fromstring(text, forbid_dtd=True)
    except DefusedXmlException as error:
        raise FileRefused(
            f"{name} has a document type or entities of its own, which are not read here"
        ) from error
    except (ParseError, ValueError) as error:
        raise FileRefused(f"{name} is not well-formed XML: {error}") from error
    _measure(root, name)
    return root


def local_name(element: Element) -> str:
    """The name without its namespace."""
    return element.tag.rpartition("}")[2]


def namespace(element: Element) -> str:
    return element.tag.rpartition("}")[0].lstrip("{")


def _measure(root: Element, name: str) -> None:
    level, depth, count = [root], 0, 0
    while level:
        depth, count = depth + 1, count + len(level)
        if depth > DEEPEST:
            raise FileRefused(f"{name} nests its elements more than {DEEPEST} deep")
        if count > MOST_ELEMENTS:
            raise FileRefused(f"{name} has more than {MOST_ELEMENTS} elements")
        level = [child for each in level for child in each]
