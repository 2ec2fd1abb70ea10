"""Thin Common Cartridge 1.3: one file that puts a course's lessons into an LMS as links to this tool.

Namespaces, element order and resource types are those of 1EdTech's Common Cartridge 1.3 and its LTI link descriptor
(imslticc_v1p3 with imsbasiclti_v1p0). A thin cartridge holds links only, so what there is to say about the file
stands in its description and not in a file beside it.
"""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass

from exchange.packing import packed
from exchange.xml_writing import XSI, document, element
from lessons.content import Lesson
from lti_tool.targets import custom_of
from lti_tool.tool_addresses import DESCRIPTION, TOOL_NAME

MANIFEST = "http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1"
LOM = "http://ltsc.ieee.org/xsd/imsccv1p3/LOM/manifest"
LINK = "http://www.imsglobal.org/xsd/imslticc_v1p3"
BLTI = "http://www.imsglobal.org/xsd/imsbasiclti_v1p0"
PROPERTIES = "http://www.imsglobal.org/xsd/imslticm_v1p0"
PLATFORM = "http://www.imsglobal.org/xsd/imslticp_v1p0"
LINK_TYPE = "imsbasiclti_xmlv1p3"

MANIFEST_XSD = "http://www.imsglobal.org/profile/cc/ccv1p3/ccv1p3_imscp_v1p2_v1p0.xsd"
LOM_XSD = "http://www.imsglobal.org/profile/cc/ccv1p3/LOM/ccv1p3_lommanifest_v1p0.xsd"
LINK_XSD = "http://www.imsglobal.org/xsd/lti/ltiv1p3/imslticc_v1p3.xsd"
BLTI_XSD = "http://www.imsglobal.org/xsd/lti/ltiv1p0/imsbasiclti_v1p0p1.xsd"
PROPERTIES_XSD = "http://www.imsglobal.org/xsd/lti/ltiv1p0/imslticm_v1p0.xsd"
PLATFORM_XSD = "http://www.imsglobal.org/xsd/lti/ltiv1p0/imslticp_v1p0.xsd"

ABOUT = "lessons, quizzes and grades stay with this tool, which the LMS must know first (LTI 1.3)"
LOSSES = (f"a cartridge holds links: {ABOUT}",)


@dataclass(frozen=True, slots=True)
class Module:
    """One course as a module of the LMS course."""

    course_id: str
    title: str
    lessons: tuple[Lesson, ...]


def cartridge(modules: Sequence[Module], public_url: str) -> bytes:
    """The zip: imsmanifest.xml and links/<lesson>.xml."""
    links = {
        f"links/{lesson.id}.xml": _link(lesson, public_url) for each in modules for lesson in each.lessons
    }
    return packed({"imsmanifest.xml": _manifest(modules)} | links)


def _manifest(modules: Sequence[Module]) -> bytes:
    lessons = [lesson for each in modules for lesson in each.lessons]
    title = ", ".join(each.title for each in modules)
    return document(
        element(
            "manifest",
            {
                "xmlns": MANIFEST, "xmlns:lomimscc": LOM, "xmlns:xsi": XSI,
                "xsi:schemaLocation": f"{MANIFEST} {MANIFEST_XSD} {LOM} {LOM_XSD}",
                "identifier": "-".join(["digital-citizenship", *(each.course_id for each in modules)]),
            },
            element(
                "metadata", {}, element("schema", {}, "IMS Thin Common Cartridge"),
                element("schemaversion", {}, "1.3.0"), _lom(title, f"{DESCRIPTION} This file holds links: {ABOUT}."),
            ),
            element(
                "organizations", {},
                element(
                    "organization", {"identifier": "O-1", "structure": "rooted-hierarchy"},
                    element("item", {"identifier": "I-root"}, *(_module(each) for each in modules)),
                ),
            ),
            element("resources", {}, *(_resource(lesson) for lesson in lessons)),
        )
    )  # fmt: skip


def _lom(title: str, description: str) -> ET.Element:
    def string(name: str, text: str) -> ET.Element:
        return element(f"lomimscc:{name}", {}, element("lomimscc:string", {"language": "en"}, text))

    general = element("lomimscc:general", {}, string("title", title), string("description", description))
    return element("lomimscc:lom", {}, general)


def _module(module: Module) -> ET.Element:
    items = [
        element(
            "item",
            {"identifier": f"I-{lesson.id}", "identifierref": f"R-{lesson.id}"},
            element("title", {}, lesson.title),
        )
        for lesson in module.lessons
    ]
    return element(
        "item", {"identifier": f"M-{module.course_id}"}, element("title", {}, module.title), *items
    )


def _resource(lesson: Lesson) -> ET.Element:
    file = element("file", {"href": f"links/{lesson.id}.xml"})
    return element("resource", {"identifier": f"R-{lesson.id}", "type": LINK_TYPE}, file)


def _link(lesson: Lesson, public_url: str) -> bytes:
    path = f"/lessons/{lesson.course}/{lesson.id}"
    address = public_url + path
    secure = element("blti:secure_launch_url", {}, address) if address.startswith("https:") else None
    custom = [
        element("lticm:property", {"name": name}, value) for name, value in sorted(custom_of(path).items())
    ]
    schemas = f"{LINK} {LINK_XSD} {BLTI} {BLTI_XSD} {PROPERTIES} {PROPERTIES_XSD} {PLATFORM} {PLATFORM_XSD}"
    return document(
        element(
            "cartridge_basiclti_link",
            {
                "xmlns": LINK, "xmlns:blti": BLTI, "xmlns:lticm": PROPERTIES, "xmlns:lticp": PLATFORM,
                "xmlns:xsi": XSI, "xsi:schemaLocation": schemas,
            },
            element("blti:title", {}, lesson.title),
            element("blti:description", {}, _description(lesson)),
            element("blti:custom", {}, *custom),
            element("blti:launch_url", {}, address),
            secure,
            element(
                "blti:vendor", {},
                element("lticp:code", {}, "digital-citizenship"), element("lticp:name", {}, TOOL_NAME),
            ),
        )
    )  # fmt: skip


def _description(lesson: Lesson) -> str:
    return f"About {lesson.minutes} minutes. {'. '.join(lesson.objectives)}."
