"""XML as we write it: elements from plain values, indented, the same bytes each time."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping

XSI = "http://www.w3.org/2001/XMLSchema-instance"
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 document can hold, however they are written (section 2.2)."""


def element(
    name: str, attributes: Mapping[str, str] | None = None, *content: "ET.Element | str | None"
) -> ET.Element:
    """One element. `content` is its text or its children, None for no child; prefixes are written as they stand."""
    made = ET.Element(name, {key: _legal(value) for key, value in (attributes or {}).items()})
    for each in content:
        if isinstance(each, str):
            made.text = (made.text or "") + _legal(each)
        elif each is not None:
            made.append(each)
    return made


def document(root: ET.Element, comment: str = "") -> bytes:
    """The whole file in UTF-8. Only elements without text of their own are indented, so no text changes."""
    ET.indent(root)
    before = f"<!-- {_legal(comment).replace('--', '- -')} -->\n" if comment else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{before}{ET.tostring(root, encoding="unicode")}\n'.encode()
    )


def _legal(text: str) -> str:
    return NOT_XML.sub("", text)
